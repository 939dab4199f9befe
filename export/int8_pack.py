"""A pack of a latent diffusion model -> the same with its UNet in int8."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnx_ir as ir
import onnxruntime

from descant.export.calibrate import PROMPTS, Probe, calibrate
from descant.export.compare import compare
from descant.export.graph_file import write_graph
from descant.export.pack_copy import copy_files
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_new_output
from descant.export.quantise import Watch, find_layers, observe, observed_values, quantise
from descant.models.spec import FileSpec, GraphSpec, PackSpec
from descant.runtime.errors import PackFormatError, RequestError
from descant.runtime.pack import Pack
from descant.runtime.sessions import Sessions
from descant.runtime.tuning import available_cores

GRAPH = "unet"
TOLERANCE = 0.1
"""Relative RMS error of one step; the conformance rule's weights at MG2's size give 0.03."""
CALIBRATION = 0.85
"""Share of the time that goes by before files are copied."""
OnProgress = Callable[[str, float], None]
"""Called with what is done now and the share (0 … 1) of all that is done; raises to stop."""


@dataclass(frozen=True)
class Int8Pack:
    """What was made."""

    spec: PackSpec
    layers: int
    """Layers that compute in int8."""


def write_int8_pack(
    pack: Pack, sessions: Sessions, output: Path, on_progress: OnProgress
) -> Int8Pack:
    """Write a copy of a pack whose UNet multiplies in int8.

    Args:
        pack: Of the families "mg2" and "audioldm", computing in float32.
        sessions: Of the pack.
        output: Folder of the new pack, or a file whose name ends in ``.descant``.
        on_progress: Told after each call of the UNet and before each file.

    Raises:
        RequestError: The pack is of another family, or holds such a UNet already.
        OutputError: ``output`` can't be written, or would replace something else.
        ParityError: The new UNet is further from the old one than allowed.
    """
    if GRAPH not in pack.spec.graphs:
        raise RequestError(
            f"the pack {pack.spec.id!r} has no UNet to be computed in int8",
            hint="give the pack of a published latent diffusion model",
        )
    check_new_output(output, pack.path)
    source = pack.spec.graphs[GRAPH]
    content = pack.read(f"graphs.{GRAPH}")
    weights = None if source.weights is None else pack.read(f"graphs.{GRAPH}.weights")
    model = load_model(content, source.weights, weights)
    layers = find_layers(model)
    if not layers:
        raise RequestError(
            f"the UNet of {pack.spec.id!r} has no float32 layers",
            hint="it may be in int8 already, or be made for a GPU: import it again for the CPU",
        )
    watch = Watch(observed_values(layers))
    with PackPart(output) as part:
        part.require(pack.size_bytes)
        proto = onnx.load_model_from_string(content)
        outputs = observe(proto.graph, watch.names)
        observed = _session(proto.SerializeToString(), source.weights, weights)
        del proto

        def on_call(done: int, calls: int) -> None:
            on_progress("calibrating", CALIBRATION * done / calls)

        probes = calibrate(pack, sessions, observed, outputs, watch, on_call)
        del observed, weights
        quantise(model, layers, watch.ranges)
        graph = _write(model, source, probes, part)
        on_progress("writing", CALIBRATION)
        copy_files(pack, part, {GRAPH})
        spec = _describe(pack.spec, graph)
        part.commit(spec)
    return Int8Pack(spec, len(layers))


def load_model(content: bytes, weights: FileSpec | None, numbers: bytes | None) -> ir.Model:
    """Return a graph with all its weights in memory.

    Args:
        content: Of the graph's file.
        weights: The file of weights that it refers to.
        numbers: That file's content.

    Raises:
        PackFormatError: It refers to numbers that are not there.
    """
    model = ir.from_proto(onnx.load_model_from_string(content))
    for value in model.graph.initializers.values():
        stored = value.const_value
        if isinstance(stored, ir.ExternalTensor):
            if numbers is None or weights is None or stored.location != weights.file:
                raise PackFormatError(f"{value.name}: its weights are not in the pack")
            dtype, count = stored.dtype.numpy(), stored.size
            array = np.frombuffer(numbers, dtype, count, stored.offset or 0)
            value.const_value = ir.Tensor(array.reshape(stored.shape.numpy()), name=stored.name)
    return model


def _session(
    content: bytes, weights: FileSpec | None, numbers: bytes | None
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = available_cores()
    if weights is not None and numbers is not None:
        options.add_external_initializers_from_files_in_memory(
            [weights.file], [numbers], [len(numbers)]
        )
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _write(
    model: ir.Model, source: GraphSpec, probes: Sequence[Probe], part: PackPart
) -> GraphSpec:
    """Write the new graph and hold it against what the old one returned."""
    file, weights = write_graph(model, GRAPH, "fp32", part)
    written = part.folder / file.file
    beside = None if weights is None else (part.folder / weights.file).read_bytes()
    session = _session(written.read_bytes(), weights, beside)
    made = np.stack([session.run(["noise"], probe.feeds)[0] for probe in probes])
    parity = compare(GRAPH, [made], [np.stack([probe.noise for probe in probes])], TOLERANCE)
    return GraphSpec(
        file.file, file.sha256, file.size_bytes, source.inputs, source.outputs, parity, weights
    )


def _describe(spec: PackSpec, graph: GraphSpec) -> PackSpec:
    told = (
        f"{spec.provenance.training_data} UNet in int8, its ranges seen on {len(PROMPTS)} prompts."
    )
    return dataclasses.replace(
        spec,
        name=f"{spec.name}, int8",
        version=f"{spec.version}-int8",
        graphs={**spec.graphs, GRAPH: graph},
        provenance=dataclasses.replace(spec.provenance, training_data=told),
    )
