"""From a take to the request for another one: more like it, a variation, what comes next."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from descant.desktop.library import TakeRecord
from descant.desktop.library.request_json import FILES, request_from_json
from descant.runtime import Request, RequestError

Action = Literal["more", "vary", "continue", "replace"]
Obstacle = Literal["file", "edit", "continue", "nothing"]
"""Why a take can't be worked on: its audio is gone; the pack starts from no recording; it goes on
from none; nothing is left of what was asked for."""

VARY_STRENGTH = 0.5
"""Half way from the take to something new."""
LEAST_REGION_S = 0.2
_EDIT_FREE = ("video", "melody", "hum", "tempo_bpm", "key", "intensity", "audio")
"""What an edit takes from the recording instead."""
_LENGTH = ("seconds", "bars", "loop")
_START = ("init", "strength", "inpaint", "continues", "joined")
_SOLVER = ("steps", "guidance_scale", "sampler", "eta", "candidates", "melody_strength")
"""What suits the pack that made a take, and maybe no other."""
_ONCE = ("seed", "count", "deadline_ms")


@dataclasses.dataclass(frozen=True)
class PackView:
    """What matters of the pack that is open."""

    id: str
    abilities: frozenset[str]
    """As ``PackSummary.abilities``."""
    family: str = "starter"


def obstacle(action: Action, take: TakeRecord, pack: PackView | None) -> Obstacle | None:
    """Return what is in the way of an action; a pack that is not known yet can do all."""
    if action == "more":
        if pack is not None and "sound" not in pack.abilities and not take.prompt:
            return "nothing"
        return None
    if take.missing:
        return "file"
    if pack is not None and "edit" not in pack.abilities:
        return "edit"
    if action == "continue" and pack is not None and pack.family != "starter":
        return "continue"
    return None


def more_like_this(take: TakeRecord, pack: PackView | None = None) -> Request:
    """Ask for the same again with another seed, and for the sound of the take.

    Raises:
        RequestError: The pack hears no sound, and there were no words.
    """
    fields = _base(take, pack, (*_ONCE, *_START))
    if fields.get("video") is None and "bars" not in fields:
        fields.setdefault("seconds", _length(take))
    fields["audio"] = None
    if not take.missing and (pack is None or "sound" in pack.abilities):
        fields["audio"] = take.path
    return Request(**fields)


def vary(
    take: TakeRecord, pack: PackView | None = None, strength: float = VARY_STRENGTH
) -> Request:
    """Ask for a variation.

    Args:
        take: To begin with; its length, tempo, key and tune stay.
        pack: That is open.
        strength: 0 … 1, how far to move away.
    """
    return Request(**_edit(take, pack), init=take.path, strength=strength)


def continue_take(
    take: TakeRecord, pack: PackView | None = None, seconds: float | None = None
) -> Request:
    """Ask for what comes after a take.

    Args:
        take: To go on from.
        pack: That is open.
        seconds: Of new music; as long as the take when None.
    """
    length = _length(take) if seconds is None else seconds
    return Request(**_edit(take, pack), continues=take.path, seconds=length)


def replace_region(
    take: TakeRecord, region: tuple[float, float], pack: PackView | None = None
) -> Request:
    """Ask for a part of a take anew.

    Args:
        take: Of which the rest stays.
        region: Begin and end in seconds; cut to the take's length.
        pack: That is open.

    Raises:
        RequestError: Nothing of the region lies in the take.
    """
    begin, end = max(min(region), 0.0), min(max(region), take.seconds)
    if end - begin < LEAST_REGION_S:
        raise RequestError(
            f"the region is {max(end - begin, 0.0):.2f} s long, it has to be {LEAST_REGION_S} s",
            hint="mark a longer part of the take",
        )
    return Request(**_edit(take, pack), init=take.path, inpaint=(begin, end))


def _edit(take: TakeRecord, pack: PackView | None) -> dict[str, Any]:
    fields = _base(take, pack, (*_ONCE, *_START, *_LENGTH, *_EDIT_FREE))
    # A recording alone is a wish for packs of the newest kind only; its words are for all.
    if not any(str(fields.get(name) or "").strip() for name in ("prompt", "story", "music_prompt")):
        fields["prompt"] = take.prompt or take.title
    return fields


def _base(take: TakeRecord, pack: PackView | None, without: Collection[str]) -> dict[str, Any]:
    """Return what was asked for, without some of it and without files that are gone."""
    request = request_from_json(take.request)
    if request is None:
        return {"prompt": take.prompt}
    fields = {
        field.name: value
        for field in dataclasses.fields(request)
        if field.name not in without
        and (value := getattr(request, field.name)) != field.default
        and (field.name not in FILES or (value := _there(value)))
    }
    if not fields.get("images") and not fields.get("video"):
        for name in ("image_branch", "image_strength"):
            fields.pop(name, None)
    made_by = take.receipt.get("pack", {}).get("id")
    if pack is not None and made_by != pack.id:
        for name in _SOLVER:
            fields.pop(name, None)
    return fields


def _there(value: Any) -> Any:
    """Return the files that are still there, or notes as they are."""
    if isinstance(value, tuple):
        return tuple(v for v in value if not isinstance(v, str | Path) or Path(v).is_file())
    return value if value is None or Path(value).exists() else None


def _length(take: TakeRecord) -> float:
    return min(max(round(take.seconds, 3), 1.0), 600.0)
