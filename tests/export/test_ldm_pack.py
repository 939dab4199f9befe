"""Published models, reduced in size, from the checkpoint to the pack: every graph, every file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; it reads checkpoints")

import onnxruntime  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from torch import Tensor  # noqa: E402

from descant.export.checkpoints.imported import import_checkpoint  # noqa: E402
from descant.export.ldm_networks import networks  # noqa: E402
from descant.models.spec import DiffusionSpec, PackSpec  # noqa: E402
from descant.models.strict_json import from_json  # noqa: E402
from descant.runtime.pack import open_pack  # noqa: E402
from descant.runtime.providers import choose_provider  # noqa: E402
from descant.runtime.sessions import Sessions  # noqa: E402
from tests.export.conftest import Exported  # noqa: E402
from tests.export.small_models import MELODIES, SCALE_FACTOR, VOCABULARY  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]
MG2_GRAPHS = {
    "text_encoder": ((("B", "S"), ("B", "S")), (("B", 512),)),
    "audio_encoder": ((("B", 480000),), (("B", 512),)),
    "melody_encoder": ((("B", 655),), (("B", 512),)),
    "unet_condition": ((("B", 1024),), (("B", 2080),)),
    "unet": ((("B", 8, "8*F", 16), ("B",), ("B", 2080)), (("B", 8, "8*F", 16),)),
    "vae_encoder": ((("B", 1, "4*F", 64),), (("B", 8, "F", 16),) * 2),
    "vae_decoder": ((("B", 8, "F", 16),), (("B", 1, "4*F", 64),)),
    "vocoder": ((("B", 64, "T"),), (("B", "N"),)),
}
"""Shapes of inputs and outputs, in order."""


def run(pack: Path, graph: str, *inputs: NDArray[Any]) -> NDArray[np.float32]:
    """Return a graph's first output."""
    path = str(pack / f"{graph}.onnx")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [node.name for node in session.get_inputs()]
    made: NDArray[np.float32] = session.run(None, dict(zip(names, inputs, strict=True)))[0]
    return made


def assert_near(made: NDArray[np.float32], wanted: Tensor) -> None:
    """Hold a graph's output against a network's, element by element."""
    scale = float(wanted.square().mean().sqrt())
    np.testing.assert_allclose(made, wanted.numpy(), rtol=0, atol=1e-3 * scale)


def test_finished_graphs_of_an_interrupted_run_are_taken_over(
    small_mg2: Exported,
) -> None:
    pack, made = small_mg2.pack, small_mg2.made
    finished = ("text_encoder", "audio_encoder", "melody_encoder", "unet_condition", "unet")
    assert made.reused == finished
    assert list(made.spec.graphs) == list(MG2_GRAPHS)
    assert [path.name for path in pack.parent.glob(".*")] == []


def test_the_manifest_names_every_file_and_no_other(small_mg2: Exported) -> None:
    pack, made = small_mg2.pack, small_mg2.made
    spec: PackSpec = from_json(PackSpec, json.loads((pack / "pack.json").read_text("utf-8")))
    assert spec == made.spec
    files = {file.file: file for file in spec.files.values()}
    assert set(spec.files) == {"vocabulary", "merges", "melodies", "melody_index"}
    sizes = {g.file: (g.sha256, g.size_bytes) for g in spec.graphs.values()}
    for item in (*files.values(), *(g.weights for g in spec.graphs.values() if g.weights)):
        sizes[item.file] = (item.sha256, item.size_bytes)
    assert {path.name for path in pack.iterdir()} == {"pack.json", *sizes}
    for name, (sha256, size_bytes) in sizes.items():
        content = (pack / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size_bytes)


def test_the_runtime_opens_the_pack_and_its_graphs(small_mg2: Exported) -> None:
    with open_pack(small_mg2.pack) as pack:
        sessions = Sessions(pack, choose_provider("cpu"), threads=1)
        for name, inputs in (("melody_encoder", 655), ("unet_condition", 1024)):
            graph = pack.spec.graphs[name]
            given = next(iter(graph.inputs))
            made = sessions[name].run(**{given: np.zeros((3, inputs), np.float32)})
            assert {key: len(value) for key, value in made.items()} == dict.fromkeys(
                graph.outputs, 3
            )
        _ = sessions["unet"]  # with a file of weights
        sessions.close()


