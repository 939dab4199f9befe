"""The tools above the piano roll: which melody this is, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QSizePolicy, QToolButton, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens
from descant.desktop.widgets.elided_label import ElidedLabel
from descant.desktop.widgets.parts import button, icon_button, row, text_label
from descant.desktop.widgets.piano_roll import PianoRoll

_GRIDS = ((1.0, "1/4"), (0.5, "1/8"), (1 / 3, "1/8 T"), (0.25, "1/16"), (0.125, "1/32"))

NAMES_ROOM = 180
"""Pixels that heading and source get beside the tools."""


class MelodyBar(QWidget):
    """Edits the melody of a roll as a whole."""

    next_match_requested = Signal()
    lock_toggled = Signal(bool)
    use_requested = Signal()
    """Make music from the melody as it is now."""

    def __init__(self, roll: PianoRoll, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roll = roll
        stack = roll.model.undo_stack
        self.source = ElidedLabel("small")
        self.edited = text_label(self.tr("Edited"), "badge")
        self.grid = self._make_grid()
        self.undo = icon_button("undo", self.tr("Undo (Ctrl+Z)"), stack.undo)
        self.redo = icon_button("redo", self.tr("Redo (Ctrl+Shift+Z)"), stack.redo)
        self.semitone_down = _step("-1", self.tr("All notes a semitone lower"))
        self.semitone_down.clicked.connect(lambda: roll.model.transpose(-1))
        self.semitone_up = _step("+1", self.tr("All notes a semitone higher"))
        self.semitone_up.clicked.connect(lambda: roll.model.transpose(1))
        self.listen = icon_button("play", self.tr("Listen to the melody alone (Enter)"))
        self.listen.clicked.connect(lambda: roll.audition(roll.model.selected or roll.notes()))
        self.next_match = button(self.tr("Next match"), "quiet", "right")
        self.next_match.setToolTip(self.tr("Show the next melody that fits the words"))
        self.next_match.clicked.connect(self.next_match_requested)
        self.lock = self._make_lock()
        self.use = button(self.tr("Make with this melody"), "", "make")
        self.use.setToolTip(self.tr("Queue a take of the same words that follows this melody"))
        self.use.clicked.connect(self.use_requested)
        self._lay_out()
        # With the values that the signals bring: the stack also tells of its end.
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        roll.model.changed.connect(self._refresh)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self._refresh()

    def show_source(self, text: str, tip: str = "") -> None:
        """Say where the melody is from."""
        self.source.show_text(text)
        self.source.setToolTip("\n".join(filter(None, (text, tip))))

    def set_locked(self, locked: bool) -> None:
        """Show whether the melody is kept, without telling of it."""
        self.lock.blockSignals(True)
        self.lock.setChecked(locked)
        self.lock.blockSignals(False)
        self._show_lock(locked)

    def _make_grid(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self.tr("Snap to"))
        made.setToolTip(self.tr("Notes snap to this length; hold Alt to place them freely"))
        for beats, name in _GRIDS:
            made.addItem(name, beats)
        made.addItem(self.tr("Free"), 0.0)
        made.setCurrentIndex(3)
        made.currentIndexChanged.connect(lambda _: self._roll.set_grid(made.currentData()))
        made.setFixedWidth(92)
        return made

    def _make_lock(self) -> QToolButton:
        made = icon_button("unlock", self.tr("Keep this melody for the next takes"))
        made.setCheckable(True)
        made.toggled.connect(self._show_lock)
        made.toggled.connect(self.lock_toggled)
        return made

    def _show_lock(self, locked: bool) -> None:
        set_icon(self.lock, "lock" if locked else "unlock", 18)

    def _lay_out(self) -> None:
        t = tokens()
        self.edited.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.edited.setFixedHeight(20)
        names = row(text_label(self.tr("Melody"), "heading"), self.edited)
        names.addWidget(self.source, 1)  # gives way where there is little room
        tools = (self.undo, self.redo, self.semitone_down, self.semitone_up, self.listen)
        line = row(*tools, spacing=0)
        line.addSpacing(t.space)
        rest = (self.grid, self.next_match, self.lock, self.use)
        self._tools: tuple[QWidget, ...] = (*tools, *rest)
        for widget in rest:
            line.addWidget(widget)
            line.addSpacing(t.space)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(0, t.space, 0, t.space // 2)
        self._lines.setSpacing(t.space)
        self._lines.addLayout(names, 1)
        self._lines.addLayout(line)

    def minimumSizeHint(self) -> QSize:
        """Take any width: what does not fit goes to another line, or loses its words."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take two lines where one is too short."""
        for target in (self.use, self.next_match):
            target.setText(f" {target.accessibleName()}")
        width = event.size().width()
        needed = sum(widget.sizeHint().width() for widget in self._tools) + 5 * tokens().space
        narrow = width < needed + NAMES_ROOM
        self._lines.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        if width < needed:
            for target in (self.use, self.next_match):
                target.setText("")
        super().resizeEvent(event)

    def _refresh(self) -> None:
        self.edited.setVisible(self._roll.model.state.edited)
        some = bool(self._roll.notes())
        for widget in (self.semitone_down, self.semitone_up, self.listen, self.lock, self.use):
            widget.setEnabled(some)


def _step(text: str, name: str) -> QToolButton:
    """Return a small button with a signed number on it."""
    made = QToolButton()
    made.setText(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made
