"""What can go wrong with the library, each with a hint to act on."""

from __future__ import annotations

import sqlite3

from descant.runtime import DescantError


class LibraryError(DescantError):
    """The library can't be read or written."""


class LibraryVersionError(LibraryError):
    """A newer version of the program wrote this library."""


class LibraryDamagedError(LibraryError):
    """The database is damaged; the audio files are not."""


class LibraryBusyError(LibraryError):
    """Another window or program is writing and does not stop."""


class TakeNotFoundError(LibraryError):
    """There is no take of that number, or its audio file is gone."""


_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REASONS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space, then try again"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "choose a folder that you may write to"),
    sqlite3.SQLITE_PERM: ("it is read-only", "choose a folder that you may write to"),
    sqlite3.SQLITE_CANTOPEN: ("it can't be opened", "choose a folder that you may write to"),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "look after the disk, then try again"),
}


def library_error(error: sqlite3.Error) -> LibraryError:
    """Return what to tell the user when SQLite has failed."""
    code = _code(error)
    if code in _DAMAGED:
        return LibraryDamagedError(
            f"the library's database is damaged: {error}",
            hint="start descant again: it is rebuilt from the audio files",
        )
    if code in _BUSY:
        return LibraryBusyError(
            "the library is in use by another window that does not let go of it",
            hint="close other windows of descant, then try again",
        )
    reason, hint = _REASONS.get(code, (str(error), "start descant again"))
    return LibraryError(f"can't write the library: {reason}", hint=hint)


def _code(error: sqlite3.Error) -> int:
    """Primary result code: the lowest byte of the extended one."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
