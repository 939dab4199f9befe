"""What kinds of files the Make page takes, told by their names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

Kind = Literal["images", "video", "audio", "melody"]
"""Named like the field of ``Request``."""

SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "images": (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"),
    "video": (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"),
    "audio": (".wav", ".flac", ".ogg", ".mp3", ".opus", ".aiff", ".aif", ".m4a"),
    "melody": (".mid", ".midi"),
}


def kind_of(path: Path) -> Kind | None:
    """Return what a file is by its suffix, or None when it is nothing of use."""
    suffix = path.suffix.lower()
    return next((kind for kind, suffixes in SUFFIXES.items() if suffix in suffixes), None)


def of_kind(paths: Iterable[Path], kind: Kind) -> tuple[Path, ...]:
    """Return those files that are of a kind."""
    return tuple(path for path in paths if kind_of(path) == kind)
