"""What a mouse does in a piano roll: one gesture from press to release is one step to undo."""

from __future__ import annotations

import dataclasses
from typing import Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from descant.desktop.melody_model import LEAST_BEATS, Melody, MelodyModel, snapped
from descant.desktop.widgets.roll_layout import RollLayout
from descant.runtime import Note

Mode = Literal["none", "move", "resize", "velocity", "frame"]

DRAG_PIXELS = 4
translate = QCoreApplication.translate


class RollMouse:
    """Follows a gesture and changes the model while it lasts."""

    def __init__(self, model: MelodyModel, layout: RollLayout) -> None:
        self.model, self.layout = model, layout
        self.grid = 0.25
        """Beats that places snap to; 0 is free."""
        self.mode: Mode = "none"
        self.frame: QRectF | None = None
        """Drawn around what is selected."""
        self._origin = Melody()
        self._at = QPointF()
        self._moved = False

    def press(self, at: QPointF, add: bool) -> Note | None:
        """Begin a gesture; return the note that was taken hold of.

        Args:
            at: Pixel.
            add: Whether what is hit joins the selection, or leaves it.
        """
        model, layout = self.model, self.layout
        self._at, self._moved = at, False
        model.begin_gesture()
        in_lane = at.y() >= layout.lane().top()
        hit = (
            layout.stem_at(at.x(), model.notes)
            if in_lane
            else layout.note_at(at.x(), at.y(), model.notes)
        )
        if hit is None:
            self.mode = "none" if in_lane else "frame"
        else:
            self._select(hit, add)
            at_end = layout.at_end(at.x(), hit)
            self.mode = "velocity" if in_lane else "resize" if at_end else "move"
        self._origin = model.melody
        if self.mode == "velocity":
            self.move(at, free=False, force=True)
        return hit

    def move(self, at: QPointF, free: bool, force: bool = False) -> None:
        """Go on with a gesture; ``free`` leaves the grid alone."""
        if not force and not self._moved and (at - self._at).manhattanLength() < DRAG_PIXELS:
            return
        self._moved = True
        grid = 0.0 if free else self.grid
        if self.mode == "move":
            self._drag(at, grid)
        elif self.mode == "resize":
            self._stretch(at, grid)
        elif self.mode == "velocity":
            self._strike(at)
        elif self.mode == "frame":
            self.frame = QRectF(self._at, at).normalized()
            inside = [n for n in self.model.notes if self.frame.intersects(self.layout.rect(n))]
            self.model.select(inside)

    def release(self) -> bool:
        """End the gesture; return whether it was a click on nothing."""
        clicked = self.mode == "frame" and not self._moved
        self.mode, self.frame = "none", None
        return clicked

    def add(self, at: QPointF) -> Note:
        """Add a note of the grid's length at a point and return it."""
        grid = self.grid or 0.25
        start = int(self.layout.beat_at(at.x()) / grid) * grid
        note = Note(start, max(grid, LEAST_BEATS), self.layout.pitch_at(at.y()))
        self.model.apply(translate("RollMouse", "Add note"), self.model.melody.with_note(note))
        return note

    def _select(self, hit: Note, add: bool) -> None:
        selected = self.model.selected
        if add:
            self.model.select(selected ^ {hit})
        elif hit not in selected:
            self.model.select([hit])

    def _drag(self, at: QPointF, grid: float) -> None:
        first = min((note.start for note in self._origin.selected), default=0.0)
        beats = self.layout.beat_at(at.x()) - self.layout.beat_at(self._at.x())
        moved = snapped(first + beats, grid) - first
        semitones = self.layout.pitch_at(at.y()) - self.layout.pitch_at(self._at.y())
        self.model.apply(
            translate("RollMouse", "Move notes"), self._origin.moved(moved, semitones), gesture=True
        )

    def _stretch(self, at: QPointF, grid: float) -> None:
        last = max((note.end for note in self._origin.selected), default=0.0)
        beats = self.layout.beat_at(at.x()) - self.layout.beat_at(self._at.x())
        longer = snapped(last + beats, grid) - last
        self.model.apply(
            translate("RollMouse", "Change length"), self._origin.resized(longer), gesture=True
        )

    def _strike(self, at: QPointF) -> None:
        velocity = self.layout.velocity_at(at.y())
        after = self._origin.changed(lambda n: dataclasses.replace(n, velocity=velocity))
        self.model.apply(translate("RollMouse", "Change velocity"), after, gesture=True)

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """Return what shows what a press would do."""
        if at.y() >= self.layout.lane().top():
            return Qt.CursorShape.SizeVerCursor
        hit = self.layout.note_at(at.x(), at.y(), self.model.notes)
        if hit is None:
            return Qt.CursorShape.ArrowCursor
        at_end = self.layout.at_end(at.x(), hit)
        return Qt.CursorShape.SizeHorCursor if at_end else Qt.CursorShape.OpenHandCursor
