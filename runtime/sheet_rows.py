"""Lead sheets as plain rows of a receipt, and back again from a receipt that nobody vouches for."""

from __future__ import annotations

from typing import Any

from descant.models.theory.notes import Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, LeadSheet
from descant.runtime.checks import MAX_LEVELS, check_choice, check_integer, check_number, parse_key
from descant.runtime.errors import RequestError

MAX_BEATS = 1e5
MAX_EVENTS_PER_BEAT = 64
"""Of melody, chords and bass: a sheet is repeated over the clip, and must not fill the memory."""
_HINT = "take a sheet as it is in a clip or as Engine.sheet returns it"


def note_rows(notes: tuple[Note, ...]) -> list[list[float]]:
    """Return [start, duration, pitch, velocity] of each note, times in beats and unrounded."""
    return [[note.start, note.duration, note.pitch, note.velocity] for note in notes]


def accompaniment_rows(sheet: LeadSheet) -> dict[str, Any]:
    """Return everything but the melody of a sheet as JSON values that give back the same floats."""
    return {
        "tempo_bpm": float(sheet.tempo_bpm),
        "key": str(sheet.key),
        "beats_per_bar": sheet.beats_per_bar,
        "chords": [[c.start, c.duration, c.root, c.quality] for c in sheet.chords],
        "bass": note_rows(sheet.bass),
        "intensity": list(sheet.intensity),
    }


def sheet_of_rows(melody: object, rest: object) -> LeadSheet:
    """Return the sheet whose ``note_rows`` and ``accompaniment_rows`` these are.

    Raises:
        RequestError: They are something else; names the place.
    """
    if not isinstance(rest, dict):
        raise _no_sheet("sheet", "no object")
    values = {name: rest.get(name) for name in ("tempo_bpm", "key", "beats_per_bar")}
    missing = [name for name, value in values.items() if value is None]
    if missing or not isinstance(values["key"], str):
        raise _no_sheet(f"sheet.{missing[0] if missing else 'key'}", "missing or of another kind")
    check_number("sheet.tempo_bpm", values["tempo_bpm"], 1.0, 1000.0)
    check_integer("sheet.beats_per_bar", values["beats_per_bar"], 1, 64)
    levels = _rows("sheet.intensity", rest.get("intensity"))
    for i, level in enumerate(levels):
        check_number(f"sheet.intensity[{i}]", _there(level, "sheet.intensity"), 0.0, 1.0)
    sheet = LeadSheet(
        key=parse_key(values["key"]),
        tempo_bpm=float(values["tempo_bpm"] or 0),
        beats_per_bar=int(values["beats_per_bar"] or 0),
        notes=notes_of_rows("melody", melody),
        chords=tuple(
            _chord(f"sheet.chords[{i}]", row)
            for i, row in enumerate(_rows("sheet.chords", rest.get("chords")))
        ),
        bass=notes_of_rows("sheet.bass", rest.get("bass")),
        intensity=tuple(float(level) for level in levels),
    )
    check_sheet(sheet)
    return sheet


def notes_of_rows(name: str, value: object) -> tuple[Note, ...]:
    """Return the notes of rows.

    Raises:
        RequestError: They are no rows of notes.
    """
    return tuple(_note(f"{name}[{i}]", row) for i, row in enumerate(_rows(name, value)))


def check_sheet(sheet: LeadSheet) -> None:
    """Refuse a sheet with numbers that no music has.

    Raises:
        RequestError: Names the place.
    """
    check_number("melody.tempo_bpm", _there(sheet.tempo_bpm, "melody.tempo_bpm"), 1.0, 1000.0)
    check_integer("melody.beats_per_bar", _there(sheet.beats_per_bar, "melody"), 1, 64)
    check_integer("melody.bars", sheet.bars, 1, MAX_LEVELS)
    most = sheet.beats * MAX_EVENTS_PER_BEAT
    parts: dict[str, tuple[Note | Chord, ...]] = {
        "notes": sheet.notes, "chords": sheet.chords, "bass": sheet.bass
    }  # fmt: skip
    for name, events in parts.items():
        if len(events) > most:
            raise _no_sheet(f"melody.{name}", f"{len(events)} of them, the limit is {most}")
        for i, event in enumerate(events):
            _check_event(f"melody.{name}[{i}]", event)


def _check_event(name: str, event: Note | Chord) -> None:
    check_number(f"{name}.start", _there(event.start, name), 0.0, MAX_BEATS)
    check_number(f"{name}.duration", _there(event.duration, name), 1e-7, MAX_BEATS)
    if isinstance(event, Chord):
        check_integer(f"{name}.root", _there(event.root, name), 0, 11)
        check_choice(f"{name}.quality", _there(event.quality, name), CHORD_QUALITIES)
    else:
        check_integer(f"{name}.pitch", _there(event.pitch, name), 0, 127)
        check_integer(f"{name}.velocity", _there(event.velocity, name), 1, 127)


def _note(name: str, row: object) -> Note:
    start, duration, pitch, velocity = _four(name, row)
    note = Note(start, duration, pitch, velocity)
    _check_event(name, note)
    return Note(float(start), float(duration), int(pitch), int(velocity))


def _chord(name: str, row: object) -> Chord:
    start, duration, root, quality = _four(name, row)
    chord = Chord(start, duration, root, quality)
    if not isinstance(quality, str):
        raise _no_sheet(name, "its quality is no text")
    _check_event(name, chord)
    return Chord(float(start), float(duration), int(root), quality)


def _four(name: str, row: object) -> list[Any]:
    if not isinstance(row, list) or len(row) != 4:
        raise _no_sheet(name, "not four values")
    return row


def _rows(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _no_sheet(name, "no list")
    return value


def _there(value: Any, name: str) -> Any:
    if value is None:
        raise _no_sheet(name, "a value is missing")
    return value


def _no_sheet(name: str, reason: str) -> RequestError:
    return RequestError(f"{name} can't be read: {reason}", hint=_HINT)
