"""What is written into every file: enough to make it again."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from descant.models.theory.sheet import LeadSheet
from descant.models.tokenizer import MAX_TEXT_CHARACTERS
from descant.runtime.inputs import Inputs, Source
from descant.runtime.lead import Lead, lead_rows
from descant.runtime.pack import Pack
from descant.runtime.request import Request
from descant.runtime.settled import Settled
from descant.runtime.sheet_rows import accompaniment_rows, note_rows


def make_receipt(
    request: Request,
    settled: Settled,
    seed: int,
    pack: Pack,
    device: str,
    *,
    sheet: LeadSheet | None = None,
    melody: str | None = None,
    inputs: Inputs | None = None,
    seam_score: float | None = None,
    lead: Lead | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """Return request, seed and pack as plain JSON values.

    Texts are cut where the text encoder stops reading, a given melody at the clip's end.

    Args:
        request: As it was asked.
        settled: With the pack's defaults.
        seed: Of the clip.
        pack: That made it.
        device: Where.
        sheet: What led the music, if that is notes.
        melody: A given melody as text, of packs that read it so.
        inputs: The files that were read.
        seam_score: Of a loop.
        lead: What whoever goes on from the clip has to know of its music.
        preview: Whether only the melody is played, as a deadline of 0 asks for.
    """
    files = inputs or Inputs()
    has_tune = request.melody is not None or request.hum is not None
    return {
        "descant": package_version(),
        "pack": {"id": pack.spec.id, "version": pack.spec.version, "sha256": pack.sha256},
        "device": device,
        "seed": seed,
        "request": {
            **_asked(request),
            **_settled(settled, files),
            **_files(files),
            "deadline_ms": 0.0 if preview else None,
            "melody": note_rows(sheet.notes) if sheet and has_tune else melody,
        },
        "music": _music(sheet) if sheet else None,
        "seam_score": None if seam_score is None else round(seam_score, 4),
        "lead": lead_rows(lead) if lead else None,
        "sheet": accompaniment_rows(sheet) if sheet and has_tune else None,
    }


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of the installed package; "source" in a checkout that is not installed."""
    try:
        return version("descant")
    except PackageNotFoundError:
        return "source"


def _music(sheet: LeadSheet) -> dict[str, Any]:
    return {
        "tempo_bpm": round(sheet.tempo_bpm, 4),
        "key": str(sheet.key),
        "beats_per_bar": sheet.beats_per_bar,
    }


def _asked(request: Request) -> dict[str, Any]:
    key = request.asked_key
    return {
        "prompt": request.prompt[:MAX_TEXT_CHARACTERS],
        "negative_prompt": request.negative_prompt[:MAX_TEXT_CHARACTERS],
        "story": request.story,
        "caption": request.caption if request.image_branch is not None else "",
        "intensity": list(request.intensity) or None,
        "tempo_bpm": None if request.tempo_bpm is None else float(request.tempo_bpm),
        "key": None if key is None else str(key),
        "inpaint": list(request.inpaint) if request.inpaint else None,
        "loop": request.loop,
        "joined": request.joined,
    }


def _settled(settled: Settled, files: Inputs) -> dict[str, Any]:
    seen = bool(files.images or files.video)
    return {
        "seconds": settled.seconds if settled.bars is None else None,
        "bars": settled.bars,
        "steps": settled.steps,
        "guidance_scale": settled.guidance_scale,
        "melody_strength": settled.melody_strength,
        "sampler": settled.sampler,
        "eta": settled.eta,
        "candidates": settled.candidates,
        "strength": settled.strength if files.init else None,
        "image_strength": settled.image_strength if seen else None,
    }


def _files(files: Inputs) -> dict[str, Any]:
    return {
        "images": [_named(image) for image in files.images] or None,
        "video": {**_named(files.video), "frames": list(files.frames)} if files.video else None,
        "audio": _named(files.audio) if files.audio else None,
        "hum": _named(files.hum) if files.hum else None,
        "init": _named(files.init) if files.init else None,
        "continues": _named(files.continues) if files.continues else None,
        "image_branch": _named(files.image_branch) if files.image_branch else None,
    }


def _named(file: Source) -> dict[str, str]:
    return {"name": file.name, "sha256": file.sha256}
