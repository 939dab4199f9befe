"""What a request's values are held against; a refusal names the field, the value, the limit."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable

from descant.models.theory.notes import Key, Note
from descant.runtime.errors import RequestError

MAX_NOTES = 20_000


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Refuse what is neither None nor a number from ``low`` to ``high``."""
    if value is None:
        return
    plain = isinstance(value, numbers.Real) and not isinstance(value, bool)
    number = float(value) if plain else math.nan  # type: ignore[arg-type]
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


def check_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse what is neither None nor one of ``choices``."""
    known = tuple(choices)
    if value is not None and value not in known:
        raise RequestError(
            f"{name} must be {' or '.join(known)}, got {value!r:.40}",
            hint=f"choose {known[0]} or leave it out",
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
