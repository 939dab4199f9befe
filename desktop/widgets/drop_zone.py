"""A place where files of one kind are dropped, or chosen by a click."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from descant.desktop.file_kinds import SUFFIXES, Kind, of_kind
from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens
from descant.desktop.thumbnails import Thumbnails
from descant.desktop.widgets.file_chip import SIDE, FileChip
from descant.desktop.widgets.parts import text_label


class DropZone(QWidget):
    """Holds the files of one kind."""

    files_changed = Signal()

    def __init__(
        self, kind: Kind, icon: str, title: str, hint: str, limit: int, thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.kind, self._icon, self._limit = kind, icon, limit
        self._title_text = title
        self._files: list[Path] = []
        self._hovered = False
        self._thumbnails = thumbnails
        thumbnails.ready.connect(self._on_thumbnail)
        self.setAcceptDrops(True)
        self.setProperty("ownKeys", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self.setMinimumHeight(104)
        mark = QLabel()
        set_icon(mark, icon, 24)
        name = text_label(title)
        name.setStyleSheet("font-weight: 600;")
        self._hint = text_label(hint, "small", wrap=True)
        self.column = QVBoxLayout(self)
        pad = tokens().space * 3 // 2
        self.column.setContentsMargins(pad, pad, pad, pad)
        self.column.setSpacing(tokens().space // 2)
        for widget in (mark, name, self._hint):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.column.addWidget(widget)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(tokens().space // 2)
        self.column.addLayout(self._chips)
        self.column.addStretch(1)

    @property
    def files(self) -> tuple[Path, ...]:
        """What was chosen."""
        return tuple(self._files)

    def set_files(self, files: Iterable[Path]) -> None:
        """Hold these files and no others."""
        self._files = list(dict.fromkeys(files))[-self._limit :]
        self._show_files()

    def add_files(self, paths: Iterable[Path]) -> None:
        """Take those of the right kind; the oldest go when there are too many."""
        fitting = of_kind(paths, self.kind)
        if fitting:
            self.set_files([*self._files, *fitting])

    def choose(self) -> None:
        """Let a person look for files."""
        names = " ".join(f"*{suffix}" for suffix in SUFFIXES[self.kind])
        dialog = QFileDialog(self, self._title_text, filter=f"{self._title_text} ({names})")
        many = self._limit > 1
        mode = QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add_files(Path(name) for name in names))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up for what can be taken."""
        if of_kind(dropped(event), self.kind):
            event.acceptProposedAction()
            self._set_hovered(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go out again."""
        self._set_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._set_hovered(False)
        event.acceptProposedAction()
        self.add_files(dropped(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Look for files."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look for files by Return or space, and take the last one away by Delete."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.set_files(self._files[:-1])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card: dashed while it is empty, lit while something hovers over it."""
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self._hovered or self.hasFocus()
        pen = QPen(QColor(t.accent if lit else t.border_strong), 2 if lit else 1)
        if not self._files:
            pen.setDashPattern([4, 4])
        painter.setPen(pen)
        under = self._hovered or self.underMouse()
        painter.setBrush(QColor(t.accent_soft if under else t.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), t.radius, t.radius)
        painter.end()

    def _set_hovered(self, hovered: bool) -> None:
        self._hovered = hovered
        self.update()

    def _show_files(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for path in self._files:
            chip = FileChip(path, self._icon)
            chip.removed.connect(lambda gone: self.set_files(f for f in self._files if f != gone))
            self._chips.addWidget(chip)
        self._hint.setVisible(not self._files)
        if self.kind == "images":
            for path in self._files:
                self._thumbnails.ask(path, SIDE * 2)
        self.update()
        self.files_changed.emit()

    def _on_thumbnail(self, path: str, side: int, image: QImage) -> None:
        for place in range(self._chips.count()):
            item = self._chips.itemAt(place)
            chip = item.widget() if item is not None else None
            if isinstance(chip, FileChip) and str(chip.path) == path and side == SIDE * 2:
                chip.thumbnail.set_image(image)


def dropped(event: QDropEvent) -> tuple[Path, ...]:
    """Return the local files of a drag."""
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
