"""Audio to notes by Basic Pitch's published ONNX model, with a small note decoder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import librosa
import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import LOWEST_PITCH

if TYPE_CHECKING:
    import onnxruntime

SAMPLE_RATE = 22050
HOP = 256
WINDOW = 43844
WINDOW_FRAMES = 172
EDGE = 15
"""Frames at both ends of a window that see too little and are dropped, as the authors do."""
INPUT = "serving_default_input_2:0"
FRAMES, ONSETS = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"
GAP_FRAMES = 11
"""A note may fade below the threshold for this long."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Thresholds of the decoder; F1 0.74 on 80 real renderings of the train split."""

    onset: float = 0.45
    frame: float = 0.3
    shortest_frames: int = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """One transcribed note."""

    start: float
    """Seconds."""
    end: float
    pitch: int
    confidence: float
    """Mean activation, 0 … 1."""


def model_path() -> Path | None:
    """Return the ONNX file of the installed package; importing that would want TensorFlow."""
    found = find_spec("basic_pitch")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "saved_models" / "icassp_2022" / "nmp.onnx"
    return path if path.is_file() else None


def activations(
    samples: NDArray[np.float32], sample_rate: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Run the model over (N,) samples; return note and onset activations, each (T, 88)."""
    audio = librosa.resample(samples, orig_sr=sample_rate, target_sr=SAMPLE_RATE)
    kept = WINDOW_FRAMES - 2 * EDGE
    total = -(-len(audio) // HOP)
    count = -(-total // kept)
    padded = np.pad(audio, (EDGE * HOP, count * kept * HOP + WINDOW - len(audio)))
    windows = np.stack([padded[i * kept * HOP :][:WINDOW] for i in range(count)])
    notes, onsets = _session().run([FRAMES, ONSETS], {INPUT: windows[..., None].astype(np.float32)})
    notes, onsets = (p[:, EDGE:-EDGE].reshape(-1, p.shape[-1])[:total] for p in (notes, onsets))
    return notes, onsets


def decode(
    notes: NDArray[np.float32], onsets: NDArray[np.float32], how: Decoding | None = None
) -> list[Heard]:
    """Read notes from (T, 88) activations, latest onset first, as Basic Pitch does.

    Each onset's peak starts a note that lasts while its activation stays above the threshold; the
    energy it explains, its semitone neighbours' too, is gone for earlier notes.
    """
    how = how or Decoding()
    strength = np.maximum(onsets, rises(notes, onsets))
    inner = strength[1:-1]
    peaks = (inner > strength[:-2]) & (inner > strength[2:]) & (inner >= how.onset)
    energy = notes.copy()
    heard: list[Heard] = []
    for begin, row in reversed(np.argwhere(peaks)):
        begin += 1  # peaks leave the first frame out
        end = last_frame(energy[:, row], int(begin), how.frame)
        if end - begin <= how.shortest_frames:
            continue
        confidence = float(notes[begin:end, row].mean())
        energy[begin:end, max(row - 1, 0) : row + 2] = 0.0
        pitch = int(row) + LOWEST_PITCH
        heard.append(Heard(begin * HOP / SAMPLE_RATE, end * HOP / SAMPLE_RATE, pitch, confidence))
    return sorted(heard, key=lambda note: (note.start, note.pitch))


def transcribe(
    samples: NDArray[np.float32], sample_rate: int, how: Decoding | None = None
) -> list[Heard]:
    """Return the notes heard in (N,) samples."""
    return decode(*activations(samples, sample_rate), how)


def note_rows(
    samples: NDArray[np.float32], sample_rate: int
) -> list[tuple[float, float, int, float]]:
    """Return the notes heard in (N,) samples as plain values, in the order of ``Heard``."""
    return [(n.start, n.end, n.pitch, n.confidence) for n in transcribe(samples, sample_rate)]


def rises(notes: NDArray[np.float32], onsets: NDArray[np.float32]) -> NDArray[np.float32]:
    """Onsets that show in the note activations only: their rise over two frames, rescaled."""
    steps = [np.concatenate([notes[:n] * 0, notes[n:] - notes[:-n]]) for n in (1, 2)]
    rise = np.maximum(np.min(steps, axis=0), 0.0)
    rise[:2] = 0.0
    scaled: NDArray[np.float32] = rise * (onsets.max(initial=0.0) / max(float(rise.max()), 1e-9))
    return scaled


def last_frame(levels: NDArray[np.float32], begin: int, threshold: float) -> int:
    """Return the end of a note: the frame after which it stays below the threshold."""
    quiet, at = 0, begin + 1
    while at < len(levels) - 1 and quiet < GAP_FRAMES:
        quiet = quiet + 1 if levels[at] < threshold else 0
        at += 1
    return at - quiet


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    import onnxruntime

    path = model_path()
    if path is None:
        raise FileNotFoundError("basic-pitch is not installed: pip install --no-deps basic-pitch")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
