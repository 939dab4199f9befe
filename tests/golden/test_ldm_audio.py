"""Resampler and mel front ends give the published numbers."""

from __future__ import annotations

import re

import pytest

from descant.kernels.ldm_mel import fit_frames, load_mel, load_wave, log_mel, mel_basis
from descant.kernels.resample import resample
from descant.models.ldm_spec import LdmMelConfig
from tests.golden.harness import Array, Case, arrays, check

_ROUNDED_RATES = {11: 11025, 22: 22050, 44: 44100}
"""What the entry's ``file44k`` and the like stand for."""


@pytest.mark.golden("resample")
def test_resample(case: Case) -> None:
    made = {}
    for name, samples in arrays(case).items():
        match = re.fullmatch(r"in_(\d+)_to_(\d+)", name)
        if match:
            old, new = map(int, match.groups())
            made[f"out_{old}_to_{new}"] = resample(samples, old, new)
    check(case, made)


@pytest.mark.golden("ldm_mel")
def test_mel(case: Case) -> None:
    stored, made = arrays(case), dict[str, Array]()
    frame_rate = case.config["sample_rate"] / case.config["hop"]
    seconds = dict(zip(("mg2", "audioldm"), case.config["segment_seconds"], strict=True))
    for name in case.outputs:
        framing, *rest = name.split("_")
        if name == "mel_basis":
            made[name] = mel_basis(_config(case, "mg2"))
        else:
            config = _config(case, framing)
            made[name] = _mel_output(rest, stored, config, round(seconds[framing] * frame_rate))
    check(case, made)


def _mel_output(
    kind: list[str], stored: dict[str, Array], config: LdmMelConfig, frames: int
) -> Array:
    """Return ``logmel``, ``logmel_uncut``, ``wave_<file>`` or ``pipeline_logmel_<file>``."""
    if kind == ["logmel"]:
        return fit_frames(log_mel(stored["wave"], config), frames)
    if kind == ["logmel", "uncut"]:
        return log_mel(stored["wave"], config)
    recording = stored[f"wave_{kind[-1]}"]
    thousands = int(kind[-1].removeprefix("file").removesuffix("k"))
    rate = _ROUNDED_RATES.get(thousands, 1000 * thousands)
    if kind[0] == "wave":
        return load_wave(recording, rate, frames * config.hop_length, config)
    return load_mel(recording, rate, frames, config)


def _config(case: Case, framing: str) -> LdmMelConfig:
    names = {
        "sample_rate": "sample_rate", "n_fft": "n_fft", "hop": "hop_length",
        "n_mels": "n_mels", "fmin": "fmin", "fmax": "fmax",
    }  # fmt: skip
    values = {ours: case.config[theirs] for theirs, ours in names.items()}
    return LdmMelConfig(framing, **values)  # type: ignore[arg-type]
