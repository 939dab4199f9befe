"""The library: takes added, found, changed, deleted and brought back."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from descant.desktop.library.adoption import clear_away, copy_take, takes_of
from descant.desktop.library.database import Database, set_aside
from descant.desktop.library.errors import LibraryDamagedError, LibraryError
from descant.desktop.library.named_files import sweep_named
from descant.desktop.library.reader import LibraryReader
from descant.desktop.library.records import TakeRecord
from descant.desktop.library.recovery import Found, reconcile
from descant.desktop.library.request_json import request_to_json
from descant.desktop.library.rows import (
    clean_tags,
    insert_take,
    label_of,
    new_take,
    next_id,
    purged_ids,
    update_label,
)
from descant.desktop.library.schema import mend_index
from descant.desktop.library.search import index_words
from descant.desktop.library.take_files import (
    Label,
    file_name,
    remove_take,
    write_label,
    write_take,
)
from descant.desktop.library.titles import clean_title, title_of
from descant.runtime import Clip

OnChange = Callable[[int], None]


class Library(LibraryReader):
    """Takes in a folder. Safe to use from several threads, and from several programs at once.

    Audio is written whole before its row is committed, both under the database's own lock. Every
    method raises ``LibraryError`` when the database can't be read or written.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open the library in a folder, or begin one, and put right what a kill has left.

        A damaged database is renamed to ``library.sqlite.broken-DATE`` and built again from the
        audio files and the pages beside them.

        Raises:
            LibraryError: The folder can't be used.
            LibraryVersionError: It is of a newer version; it has not been touched.
        """
        self.folder = Path(folder).absolute()
        self.takes_folder, self.named_folder = self.folder / "takes", self.folder / "named"
        self._listeners: list[OnChange] = []
        try:
            self.takes_folder.mkdir(parents=True, exist_ok=True)
            self._db, self.found = _open(self.folder / "library.sqlite", self.takes_folder)
            with self._db.write() as connection:  # so that nobody adds a take meanwhile
                sweep_named(self.named_folder, purged_ids(connection))
        except OSError as error:
            raise LibraryError(
                f"can't use the folder {str(self.folder)!r:.300} for the library: "
                f"{error.strerror or error}",
                hint="choose a folder that you may write to",
            ) from error

    def subscribe(self, listener: OnChange) -> Callable[[], None]:
        """Have a function called with a take's number after each change, on the changing thread.

        Returns:
            A function that ends it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, clip: Clip, title: str = "", parent: int | None = None) -> TakeRecord:
        """Keep a clip.

        Args:
            clip: Of the runtime.
            title: Taken from the request when empty.
            parent: The take that it was made from.

        Raises:
            OutputError: The disk is full or read-only; nothing has been kept then.
        """
        with self._db.write() as connection:
            number = next_id(connection)  # apart, so that a number is never used twice
        request = request_to_json(clip.request)
        label = Label(number, clean_title(title) or title_of(request), time.time(), parent)
        path = self.takes_folder / f"{file_name(label.title, number)}.wav"
        try:
            with self._db.write() as connection:
                write_take(path, clip, label)
                insert_take(connection, new_take(path, label, clip, request))
                self._index(connection, number)
        except BaseException:
            with contextlib.suppress(OSError):
                remove_take(path)
            raise
        self._tell(number)
        return self.get(number)

    def set_favourite(self, number: int, favourite: bool = True) -> TakeRecord:
        """Mark a take, or take the mark away."""
        return self._change(number, favourite=bool(favourite))

    def set_tags(self, number: int, tags: Iterable[str]) -> TakeRecord:
        """Put tags in the place of those that a take has."""
        return self._change(number, tags=clean_tags(tags))

    def rename(self, number: int, title: str) -> TakeRecord:
        """Give a take another title; its file keeps its name, for other programs may know it.

        Raises:
            LibraryError: The title is empty.
        """
        plain = clean_title(title)
        if not plain:
            raise LibraryError("a title can't be empty", hint="type a few letters")
        return self._change(number, title=plain)

    def delete(self, number: int) -> TakeRecord:
        """Delete a take in a way that ``restore`` undoes."""
        return self._change(number, deleted=time.time())

    def restore(self, number: int) -> TakeRecord:
        """Bring a deleted take back."""
        return self._change(number, deleted=None)

    def purge_deleted(self, older_than_s: float = 0.0, numbers: Iterable[int] | None = None) -> int:
        """Remove deleted takes for good, with their files and second names.

        Args:
            older_than_s: Only those that were deleted so many seconds ago; 0 is all of them.
            numbers: Only those of these that are deleted.

        Returns:
            How many; one whose file another program holds open stays for the next time.
        """
        before = time.time() - older_than_s if older_than_s else math.inf
        only = None if numbers is None else set(numbers)
        purged = []
        with self._db.write() as connection:
            query = "SELECT id, file FROM takes WHERE deleted <= ?"
            for number, file in connection.execute(query, (before,)).fetchall():
                if only is not None and number not in only:
                    continue
                with contextlib.suppress(OSError):
                    remove_take(self.takes_folder / file)
                    connection.execute("DELETE FROM takes WHERE id = ?", (number,))
                    self._index(connection, number)
                    purged.append(int(number))
            sweep_named(self.named_folder, purged_ids(connection))
        for number in purged:
            self._tell(number)
        return len(purged)

    def take_in(self, folder: Path, stopped: Callable[[], bool] = lambda: False) -> int:
        """Move the takes of another library, which nobody uses, into this one.

        Each is copied and has its row before it is removed there: a kill loses and doubles none.

        Args:
            folder: Of the other library.
            stopped: Asked between two takes; the others stay where they are when it says so.

        Returns:
            How many.

        Raises:
            OutputError: The disk is full or read-only; what was not copied stays there.
        """
        numbers: dict[int, int] = {}
        for take in takes_of(folder):
            if stopped():
                return len(numbers)
            with self._db.write() as connection:
                number = copy_take(connection, take, self.takes_folder, numbers)
                self._index(connection, number)
            with contextlib.suppress(OSError):  # known the next time
                remove_take(take.path)
            self._tell(number)
        with contextlib.suppress(OSError):
            clear_away(folder)
        return len(numbers)

    def close(self) -> None:
        """Close the database; may be called again."""
        self._db.close()

    def _change(self, number: int, **changes: Any) -> TakeRecord:
        """Change a label in the database and in the page beside the audio."""
        with self._db.write() as connection:
            take = self._get(connection, number)
            label = replace(label_of(take), **changes)
            update_label(connection, label)
            self._index(connection, number)
            write_label(take.path, label)
        self._tell(number)
        return self.get(number)

    def _index(self, connection: sqlite3.Connection, number: int) -> None:
        if self._db.full_text:
            index_words(connection, number)

    def _tell(self, number: int) -> None:
        for listener in tuple(self._listeners):
            listener(number)


def _open(path: Path, takes: Path) -> tuple[Database, Found]:
    """Open the database, or, when it is damaged, another one in its place."""
    try:
        return _reconciled(path, takes)
    except LibraryDamagedError:
        broken = set_aside(path)
    database, found = _reconciled(path, takes)
    return database, replace(found, set_aside=broken)


def _reconciled(path: Path, takes: Path) -> tuple[Database, Found]:
    database = Database(path)
    try:
        with database.write() as connection:
            found = reconcile(connection, takes)
            if database.full_text:
                mend_index(connection)
    except BaseException:
        database.close()
        raise
    return database, found
