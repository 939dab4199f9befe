"""Where pitches, notes and velocities lie in a piano roll."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QRect, QRectF

from descant.desktop.melody_model import HIGHEST_PITCH
from descant.models.theory.notes import LOWEST_PITCH
from descant.runtime import Note

VELOCITY_LANE = 44
"""Pixels at the foot, for how strongly notes are struck."""
LEAST_ROWS = 25
"""Two octaves."""
EDGE = 7
"""Pixels at a note's end by which it is made longer."""


class TimeAxis(Protocol):
    """What the layout asks of the widget."""

    def plot(self) -> QRect:
        """Area in which time runs."""

    def column(self, second: float) -> float:
        """Pixel of a second."""

    def second_at(self, x: float) -> float:
        """Second of a pixel."""


class RollLayout:
    """Turns notes into rectangles and pixels into beats and pitches."""

    def __init__(self, axis: TimeAxis) -> None:
        self._axis = axis
        self.tempo_bpm = 120.0
        self.low = 60
        """Lowest visible pitch."""
        self.rows = LEAST_ROWS

    def fit(self, notes: Iterable[Note]) -> None:
        """Show all pitches of these notes, two octaves at least, a C at the foot if it fits."""
        pitches = [note.pitch for note in notes] or [66]
        least, most = min(pitches) - 2, max(pitches) + 2
        self.rows = min(max(most - least + 1, LEAST_ROWS), HIGHEST_PITCH - LOWEST_PITCH + 1)
        self.low = least - max(self.rows - (most - least + 1), 0) // 2
        self.scroll(0)

    def scroll(self, semitones: int) -> None:
        """Show higher pitches, or lower ones by a negative number."""
        low = self.low + semitones
        self.low = min(max(low, LOWEST_PITCH), HIGHEST_PITCH - self.rows + 1)

    def notes_area(self) -> QRectF:
        """Area of the notes."""
        return QRectF(self._axis.plot()).adjusted(0, 0, 0, -VELOCITY_LANE)

    def lane(self) -> QRectF:
        """Area of the velocities."""
        area = QRectF(self._axis.plot())
        return QRectF(
            area.left(), area.bottom() - VELOCITY_LANE + 5, area.width(), VELOCITY_LANE - 8
        )

    def row_height(self) -> float:
        """Pixels of a semitone."""
        return self.notes_area().height() / self.rows

    def top(self, pitch: int) -> float:
        """Upper edge of a pitch's row."""
        area = self.notes_area()
        return area.bottom() - (pitch - self.low + 1) * self.row_height()

    def pitch_at(self, y: float) -> int:
        """Return the pitch of a row."""
        area = self.notes_area()
        return min(self.low + int((area.bottom() - y) / self.row_height()), HIGHEST_PITCH)

    def beat_at(self, x: float) -> float:
        """Return the beat of a column."""
        return self._axis.second_at(x) * self.tempo_bpm / 60.0

    def column_of(self, beat: float) -> float:
        """Return the column of a beat."""
        return self._axis.column(beat * 60.0 / self.tempo_bpm)

    def rect(self, note: Note) -> QRectF:
        """Return where a note is drawn."""
        left, right = self.column_of(note.start), self.column_of(note.end)
        return QRectF(
            left, self.top(note.pitch) + 1, max(right - left - 1, 3), self.row_height() - 2
        )

    def stem(self, note: Note) -> QRectF:
        """Return where its velocity is drawn."""
        lane = self.lane()
        height = max(lane.height() * note.velocity / 127, 2)
        return QRectF(self.column_of(note.start), lane.bottom() - height, 6, height)

    def velocity_at(self, y: float) -> int:
        """Return the velocity of a height in the lane."""
        lane = self.lane()
        return min(max(round((lane.bottom() - y) / lane.height() * 127), 1), 127)

    def note_at(self, x: float, y: float, notes: Iterable[Note]) -> Note | None:
        """Return the note under a point, the one that began last if there are several."""
        hit = [n for n in notes if self.rect(n).adjusted(-2, -1, 2, 1).contains(x, y)]
        return max(hit, key=lambda note: note.start, default=None)

    def stem_at(self, x: float, notes: Iterable[Note]) -> Note | None:
        """Return the note whose stem is nearest to a column, within reach."""
        near = [(abs(self.stem(n).center().x() - x), n) for n in notes]
        away, note = min(near, key=lambda item: item[0], default=(99.0, None))
        return note if away <= 8 else None

    def at_end(self, x: float, note: Note) -> bool:
        """Whether a column lies on the end of a note, by which it is made longer."""
        rect = self.rect(note)
        return x >= rect.right() - min(EDGE, rect.width() / 3)
