"""Real music to compare with: held-out pieces, rendered once and kept in a folder."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation import cases, keys, tempo, transcribe
from descant.export.evaluation.cases import AUDIO, SECONDS, Case, level, render
from descant.kernels.mel import log_mel
from descant.models.synthset import compose
from descant.models.synthset.gallery import picture
from descant.runtime.files import write_atomically

FloatArray = NDArray[np.float32]
PICTURE_SIDE = 128
"""Pixels of the scenes that requests bring along, as training's."""
NoteRow = tuple[float, float, int, float]
"""Start, end, pitch and confidence, in the order of ``transcribe.Heard``."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What measuring tools say of one clip."""

    tempo_bpm: float
    """NaN when no beats were found."""
    key: str
    notes: tuple[NoteRow, ...] | None
    """None without Basic Pitch."""


def fingerprint(*files: Path) -> str:
    """Name the content of source files, so that what they made is not mistaken for newer work."""
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in files)):08x}"


def music_version() -> str:
    """Fingerprint of all that composes, renders and words the test pieces."""
    folder = Path(compose.__file__).parent
    return fingerprint(Path(cases.__file__), *sorted(folder.glob("*.py")))


def ears_version() -> str:
    """Fingerprint of the tools that listen, with whether the transcriber is there."""
    files = [Path(module.__file__ or "") for module in (keys, tempo, transcribe)]
    return fingerprint(*files) + ("n" if transcribe.model_path() else "")


def clip_samples(case: Case) -> FloatArray:
    """Render the window of a piece: (N,) at the loudness of all that is measured."""
    return level(render(case)[: round(SECONDS * AUDIO.sample_rate)])


def clip_mel(samples: FloatArray) -> FloatArray:
    """(N,) samples of any loudness -> (128, T) log-mel, as the judge and the towers want it."""
    return log_mel(level(samples), AUDIO)


def use_ears(samples: FloatArray, notes: bool) -> Ears:
    """Measure tempo and key of (N,) levelled samples, and with ``notes`` transcribe them."""
    rows = None
    if notes and transcribe.model_path() is not None:
        rows = tuple(transcribe.note_rows(samples, AUDIO.sample_rate))
    rate = AUDIO.sample_rate
    return Ears(tempo.measure_tempo(samples, rate), keys.name_key(samples, rate), rows)


class Shelf:
    """Real clips of one split in a folder; another state of the composer has another folder."""

    def __init__(self, cache: Path, split: str) -> None:
        self.folder = cache / f"real-{split}-{music_version()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._ears = ears_version()

    def mel(self, case: Case) -> FloatArray:
        """(128, T) log-mel of the piece's real clip."""
        path = self.folder / f"{case.seed}-mel.npy"
        stored = _load(path)
        if stored is None:
            stored = clip_mel(clip_samples(case)).astype(np.float16)
            content = io.BytesIO()
            np.save(content, stored)
            write_atomically(path, content.getbuffer())
        return stored.astype(np.float32)

    def ears(self, case: Case) -> Ears:
        """What tools hear in the piece's real clip."""
        path = self.folder / f"{case.seed}-ears-{self._ears}.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            ears = use_ears(clip_samples(case), notes=True)
            known = [ears.tempo_bpm, ears.key, ears.notes]
            write_atomically(path, json.dumps(known).encode("utf-8"))
        rows: Any = known[2]
        notes = None if rows is None else tuple((r[0], r[1], int(r[2]), r[3]) for r in rows)
        return Ears(float(known[0]), str(known[1]), notes)

    def picture(self, case: Case) -> Path:
        """File of the piece's scene."""
        path = self.folder / f"{case.seed}.png"
        if not path.is_file():
            content = io.BytesIO()
            picture(case.piece, (PICTURE_SIDE, PICTURE_SIDE)).save(content, "PNG")
            write_atomically(path, content.getbuffer())
        return path


def _load(path: Path) -> NDArray[np.float16] | None:
    """Return a kept array, or None when there is none or it is damaged."""
    try:
        kept: NDArray[np.float16] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return kept if kept.ndim == 2 and len(kept) == AUDIO.n_mels else None
