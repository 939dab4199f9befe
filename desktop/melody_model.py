"""A melody that is edited: notes, what is selected, and every step undone and done again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from descant.models.theory.notes import LOWEST_PITCH, ROLL_PITCHES
from descant.runtime import Note

HIGHEST_PITCH = LOWEST_PITCH + ROLL_PITCHES - 1
LEAST_BEATS = 1 / 16
"""Shortest note that can be made by hand."""
MAX_BEATS = 10_000.0

Change = Callable[[Note], Note]


@dataclass(frozen=True, slots=True)
class Melody:
    """Notes by their start, and those of them that are selected."""

    notes: tuple[Note, ...] = ()
    selected: frozenset[Note] = frozenset()

    @classmethod
    def of(cls, notes: Iterable[Note]) -> Melody:
        """Return notes in any order as a melody; of equal ones one is left."""
        return cls(tuple(sorted(set(notes))))

    def changed(self, change: Change) -> Melody:
        """Return it with ``change`` made to each selected note; of equal notes one is left."""
        kept = [note for note in self.notes if note not in self.selected]
        new = [change(note) for note in self.notes if note in self.selected]
        return Melody(tuple(sorted(set(kept + new))), frozenset(new))

    def without_selected(self) -> Melody:
        """Return it without the selected notes."""
        return Melody(tuple(note for note in self.notes if note not in self.selected))

    def with_note(self, note: Note) -> Melody:
        """Return it with one more note, which alone is selected."""
        return Melody(tuple(sorted({*self.notes, note})), frozenset([note]))

    def moved(self, beats: float, semitones: int) -> Melody:
        """Return it with the selected notes moved together, as far as all of them can go."""
        if not self.selected:
            return self
        first = min(note.start for note in self.selected)
        low = min(note.pitch for note in self.selected)
        high = max(note.pitch for note in self.selected)
        beats = max(beats, -first)
        semitones = min(max(semitones, LOWEST_PITCH - low), HIGHEST_PITCH - high)
        return self.changed(
            lambda n: dataclasses.replace(
                n, start=_round(n.start + beats), pitch=n.pitch + semitones
            )
        )

    def resized(self, beats: float) -> Melody:
        """Return it with the selected notes longer, or shorter by a negative number."""
        return self.changed(
            lambda n: dataclasses.replace(n, duration=_round(max(n.duration + beats, LEAST_BEATS)))
        )

    def louder(self, steps: int) -> Melody:
        """Return it with the selected notes' velocity raised, within 1 … 127."""
        return self.changed(
            lambda n: dataclasses.replace(n, velocity=min(max(n.velocity + steps, 1), 127))
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a melody came from before it was edited."""

    text: str = ""
    """What to call it."""
    tip: str = ""
    """What else there is to know, such as its licence."""
    beats_per_bar: int = 4
    backdrop: tuple[Note, ...] = ()
    """What else sounds with it."""


@dataclass(frozen=True, slots=True)
class MelodyState:
    """A melody with where it came from: what steps lead between."""

    melody: Melody = Melody()
    origin: Origin = Origin()
    edited: bool = False
    """Whether it is another one than came from there."""


_NOWHERE = Origin()


class MelodyModel(QObject):
    """Holds a ``MelodyState``; every change of notes is a step that can be undone."""

    changed = Signal()
    """Notes or selection are others now."""
    origin_changed = Signal()
    """Another melody is in the place of the one before, or it is said where it came from."""
    notes_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = MelodyState()
        self.undo_stack = QUndoStack(self)
        self._gesture = 0

    @property
    def melody(self) -> Melody:
        """Notes and selection."""
        return self.state.melody

    @property
    def notes(self) -> tuple[Note, ...]:
        """By their start."""
        return self.melody.notes

    @property
    def selected(self) -> frozenset[Note]:
        """Notes that the next step is done to."""
        return self.melody.selected

    def load(self, notes: Iterable[Note], origin: Origin = _NOWHERE) -> None:
        """Begin anew with these notes; there is nothing to undo then."""
        self.undo_stack.clear()
        self.take(MelodyState(Melody.of(notes), origin))

    def replace(self, name: str, state: MelodyState) -> None:
        """Show another melody in the place of this one, as a step that can be undone."""
        self.undo_stack.push(_Step(self, name, self.state, state, -1))

    def set_origin(self, origin: Origin) -> None:
        """Say where the melody came from; that is no step."""
        self.state = dataclasses.replace(self.state, origin=origin)
        self.origin_changed.emit()

    def select(self, notes: Iterable[Note]) -> None:
        """Select these and no others."""
        melody = Melody(self.notes, frozenset(notes) & frozenset(self.notes))
        self.state = dataclasses.replace(self.state, melody=melody)
        self.changed.emit()

    def begin_gesture(self) -> None:
        """Let the steps that follow, until the next call, be undone as one."""
        self._gesture += 1

    def apply(self, name: str, after: Melody, gesture: bool = False) -> None:
        """Take a changed melody; equal ones are no step.

        Args:
            name: Of the step, in the person's language.
            after: What it becomes.
            gesture: Whether it goes on with the step before, such as while a mouse is dragged.
        """
        if after.notes == self.melody.notes:
            self.select(after.selected)
        else:
            key = self._gesture if gesture else -1
            state = MelodyState(after, self.state.origin, edited=True)
            self.undo_stack.push(_Step(self, name, self.state, state, key))

    def transpose(self, semitones: int) -> None:
        """Move all notes, as far as all of them can go."""
        everything = Melody(self.notes, frozenset(self.notes)).moved(0.0, semitones)
        moved = dict(zip(self.notes, everything.notes, strict=False))
        selected = frozenset(moved[note] for note in self.selected)
        name = QCoreApplication.translate("MelodyModel", "Transpose")
        self.apply(name, Melody(everything.notes, selected))

    def take(self, state: MelodyState) -> None:
        """Become this; the steps of the undo stack call it."""
        other = state.origin is not self.state.origin  # edits leave the very same one
        self.state = state
        if other:
            self.origin_changed.emit()
        self.changed.emit()
        self.notes_changed.emit()


class _Step(QUndoCommand):
    """From one melody to another."""

    def __init__(
        self, model: MelodyModel, name: str, before: MelodyState, after: MelodyState, key: int
    ) -> None:
        super().__init__(name)
        self._model, self._before, self._after, self._key = model, before, after, key

    def id(self) -> int:
        """Equal for steps of one gesture."""
        return self._key

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the next step of the same gesture."""
        if not isinstance(other, _Step) or other._key != self._key:
            return False
        self._after = other._after
        if self._after.melody.notes == self._before.melody.notes:
            self._model.take(dataclasses.replace(self._before, melody=self._after.melody))
            self.setObsolete(True)
        return True

    def undo(self) -> None:
        """Go back."""
        self._model.take(self._before)

    def redo(self) -> None:
        """Go on."""
        self._model.take(self._after)


def snapped(beat: float, grid: float) -> float:
    """Return the nearest beat of a grid; 0 is no grid."""
    return _round(round(beat / grid) * grid if grid else beat)


def _round(beat: float) -> float:
    """Keep repeated steps on the same numbers: a grid of thirds is none in floats."""
    return round(max(beat, 0.0), 6)
