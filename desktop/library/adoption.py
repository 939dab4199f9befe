"""Take in the takes of another library, one by one: each is copied whole before it is removed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

from descant.desktop.library.recovery import read_files
from descant.desktop.library.rows import NewTake, insert_take, next_id
from descant.desktop.library.take_files import (
    AUDIO_SUFFIXES,
    file_name,
    page_path,
    remove_take,
    write_label,
)
from descant.runtime import whole_file, write_atomically


def takes_of(folder: Path) -> list[NewTake]:
    """Return the takes whose files are whole in a library's folder, those of parents first."""
    audio = [
        path
        for path in sorted((folder / "takes").iterdir())
        if path.suffix.lower() in AUDIO_SUFFIXES and not path.name.startswith(".")
    ]
    takes = [take for path in audio if (take := read_files(path)) is not None]
    return sorted(takes, key=lambda take: (take.label.id, take.label.created))


def copy_take(
    connection: sqlite3.Connection, take: NewTake, folder: Path, numbers: dict[int, int]
) -> int:
    """Copy a take's files and make its row; one that was copied before a kill is found again.

    Args:
        connection: In a write transaction.
        take: Of another library.
        folder: Of the audio files here.
        numbers: From the other library's numbers to those here; the take's is added.

    Returns:
        Its number here.

    Raises:
        OutputError: The disk is full or read-only; nothing has been copied then.
    """
    label, query = take.label, "SELECT id FROM takes WHERE created = ? AND seed = ?"
    known = connection.execute(query, (label.created, take.seed)).fetchone()
    if known is not None:
        numbers[label.id] = int(known[0])
        return numbers[label.id]
    number = next_id(connection)
    label = replace(label, id=number, parent=numbers.get(label.parent or 0))
    target = folder / f"{file_name(label.title, number)}{take.path.suffix}"
    try:
        if page_path(take.path).exists():
            write_atomically(page_path(target), page_path(take.path).read_bytes())
        write_label(target, label)
        with whole_file(target) as part:
            shutil.copyfile(take.path, part)
        insert_take(connection, replace(take, path=target, label=label))
    except BaseException:
        with contextlib.suppress(OSError):
            remove_take(target)
        raise
    numbers[take.label.id] = number
    return number


def clear_away(folder: Path) -> None:
    """Remove the database of a library that has no takes left."""
    if not any(path.suffix.lower() in AUDIO_SUFFIXES for path in (folder / "takes").iterdir()):
        for name in ("library.sqlite", "library.sqlite-wal", "library.sqlite-shm"):
            (folder / name).unlink(missing_ok=True)
