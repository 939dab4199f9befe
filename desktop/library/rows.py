"""Rows of the database to records and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from descant.desktop.library.peaks import outline
from descant.desktop.library.records import TakeRecord
from descant.desktop.library.request_json import prompt_of
from descant.desktop.library.take_files import Label
from descant.runtime import Clip

MAX_TAG, MAX_TAGS = 40, 20
_SEPARATOR = "\x1f"
COLUMNS = (
    "id, created, title, file, receipt, seconds, sample_rate, seed, device, favourite, "
    f"(SELECT group_concat(tag, '{_SEPARATOR}') FROM tags WHERE take = takes.id), "
    "parent, prompt, channels, deleted, missing, loop, request, peaks"
)


@dataclass(frozen=True)
class NewTake:
    """A take whose files are there and whose row is not."""

    path: Path
    label: Label
    receipt: dict[str, Any]
    request: dict[str, Any]
    prompt: str
    seconds: float
    sample_rate: int
    channels: int
    seed: int
    device: str
    loop: bool = False
    peaks: bytes = b""


def new_take(path: Path, label: Label, clip: Clip, request: dict[str, Any]) -> NewTake:
    """Return what a row says of a clip that is kept."""
    return NewTake(
        path,
        label,
        clip.receipt,
        request,
        prompt_of(request),
        clip.seconds,
        clip.sample_rate,
        clip.channels,
        clip.seed,
        clip.device,
        clip.loop,
        outline(clip.samples),
    )


def next_id(connection: sqlite3.Connection) -> int:
    """Take a number that no take has had."""
    connection.execute("UPDATE state SET value = value + 1 WHERE name = 'next_id'")
    (value,) = connection.execute("SELECT value FROM state WHERE name = 'next_id'").fetchone()
    return int(value) - 1


def reserve_ids(connection: sqlite3.Connection, highest: int) -> None:
    """Keep ``next_id`` above a number that a file has."""
    connection.execute(
        "UPDATE state SET value = max(value, ?) WHERE name = 'next_id'", (highest + 1,)
    )


def purged_ids(connection: sqlite3.Connection) -> set[int]:
    """Return the numbers of takes that were here and are gone for good."""
    (following,) = connection.execute("SELECT value FROM state WHERE name = 'next_id'").fetchone()
    rows = connection.execute("SELECT id FROM takes").fetchall()
    return set(range(1, following)) - {int(number) for (number,) in rows}


def insert_take(connection: sqlite3.Connection, take: NewTake) -> None:
    """Make the row of a take, with its tags and words."""
    label = take.label
    parent = connection.execute("SELECT id FROM takes WHERE id = ?", (label.parent,)).fetchone()
    values = {
        "id": label.id,
        "created": label.created,
        "title": label.title,
        "prompt": take.prompt,
        "file": take.path.name,
        "receipt": json.dumps(take.receipt, separators=(",", ":")),
        "request": json.dumps(take.request, separators=(",", ":"), default=float),
        "seconds": take.seconds,
        "sample_rate": take.sample_rate,
        "channels": take.channels,
        "seed": take.seed,
        "device": take.device,
        "loop": take.loop,
        "favourite": label.favourite,
        "parent": parent[0] if parent else None,
        "deleted": label.deleted,
        "peaks": take.peaks,
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO takes ({names}) VALUES ({marks})", values)
    _insert_tags(connection, label.id, label.tags)


def update_label(connection: sqlite3.Connection, label: Label) -> None:
    """Write what a user may change."""
    connection.execute(
        "UPDATE takes SET title = ?, favourite = ?, deleted = ? WHERE id = ?",
        (label.title, label.favourite, label.deleted, label.id),
    )
    _insert_tags(connection, label.id, label.tags)


def label_of(take: TakeRecord) -> Label:
    """Return what a user may change about a take."""
    return Label(
        take.id,
        take.title,
        take.created,
        take.parent,
        take.favourite,
        take.tags,
        take.deleted,
    )


def _insert_tags(connection: sqlite3.Connection, number: int, tags: Iterable[str]) -> None:
    connection.execute("DELETE FROM tags WHERE take = ?", (number,))
    rows = [(number, tag) for tag in tags]
    connection.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?)", rows)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in alphabetical order, each once, without what can't be seen."""
    plain = (" ".join("".join(c if c.isprintable() else " " for c in t).split()) for t in tags)
    found = {tag.casefold(): tag for t in plain if (tag := t.lstrip("#").strip()[:MAX_TAG].strip())}
    return tuple(found[key] for key in sorted(found))[:MAX_TAGS]


def record(row: tuple[Any, ...], folder: Path) -> TakeRecord:
    """Return the record of a row of ``COLUMNS``."""
    number, created, title, file, receipt, seconds, rate, seed, device, favourite = row[:10]
    tags, parent, prompt, channels, deleted, missing, loop, request, peaks = row[10:]
    return TakeRecord(
        number,
        created,
        title,
        folder / file,
        json.loads(receipt),
        seconds,
        rate,
        seed,
        device,
        bool(favourite),
        clean_tags(tags.split(_SEPARATOR)) if tags else (),
        parent,
        prompt,
        channels,
        deleted,
        bool(missing),
        bool(loop),
        request,
        bytes(peaks),
    )
