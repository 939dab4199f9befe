"""Every graph of the starter becomes an engine, and what is written of it is true.

No card is needed. Without one TensorRT-RTX reads a plan's header and structure and then asks for
the card, so that names and dtypes are held against the contract on the network the plan is built
from; with a card ``read_back`` compares the plan's own too.
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import onnx
import onnxruntime
import pytest
from onnx import helper

from descant.export.engine_builder import build_plan
from descant.export.engine_library import find_library
from descant.export.engine_profiles import Seconds, input_shapes
from descant.export.engine_readback import read_back
from descant.export.engines import BuiltEngine
from descant.export.errors import ExportError, ExportInputError
from descant.export.fold import fold_weights
from descant.models.spec import TensorSpec
from descant.runtime.pack import read_manifest
from tests.export.engine_tools import SMALL, build, needs_builder

pytestmark = needs_builder
Engines = dict[str, BuiltEngine]


def test_every_graph_of_the_starter_is_built(starter_engines: Engines) -> None:
    with read_manifest("starter") as pack:
        assert list(starter_engines) == list(pack.spec.graphs)
        for name, made in starter_engines.items():
            graph, key = pack.spec.graphs[name], made.sidecar.key
            assert (made.reused, made.reason) == (False, "there is none yet")
            assert (key.onnx_sha256, key.weights_sha256) == (graph.sha256, None)
            assert (key.library, key.precision) == ("tensorrt_rtx", "fp16")
            assert key.compute_capabilities == (86, 89, 120)
            assert key.profile == input_shapes(pack.spec, name, Seconds(1.0, 10.0, 60.0))
            for path, spec in (
                (made.plan, made.sidecar.plan),
                (made.wrapper, made.sidecar.wrapper),
            ):
                content = path.read_bytes()
                assert (path.name, len(content)) == (spec.file, spec.size_bytes)
                assert hashlib.sha256(content).hexdigest() == spec.sha256


def test_plans_read_back_and_hold_every_name(starter_engines: Engines) -> None:
    library = find_library()
    with read_manifest("starter") as pack:
        for name, made in starter_engines.items():
            contract, plan = pack.spec.graphs[name], made.plan.read_bytes()
            read_back(library, name, plan, contract, made.sidecar.key.profile)
            for tensor in (*contract.inputs, *contract.outputs):
                assert tensor.encode() in plan


@pytest.mark.parametrize("harm", ["cut", "header", "zeros", "stub"])
def test_a_damaged_plan_is_not_read(starter_engines: Engines, harm: str) -> None:
    made = starter_engines[SMALL]
    plan = made.plan.read_bytes()
    harmed = {
        "cut": plan[:-100],
        "header": plan[:8] + b"\xff" * 8 + plan[16:],
        "zeros": bytes(len(plan)),
        "stub": plan[:40],
    }[harm]
    with read_manifest("starter") as pack, pytest.raises(ExportError, match="read back") as refused:
        read_back(find_library(), SMALL, harmed, pack.spec.graphs[SMALL], made.sidecar.key.profile)
    assert refused.value.hint


def test_float16_is_near_float32_and_half_the_size(
    starter_engines: Engines, tmp_path: Path
) -> None:
    for made in starter_engines.values():
        error = made.sidecar.relative_error
        assert error is not None
        assert 1e-5 < error < 5e-3  # fp16 keeps 11 bits; the limit of the build is 2e-2
    (wide,) = build("starter", tmp_path, "vocoder", precision="fp32")
    assert wide.sidecar.relative_error is None
    assert wide.plan.name == "vocoder.fp32.plan"
    narrow = starter_engines["vocoder"].sidecar.plan.size_bytes
    assert 0.45 < narrow / wide.sidecar.plan.size_bytes < 0.65


def test_the_wrapper_is_the_operator_that_onnx_runtime_reads(starter_engines: Engines) -> None:
    with read_manifest("starter") as pack:
        for name, made in starter_engines.items():
            model = onnx.load(made.wrapper)
            (node,) = model.graph.node
            values = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            assert (node.domain, node.op_type) == ("com.microsoft", "EPContext")
            assert values["source"] == b"NvTensorRTRTXExecutionProvider"
            assert (values["embed_mode"], values["main_context"]) == (0, 0)
            assert values["ep_cache_context"].decode() == made.plan.name
            assert values["ep_sdk_version"].decode() == find_library().version
            contract = pack.spec.graphs[name]
            assert list(node.input) == list(contract.inputs)
            assert list(node.output) == list(contract.outputs)
            with pytest.raises(Exception, match="EPContext"):  # known, and not for the CPU
                onnxruntime.InferenceSession(
                    made.wrapper.read_bytes(), providers=["CPUExecutionProvider"]
                )


def test_a_second_build_takes_what_is_there(starter_engines: Engines) -> None:
    folder = starter_engines[SMALL].plan.parent
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.*.*")}
    made = build("starter", folder)
    assert {engine.reason for engine in made} == {"nothing has changed"}
    assert all(engine.reused for engine in made)
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.*.*")} == before
    assert not list(folder.glob(".*.work")) + list(folder.glob(".*.part"))


def test_every_graph_of_a_tiny_latent_diffusion_pack(tiny_mg2: Path, tmp_path: Path) -> None:
    """One of them has a file of weights."""
    made = {engine.sidecar.key.graph: engine for engine in build(tiny_mg2, tmp_path)}
    with read_manifest(tiny_mg2) as pack:
        assert list(made) == list(pack.spec.graphs)
        weights = pack.spec.graphs["unet"].weights
        assert weights is not None
        assert made["unet"].sidecar.key.weights_sha256 == weights.sha256


def test_what_can_not_be_asked_for(tmp_path: Path) -> None:
    for options, words in (
        ({"sm": "90"}, "sm '90'"),
        ({"sm": "86;89"}, "86;89"),
        ({"sm": ""}, "compute capability"),
        ({"profile": "seconds=1:2"}, "can't be read"),
        ({"profile": "seconds=0.1:2:3"}, "1 to 60 seconds"),
    ):
        with pytest.raises(ExportInputError, match=words) as refused:
            build("starter", tmp_path, SMALL, **options)
        assert refused.value.hint
    with pytest.raises(ExportInputError, match="no graph 'bass'"):
        build("starter", tmp_path, "bass")
    assert list(tmp_path.iterdir()) == []


def test_a_contract_that_is_not_the_graphs_is_refused(
    starter_engines: Engines, tmp_path: Path
) -> None:
    """The pack was checked against its graphs when it was made; this is a pack of other hands."""
    with read_manifest("starter") as pack:
        graph = pack.spec.graphs[SMALL]
    wrong = dataclasses.replace(graph, outputs={"embedded": TensorSpec("float32", ("B", 512))})
    path = tmp_path / "graph.onnx"
    path.write_bytes(_plain(SMALL))
    profile = starter_engines[SMALL].sidecar.key.profile
    with pytest.raises(ExportError, match=r"embedding FLOAT, .* embedded FLOAT"):
        build_plan(find_library(), SMALL, path, wrong, profile, (86,))


def test_an_operator_that_is_not_known_is_named(tmp_path: Path) -> None:
    with read_manifest("starter") as pack:
        graph = pack.spec.graphs["vae_decoder"]
        profile = input_shapes(pack.spec, "vae_decoder", Seconds(1.0, 2.0, 3.0))
    model = onnx.load_from_string(_plain("vae_decoder"))
    node = next(node for node in model.graph.node if node.op_type == "Sigmoid")
    node.op_type, node.name, node.domain = "Sigmoidal", "the_odd_one", "com.example"
    path = tmp_path / "graph.onnx"
    onnx.save(model, path)
    with pytest.raises(ExportError, match=r"'vae_decoder' at node 'the_odd_one' \(Sigmoidal\)"):
        build_plan(find_library(), "vae_decoder", path, graph, profile, (86,))


def _plain(name: str) -> bytes:
    """Return a graph of the starter with its weights widened."""
    with read_manifest("starter") as pack:
        model = onnx.load_from_string(pack.read(f"graphs.{name}"))
    content: bytes = fold_weights(model).SerializeToString()
    return content
