"""What a library can be asked; it changes nothing but outlines that are worked out once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.desktop.library.database import Database
from descant.desktop.library.errors import TakeNotFoundError
from descant.desktop.library.named_files import named_file
from descant.desktop.library.peaks import outline
from descant.desktop.library.reading import load_details, read_samples
from descant.desktop.library.records import Sort, TakeDetails, TakeNotes, TakeRecord
from descant.desktop.library.rows import COLUMNS, record
from descant.desktop.library.search import Filter


class LibraryReader:
    """Finds takes and reads their files."""

    folder: Path
    """Of the library."""
    takes_folder: Path
    """Of the audio files in it."""
    named_folder: Path
    """Of second names for those whose takes have another title since."""
    _db: Database

    def takes(
        self,
        search: str = "",
        favourites: bool = False,
        tag: str | None = None,
        offset: int = 0,
        limit: int = 200,
        *,
        sort: Sort = "newest",
        deleted: bool = False,
    ) -> list[TakeRecord]:
        """Return takes that fit, see ``Filter``."""
        wanted = Filter(search, favourites, tag, deleted, sort)
        where, values = wanted.where(self._db.full_text)
        query = (
            f"SELECT {COLUMNS} FROM takes WHERE {where} ORDER BY {wanted.order} LIMIT ? OFFSET ?"
        )
        with self._db.read() as connection:
            rows = connection.execute(query, [*values, limit, offset]).fetchall()
        return [record(row, self.takes_folder) for row in rows]

    def count(
        self,
        search: str = "",
        favourites: bool = False,
        tag: str | None = None,
        *,
        deleted: bool = False,
    ) -> int:
        """Return how many takes fit."""
        where, values = Filter(search, favourites, tag, deleted).where(self._db.full_text)
        with self._db.read() as connection:
            query = f"SELECT count(*) FROM takes WHERE {where}"
            return int(connection.execute(query, values).fetchone()[0])

    def get(self, number: int) -> TakeRecord:
        """Return a take, deleted ones included.

        Raises:
            TakeNotFoundError: There is none of that number.
        """
        with self._db.read() as connection:
            return self._get(connection, number)

    def tags(self) -> list[tuple[str, int]]:
        """Return every tag in alphabetical order with the number of its takes."""
        query = (
            "SELECT min(tag), count(*) FROM tags JOIN takes ON id = take WHERE deleted IS NULL "
            "GROUP BY tag ORDER BY tag"
        )
        with self._db.read() as connection:
            return [(str(tag), int(count)) for tag, count in connection.execute(query).fetchall()]

    def version(self) -> int:
        """Return a number that grows with every change, those of other windows included."""
        query = "SELECT value FROM state WHERE name = 'version'"
        with self._db.read() as connection:
            return int(connection.execute(query).fetchone()[0])

    def load_samples(self, number: int) -> tuple[NDArray[np.float32], int]:
        """Decode a take: (A, N) float32 in [-1, 1], and the rate in Hz.

        Raises:
            TakeNotFoundError: There is none, or its file is gone or damaged.
        """
        return read_samples(self.get(number))

    def load_notes(self, number: int) -> TakeNotes | None:
        """Return the notes that sound in a take; None where none are known."""
        return self.load_details(number).notes

    def load_details(self, number: int) -> TakeDetails:
        """Return notes, retrieved melodies, warnings and timings of a take."""
        return load_details(self.get(number).path)

    def load_peaks(self, number: int) -> bytes:
        """Return the outline of a take's waveform, worked out once and kept."""
        take = self.get(number)
        if not take.peaks:
            take = replace(take, peaks=outline(read_samples(take)[0]))
            with self._db.write() as connection:
                connection.execute("UPDATE takes SET peaks = ? WHERE id = ?", (take.peaks, number))
        return take.peaks

    def named_file(self, number: int) -> Path:
        """Return an audio file for other programs, called what the take is called if it can be."""
        return named_file(self.get(number), self.named_folder)

    def _get(self, connection: sqlite3.Connection, number: int) -> TakeRecord:
        query = f"SELECT {COLUMNS} FROM takes WHERE id = ?"
        row = connection.execute(query, (number,)).fetchone()
        if row is None:
            raise TakeNotFoundError(f"there is no take {number}", hint="it was removed for good")
        return record(row, self.takes_folder)
