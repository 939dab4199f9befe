"""Clips of the tiny latent diffusion packs, and how far they are from each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.ldm_mel import log_mel
from descant.models.ldm_spec import LdmMelConfig
from descant.runtime import Clip, Engine, Request

RATE = 16000


def make(engine: Engine, **wish: Any) -> Clip:
    """Generate with a short prompt unless the wish says otherwise."""
    return engine.generate(Request(**{"prompt": "calm piano", "seed": 0, "seconds": 1.5, **wish}))


def mel_of(clip: Clip) -> NDArray[np.float32]:
    """(T, 64) log-mel, of the loudest within 40 dB."""
    mel = log_mel(clip.samples[0], LdmMelConfig())
    held: NDArray[np.float32] = np.maximum(mel, mel.max() - 9.2)
    return held


def apart(first: Clip, second: Clip) -> float:
    """Mean distance of two spectra in nepers, whatever their loudness."""
    one, other = mel_of(first), mel_of(second)
    return float(np.abs((one - one.mean()) - (other - other.mean())).mean())
