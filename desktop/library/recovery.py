"""Bring database and folder together again: after a kill, a lost database, or a tidy user."""

from __future__ import annotations

import logging
import os
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from descant.desktop.library.request_json import prompt_of, request_from_receipt
from descant.desktop.library.rows import NewTake, insert_take, next_id, reserve_ids
from descant.desktop.library.take_files import (
    AUDIO_SUFFIXES,
    Label,
    page_path,
    read_label,
    read_page,
    write_label,
)
from descant.runtime import DescantError, read_receipt

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What opening a library has put right."""

    adopted: int = 0
    """Audio files that no row knew."""
    swept: int = 0
    """Unfinished files that were removed."""
    missing: int = 0
    """Takes whose audio file is gone."""
    set_aside: Path | None = None
    """The damaged database that was replaced."""


def reconcile(connection: sqlite3.Connection, folder: Path) -> Found:
    """Adopt whole files, sweep unfinished ones, mark takes without a file.

    Args:
        connection: In a write transaction, so that nobody is writing a file now.
        folder: Of the audio files.
    """
    rows = dict(connection.execute("SELECT file, deleted FROM takes").fetchall())
    names = {entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)}
    audio = {name for name in names if Path(name).suffix.lower() in AUDIO_SUFFIXES}
    hidden = {name for name in audio if name.startswith(".")}
    swept = _sweep(folder, names, (audio - hidden) | rows.keys())
    adopted = _adopt_all(connection, folder, sorted(audio - hidden - rows.keys()))
    gone = rows.keys() - audio
    dropped = [name for name in gone if rows[name] is not None]
    connection.executemany("DELETE FROM takes WHERE file = ?", [(name,) for name in dropped])
    connection.execute("UPDATE takes SET missing = 0 WHERE missing = 1")
    kept = [(name,) for name in gone if rows[name] is None]
    connection.executemany("UPDATE takes SET missing = 1 WHERE file = ?", kept)
    return Found(adopted, swept, len(kept))


def _sweep(folder: Path, names: set[str], audio: set[str]) -> int:
    """Remove what a killed writer has left: parts of files, and pages of audio that never came.

    Args:
        folder: Of the audio files.
        names: Of all files in it.
        audio: Of files that are there, or were, and may be put back.
    """
    pages = {page_path(Path(name)).name for name in audio}
    waste = [
        name
        for name in names
        if (name.startswith(".") and name.endswith(".part"))
        or (name.endswith(".json") and name not in pages and "id" in read_page(folder / name))
    ]
    for name in waste:
        (folder / name).unlink(missing_ok=True)
    return len(waste)


def _adopt_all(connection: sqlite3.Connection, folder: Path, names: list[str]) -> int:
    """Make rows of audio files, those of parents first."""
    takes = [take for name in names if (take := read_files(folder / name)) is not None]
    takes.sort(key=lambda take: (take.label.id < 1, take.label.id, take.label.created))
    reserve_ids(connection, max((take.label.id for take in takes), default=0))
    for take in takes:
        label = take.label
        known = connection.execute("SELECT 1 FROM takes WHERE id = ?", (label.id,)).fetchone()
        if label.id < 1 or known:  # of another library, or a copy of a file
            label = replace(label, id=next_id(connection))
            write_label(take.path, label)
        insert_take(connection, replace(take, label=label))
    return len(takes)


def read_files(path: Path) -> NewTake | None:
    """Return what an audio file tells of itself; None when it is none of ours."""
    import soundfile

    page = read_page(path)
    try:
        receipt = read_receipt(path)
        info = soundfile.info(str(path))
    except (DescantError, OSError, RuntimeError) as error:
        _LOG.warning("left out %s: %s", path.name, error)
        return None
    if receipt is None:
        return None
    own = receipt.pop("take", None)
    when = path.stat().st_mtime
    label = read_label(page, own if isinstance(own, dict) else {}, when)
    if label is None:
        label = Label(0, path.stem[:200], when)
    request = page.get("request")
    if not isinstance(request, dict):
        request = request_from_receipt(receipt)
    return NewTake(
        path,
        label,
        receipt,
        request,
        prompt_of(request),
        info.duration,
        info.samplerate,
        info.channels,
        _integer(receipt.get("seed")),
        str(receipt.get("device", "")),
        page.get("loop") is True,
    )


def _integer(value: Any) -> int:
    return value if isinstance(value, int) else 0
