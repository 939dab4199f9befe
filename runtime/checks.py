"""What a request's values are held against; a refusal names the field, the value, the limit."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from pathlib import Path

from descant.models.theory.notes import Key, Note
from descant.runtime.errors import RequestError

MAX_DEADLINE_MS = 3_600_000.0
MAX_NOTES = 20_000
MAX_LEVELS = 10_000


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Refuse what is neither None nor a number from ``low`` to ``high``."""
    if value is None:
        return
    plain = isinstance(value, numbers.Real) and not isinstance(value, bool)
    try:
        number = float(value) if plain else math.nan  # type: ignore[arg-type]
    except OverflowError:  # a whole number that no float holds
        number = math.inf
    if not low <= number <= high:  # also refuses NaN
        raise RequestError(
            f"{name} must be between {low:g} and {high:g}, got {value!r:.40}",
            hint=f"choose a number from {low:g} to {high:g}",
        )


def check_integer(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is neither None nor a whole number from ``low`` to ``high``."""
    if value is None:
        return
    plain = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not plain or not low <= value <= high:  # type: ignore[operator]
        raise RequestError(
            f"{name} must be a whole number from {low} to {high}, got {value!r:.40}",
            hint=f"choose a whole number from {low} to {high}",
        )


def check_flag(name: str, value: object) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise RequestError(f"{name} must be True or False, got {value!r:.40}", hint="give a bool")


def check_text(
    name: str, value: object, max_words: int | None = None, max_characters: int | None = None
) -> None:
    """Refuse what is no text, or has more words or characters than that."""
    if not isinstance(value, str):
        raise RequestError(f"{name} must be a text, got {type(value).__name__}", hint="give a str")
    if max_characters is not None and len(value) > max_characters:
        raise RequestError(
            f"{name} has {len(value)} characters, the limit is {max_characters}",
            hint="give the part that matters",
        )
    words = len(value.split()) if max_words is not None else 0
    if max_words is not None and words > max_words:
        raise RequestError(
            f"{name} has {words} words, the limit is {max_words}",
            hint="give the part that matters",
        )


def check_path(name: str, value: object, hint: str) -> None:
    """Refuse what is neither None nor a path."""
    if value is not None and (not isinstance(value, (str, Path)) or not str(value)):
        raise RequestError(f"{name} must be the path of a file, got {value!r:.60}", hint=hint)


def check_paths(name: str, values: object, most: int) -> tuple[str | Path, ...]:
    """Return a row of paths, which may be empty."""
    if not isinstance(values, (tuple, list)) or len(values) > most:
        what = f"{len(values)}" if isinstance(values, (tuple, list)) else type(values).__name__
        raise RequestError(f"{name} must be up to {most} paths, got {what}", hint="give a tuple")
    for i, value in enumerate(values):
        if value is None:
            raise RequestError(f"{name}[{i}] is missing", hint="give a path, or leave it out")
        check_path(f"{name}[{i}]", value, "give a path, or leave it out")
    return tuple(values)


def check_levels(name: str, values: object) -> tuple[float, ...]:
    """Return a row of numbers from 0 to 1, which may be empty."""
    if not isinstance(values, (tuple, list)) or len(values) > MAX_LEVELS:
        raise RequestError(
            f"{name} must be up to {MAX_LEVELS} numbers, got {type(values).__name__}",
            hint="such as 0.2, 0.5, 0.9",
        )
    for i, value in enumerate(values):
        if value is None:
            raise RequestError(f"{name}[{i}] is missing", hint="choose a number from 0 to 1")
        check_number(f"{name}[{i}]", value, 0.0, 1.0)
    return tuple(float(value) for value in values)


def check_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse what is neither None nor one of ``choices``."""
    known = tuple(choices)
    if value is not None and value not in known:
        raise RequestError(
            f"{name} must be {' or '.join(known)}, got {value!r:.40}",
            hint=f"choose {known[0]} or leave it out",
        )


def check_deadline(milliseconds: object, start: object) -> None:
    """Refuse a deadline that is none, or that can't be kept because a recording is started from."""
    check_number("deadline_ms", milliseconds, 0.0, MAX_DEADLINE_MS)
    if milliseconds is not None and start is not None:
        raise RequestError(
            "deadline_ms is given with a recording to start from",
            hint="leave one out: music that fits a recording takes as long as it takes",
        )


def check_span(name: str, value: object, high: float) -> tuple[float, float]:
    """Return (start, end) in seconds, two numbers of which the second is larger."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise RequestError(
            f"{name} must be a start and an end in seconds, got {value!r:.40}",
            hint="such as 2.5 and 4",
        )
    for place, second in zip(("start", "end"), value, strict=True):
        if second is None:
            raise RequestError(f"{name}: its {place} is missing", hint="give it in seconds")
        check_number(f"{name} {place}", second, 0.0, high)
    start, end = float(value[0]), float(value[1])
    if start >= end:
        raise RequestError(
            f"{name} must end after it starts, got {start:g} to {end:g}",
            hint="give the earlier second first",
        )
    return start, end


def check_notes(notes: tuple[object, ...]) -> tuple[Note, ...]:
    """Return the notes of a melody in order."""
    if not 1 <= len(notes) <= MAX_NOTES:
        raise RequestError(
            f"melody must have 1 to {MAX_NOTES} notes, got {len(notes)}",
            hint="give the part that should be heard",
        )
    checked: list[Note] = []
    for i, note in enumerate(notes):
        if not isinstance(note, Note):
            raise RequestError(
                f"melody[{i}] must be a Note, got {type(note).__name__}",
                hint="import Note from descant.runtime",
            )
        check_number(f"melody[{i}].start", note.start, 0.0, 1e5)
        check_number(f"melody[{i}].duration", note.duration, 1e-3, 1e5)
        check_integer(f"melody[{i}].pitch", note.pitch, 0, 127)
        check_integer(f"melody[{i}].velocity", note.velocity, 1, 127)
        checked.append(note)
    return tuple(sorted(checked))


def parse_key(text: str) -> Key:
    """Read a key, turning a bad one into a ``RequestError``."""
    try:
        return Key.parse(text)
    except ValueError as error:
        raise RequestError(
            f"key must be a note and a mode, got {text!r:.40}",
            hint="write it like 'D minor', 'F# major' or 'Bb'",
        ) from error
