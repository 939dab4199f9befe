"""Melodies as the text that MG2's melody tower reads (arXiv 2409.20196, section 3.1).

A note is ``<pitch>,<duration>,<gap>`` such as ``<C4>,<169>,<79>``; notes are joined with ``|``. The
gap is the time from the end of the note before to the start of this one, so an overlap is negative.
Both times are counted in 512 logarithmic bins from -0.3 s to 6 s; bin 79 is zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 512
ZERO_BIN = 79
MIN_SECONDS, MAX_SECONDS = -0.3, 6.0
BEGIN, UNKNOWN, COMMA, BAR = 0, 2, 3, 4
"""Ids of the tokens that are no bin and no pitch."""
MAX_IDS = 1000
"""More are not heard by the melody tower."""

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
PITCHES = tuple(f"<{name}{octave}>" for octave in range(-1, 10) for name in _NAMES)
"""Tokens of MIDI numbers 0 … 131; MIDI itself ends at 127."""
_PARTS = tuple(f"<{end}{kind}>" for end in ("bo", "eo") for kind in "lmp")
VOCABULARY = (
    *("<s>", "</s>", "<unk>", ",", "|"),
    *sorted((*(f"<{i}>" for i in range(BINS)), *PITCHES, *_PARTS)),
)
"""Token of each id."""

_IDS = {token: i for i, token in enumerate(VOCABULARY)}
_MIDI = {token: i for i, token in enumerate(PITCHES)}
_TRIPLET = re.compile(r"(<[^<>,|]+>),<(\d{1,3})>,<(\d{1,3})>")
_LOG_FROM = math.log(MIN_SECONDS + 1.0)
_LOG_TO = math.log(MAX_SECONDS + 1.0)


class MelodyTextError(ValueError):
    """A melody is not written in this format; the message names the place."""


@dataclass(frozen=True, slots=True)
class TimedNote:
    """One note in seconds."""

    pitch: int
    """MIDI number."""
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one instrument plays."""

    notes: tuple[TimedNote, ...]
    """In the order in which they end."""
    program: int = 0
    """General MIDI number from 0."""
    is_drum: bool = False


def seconds_to_bin(seconds: float) -> int:
    """Return the bin of a duration or gap; what lies outside goes to the last bin of its side."""
    clipped = min(max(seconds, MIN_SECONDS), MAX_SECONDS)
    place = (math.log(clipped + 1.0) - _LOG_FROM) / (_LOG_TO - _LOG_FROM)
    return round((BINS - 1) * place)


def bin_to_seconds(index: int) -> float:
    """Return the time that a bin stands for, to the millisecond."""
    if index == ZERO_BIN:
        return 0.0
    place = index / (BINS - 1)
    return round(math.exp(_LOG_FROM + (_LOG_TO - _LOG_FROM) * place) - 1.0, 3)


def parts_to_text(parts: Iterable[Part]) -> str:
    """Write the parts one after another; drums are left out.

    Raises:
        MelodyTextError: A pitch is outside MIDI's range.
    """
    return "|".join(
        triplet for part in parts if not part.is_drum for triplet in _triplets(part.notes)
    )


def _triplets(notes: Sequence[TimedNote]) -> Iterable[str]:
    end = notes[0].start if notes else 0.0
    for note in notes:
        if not 0 <= note.pitch <= 127:
            raise MelodyTextError(f"pitch {note.pitch} is not in 0 … 127")
        length, gap = seconds_to_bin(note.end - note.start), seconds_to_bin(note.start - end)
        yield f"{PITCHES[note.pitch]},<{length}>,<{gap}>"
        end = note.end


def text_to_notes(text: str) -> tuple[TimedNote, ...]:
    """Read a melody; times are those of the bins, and nothing starts before 0.

    Raises:
        MelodyTextError: A note is no triplet of a pitch and two bins.
    """
    notes: list[TimedNote] = []
    end = 0.0
    segments = text.strip().split("|") if text.strip() else []
    for number, segment in enumerate(segments, 1):
        pitch, length, gap = _parse_triplet(segment, number)
        start = max(end + bin_to_seconds(gap), 0.0)
        end = start + max(bin_to_seconds(length), 0.0)
        notes.append(TimedNote(pitch, start, end))
    return tuple(notes)


def _parse_triplet(segment: str, number: int) -> tuple[int, int, int]:
    match = _TRIPLET.fullmatch(segment)
    pitch = _MIDI.get(match[1], 128) if match else 128
    length, gap = (int(match[2]), int(match[3])) if match else (BINS, BINS)
    if pitch > 127 or max(length, gap) >= BINS:
        raise MelodyTextError(
            f"note {number} must be <pitch>,<duration>,<gap> such as <C4>,<169>,<79>, "
            f"got {segment!r:.60}"
        )
    return pitch, length, gap


def text_to_ids(text: str) -> tuple[int, ...]:
    """Return the melody tower's ids of a text; what is no token of it becomes ``<unk>``.

    Nothing is stripped: as in the published encoder, a trailing newline spoils the last token.
    """
    ids = [BEGIN]
    for segment in filter(None, text.split("|")):
        if len(ids) > 1:
            ids.append(BAR)
        for place, token in enumerate(segment.split(",")):
            if place:
                ids.append(COMMA)
            ids.append(_IDS.get(token, UNKNOWN))
    return tuple(ids)


def ids_to_text(ids: Sequence[int]) -> str:
    """Return the text of the melody tower's ids, the reverse of ``text_to_ids``.

    Raises:
        MelodyTextError: An id is not in the vocabulary.
    """
    wrong = [i for i in ids if not 0 <= i < len(VOCABULARY)]
    if wrong:
        raise MelodyTextError(f"id {wrong[0]} is not in 0 … {len(VOCABULARY) - 1}")
    return "".join(VOCABULARY[i] for i in ids[1 if ids and ids[0] == BEGIN else 0 :])


def melody_counts(
    ids: Sequence[int] | NDArray[np.int64],
    vocabulary: int = len(VOCABULARY),
    positions: int = MAX_IDS,
) -> NDArray[np.float32]:
    """Count the tokens of a melody, the melody tower's input.

    Args:
        ids: At most ``positions`` of them count.
        vocabulary: Number of tokens.
        positions: Of the tower, ``MelodyBagSpec.positions``.

    Returns:
        (vocabulary,) float32.

    Raises:
        MelodyTextError: An id is not in the vocabulary.
    """
    heard = np.asarray(ids[:positions], np.int64)
    if heard.size and not 0 <= heard.min() <= heard.max() < vocabulary:
        raise MelodyTextError(f"ids must be in 0 … {vocabulary - 1}")
    return np.bincount(heard, minlength=vocabulary).astype(np.float32)
