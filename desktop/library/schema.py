"""The tables, and how a library of an older version becomes one of this version."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from descant.desktop.library.errors import LibraryVersionError

APPLICATION_ID = 0x64734C62
"""Marks the file as ours, so that ``file`` and we ourselves can tell."""

_FIRST = """
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO state VALUES ('next_id', 1), ('version', 0);
CREATE TABLE takes (
    id INTEGER PRIMARY KEY,
    created REAL NOT NULL,
    title TEXT NOT NULL,
    prompt TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    receipt TEXT NOT NULL,
    request TEXT NOT NULL,
    seconds REAL NOT NULL,
    sample_rate INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    device TEXT NOT NULL,
    loop INTEGER NOT NULL DEFAULT 0,
    favourite INTEGER NOT NULL DEFAULT 0,
    parent INTEGER REFERENCES takes (id) ON DELETE SET NULL,
    deleted REAL,
    missing INTEGER NOT NULL DEFAULT 0,
    peaks BLOB NOT NULL DEFAULT x''
);
CREATE INDEX takes_created ON takes (created);
CREATE INDEX takes_parent ON takes (parent);
CREATE TABLE tags (
    take INTEGER NOT NULL REFERENCES takes (id) ON DELETE CASCADE,
    tag TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (take, tag)
);
CREATE INDEX tags_tag ON tags (tag);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""The script at place n leads from version n to n + 1; published ones are never changed."""


def migrate(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> None:
    """Bring a database to this version, one step and one transaction at a time.

    Raises:
        LibraryVersionError: It is of a newer version; nothing has been touched.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > len(scripts):
        raise LibraryVersionError(
            f"this library was written by a newer version of descant (its format is {found}, "
            f"this version knows {len(scripts)})",
            hint="update descant, or choose another folder for the library",
        )
    if found < len(scripts):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in range(found, len(scripts)):
        _step(connection, step, scripts[step])


def _step(connection: sqlite3.Connection, step: int, script: str) -> None:
    """Take one step, unless another window has taken it in the meantime."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == step:
            for statement in script.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {step + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    rows = connection.execute("PRAGMA compile_options").fetchall()
    return ("ENABLE_FTS5",) in rows


def mend_index(connection: sqlite3.Connection) -> None:
    """Make the index of words when it is not there, does not go with the takes, or is damaged.

    It only repeats what the tables hold, so it is never a part of the format.
    """
    try:
        (indexed,) = connection.execute("SELECT count(*) FROM words").fetchone()
        (kept,) = connection.execute("SELECT count(*) FROM takes").fetchone()
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        if indexed == kept:
            return
    except sqlite3.DatabaseError:
        pass
    connection.execute("DROP TABLE IF EXISTS words")
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (title, prompt, tags, "
        "tokenize = 'unicode61 remove_diacritics 2')"
    )
    connection.execute(
        "INSERT INTO words (rowid, title, prompt, tags) SELECT id, title, prompt, "
        "coalesce((SELECT group_concat(tag, ' ') FROM tags WHERE take = id), '') FROM takes"
    )
