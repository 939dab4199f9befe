"""The graphs of the tiny latent diffusion packs: small, and right in what they do.

The VAE only rearranges a mel, so that what is encoded can be found again; the UNet is the exact
denoiser of one normal distribution, whose mean is made of the condition; the vocoder gives each mel
band a tone. So a clip's spectrum tells what it was asked for, and its seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from descant.kernels.ldm_mel import mel_basis
from descant.models.diffusion import scaled_linear_schedule
from descant.models.ldm_spec import LdmMelConfig
from descant.models.melody_text import VOCABULARY
from descant.models.spec import TensorSpec
from tests.tiny_graphs import GraphBuilder, TinyGraph, floats

CLMP, CHANNELS, BINS, STRIDE, BANDS, HOP = 16, 8, 16, 4, 64, 160
CLMP_SAMPLES = 48_000
MIDDLE, SPREAD = -6.0, 2.5
"""A mel m is the latents (m - MIDDLE) / SPREAD."""
DEVIATION = 0.3
"""Of the latents around the mean that the condition asks for."""


def tiny_ldm_graphs(vocabulary: int, melody: bool) -> dict[str, TinyGraph]:
    """Return every graph of a pack of MG2, or without melody of AudioLDM."""
    graphs = {
        "text_encoder": _text_encoder(vocabulary),
        "audio_encoder": _audio_encoder(),
        "unet_condition": _unet_condition(CLMP * (1 + melody)),
        "unet": _unet(),
        "vae_encoder": _vae_encoder(),
        "vae_decoder": _vae_decoder(),
        "vocoder": _vocoder(),
    }
    return {**graphs, "melody_encoder": _melody_encoder()} if melody else graphs


def _text_encoder(vocabulary: int) -> TinyGraph:
    b = GraphBuilder(10)
    rows = b.add("Gather", b.weight(vocabulary, CLMP), "tokens")
    kept = b.add("Mul", rows, b.add("Unsqueeze", "mask", b.const([2], np.int64)))
    pooled = b.add("ReduceSum", kept, b.const([1], np.int64), keepdims=0)
    b.unit(pooled, "embedding")
    return b.finish(
        {"tokens": TensorSpec("int64", ("B", "S")), "mask": floats("B", "S")},
        {"embedding": floats("B", CLMP)},
    )


def _melody_encoder() -> TinyGraph:
    b = GraphBuilder(11)
    b.unit(b.add("MatMul", "counts", b.weight(len(VOCABULARY), CLMP)), "embedding")
    return b.finish({"counts": floats("B", len(VOCABULARY))}, {"embedding": floats("B", CLMP)})


def _audio_encoder() -> TinyGraph:
    """Power in a few bands, whatever the loudness."""
    b = GraphBuilder(12)
    frames = b.add("Reshape", "samples", b.const([0, -1, 480], np.int64))
    hertz = 200.0 * np.arange(1, 2 * CLMP + 1)
    waves = np.exp(2j * np.pi * hertz * np.arange(480)[:, None] / CLMP_SAMPLES) / 480
    real = b.add("MatMul", frames, b.const(waves.real))
    imaginary = b.add("MatMul", frames, b.const(waves.imag))
    power = b.add("Add", b.add("Mul", real, real), b.add("Mul", imaginary, imaginary))
    total = b.add("ReduceSum", power, b.const([1], np.int64), keepdims=0)
    share = b.unit(b.add("Add", total, b.const(1e-9)), "share")
    b.unit(b.add("MatMul", share, b.weight(2 * CLMP, CLMP)), "embedding")
    return b.finish({"samples": floats("B", CLMP_SAMPLES)}, {"embedding": floats("B", CLMP)})


def _unet_condition(width: int) -> TinyGraph:
    b = GraphBuilder(13)
    made = b.add("MatMul", "condition", b.weight(width, CHANNELS * BINS))
    b.add("Mul", made, b.const(float(np.sqrt(width)) / 2), out="condition_bias")
    return b.finish(
        {"condition": floats("B", width)}, {"condition_bias": floats("B", CHANNELS * BINS)}
    )


def _unet() -> TinyGraph:
    """Noise of x = sqrt(abar) x0 + sqrt(1 - abar) noise where x0 ~ N(mean, DEVIATION^2)."""
    b = GraphBuilder(14)
    abar = scaled_linear_schedule().alphas_cumprod
    gain = np.sqrt(1 - abar) / (abar * DEVIATION**2 + 1 - abar)
    place = b.add("Cast", "timesteps", to=TensorProto.INT64)
    column = b.const([-1, 1, 1, 1], np.int64)
    gains = b.add("Reshape", b.add("Gather", b.const(gain), place), column)
    signal = b.add("Reshape", b.add("Gather", b.const(np.sqrt(abar)), place), column)
    shape = b.const([-1, CHANNELS, 1, BINS], np.int64)
    mean = b.add("Reshape", "condition_bias", shape)
    away = b.add("Sub", "latents", b.add("Mul", signal, mean))
    b.add("Mul", gains, away, out="noise")
    return b.finish(
        {
            "latents": floats("B", CHANNELS, "8*F", BINS),
            "timesteps": floats("B"),
            "condition_bias": floats("B", CHANNELS * BINS),
        },
        {"noise": floats("B", CHANNELS, "8*F", BINS)},
    )


def _vae_encoder() -> TinyGraph:
    """Two frames of four bands each become the channels of a latent."""
    b = GraphBuilder(15)
    halves = b.add("AveragePool", "mel", kernel_shape=[2, 1], strides=[2, 1])
    split = b.add("Reshape", halves, b.const([0, -1, 2, BINS, 4], np.int64))
    first = b.add("Transpose", split, perm=[0, 2, 4, 1, 3])
    stacked = b.add("Reshape", first, b.const([0, CHANNELS, -1, BINS], np.int64))
    b.add("Div", b.add("Sub", stacked, b.const(MIDDLE)), b.const(SPREAD), out="mean")
    b.add("Mul", "mean", b.const(0.0), out="std")
    latents = floats("B", CHANNELS, "F", BINS)
    return b.finish(
        {"mel": floats("B", 1, f"{STRIDE}*F", BANDS)}, {"mean": latents, "std": latents}
    )


def _vae_decoder() -> TinyGraph:
    b = GraphBuilder(16)
    split = b.add("Reshape", "latents", b.const([0, 2, 4, -1, BINS], np.int64))
    last = b.add("Transpose", split, perm=[0, 3, 1, 4, 2])
    halves = b.add("Reshape", last, b.const([0, 1, -1, BANDS], np.int64))
    whole = b.add("Resize", halves, "", b.const([1.0, 1.0, 2.0, 1.0]), mode="nearest")
    b.add("Add", b.add("Mul", whole, b.const(SPREAD)), b.const(MIDDLE), out="mel")
    return b.finish(
        {"latents": floats("B", CHANNELS, "F", BINS)},
        {"mel": floats("B", 1, f"{STRIDE}*F", BANDS)},
    )


def _vocoder() -> TinyGraph:
    """A band's tone fits a whole number of times into a hop, so that frames join smoothly."""
    b = GraphBuilder(17)
    loud = b.add("Transpose", b.add("Exp", b.add("Clip", "mel", "", b.const(2.0))), perm=[0, 2, 1])
    frames = b.add("MatMul", loud, b.const(_tones()))
    joined = b.add("Reshape", frames, b.const([0, -1], np.int64))
    padded = b.add("Pad", joined, b.const([0, 0, 0, 32], np.int64))
    b.add("Tanh", padded, out="samples")
    return b.finish({"mel": floats("B", BANDS, "T")}, {"samples": floats("B", "N")})


def _tones() -> NDArray[np.float64]:
    """(BANDS, HOP) a sine near the middle of each band, as loud as its mel says."""
    basis = mel_basis(LdmMelConfig())
    cycles = np.maximum(np.round(basis.argmax(1) * HOP / 1024), 1)
    amplitude = 1.0 / (256.0 * basis.max(1))
    waves = np.sin(2 * np.pi * cycles[:, None] * np.arange(HOP) / HOP)
    tones: NDArray[np.float64] = waves * amplitude[:, None]
    return tones
