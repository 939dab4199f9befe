"""The takes that were made just now, each with a play button and its waveform."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.queue_item import QueueItem
from descant.desktop.theme import tokens
from descant.desktop.widgets.file_chip import ElidedLabel
from descant.desktop.widgets.parts import button, icon_button, row, text_label
from descant.desktop.widgets.queue_model import clock
from descant.runtime import Clip

SHOWN, MAX_BYTES = 8, 200_000_000
_BARS = 40


class MiniWave(QWidget):
    """A waveform of a few bars; those before ``share`` are in the accent's colour."""

    def __init__(self, peaks: NDArray[np.float32], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._peaks = peaks
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a flat strip."""
        return QSize(120, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        step = self.width() / len(self._peaks)
        for number, peak in enumerate(self._peaks):
            played = number / len(self._peaks) < self.share
            painter.setBrush(QColor(t.accent if played else t.wave))
            height = max(self.height() * float(peak), 2.0)
            top = (self.height() - height) / 2
            painter.drawRoundedRect(QRectF(number * step, top, step * 0.6, height), 1, 1)
        painter.end()


class TakeCard(QFrame):
    """One take that can be played, and opened by a click.

    One that could not be kept says so, with a button to try again.
    """

    play_asked = Signal(object)
    open_asked = Signal(object)
    save_asked = Signal(object)

    def __init__(
        self,
        clip: Clip,
        title: str,
        unsaved_of: QueueItem | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.clip = clip
        self.record: Any = None
        self.unsaved_of = unsaved_of
        self.setProperty("kind", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.play = icon_button("play", self.tr("Play {0}").format(title))
        set_icon(self.play, "play", 22, "accent_text")
        self.play.clicked.connect(lambda: self.play_asked.emit(self))
        name = ElidedLabel(title)
        name.setStyleSheet("font-weight: 600;")
        about = text_label(
            self.tr("{0} · seed {1}").format(clock(clip.seconds), clip.seed), "small"
        )
        self.wave = MiniWave(peaks(clip.samples))
        words = QVBoxLayout()
        words.setSpacing(2)
        for widget in (name, about, self.wave):
            words.addWidget(widget)
        self._unsaved = text_label(self.tr("Not saved"), "error")
        self.save = button(self.tr("Save again"), "", "export")
        self.save.clicked.connect(lambda: self.save_asked.emit(self.unsaved_of))
        words.addLayout(row(self._unsaved, None, self.save))
        self._show_saved(unsaved_of is None)
        line = QHBoxLayout(self)
        pad = tokens().space * 3 // 2
        line.setContentsMargins(pad, pad, pad, pad)
        line.setSpacing(pad)
        line.addWidget(self.play)
        line.addLayout(words, 1)

    def show_playing(self, playing: bool) -> None:
        """Show a pause sign while it plays."""
        set_icon(self.play, "pause" if playing else "play", 22, "accent_text")

    def set_record(self, record: Any) -> None:
        """Take note that it was kept."""
        self.record = record
        self._show_saved(True)

    def _show_saved(self, saved: bool) -> None:
        self._unsaved.setVisible(not saved)
        self.save.setVisible(not saved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the take."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.open_asked.emit(self)


class RecentTakes(QWidget):
    """The newest takes, newest first."""

    open_take = Signal(int)
    """Its id in the library."""
    save_asked = Signal(object)
    """The ``QueueItem`` of a take that could not be kept."""

    def __init__(self, player: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._cards: deque[TakeCard] = deque()
        self._playing: TakeCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens().space)
        self._column.addStretch(1)
        if player is not None:
            player.position_changed.connect(self._on_position)
            player.state_changed.connect(self._on_state)

    @property
    def cards(self) -> tuple[TakeCard, ...]:
        """What is shown, newest first."""
        return tuple(self._cards)

    def add(self, clip: Clip, title: str, unsaved_of: QueueItem | None = None) -> TakeCard:
        """Show a take at the top; the oldest one goes when there are too many.

        ``unsaved_of`` is the item of one that could not be kept.
        """
        card = TakeCard(clip, title, unsaved_of)
        card.save_asked.connect(self.save_asked)
        card.play_asked.connect(self.toggle)
        card.open_asked.connect(self._open)
        self._cards.appendleft(card)
        self._column.insertWidget(0, card)
        while len(self._cards) > SHOWN or (len(self._cards) > 1 and self._bytes() > MAX_BYTES):
            old = self._cards.pop()
            if old is self._playing:
                self._playing = None
            self._column.removeWidget(old)
            old.deleteLater()
        return card

    def set_record(self, record: Any) -> None:
        """Tie the library's record to the card of its seed that has none yet."""
        for card in self._cards:
            if card.record is None and card.clip.seed == record.seed:
                card.set_record(record)
                return

    def toggle(self, card: TakeCard) -> None:
        """Play a take, or pause it."""
        if self._player is None:
            return
        if card is self._playing and self._player.holds(card.clip.samples):
            self._player.toggle()
            return
        self._rest()
        self._playing = card
        self._player.load(card.clip.samples, card.clip.sample_rate)
        self._player.play()

    def _bytes(self) -> int:
        """Return the memory that the clips take."""
        return sum(card.clip.samples.nbytes for card in self._cards)

    def _open(self, card: TakeCard) -> None:
        if card.record is not None:
            self.open_take.emit(card.record.id)
        else:
            self.toggle(card)

    def _on_position(self, seconds: float) -> None:
        card = self._playing
        if card is None:
            return
        if not self._player.holds(card.clip.samples):  # another page plays something else
            self._rest()
            return
        card.wave.share = seconds / max(card.clip.seconds, 1e-6)
        card.wave.update()

    def _on_state(self, state: str) -> None:
        if self._playing is not None:
            self._playing.show_playing(state == "playing")

    def _rest(self) -> None:
        """Show that no card plays."""
        card, self._playing = self._playing, None
        if card is not None:
            card.show_playing(False)
            card.wave.share = 0.0
            card.wave.update()


def peaks(samples: NDArray[np.float32], bars: int = _BARS) -> NDArray[np.float32]:
    """Return (bars,) loudness, 0 … 1, of (A, N) samples; a thousand of each bar are looked at."""
    count = samples.shape[1]
    edges = np.linspace(0, count, bars + 1).astype(int)
    parts = [samples[0, a:b][:: max((b - a) // 1000, 1)] for a, b in pairwise(edges)]
    found = np.array([float(np.sqrt(np.mean(np.square(p)))) if len(p) else 0.0 for p in parts])
    return (found / max(float(found.max(initial=0.0)), 1e-9)).astype(np.float32)
