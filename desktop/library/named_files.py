"""Second names for takes that have another title than their file: what other programs are given."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Container
from pathlib import Path

from descant.desktop.library.reading import gone
from descant.desktop.library.records import TakeRecord
from descant.desktop.library.take_files import AUDIO_SUFFIXES, file_name
from descant.runtime import OutputError, whole_file

_NUMBERED = re.compile(r".* (\d{4,})")


def named_file(take: TakeRecord, folder: Path) -> Path:
    """Return a file with a take's audio whose name is its title, as far as that costs nothing.

    That is the take's own file, unless it has another title since; then a second name for it.
    Where the disk has no second names it is the take's own file again: a copy could take as long
    as its disk is slow, and a window waits for this.

    Args:
        take: Of the library.
        folder: For the second names.

    Raises:
        TakeNotFoundError: The audio file is gone.
    """
    if not take.path.is_file():
        raise gone(take)
    name = f"{file_name(take.title, take.id)}{take.path.suffix}"
    target = folder / name
    if name == take.path.name:
        return take.path
    try:
        if not (target.exists() and target.samefile(take.path)):
            folder.mkdir(parents=True, exist_ok=True)
            with whole_file(target) as part:
                os.link(take.path, part)
    except (OSError, OutputError):
        return take.path
    return target


def sweep_named(folder: Path, purged: Container[int | None]) -> None:
    """Remove the second names of takes that are gone for good.

    Former names of takes that are there stay: another program may know them, and they take no
    room. What another program holds open stays for the next time.
    """
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if _number(path) in purged:
                with contextlib.suppress(OSError):
                    path.unlink()


def _number(path: Path) -> int | None:
    """Return the number of the take that a second name is for; None for files of others."""
    found = _NUMBERED.fullmatch(path.stem)
    return int(found[1]) if found and path.suffix.lower() in AUDIO_SUFFIXES else None
