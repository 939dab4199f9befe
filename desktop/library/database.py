"""One SQLite file for many threads and several windows."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from descant.desktop.library.errors import LibraryDamagedError, LibraryError, library_error
from descant.desktop.library.schema import has_full_text, migrate

BUSY_SECONDS = 30.0
"""A writer waits so long for another one; the longest write is that of an audio file."""


class _Connection(sqlite3.Connection):
    """Can be referred to weakly: a connection ends with the thread that it belongs to."""


class Database:
    """Connections to a library's database: one for each thread, one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Open, or create, and bring it to this version.

        Raises:
            LibraryError: It can't be opened, is damaged, or is of a newer version.
        """
        self.path = path
        self._local = threading.local()
        self._all: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._writing = threading.RLock()
        self._opening = threading.Lock()
        self._closed = False
        try:
            connection = self._connection()
            if connection.execute("PRAGMA quick_check (1)").fetchone() != ("ok",):
                raise LibraryDamagedError(
                    f"{path.name} is damaged", hint="it is rebuilt from the audio files"
                )
            migrate(connection)
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self.full_text = has_full_text(connection)
        except sqlite3.Error as error:
            self.close()
            raise library_error(error) from error
        except LibraryError:
            self.close()
            raise

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection.

        Raises:
            LibraryError: SQLite has failed.
        """
        try:
            yield self._connection()
        except sqlite3.Error as error:
            raise library_error(error) from error

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a transaction, that takes place as a whole or not at all.

        While it lasts no other thread or program writes, the library's files included.

        Raises:
            LibraryError: SQLite has failed.
        """
        with self._writing, self.read() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE state SET value = value + 1 WHERE name = 'version'")
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.rollback()
                raise

    def close(self) -> None:
        """Close every thread's connection; may be called again."""
        with self._opening:
            self._closed = True
            for connection in list(self._all):
                connection.close()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if self._closed or found is None:
            with self._opening:
                if self._closed:
                    raise LibraryError("the library is closed", hint="start descant again")
                found = self._local.connection = self._connect()
        return found

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # ``close`` is called from one thread for all
            factory=_Connection,
        )
        self._all.add(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a take that was kept outlives a power cut
        return connection


def set_aside(path: Path) -> Path:
    """Rename a damaged database, with what belongs to it, and return its new name."""
    stamp = time.strftime("%Y-%m-%d")
    target, number = path.with_name(f"{path.name}.broken-{stamp}"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{stamp}-{number}")
    for ending in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(target.with_name(target.name + ending))
    path.rename(target)
    return target
