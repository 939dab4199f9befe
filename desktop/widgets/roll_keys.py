"""What keys do in a piano roll."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt

from descant.desktop.melody_model import LEAST_BEATS, MelodyModel, snapped
from descant.runtime import Note

LOUDER = 8
"""Steps of velocity for one press."""

Key = Qt.Key
translate = QCoreApplication.translate
_ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, 1), Key.Key_Down: (0, -1)}


class RollKeys:
    """Edits a melody from the keyboard alone."""

    def __init__(self, model: MelodyModel) -> None:
        self._model = model

    def press(self, key: int, shift: bool, control: bool, grid: float, beat: float) -> bool:
        """Do what a key means; return whether it means anything here.

        Args:
            key: As Qt counts keys.
            shift: Held down.
            control: Held down.
            grid: Beats of a step; 0 is no grid.
            beat: Where the playhead stands.
        """
        step = grid or 0.25
        if key in _ARROWS:
            across, up = _ARROWS[Key(key)]
            return self._arrow(across, up, shift, control, step)
        if control:
            return self._command(key, shift)
        if key in (Key.Key_Delete, Key.Key_Backspace) and self._model.selected:
            self._model.apply(
                translate("RollKeys", "Delete notes"), self._model.melody.without_selected()
            )
        elif key in (Key.Key_Insert, Key.Key_N):
            self._insert(step, beat)
        elif key == Key.Key_Escape and self._model.selected:
            self._model.select(())
        else:
            return False
        return True

    def _arrow(self, across: int, up: int, shift: bool, control: bool, step: float) -> bool:
        melody = self._model.melody
        if control and across:
            self._choose(across)
        elif not melody.selected:
            return False
        elif control:
            self._model.apply(translate("RollKeys", "Change velocity"), melody.louder(up * LOUDER))
        elif shift and across:
            self._model.apply(translate("RollKeys", "Change length"), melody.resized(across * step))
        else:
            self._model.apply(
                translate("RollKeys", "Move notes"),
                melody.moved(across * step, up * (12 if shift else 1)),
            )
        return True

    def _command(self, key: int, shift: bool) -> bool:
        stack = self._model.undo_stack
        if key == Key.Key_A:
            self._model.select(self._model.notes)
        elif key == Key.Key_Y or (key == Key.Key_Z and shift):
            stack.redo()
        elif key == Key.Key_Z:
            stack.undo()
        else:
            return False
        return True

    def _choose(self, across: int) -> None:
        """Select the note after the selection, or before it."""
        notes, selected = self._model.notes, self._model.selected
        if not notes:
            return
        places = [i for i, note in enumerate(notes) if note in selected]
        if not places:
            place = 0 if across > 0 else len(notes) - 1
        else:
            place = max(places) + 1 if across > 0 else min(places) - 1
        self._model.select([notes[min(max(place, 0), len(notes) - 1)]])

    def _insert(self, step: float, beat: float) -> None:
        """Add a note after the selected ones, or at the playhead."""
        length = max(step, LEAST_BEATS)
        last = max(self._model.selected, key=lambda note: note.end, default=None)
        note = Note(snapped(beat, step), length, 60)
        if last is not None:
            note = Note(last.end, length, last.pitch, last.velocity)
        elif self._model.notes:
            near = min(self._model.notes, key=lambda n: abs(n.start - beat))
            note = Note(snapped(beat, step), length, near.pitch)
        self._model.apply(translate("RollKeys", "Add note"), self._model.melody.with_note(note))
