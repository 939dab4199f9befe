"""The files of a take: audio with its receipt inside, and a page of JSON beside it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from descant.desktop.library.request_json import request_to_json
from descant.runtime import Clip, write_atomically

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg")
BIT_DEPTH = 24
MAX_NAME, MAX_NAME_BYTES = 60, 120
"""Systems take 255; what is added while a file is being written has to fit too."""
_UNSAFE = re.compile(r"[^\w\s.,'()&+-]", re.UNICODE)
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """What a user may change; kept beside the audio, so that it outlives the database."""

    id: int
    title: str
    created: float
    """Seconds since 1970, UTC."""
    parent: int | None = None
    favourite: bool = False
    tags: tuple[str, ...] = ()
    deleted: float | None = None


def file_name(title: str, number: int) -> str:
    """Return a name, without suffix, that every system takes, such as ``Calm piano 0007``."""
    plain = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", title)).split())
    plain = plain.encode()[:MAX_NAME_BYTES].decode(errors="ignore")[:MAX_NAME].strip(" .")
    if not plain or _RESERVED.match(plain):
        plain = f"Take {plain}".strip()
    return f"{plain} {number:04d}"


def write_take(audio: Path, clip: Clip, label: Label) -> None:
    """Write a clip's files, each whole; the audio last, so that it never stands alone.

    Raises:
        OutputError: The disk is full or read-only; neither file is there then.
    """
    page = {
        **_label_json(label),
        "request": request_to_json(clip.request),
        "loop": clip.loop,
        "warnings": list(clip.warnings),
        "seam_score": clip.seam_score,
        "timings_ms": clip.timings_ms,
        "retrieved": [dataclasses.asdict(neighbour) for neighbour in clip.retrieved],
        "music": _music(clip),
    }
    take = {
        k: v for k, v in _label_json(label).items() if k in ("id", "title", "created", "parent")
    }
    try:
        _write_json(page_path(audio), page)
        labelled = dataclasses.replace(clip, receipt={**clip.receipt, "take": take})
        labelled.save(audio, bit_depth=BIT_DEPTH)
        _keep_folder(audio.parent)
    except BaseException:
        remove_take(audio)
        raise


def page_path(audio: Path) -> Path:
    """Return where the JSON of an audio file is."""
    return audio.with_suffix(".json")


def read_page(audio: Path) -> dict[str, Any]:
    """Return the JSON beside an audio file; empty when it is missing or damaged."""
    try:
        page = json.loads(page_path(audio).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return page if isinstance(page, dict) else {}


def write_label(audio: Path, label: Label) -> None:
    """Write what a user has changed into the page; the rest of it stays.

    Raises:
        OutputError: The disk is full or read-only; the page is as it was then.
    """
    _write_json(page_path(audio), {**read_page(audio), **_label_json(label)})


def read_label(page: dict[str, Any], take: dict[str, Any], when: float) -> Label | None:
    """Return what page and receipt know of a take; None when they know no number.

    Args:
        page: Of ``read_page``; it is right where both speak.
        take: The receipt's own part.
        when: For a take that does not know when it was made.
    """
    known = {**take, **page}
    number, parent, deleted = known.get("id"), known.get("parent"), known.get("deleted")
    if not isinstance(number, int) or number < 1:
        return None
    created, tags = known.get("created"), known.get("tags")
    return Label(
        id=number,
        title=str(known.get("title") or "")[:200],
        created=float(created) if isinstance(created, int | float) else when,
        parent=parent if isinstance(parent, int) else None,
        favourite=known.get("favourite") is True,
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        deleted=float(deleted) if isinstance(deleted, int | float) else None,
    )


def remove_take(audio: Path) -> None:
    """Remove a take's files, as far as they are there; the audio first.

    Raises:
        OSError: Another program holds the audio file open, on a system that minds.
    """
    audio.unlink(missing_ok=True)
    page_path(audio).unlink(missing_ok=True)


def _label_json(label: Label) -> dict[str, Any]:
    return {**dataclasses.asdict(label), "tags": list(label.tags)}


def _music(clip: Clip) -> dict[str, Any] | None:
    if clip.sheet is None:
        return None
    return {
        "tempo_bpm": clip.sheet.tempo_bpm,
        "beats_per_bar": clip.sheet.beats_per_bar,
        "notes": [[n.start, n.duration, n.pitch, n.velocity] for n in clip.notes],
        "melody": [[n.start, n.duration, n.pitch, n.velocity] for n in clip.sheet.notes],
    }


def _write_json(path: Path, values: dict[str, Any]) -> None:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=float)
    write_atomically(path, text.encode())


def _keep_folder(folder: Path) -> None:
    """Make new names outlive a power cut; Windows does so by itself."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
