"""The melody as notes on a piano roll: seen, heard and edited by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from descant.desktop.melody_model import MelodyModel, Origin
from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView
from descant.desktop.widgets.roll_keys import RollKeys
from descant.desktop.widgets.roll_layout import RollLayout
from descant.desktop.widgets.roll_mouse import RollMouse
from descant.desktop.widgets.roll_paint import (
    note_name,
    paint_backdrop,
    paint_grid,
    paint_lane,
    paint_notes,
    paint_rows,
)
from descant.desktop.widgets.time_plot import GUTTER, TimePlot
from descant.runtime import Note


class PianoRoll(TimePlot):
    """Double-click adds a note; drag moves it, or its end; Delete takes it away."""

    notes_changed = Signal(object)
    """The notes as they are now, a tuple; not after ``set_notes``."""
    selection_changed = Signal()
    audition_requested = Signal(object)
    """Notes that someone wants to hear, a tuple, the first at beat 0."""

    def __init__(self, view: TimeView | None = None, parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.model = MelodyModel(self)
        self.places = RollLayout(self)
        self.mouse = RollMouse(self.model, self.places)
        self.editable = True
        self._keys = RollKeys(self.model)
        self._loading = False
        self.model.changed.connect(self._on_change)
        self.model.origin_changed.connect(self._fit)
        self.model.notes_changed.connect(self._tell)
        self.setAccessibleName(self.tr("Melody"))
        self.setMinimumHeight(230)
        self._describe()

    def sizeHint(self) -> QSize:
        """Wide, and high enough for two octaves."""
        return QSize(800, 230)

    @property
    def beats_per_bar(self) -> int:
        """Metre of the melody that is shown."""
        return self.model.state.origin.beats_per_bar

    @property
    def grid(self) -> float:
        """Beats that places snap to; 0 is free."""
        return self.mouse.grid

    def set_grid(self, beats: float) -> None:
        """Snap to multiples of ``beats``; 0 is free."""
        self.mouse.grid = beats

    def notes(self) -> tuple[Note, ...]:
        """Return the melody, in beats, by start."""
        return self.model.notes

    def set_notes(self, notes: Iterable[Note], bpm: float = 120.0, beats_per_bar: int = 4) -> None:
        """Show a melody whose beats have this tempo; there is nothing to undo then."""
        self.places.tempo_bpm = bpm
        self._loading = True
        self.model.load(notes, Origin(beats_per_bar=beats_per_bar))
        self._loading = False
        if not self.view.seconds and self.notes():
            last = max(note.end for note in self.notes())
            self.view.set_clip(last * 60.0 / bpm, bpm, beats_per_bar)
        self._fit()

    def set_backdrop(self, notes: Iterable[Note]) -> None:
        """Show what else sounds, behind the melody and in the same beats."""
        self.model.set_origin(replace(self.model.state.origin, backdrop=tuple(notes)))

    def audition(self, notes: Iterable[Note]) -> None:
        """Ask for notes to be heard."""
        wanted = sorted(notes)
        if wanted:
            first = wanted[0].start
            self.audition_requested.emit(
                tuple(Note(n.start - first, n.duration, n.pitch, n.velocity) for n in wanted)
            )

    def paint_content(self, painter: QPainter) -> None:
        """Paint keys, grid and notes."""
        layout = self.places
        paint_rows(painter, layout, GUTTER)
        beat = layout.tempo_bpm / 60.0
        painter.setClipRect(QRectF(self.plot()))
        paint_grid(
            painter, layout, self.view.start * beat, self.view.end * beat, self.beats_per_bar
        )
        paint_backdrop(painter, layout, self.model.state.origin.backdrop)
        painter.setClipping(False)
        paint_lane(painter, layout, self.tr("Velocity"))
        painter.setClipRect(QRectF(self.plot()))
        paint_notes(painter, layout, self.notes(), self.model.selected)

    def paint_over(self, painter: QPainter) -> None:
        """Paint region and playhead, and the frame of a selection."""
        self.marks.paint(painter, self, handles=False)
        self.paint_playhead(painter)
        if self.mouse.frame is not None:
            painter.setPen(QPen(QColor(tokens().accent), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.mouse.frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a note, its end or its velocity, or begin a frame."""
        if event.button() != Qt.MouseButton.LeftButton or not self.editable:
            return
        join = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        hit = self.mouse.press(event.position(), join)
        if hit is not None and self.mouse.mode != "velocity":
            self.audition([hit])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what is held; Alt leaves the grid alone."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.mouse.move(
                event.position(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            )
            self.update()
        else:
            self.setCursor(self.mouse.cursor(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture; a click on nothing moves the playhead."""
        if event.button() == Qt.MouseButton.LeftButton and self.mouse.release():
            self.model.select(())
            self.seek_requested.emit(self.second_at(event.position().x()))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Add a note where there is none."""
        area, at = self.places.notes_area(), event.position()
        hit = self.places.note_at(at.x(), at.y(), self.notes())
        if self.editable and hit is None and area.contains(at):
            self.audition([self.mouse.add(at)])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done to the note under the pointer."""
        hit = self.places.note_at(event.pos().x(), event.pos().y(), self.notes())
        if hit is not None and hit not in self.model.selected:
            self.model.select([hit])
        self.menu().exec(event.globalPos() or QPoint())

    def menu(self) -> QMenu:
        """Return what can be done to the selected notes."""
        menu, melody = QMenu(self), self.model.melody
        some = bool(melody.selected) and self.editable
        listen = menu.addAction(self.tr("Listen"), lambda: self.audition(melody.selected))
        listen.setEnabled(bool(melody.selected))
        for name, after in (
            (self.tr("Octave up"), melody.moved(0, 12)),
            (self.tr("Octave down"), melody.moved(0, -12)),
            (self.tr("Delete"), melody.without_selected()),
        ):
            action = menu.addAction(name)
            action.triggered.connect(lambda _=False, n=name, a=after: self.model.apply(n, a))
            action.setEnabled(some)
        return menu

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll pitches; with Ctrl zoom, with Shift scroll time."""
        modifiers = event.modifiers()
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if modifiers & control or event.angleDelta().x():
            super().wheelEvent(event)
            return
        self.places.scroll(round(event.angleDelta().y() / 60))
        self.refresh()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit; what edits nothing is for the view, or for the page."""
        modifiers = event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        beat = self.position * self.places.tempo_bpm / 60.0
        if self.editable and self._keys.press(event.key(), shift, control, self.grid, beat):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.audition(self.model.selected or self.notes())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.places.scroll(2 if event.key() == Qt.Key.Key_Up else -2)
            self.refresh()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        self.places.fit(self.notes() or self.model.state.origin.backdrop)
        self.refresh()

    def _on_change(self) -> None:
        self.refresh()
        self._describe()
        self.selection_changed.emit()

    def _tell(self) -> None:
        if not self._loading:
            self.notes_changed.emit(self.notes())

    def _describe(self) -> None:
        """Tell a screen reader which notes there are and what is selected."""
        chosen = sorted(self.model.selected)
        text = self.tr("{0} notes, {1} selected.").format(len(self.notes()), len(chosen))
        if len(chosen) == 1:
            note = chosen[0]
            text = self.tr("{0} at beat {1:g}, {2:g} beats long, velocity {3}.").format(
                note_name(note.pitch), note.start + 1, note.duration, note.velocity
            )
        self.setAccessibleDescription(text)
