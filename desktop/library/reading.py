"""What the files of a take hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.desktop.library.errors import TakeNotFoundError
from descant.desktop.library.records import TakeDetails, TakeNotes, TakeRecord
from descant.desktop.library.take_files import read_page
from descant.runtime import Neighbour, Note


def read_samples(take: TakeRecord) -> tuple[NDArray[np.float32], int]:
    """Decode a take's audio.

    Returns:
        (A, N) float32 in [-1, 1] and the rate in Hz.

    Raises:
        TakeNotFoundError: The file is gone, or is no audio any more.
    """
    import soundfile

    try:
        frames, rate = soundfile.read(str(take.path), dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise gone(take) from error
    return np.ascontiguousarray(frames.T), int(rate)


def load_details(path: Path) -> TakeDetails:
    """Read what is written beside an audio file; what is missing or damaged there is left out."""
    page = read_page(path)
    seam, timings = page.get("seam_score"), page.get("timings_ms")
    return TakeDetails(
        notes=_notes(page.get("music")),
        retrieved=_neighbours(page.get("retrieved")),
        warnings=tuple(str(text) for text in page.get("warnings") or ()),
        seam_score=float(seam) if isinstance(seam, int | float) else None,
        timings_ms=dict(timings) if isinstance(timings, dict) else {},
    )


def gone(take: TakeRecord) -> TakeNotFoundError:
    """Return what to tell the user when a take's audio can't be read."""
    return TakeNotFoundError(
        f"the audio file of {take.title!r:.100} can't be read: {str(take.path)!r:.300}",
        hint="put the file back, or delete the take",
    )


def _notes(music: Any) -> TakeNotes | None:
    try:
        return TakeNotes(
            tuple(Note(*row) for row in music["notes"]),
            float(music["tempo_bpm"]),
            int(music["beats_per_bar"]),
            tuple(Note(*row) for row in music["melody"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _neighbours(rows: Any) -> tuple[Neighbour, ...]:
    try:
        return tuple(Neighbour(**row) for row in rows or ())
    except TypeError:
        return ()
