"""What is written into every file: enough to make it again."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.models.tokenizer import MAX_TEXT_CHARACTERS
from descant.runtime.pack import Pack
from descant.runtime.request import Request, Settled


def make_receipt(
    request: Request, settled: Settled, seed: int, sheet: LeadSheet, pack: Pack, device: str
) -> dict[str, Any]:
    """Return request, seed and pack as plain JSON values.

    Texts are cut where the text encoder stops reading, a given melody at the clip's end.
    """
    asked = request.asked_key
    return {
        "descant": package_version(),
        "pack": {"id": pack.spec.id, "version": pack.spec.version, "sha256": pack.sha256},
        "device": device,
        "seed": seed,
        "request": {
            "prompt": request.prompt[:MAX_TEXT_CHARACTERS],
            "negative_prompt": request.negative_prompt[:MAX_TEXT_CHARACTERS],
            "melody": _melody(request, sheet),
            "tempo_bpm": None if request.tempo_bpm is None else float(request.tempo_bpm),
            "key": None if asked is None else str(asked),
            "seconds": settled.seconds,
            "steps": settled.steps,
            "guidance_scale": settled.guidance_scale,
            "melody_strength": settled.melody_strength,
        },
        "music": {
            "tempo_bpm": round(sheet.tempo_bpm, 4),
            "key": str(sheet.key),
            "beats_per_bar": sheet.beats_per_bar,
        },
    }


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of the installed package; "source" in a checkout that is not installed."""
    try:
        return version("descant")
    except PackageNotFoundError:
        return "source"


def _melody(request: Request, sheet: LeadSheet) -> list[list[float]] | None:
    return None if request.melody is None else [_row(note) for note in sheet.notes]


def _row(note: Note) -> list[float]:
    return [round(note.start, 4), round(note.duration, 4), note.pitch, note.velocity]
