"""A receipt as the request that it came from. Nobody vouches for what a file says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from descant.models.melody_text import MelodyTextError, text_to_notes
from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.errors import RequestError
from descant.runtime.inputs import Source
from descant.runtime.request import MAX_IMAGES, MAX_SEED, Request
from descant.runtime.sheet_rows import notes_of_rows, sheet_of_rows

PLAIN = (
    "prompt", "negative_prompt", "story", "caption", "tempo_bpm", "key", "seconds", "steps",
    "guidance_scale", "melody_strength", "sampler", "eta", "strength", "image_strength",
    "inpaint", "intensity", "bars", "loop", "joined", "deadline_ms",
)  # fmt: skip
"""Fields whose value in a receipt is that of the request; None stands for what was left open."""
ONE_FILE = ("video", "audio", "init", "continues", "image_branch")
BEATS_AS_SECONDS_BPM = 60.0
"""At this tempo a beat lasts a second."""

Find = Callable[[str, Source], Path]
"""A field and the file that it named, to where that lies now; raises ``RequestError``."""


def recall(receipt: Mapping[str, Any], find: Find) -> Request:
    """Return the request that makes the clip of a receipt again, and no other to choose from.

    Args:
        receipt: What was read from a file.
        find: Is asked for every file that the music was made from.

    Raises:
        RequestError: Something in it is missing, of another kind or out of range, or ``find``
            does not find a file.
    """
    asked = receipt.get("request")
    if not isinstance(asked, dict):
        raise damaged("request", "missing")
    seed = receipt.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise damaged("seed", f"{seed!r:.40} is no seed")
    wish = {name: asked[name] for name in PLAIN if asked.get(name) is not None}
    wish |= _files(asked, find)
    wish |= _melody(receipt, asked, find)
    try:
        return Request(**wish, seed=seed, candidates=1)
    except TypeError as error:  # such as a prompt that is a list
        raise damaged("request", str(error)) from error


def sources(value: object, name: str) -> tuple[Source, ...]:
    """Return the files that a field of a receipt names.

    Raises:
        RequestError: It is nothing of the kind.
    """
    rows = value if isinstance(value, list) else [] if value is None else [value]
    if len(rows) > MAX_IMAGES:
        raise damaged(f"request.{name}", f"{len(rows)} files")
    return tuple(_source(row, name) for row in rows)


def damaged(place: str, reason: str) -> RequestError:
    """Return the refusal of a receipt."""
    return RequestError(
        f"the receipt is damaged at {place}: {reason:.200}",
        hint="take a file as descant has written it",
    )


def _source(row: object, name: str) -> Source:
    if not isinstance(row, dict):
        raise damaged(f"request.{name}", "no file's name")
    called, sha256 = row.get("name"), row.get("sha256")
    if not isinstance(called, str) or not isinstance(sha256, str):
        raise damaged(f"request.{name}", "name or sha256 is missing")
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise damaged(f"request.{name}.sha256", f"{sha256!r:.80} is no SHA-256")
    return Source(called, sha256)


def _files(asked: dict[str, Any], find: Find) -> dict[str, Any]:
    found: dict[str, Any] = {}
    images = sources(asked.get("images"), "images")
    if images:
        found["images"] = tuple(find("images", image) for image in images)
    for name in ONE_FILE:
        named = sources(asked.get(name), name)
        if len(named) > 1:
            raise damaged(f"request.{name}", "more than one file")
        if named:
            found[name] = find(name, named[0])
    return found


def _melody(receipt: Mapping[str, Any], asked: dict[str, Any], find: Find) -> dict[str, Any]:
    """Return the tune that was given: the notes stand in the receipt, whatever they came from."""
    melody, hum = asked.get("melody"), sources(asked.get("hum"), "hum")
    if receipt.get("sheet") is not None:
        sheet: LeadSheet = sheet_of_rows(melody, receipt["sheet"])
        return {"melody": sheet}
    if hum:
        return {"hum": find("hum", hum[0])}
    if isinstance(melody, str):
        return {"melody": _notes_of_text(melody), "tempo_bpm": BEATS_AS_SECONDS_BPM}
    if melody is not None:
        return {"melody": notes_of_rows("melody", melody)}
    return {}


def _notes_of_text(text: str) -> tuple[Note, ...]:
    try:
        timed = text_to_notes(text)
    except MelodyTextError as error:
        raise damaged("request.melody", str(error)) from error
    return tuple(Note(n.start, max(n.end - n.start, 1e-3), n.pitch) for n in timed)
