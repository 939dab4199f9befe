"""A table of requests from an untrusted CSV file. Every row is checked before anything is made."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from descant.runtime.batch.columns import ALIASES, FILE_COLUMNS, NAME, READERS
from descant.runtime.batch.names import Names
from descant.runtime.errors import RequestError
from descant.runtime.input_file import open_input
from descant.runtime.request import Request

MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
_FIELDS = {field.name for field in dataclasses.fields(Request)}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    number: int
    """Of the line in the file where it begins; the first one, with the columns, is 1."""
    name: str
    """Of its files, without a suffix."""
    request: Request
    """With a seed: the row's own, or one that follows from what stands in it."""
    asked: dict[str, Any]
    """The cells that are filled, as plain JSON values."""


def read_table(path: str | Path) -> tuple[Row, ...]:
    """Read all rows.

    Files are looked for from the table's folder on.

    Raises:
        RequestError: Something is wrong with a cell; names its line and its column.
    """
    folder = Path(path).absolute().parent
    with open_input(path, "table", "give a CSV file", MAX_BYTES) as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            f"table {str(path)!r:.200} is not in UTF-8: {error.reason}",
            hint="save it as CSV in UTF-8",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    names = Names()
    try:
        columns = _columns(next(reader, []))
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = _row(line, cells, columns, folder, len(rows) + 1)
                _take_name(row, names)
                rows.append(row)
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                raise RequestError(
                    f"the table has more than {MAX_ROWS} rows", hint="make it several tables"
                )
    except csv.Error as error:
        raise _wrong(reader.line_num, "", str(error), "see to its quotes and commas") from error
    if not rows:
        raise RequestError("the table has no rows", hint="give a line for each clip")
    return tuple(rows)


def _columns(header: list[str]) -> list[str]:
    """Return the field of each column."""
    known = sorted({NAME, *(_FIELDS & set(READERS)), *ALIASES})
    columns = []
    for cell in header:
        word = cell.strip().lower()
        column = ALIASES.get(word, word)
        if column != NAME and (column not in READERS or column not in _FIELDS):
            raise _wrong(1, word, "there is no such column", f"use {', '.join(known)}")
        if column in columns:
            raise _wrong(1, word, "the column is there twice", "leave one out")
        columns.append(column)
    if not columns:
        raise RequestError("the table is empty", hint="begin it with a line such as name,prompt")
    return columns


def _row(line: int, cells: list[str], columns: list[str], folder: Path, place: int) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise _wrong(
            line, "", f"{len(cells)} cells for {len(columns)} columns",
            "put a text with commas between quotes",
        )  # fmt: skip
    wish: dict[str, Any] = {}
    written: dict[str, str] = {}
    name = ""
    for column, cell in zip(columns, (cell.strip() for cell in cells), strict=False):
        if column == NAME:
            name = cell
        elif cell:
            try:
                wish[column], written[column] = READERS[column](cell, folder), cell
            except (ValueError, OverflowError) as error:  # a RequestError is one
                raise _wrong(line, column, str(error), _hint(error)) from error
    asked = json.loads(json.dumps(wish))
    if "seed" not in wish:
        files = {column: cell for column, cell in written.items() if column in FILE_COLUMNS}
        wish["seed"] = _seed({**asked, **files})
    try:
        request = Request(**wish)
    except RequestError as error:
        named = next((column for column in columns if column in str(error)), "")
        raise _wrong(line, named, str(error), error.hint) from error
    return Row(line, name or f"{place:04d}", request, asked)


def _take_name(row: Row, names: Names) -> None:
    """Refuse what is no plain name of a file everywhere, or leads to another row's files."""
    try:
        names.take(row.name, row.request.count, row.number)
    except RequestError as error:
        raise _wrong(row.number, NAME, str(error), error.hint) from error


def _seed(cells: dict[str, Any]) -> int:
    """Return a seed that follows from the row, so that making it again gives the same clip.

    Files are there as they are written in it, whatever folder the table is in.
    """
    digest = hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _hint(error: Exception) -> str:
    return getattr(error, "hint", "") or "correct the cell, or leave it empty for the default"


def _wrong(line: int, column: str, reason: str, hint: str) -> RequestError:
    where = f"line {line}, column {column!r:.40}" if column else f"line {line}"
    return RequestError(f"table, {where}: {reason}", hint=hint)
