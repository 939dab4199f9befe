"""The tiny pack's graphs, written operator by operator with ``onnx.helper``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from descant.kernels.mel import mel_filterbank
from descant.models.spec import AudioSpec, TensorSpec

CLMP, HIDDEN, CHANNELS, BINS = 32, 16, 96, 1025
MELODY_ROWS = 88
IMAGE_TOKENS, IMAGE_WIDTH = 64, 3


@dataclass(frozen=True)
class TinyGraph:
    """An ONNX file with its contract."""

    content: bytes
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]


def floats(*shape: int | str) -> TensorSpec:
    """Spec of a float32 tensor."""
    return TensorSpec("float32", shape)


class GraphBuilder:
    """Collects nodes and constants of one graph."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, op: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        name = out or f"v{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def halves(self, value: str) -> tuple[str, str]:
        """Split a [cond, uncond] batch."""
        names = [f"{value}_cond", f"{value}_uncond"]
        self._nodes.append(helper.make_node("Split", [value], names, axis=0, num_outputs=2))
        return names[0], names[1]

    def const(self, value: Any, dtype: Any = np.float32) -> str:
        """Store an array."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def weight(self, *shape: int) -> str:
        """Store random weights that keep the scale, in half precision."""
        values = self._rng.standard_normal(shape) / np.sqrt(shape[0])
        return self.add("Cast", self.const(values, np.float16), to=TensorProto.FLOAT)

    def unit(self, value: str, out: str) -> str:
        """Scale (B, D) rows to unit length."""
        return self.add("LpNormalization", value, out=out, axis=1, p=2)

    def finish(self, inputs: dict[str, TensorSpec], outputs: dict[str, TensorSpec]) -> TinyGraph:
        """Return the serialized, checked graph."""
        graph = helper.make_graph(
            self._nodes, "tiny", _infos(inputs), _infos(outputs), self._constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)])
        model.ir_version = 10
        onnx.checker.check_model(model)
        return TinyGraph(model.SerializeToString(deterministic=True), inputs, outputs)


def _infos(specs: dict[str, TensorSpec]) -> list[onnx.ValueInfoProto]:
    kinds: dict[str, int] = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}
    return [
        helper.make_tensor_value_info(name, kinds[spec.dtype], list(spec.shape))
        for name, spec in specs.items()
    ]


def tiny_graphs(vocabulary: int, pictures: bool = True) -> dict[str, TinyGraph]:
    """Return every graph of a starter pack, or of one from before pictures."""
    return {
        "text_encoder": _text_encoder(vocabulary),
        "melody_encoder": _pooled_encoder(1, "roll", 89, "Fm"),
        "audio_encoder": _pooled_encoder(2, "mel", 128, "T"),
        "conditioner": _conditioner(),
        "denoiser_step": _denoiser_step(pictures),
        "vae_encoder": _vae_encoder(),
        "vae_decoder": _vae_decoder(),
        "vocoder": _vocoder(),
    }


def _text_encoder(vocabulary: int) -> TinyGraph:
    b = GraphBuilder(0)
    hidden = b.add("Gather", b.weight(vocabulary, HIDDEN), "tokens")
    wide = b.add("Unsqueeze", "mask", b.const([2], np.int64))
    hidden = b.add("Mul", hidden, wide, out="hidden")
    pooled = b.add("ReduceSum", hidden, b.const([1], np.int64), keepdims=0)
    b.unit(b.add("MatMul", pooled, b.weight(HIDDEN, CLMP)), "embedding")
    dtype: Literal["int64"] = "int64"
    return b.finish(
        {"tokens": TensorSpec(dtype, ("B", "S")), "mask": floats("B", "S")},
        {"embedding": floats("B", CLMP), "hidden": floats("B", "S", HIDDEN)},
    )


def _pooled_encoder(seed: int, name: str, rows: int, frames: str) -> TinyGraph:
    b = GraphBuilder(seed)
    pooled = b.add("ReduceMean", name, b.const([2], np.int64), keepdims=0)
    shifted = b.add("Add", b.add("MatMul", pooled, b.weight(rows, CLMP)), b.const(0.01))
    b.unit(shifted, "embedding")
    return b.finish({name: floats("B", rows, frames)}, {"embedding": floats("B", CLMP)})


def _conditioner() -> TinyGraph:
    b = GraphBuilder(3)
    asked = b.add("Mul", "query", "query_present")
    heard = b.add("Mul", "reference", "reference_present")
    b.add("MatMul", b.add("Add", asked, heard), b.weight(CLMP, CHANNELS), out="condition")
    kept = b.add("Mul", "hidden", b.add("Unsqueeze", "mask", b.const([2], np.int64)))
    b.add("MatMul", kept, b.weight(HIDDEN, CHANNELS), out="context")
    pooled = b.add("AveragePool", "control", kernel_shape=[8], strides=[8])
    pick = np.zeros((CHANNELS, 126))
    pick[np.arange(MELODY_ROWS), np.arange(MELODY_ROWS)] = 1.0  # the melody, row by row
    pick[MELODY_ROWS:, 113:121] = 0.1 * np.eye(8)
    b.add("MatMul", b.const(pick), pooled, out="control_latents")
    return b.finish(
        {
            "query": floats("B", CLMP),
            "query_present": floats("B", 1),
            "reference": floats("B", CLMP),
            "reference_present": floats("B", 1),
            "hidden": floats("B", "S", HIDDEN),
            "mask": floats("B", "S"),
            "control": floats("B", 126, "T"),
        },
        {
            "condition": floats("B", CHANNELS),
            "context": floats("B", "S", CHANNELS),
            "control_latents": floats("B", CHANNELS, "F"),
        },
    )


def _denoiser_step(pictures: bool) -> TinyGraph:
    """Move most of the way to what the condition describes; a tenth of the noise stays."""
    b = GraphBuilder(4)
    masked = b.add("Mul", "context", b.add("Unsqueeze", "mask", b.const([2], np.int64)))
    words = b.add("ReduceMean", masked, b.const([1], np.int64), keepdims=0)
    told = b.add("Add", words, "condition")
    told = b.add("Add", told, _seen(b)) if pictures else told
    bias = b.add("Mul", told, b.const(0.03))
    target = b.add("Add", "control_latents", b.add("Unsqueeze", bias, b.const([2], np.int64)))
    cond, uncond = b.halves(target)
    pull = b.add("Mul", b.add("Sub", cond, uncond), "guidance_scale")
    guided = b.add("Add", uncond, pull)
    seen = floats("2*N", 1, 1, "S", IMAGE_WIDTH)
    image = {"image_keys": seen, "image_values": seen, "image_strength": floats("2*N")}
    share = b.add("Div", b.add("Sub", "time", "next_time"), "time")
    step = b.add("Mul", b.add("Sub", guided, "latents"), b.add("Mul", share, b.const(0.9)))
    b.add("Add", "latents", step, out="next_latents")
    return b.finish(
        {
            "latents": floats("N", CHANNELS, "F"),
            "condition": floats("2*N", CHANNELS),
            "context": floats("2*N", "S", CHANNELS),
            "mask": floats("2*N", "S"),
            "control_latents": floats("2*N", CHANNELS, "F"),
            "time": floats(1),
            "next_time": floats(1),
            "guidance_scale": floats(1),
            **(image if pictures else {}),
        },
        {"next_latents": floats("N", CHANNELS, "F")},
    )


def _seen(b: GraphBuilder) -> str:
    """(2*N, C) of the picture's mean key and value, as strong as is asked."""
    both = b.add("Add", "image_keys", "image_values")
    mean = b.add("ReduceMean", both, b.const([1, 2, 3], np.int64), keepdims=0)
    seen = b.add("MatMul", mean, b.weight(IMAGE_WIDTH, CHANNELS))
    return b.add("Mul", seen, b.add("Unsqueeze", "image_strength", b.const([1], np.int64)))


def _vae_encoder() -> TinyGraph:
    b = GraphBuilder(5)
    notes = b.add("AveragePool", "roll", kernel_shape=[8], strides=[8])
    sound = b.add("AveragePool", "mel", kernel_shape=[8], strides=[8])
    some = b.add("Gather", sound, b.const(np.arange(8) * 16, np.int64), axis=1)
    b.add("Concat", notes, some, out="latents", axis=1)
    return b.finish(
        {"mel": floats("B", 128, "T"), "roll": floats("B", 88, "T")},
        {"latents": floats("B", CHANNELS, "F")},
    )


def _vae_decoder() -> TinyGraph:
    b = GraphBuilder(6)
    scales = b.const([1.0, 1.0, 8.0])
    high = b.add("Resize", "latents", "", scales, mode="nearest")
    rows = b.add("Gather", high, b.const(np.arange(MELODY_ROWS), np.int64), axis=1)
    roll = b.add("Clip", rows, b.const(0.0), b.const(1.0), out="roll")
    spread = b.add("Cast", b.const(_note_spectra(), np.float16), to=TensorProto.FLOAT)
    loud = b.add("Mul", b.add("MatMul", spread, roll), b.const(20.0))
    b.add("Log", b.add("Add", loud, b.const(1e-4)), out="mel")
    return b.finish(
        {"latents": floats("B", CHANNELS, "F")},
        {"mel": floats("B", 128, "T"), "roll": floats("B", 88, "T")},
    )


def _note_spectra() -> NDArray[np.float64]:
    """(128, 88) mel bands of six harmonics of every note."""
    bank = mel_filterbank(AudioSpec())
    spectra = np.zeros((128, MELODY_ROWS))
    for row in range(MELODY_ROWS):
        for harmonic in range(1, 7):
            hertz = 440.0 * 2 ** ((row + 21 - 69) / 12) * harmonic
            place = round(hertz * 2048 / 44100)
            if place < BINS:
                spectra[bank[:, place].argmax(), row] += 1.0 / harmonic
    return spectra


def _vocoder() -> TinyGraph:
    """Give every bin the loudness of its mel band and the excitation's phase."""
    b = GraphBuilder(7)
    bands = mel_filterbank(AudioSpec()).argmax(0)
    magnitude = b.add("Gather", b.add("Exp", "mel"), b.const(bands, np.int64), axis=1)
    b.add("Mul", magnitude, "excitation_cos", out="real")
    b.add("Mul", magnitude, "excitation_sin", out="imag")
    return b.finish(
        {
            "mel": floats("B", 128, "T"),
            "excitation_cos": floats("B", BINS, "T"),
            "excitation_sin": floats("B", BINS, "T"),
        },
        {"real": floats("B", BINS, "T"), "imag": floats("B", BINS, "T")},
    )
