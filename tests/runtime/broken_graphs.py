"""Ways to break the graphs of a tiny pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from tests.runtime.test_pack import rehash

N_FFT, HOP = 2048, 512


def rewire(
    pack: Path, graph: str, output: str, *nodes: onnx.NodeProto, **constants: object
) -> None:
    """Let nodes make ``output`` of what it was, which they know as ``was``."""
    model = onnx.load(pack / f"{graph}.onnx")
    for node in model.graph.node:
        node.output[:] = ["was" if name == output else name for name in node.output]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value, np.float32), name)
        for name, value in constants.items()
    )
    onnx.checker.check_model(model)
    rehash(pack, graph, "graphs", model.SerializeToString())


def times(pack: Path, graph: str, output: str, factor: float) -> None:
    """Multiply an output; by NaN it is NaN."""
    node = helper.make_node("Mul", ["was", "factor"], [output])
    rewire(pack, graph, output, node, factor=[factor])


def times_when_guided(pack: Path, graph: str, output: str, factor: float) -> None:
    """Multiply an output of the denoiser where guidance is above 1."""
    rewire(
        pack, graph, output,
        helper.make_node("Greater", ["guidance_scale", "one"], ["guided"]),
        helper.make_node("Where", ["guided", "factor", "one"], ["by"]),
        helper.make_node("Mul", ["was", "by"], [output]),
        one=[1.0], factor=[factor],
    )  # fmt: skip


def deaf_to_noise(pack: Path) -> None:
    """Let the denoiser start from zeros, whatever the seed."""
    model = onnx.load(pack / "denoiser_step.onnx")
    for node in model.graph.node:
        node.input[:] = ["silent" if name == "latents" else name for name in node.input]
    model.graph.node.insert(0, helper.make_node("Mul", ["latents", "nought"], ["silent"]))
    model.graph.initializer.append(numpy_helper.from_array(np.zeros(1, np.float32), "nought"))
    rehash(pack, "denoiser_step", "graphs", model.SerializeToString())


def vocode_as(pack: Path, spectrum: NDArray[np.complex128]) -> None:
    """Let every frame of the vocoder be one spectrum, as of a wave that repeats every hop."""
    model = onnx.load(pack / "vocoder.onnx")
    del model.graph.node[:]
    for output, part in (("real", spectrum.real), ("imag", spectrum.imag)):
        model.graph.node.append(helper.make_node("Mul", ["excitation_cos", "no"], [f"{output}_0"]))
        model.graph.node.append(helper.make_node("Add", [f"{output}_0", f"{output}_1"], [output]))
        value = numpy_helper.from_array(part[None, :, None].astype(np.float32), f"{output}_1")
        model.graph.initializer.append(value)
    model.graph.initializer.append(numpy_helper.from_array(np.zeros(1, np.float32), "no"))
    rehash(pack, "vocoder", "graphs", model.SerializeToString())


def repeating(wave: NDArray[np.float64]) -> NDArray[np.complex128]:
    """(1025,) spectrum of every frame of a (512,) wave that repeats."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)
    spectrum: NDArray[np.complex128] = np.fft.rfft(np.tile(wave, N_FFT // HOP) * window)
    return spectrum


def noisy(pack: Path) -> None:
    """Let the vocoder return what is as good as white noise."""
    model = onnx.load(pack / "vocoder.onnx")
    del model.graph.node[:]
    for output, phase in (("real", "excitation_cos"), ("imag", "excitation_sin")):
        model.graph.node.append(helper.make_node("Mul", [phase, "many"], [f"{output}_turns"]))
        model.graph.node.append(helper.make_node("Sin", [f"{output}_turns"], [output]))
    model.graph.initializer.append(numpy_helper.from_array(np.full(1, 1e5, np.float32), "many"))
    rehash(pack, "vocoder", "graphs", model.SerializeToString())