def test_the_manifest_tells_what_the_runtime_needs(small_mg2: Exported) -> None:
    spec = small_mg2.made.spec
    pipeline = spec.pipeline
    assert (spec.family, spec.id, spec.name) == ("mg2", "mg2", "MG2")
    assert pipeline.diffusion == DiffusionSpec(SCALE_FACTOR, 1024, framing="mg2")
    assert pipeline.prediction_type == "epsilon"
    assert (pipeline.audio.sample_rate, pipeline.audio.hop_length, pipeline.audio.n_mels) == (
        16000, 160, 64,
    )  # fmt: skip
    assert (pipeline.latents.channels, pipeline.latents.time_stride) == (8, 4)
    assert (pipeline.text_max_tokens, pipeline.clmp_dim) == (38, 512)
    assert (spec.defaults.sampler, spec.defaults.guidance_scale) == ("dpm++", 3.0)
    assert "commercial" in spec.licence
    assert "mg2-diffusion-checkpoint.ckpt" in spec.provenance.training_data


def test_side_files_are_those_that_were_given(
    small_mg2: Exported,
) -> None:
    pack, made = small_mg2.pack, small_mg2.made
    files = {role: pack / file.file for role, file in made.spec.files.items()}
    for role, name in (("vocabulary", "vocab.json"), ("merges", "merges.txt")):
        assert files[role].read_bytes() == (small_mg2.model / name).read_bytes()
    assert files["melody_index"].read_bytes() == (small_mg2.model / "melody.faiss").read_bytes()
    melodies = np.load(files["melodies"])
    assert melodies.shape == (MELODIES, 512)
    np.testing.assert_array_equal(melodies, np.load(small_mg2.model / "melody.npy"))


def test_graphs_have_the_contract_and_are_near_their_networks(
    small_mg2: Exported,
) -> None:
    for name, graph in small_mg2.made.spec.graphs.items():
        shapes = tuple(
            tuple(t.shape for t in side.values()) for side in (graph.inputs, graph.outputs)
        )
        assert shapes == MG2_GRAPHS[name]
        kinds = {t.dtype for n, t in (graph.inputs | graph.outputs).items() if n != "tokens"}
        assert kinds == {"float32"}
        assert graph.parity is not None
        assert 0 <= graph.parity.relative_error <= graph.parity.tolerance == 1e-4


def test_many_weights_are_in_a_file_of_their_own(small_mg2: Exported) -> None:
    made = small_mg2.made
    graph = made.spec.graphs["unet"]
    assert graph.weights is not None
    assert graph.weights.file == "unet.weights"
    assert graph.size_bytes < 2**20 < graph.weights.size_bytes
    assert made.spec.graphs["vocoder"].weights is None


def test_other_lengths_give_the_networks_numbers(
    small_mg2: Exported,
) -> None:
    pack = small_mg2.pack
    imported = import_checkpoint(small_mg2.model / "mg2-diffusion-checkpoint.ckpt")
    nets: dict[str, Any] = {n.part: n.load(imported.load(n.part)) for n in networks(imported.sizes)}
    y, latents = torch.randn(1, 1024), torch.randn(1, 8, 24, 16)
    steps = torch.tensor([501.0])
    bias = run(pack, "unet_condition", y.numpy())
    noise = run(pack, "unet", latents.numpy(), steps.numpy(), bias)
    assert_near(noise, nets["unet"](latents, steps, y))
    mel = nets["vae"].decode(latents)
    assert_near(run(pack, "vae_decoder", latents.numpy()), mel)
    waves = nets["vocoder"](mel[:, 0].mT)
    assert_near(run(pack, "vocoder", mel[:, 0].mT.numpy()), waves)
    tokens = torch.randint(5, VOCABULARY, (3, 7))
    made = run(pack, "text_encoder", tokens.numpy(), np.ones((3, 7), np.float32))
    assert_near(made, nets["clmp_text"].text(tokens, torch.ones(3, 7)))
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)


def test_a_small_audioldm_as_one_file(small_audioldm: Exported) -> None:
    model, pack, made = small_audioldm.model, small_audioldm.pack, small_audioldm.made
    fractions = [fraction for _, fraction in small_audioldm.reports]
    assert fractions == sorted(fractions)
    assert small_audioldm.reports[-1] == ("writing", 1.0)
    spec = made.spec
    assert (spec.family, spec.id) == ("audioldm", "audioldm")
    assert list(spec.graphs) == [name for name in MG2_GRAPHS if name != "melody_encoder"]
    assert set(spec.files) == {"vocabulary", "merges"}
    assert spec.pipeline.diffusion == DiffusionSpec(SCALE_FACTOR, 512)
    for graph in spec.graphs.values():
        assert graph.weights is None
        assert graph.parity is not None
        assert 1e-6 < graph.parity.relative_error <= graph.parity.tolerance == 2e-2
    stored = sum(graph.size_bytes for graph in spec.graphs.values())
    assert stored < 0.75 * (model / "audioldm-s-full-v2.ckpt").stat().st_size / 2
    with zipfile.ZipFile(pack) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("pack.json"))["id"] == "audioldm"
        assert len(archive.namelist()) == 1 + len(spec.graphs) + len(spec.files)
    assert [path.name for path in pack.parent.iterdir() if path.name.startswith(".")] == []
