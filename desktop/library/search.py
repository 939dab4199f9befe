"""What a list of takes shows, as SQL."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from descant.desktop.library.records import Sort

_ORDER: dict[Sort, str] = {
    "newest": "created DESC, id DESC",
    "oldest": "created, id",
    "title": "title COLLATE NOCASE, id",
    "longest": "seconds DESC, id DESC",
    "favourites": "favourite DESC, created DESC, id DESC",
}
_WORD = re.compile(r"\w+", re.UNICODE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write without spaces: FTS5 takes a whole sentence for one word."""
MAX_WORDS = 16


@dataclass(frozen=True)
class Filter:
    """Which takes, in which order."""

    search: str = ""
    """Words, each of which begins a word of title, prompt or tags."""
    favourites: bool = False
    tag: str | None = None
    deleted: bool = False
    """Those that were deleted, in place of those that were not."""
    sort: Sort = "newest"

    @property
    def order(self) -> str:
        """For ``ORDER BY``."""
        return _ORDER[self.sort]

    def where(self, full_text: bool) -> tuple[str, list[object]]:
        """Return a condition and its values.

        Args:
            full_text: Whether the index of words is there; without it every word may be found
                inside another one.
        """
        parts = [f"deleted IS {'NOT ' if self.deleted else ''}NULL"]
        values: list[object] = []
        if self.favourites:
            parts.append("favourite = 1")
        if self.tag is not None:
            parts.append("id IN (SELECT take FROM tags WHERE tag = ?)")
            values.append(self.tag)
        words = _WORD.findall(self.search)[:MAX_WORDS]
        if words and full_text and not _UNSPACED.search(self.search):
            parts.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(" ".join(f'"{word}"*' for word in words))
        elif self.search.strip():
            for word in self.search.split()[:MAX_WORDS]:
                parts.append(_LIKE)
                values += [f"%{_escaped(word)}%"] * 3
        return " AND ".join(parts), values


_LIKE = (
    "(title LIKE ? ESCAPE '\\' OR prompt LIKE ? ESCAPE '\\' "
    "OR id IN (SELECT take FROM tags WHERE tag LIKE ? ESCAPE '\\'))"
)


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def index_words(connection: sqlite3.Connection, number: int) -> None:
    """Bring the index of words up to date for one take; a take that is gone is left out."""
    connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
    connection.execute(
        "INSERT INTO words (rowid, title, prompt, tags) SELECT id, title, prompt, "
        "coalesce((SELECT group_concat(tag, ' ') FROM tags WHERE take = id), '') "
        "FROM takes WHERE id = ?",
        (number,),
    )
