"""All that the page of a take shows, read off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.desktop.library.request_json import request_from_json
from descant.runtime import Note, Request


@dataclass(frozen=True, eq=False)
class TakeData:
    """A take with its samples and notes."""

    record: Any
    """``TakeRecord`` of the library."""
    samples: NDArray[np.float32]
    """(A, N) float32."""
    sample_rate: int
    """Hz."""
    details: Any
    """``TakeDetails`` of the library."""

    @property
    def melody(self) -> tuple[Note, ...]:
        """Notes that led the music; empty where none are known."""
        return () if self.details.notes is None else tuple(self.details.notes.melody)


def load_take(library: Any, number: int) -> TakeData:
    """Read a take; for another thread.

    Raises:
        DescantError: It is gone, or can't be read.
    """
    record = library.get(number)
    samples, rate = library.load_samples(number)
    return TakeData(record, samples, rate, library.load_details(number))


def request_with_melody(data: TakeData, notes: tuple[Note, ...], tempo_bpm: float) -> Request:
    """Return a wish for a take's words and length, led by these notes, with another seed.

    Args:
        data: Of the take.
        notes: In beats.
        tempo_bpm: Of the beats.
    """
    asked = request_from_json(data.record.request)
    fields: dict[str, Any] = {"prompt": data.record.prompt}
    if asked is not None:
        fields = {name: getattr(asked, name) for name in _KEPT}
        fields["images"] = tuple(image for image in asked.images if Path(image).is_file())
    fields["seconds"] = min(max(data.record.seconds, 1.0), 600.0)
    return Request(**fields, melody=notes, tempo_bpm=min(max(tempo_bpm, 30.0), 300.0))


_KEPT = (
    "prompt", "negative_prompt", "story", "image_strength", "caption", "music_prompt", "steps",
    "guidance_scale", "melody_strength", "intensity",
)  # fmt: skip
"""What of a request holds for another melody too: not its seed, key, tune or recording."""
