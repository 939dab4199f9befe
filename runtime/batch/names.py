"""Names of a table's rows: plain everywhere, short enough, and of no file twice."""

from __future__ import annotations

import re

from descant.runtime.batch.job import file_name
from descant.runtime.clip import SUFFIXES
from descant.runtime.errors import RequestError

MAX_NAME = 120
MAX_FILE_BYTES = 255
"""Of a file's name in UTF-8; Linux takes no more, and other systems about as much."""
_NAME = re.compile(r"[^\W_][\w .,()+'-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
_NUMBERED = re.compile(r"(.+)-(\d{2,})")
_LONGEST_SUFFIX = max(SUFFIXES, key=len)

Series = tuple[str, int]
"""What numbered files have in common: their name, and how many digits follow it."""


class Names:
    """Names that rows have taken; case makes no difference, as on Windows and macOS."""

    def __init__(self) -> None:
        """Begin with none."""
        self._rows: dict[str, int] = {}
        self._series: dict[Series, tuple[int, int]] = {}
        self._members: dict[Series, list[tuple[int, int]]] = {}

    def take(self, name: str, count: int, line: int) -> None:
        """Take the name of a row that becomes so many files.

        Raises:
            RequestError: It is no plain name, too long, or a file of it is another line's too.
        """
        _check_plain(name, count)
        low = name.lower()
        first = self._rows.setdefault(low, line)
        if first != line:
            raise RequestError(f"{name!r:.60} is in line {first} too", hint="change one")
        other = (
            self._other_series(low, line) if count == 1 else self._other_member(low, count, line)
        )
        if other:
            raise RequestError(
                f"a file of {name!r:.60} is one of line {other} too", hint="change one of the names"
            )

    def _other_series(self, low: str, line: int) -> int | None:
        """Return the line whose numbered files a single file is one of."""
        parts = _NUMBERED.fullmatch(low)
        if parts is None:
            return None
        series, number = (parts[1], len(parts[2])), int(parts[2])
        self._members.setdefault(series, []).append((number, line))
        count, other = self._series.get(series, (0, None))
        return other if 1 <= number <= count else None

    def _other_member(self, low: str, count: int, line: int) -> int | None:
        """Return the line whose single file is one of a row's numbered files."""
        last = file_name(low, count, count, _LONGEST_SUFFIX).removesuffix(_LONGEST_SUFFIX)
        series = low, len(last) - len(low) - 1
        self._series[series] = count, line
        members = self._members.get(series, ())
        return next((other for number, other in members if 1 <= number <= count), None)


def _check_plain(name: str, count: int) -> None:
    plain = _NAME.fullmatch(name) and not name.endswith((".", " "))
    if not plain or len(name) > MAX_NAME or _RESERVED.fullmatch(name):
        raise RequestError(
            f"{name!r:.60} is no plain name",
            hint=f"use up to {MAX_NAME} letters, digits, spaces and - _ . , ( ) + '",
        )
    size = len(file_name(name, count, count, _LONGEST_SUFFIX).encode())
    if size > MAX_FILE_BYTES:
        raise RequestError(
            f"{name!r:.60} makes a file name of {size} bytes, the limit is {MAX_FILE_BYTES}",
            hint="use a shorter name",
        )
