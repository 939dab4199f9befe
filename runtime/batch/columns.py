"""The columns of a table of requests: which field each fills, and how its cells are read."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

Read = Callable[[str, Path], Any]
"""A cell that is not empty, and the table's folder, to a value; raises ``ValueError``."""

LIST_SEPARATOR = ";"
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


def _text(cell: str, _: Path) -> str:
    return cell


def _number(cell: str, _: Path) -> float:
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(f"{cell!r:.40} is no number")
    return value


def _whole(cell: str, _: Path) -> int:
    try:
        return int(cell)
    except ValueError as error:
        raise ValueError(f"{cell!r:.40} is no whole number") from error


def _yes_no(cell: str, _: Path) -> bool:
    if cell.lower() not in (*_YES, *_NO):
        raise ValueError(f"{cell!r:.40} is neither yes nor no")
    return cell.lower() in _YES


def _file(cell: str, folder: Path) -> str:
    path = folder / cell
    try:
        there = path.exists()
    except (OSError, ValueError) as error:
        raise ValueError(f"{cell!r:.200} is no usable path") from error
    if not there:
        raise ValueError(f"there is no file {str(path)!r:.200}")
    return str(path.absolute())


def _files(cell: str, folder: Path) -> tuple[str, ...]:
    return tuple(_file(part.strip(), folder) for part in cell.split(LIST_SEPARATOR) if part.strip())


def _numbers(cell: str, folder: Path) -> tuple[float, ...]:
    return tuple(_number(part, folder) for part in cell.split(LIST_SEPARATOR) if part.strip())


def _span(cell: str, folder: Path) -> tuple[float, float]:
    start, colon, end = cell.partition(":")
    if not colon:
        raise ValueError(f"{cell!r:.40} is not like 2.5:4")
    return _number(start, folder), _number(end, folder)


def _story(cell: str, folder: Path) -> str:
    if not cell.startswith("@"):
        return cell
    from descant.runtime.story import read_story_file

    return read_story_file(_file(cell[1:], folder))


_TEXTS = ("prompt", "negative_prompt", "caption", "music_prompt", "key", "sampler")
_NUMBERS = (
    "tempo_bpm", "seconds", "guidance_scale", "melody_strength", "image_strength", "eta",
    "strength",
)  # fmt: skip
_WHOLE = ("bars", "seed", "steps", "count", "candidates")
_ONE_FILE = ("audio", "video", "image_branch", "melody", "hum", "init", "continues")
FILE_COLUMNS = (*_ONE_FILE, "images")
"""Cells of these name files."""

READERS: dict[str, Read] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_WHOLE, _whole),
    **dict.fromkeys(_ONE_FILE, _file),
    "story": _story,
    "images": _files,
    "intensity": _numbers,
    "inpaint": _span,
    "loop": _yes_no,
    "joined": _yes_no,
}
"""By field of ``Request``."""

ALIASES = {
    "bpm": "tempo_bpm",
    "image": "images",
    "negative": "negative_prompt",
    "guidance": "guidance_scale",
    "continue": "continues",
}
"""Other words for a column: those of the command line."""

NAME = "name"
"""The column that names the files, without a suffix."""
