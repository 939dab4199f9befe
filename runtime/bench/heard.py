"""How near two clips are: what is kept of each, and the two distances."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.kernels.fit_length import fit_length
from descant.kernels.mel import log_mel
from descant.kernels.resample import resample
from descant.runtime.bench.records import Fidelity
from descant.runtime.clip import Clip
from descant.runtime.pack import Pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
ENCODER = "audio_encoder"


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What is kept of a clip."""

    mel: FloatArray
    """(M, T) natural log-mel of the pack's own front end."""
    embedding: FloatArray
    """(D,) CLMP; (0,) when the pack has no audio tower."""
    samples: int
    sample_rate: int

    def save(self, path: Path) -> None:
        """Write for ``load_heard``."""
        form = np.array([self.samples, self.sample_rate], np.int64)
        np.savez(path, mel=self.mel, embedding=self.embedding, form=form)


def load_heard(path: Path) -> Heard:
    """Read what ``Heard.save`` wrote.

    Raises:
        OSError: There is no such file.
        ValueError: It is damaged.
    """
    with np.load(path, allow_pickle=False) as stored:
        samples, sample_rate = stored["form"].tolist()
        return Heard(stored["mel"], stored["embedding"], samples, sample_rate)


def listen(clip: Clip, pack: Pack, threads: int | None) -> Heard:
    """Take a clip's log-mel and its CLMP embedding, computed on the CPU whatever made it."""
    mono = clip.samples.mean(0)
    mel = log_mel(mono, pack.spec.pipeline.audio)
    embedding = np.zeros(0, np.float32)
    if ENCODER in pack.spec.graphs:
        sessions = Sessions(pack, choose_provider("cpu"), threads)
        inputs = _encoder_inputs(mono, mel, pack)
        embedding = sessions[ENCODER].run(**inputs)["embedding"][0]
        sessions.close()
    return Heard(mel, embedding, len(mono), clip.sample_rate)


def _encoder_inputs(mono: FloatArray, mel: FloatArray, pack: Pack) -> dict[str, FloatArray]:
    """Return the tower's input: a mel of the starter, samples of a latent diffusion."""
    diffusion = pack.spec.pipeline.diffusion
    if diffusion is None:
        return {"mel": mel[None]}
    rate = pack.spec.pipeline.audio.sample_rate
    heard = resample(mono, rate, diffusion.clmp_sample_rate)
    return {"samples": fit_length(heard, diffusion.clmp_samples)[None]}


def compare(made: Heard, reference: Heard, label: str) -> Fidelity:
    """Return both distances.

    Args:
        made: By the cell.
        reference: By the CPU.
        label: Of the reference, for people.
    """
    if (made.samples, made.sample_rate) != (reference.samples, reference.sample_rate):
        reason = (
            f"{made.samples} samples at {made.sample_rate} Hz can't be compared with "
            f"{reference.samples} at {reference.sample_rate} Hz of {label}"
        )
        return Fidelity("unmeasured", None, None, reason)
    if made.mel.shape != reference.mel.shape:
        return Fidelity("unmeasured", None, None, f"other mel bands than {label}")
    nats = float(np.abs(made.mel - reference.mel).mean(dtype=np.float64))
    cosine = _cosine(made.embedding, reference.embedding)
    missing = "" if cosine is not None else "; no audio tower of one size for the CLMP cosine"
    return Fidelity("measured", round(nats, 6), cosine, f"against {label}{missing}")


def _cosine(one: FloatArray, other: FloatArray) -> float | None:
    if one.shape != other.shape or not one.size:
        return None
    a, b = one.astype(np.float64), other.astype(np.float64)
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return round(float(np.clip(a @ b / max(lengths, 1e-12), -1.0, 1.0)), 6)
