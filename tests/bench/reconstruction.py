"""Section ``reconstruction``: VAE and vocoder, beside Griffin-Lim from the true mel."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.evaluation.cases import AUDIO, FRAMES, Case, make_case, render
from descant.kernels.mel import log_mel, mel_filterbank
from descant.kernels.stft import istft, stft
from descant.models.synthset.roll import sounding_roll
from descant.models.training.vocoder import stft_distance
from descant.runtime.decode import decode_latents, vocode
from descant.runtime.pieces import drain
from tests.bench.context import Bench
from tests.bench.figures import Figure

FloatArray = NDArray[np.float32]
CLIPS = 64
ITERATIONS = 32
MOMENTUM = 0.99


def measure_reconstruction(bench: Bench) -> list[Figure]:
    """Log-mel L1 and multi-resolution STFT distance of the ways back to samples."""
    rendered = bench.map(_rendered, [case.seed for case in bench.cases[:CLIPS]], "real clips")
    griffin = bench.map(_griffin_distances, rendered, "Griffin-Lim")
    rows = {"griffin": griffin}
    if bench.pack:
        rows["vae"] = [distances(through_vae(bench, c, s), s) for c, s in _pairs(bench, rendered)]
        rows["true"] = [distances(_true(bench, c, s), s) for c, s in _pairs(bench, rendered)]
    means = {name: np.mean(np.array(values), axis=0) for name, values in rows.items()}
    nothing = np.full(2, np.nan)
    vae, true = means.get("vae", nothing), means.get("true", nothing)
    names = ("log-mel L1 (natural log)", "multi-resolution STFT distance")
    return [
        Figure(
            "reconstruction", f"VAE + vocoder: {name}", float(vae[i]),
            beside=f"Griffin-Lim from the true mel {means['griffin'][i]:.3f}"
            + (f", vocoder from it {true[i]:.3f}" if bench.pack else ""),
        )
        for i, name in enumerate(names)
    ]  # fmt: skip


def distances(made: FloatArray, real: FloatArray) -> tuple[float, float]:
    """Return log-mel L1 and multi-resolution STFT distance of (N,) samples."""
    mel = np.abs(log_mel(made, AUDIO) - log_mel(real, AUDIO)).mean()
    pair = [torch.from_numpy(samples)[None] for samples in (made, real)]
    return float(mel), float(stft_distance(pair[0], pair[1]))


def griffin_lim(mel: FloatArray, iterations: int = ITERATIONS) -> FloatArray:
    """Invert a (128, T) log-mel with a guessed phase (fast variant, Perraudin et al. 2013)."""
    inverse = np.maximum(np.linalg.pinv(mel_filterbank(AUDIO)), 0.0)
    magnitude = (inverse @ np.exp(mel)).astype(np.float32)
    angles = np.random.default_rng(0).uniform(-np.pi, np.pi, magnitude.shape)
    phase = np.exp(1j * angles).astype(np.complex64)
    before = np.zeros_like(phase)
    for _ in range(iterations):
        samples = istft(magnitude * phase, AUDIO.n_fft, AUDIO.hop_length)
        rebuilt = stft(samples, AUDIO.n_fft, AUDIO.hop_length)
        phase = rebuilt + np.complex64(MOMENTUM) * (rebuilt - before)
        phase /= np.maximum(np.abs(phase), 1e-9)
        before = rebuilt
    return istft(magnitude * phase, AUDIO.n_fft, AUDIO.hop_length)


def _pairs(bench: Bench, rendered: list[FloatArray]) -> list[tuple[Case, FloatArray]]:
    return list(zip(bench.cases, rendered, strict=False))


def _roll(case: Case) -> FloatArray:
    return sounding_roll(case.piece, FRAMES, AUDIO.frame_rate, case.start_seconds)


def _true(bench: Bench, case: Case, samples: FloatArray) -> FloatArray:
    return drain(vocode(bench.sessions, log_mel(samples, AUDIO), _roll(case), AUDIO))


def through_vae(bench: Bench, case: Case, samples: FloatArray) -> FloatArray:
    """Encode a case's (N,) rendering, decode it and vocode it."""
    mel, roll = log_mel(samples, AUDIO)[None], _roll(case)[None]
    latents = bench.sessions["vae_encoder"].run(mel=mel, roll=roll)["latents"]
    mel, roll = drain(decode_latents(bench.sessions, latents))
    return drain(vocode(bench.sessions, mel, roll, AUDIO))


def _rendered(seed: int) -> FloatArray:
    return render(make_case(seed))


def _griffin_distances(samples: FloatArray) -> tuple[float, float]:
    return distances(griffin_lim(log_mel(samples, AUDIO)), samples)
