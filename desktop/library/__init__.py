"""Every take that was made, kept on disk: audio files, and a database to find them."""

from __future__ import annotations

from descant.desktop.library.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryVersionError,
    TakeNotFoundError,
)
from descant.desktop.library.library import Library
from descant.desktop.library.records import Sort, TakeDetails, TakeNotes, TakeRecord

__all__ = [
    "Library",
    "LibraryBusyError",
    "LibraryDamagedError",
    "LibraryError",
    "LibraryVersionError",
    "Sort",
    "TakeDetails",
    "TakeNotFoundError",
    "TakeNotes",
    "TakeRecord",
]
