"""Play, skip, loop, compare, volume and output: the bar at the foot of a take."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.icons import set_icon
from descant.desktop.player import Player
from descant.desktop.theme import tokens
from descant.desktop.time_view import clock_text
from descant.desktop.widgets.compare_switch import CompareSwitch
from descant.desktop.widgets.output_box import OutputBox
from descant.desktop.widgets.parts import icon_button, row, text_label

PLAY_PIXELS = 52


class Transport(QFrame):
    """Steers a ``Player`` and says why it is silent."""

    skip_requested = Signal(int)
    """Bars, or seconds where there are no bars, to move on by."""
    loop_toggled = Signal(bool)
    output_chosen = Signal(object)
    """Name of an output, or None for the system's."""
    volume_changed = Signal(float)
    """Decibels, at most 0."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._player = player
        self.play_button = self._make_play()
        self.loop_button = icon_button("loop", self.tr("Loop (L)"))
        self.loop_button.setCheckable(True)
        self.loop_button.toggled.connect(self.loop_toggled)
        self.time = text_label("0:00.0", "heading")
        self.time.setAccessibleName(self.tr("Position"))
        self.length = text_label("/ 0:00.0", "soft")
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00.0") + 16)
        self.compare = CompareSwitch(player)
        self.volume = self._make_volume()
        self.output = OutputBox(player.output.refresh)
        self.output.activated.connect(lambda _: self.output_chosen.emit(self.output.currentData()))
        self.silence = text_label("", "warning", wrap=True)
        self._lay_out()
        player.state_changed.connect(self._on_state)
        player.position_changed.connect(self._on_position)
        player.output.changed.connect(self._on_output)
        player.gain_changed.connect(self._on_gain)
        self._on_output()
        self._on_state(player.state)

    def set_looping(self, looping: bool) -> None:
        """Show whether there is a loop, without asking for it."""
        self.loop_button.blockSignals(True)
        self.loop_button.setChecked(looping)
        self.loop_button.blockSignals(False)

    def _make_play(self) -> QToolButton:
        made = icon_button("play", self.tr("Play (space)"), self._player.toggle)
        made.setObjectName("play")
        made.setFixedSize(QSize(PLAY_PIXELS, PLAY_PIXELS))
        set_icon(made, "play", 24, "on_accent")
        self._style_play(made)
        return made

    def _style_play(self, target: QToolButton) -> None:
        t = tokens()
        target.setStyleSheet(
            f"QToolButton {{ background: {t.accent}; border: 2px solid {t.accent}; padding: 0;"
            f" border-radius: {PLAY_PIXELS // 2}px; }}"
            f"QToolButton:hover {{ background: {t.accent_hover}; }}"
            f"QToolButton:pressed {{ background: {t.accent_pressed}; }}"
            f"QToolButton:focus {{ border-color: {t.text}; }}"
        )

    def _make_volume(self) -> QSlider:
        made = QSlider(Qt.Orientation.Horizontal)
        made.setRange(0, 100)
        made.setValue(volume_percent(self._player.gain_db))
        made.setFixedWidth(96)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAccessibleName(self.tr("Volume"))
        made.setToolTip(self.tr("Volume"))
        made.valueChanged.connect(self._on_volume)
        return made

    def _lay_out(self) -> None:
        t = tokens()
        back = icon_button("previous", self.tr("A bar back"), lambda: self.skip_requested.emit(-1))
        ahead = icon_button("next", self.tr("A bar on"), lambda: self.skip_requested.emit(1))
        speaker = QLabel()
        set_icon(speaker, "volume", 18)
        line = row(back, self.play_button, ahead, self.loop_button, spacing=t.space)
        line.addSpacing(t.space)
        line.addLayout(row(self.time, self.length, spacing=t.space // 2))
        line.addStretch(1)
        rest = row(self.compare, None, speaker, self.volume, self.output)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lines.setSpacing(t.space)
        self._halves = (line, rest)
        self._lines.addLayout(line, 1)
        self._lines.addLayout(rest, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * t.space, t.space, 2 * t.space, t.space)
        column.setSpacing(t.space)
        column.addWidget(self.silence)
        column.addLayout(self._lines)

    def minimumSizeHint(self) -> QSize:
        """Take any width: what does not fit goes to another line, or loses its words."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take two lines where one is too short."""
        needed = sum(half.sizeHint().width() for half in self._halves) + 6 * tokens().space
        narrow = event.size().width() < needed
        self._lines.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        super().resizeEvent(event)

    def _on_volume(self, percent: int) -> None:
        self._player.set_gain_db(volume_db(percent))
        self.volume_changed.emit(volume_db(percent))

    def _on_gain(self, gain_db: float) -> None:
        with QSignalBlocker(self.volume):
            self.volume.setValue(volume_percent(gain_db))

    def _on_state(self, state: str) -> None:
        playing = state == "playing"
        name = self.tr("Pause (space)") if playing else self.tr("Play (space)")
        self.play_button.setAccessibleName(name)
        self.play_button.setToolTip(name)
        set_icon(self.play_button, "pause" if playing else "play", 24, "on_accent")
        self.play_button.setEnabled(self._player.seconds > 0)

    def _on_position(self, seconds: float) -> None:
        text = clock_text(seconds)
        if text != self.time.text():
            self.time.setText(text)
        length = f"/ {clock_text(self._player.seconds)}"
        if length != self.length.text():
            self.length.setText(length)
            self.play_button.setEnabled(self._player.seconds > 0)

    def _on_output(self) -> None:
        self.output.show_devices(self._player.output.found.outputs, self._player.output.device)
        reason = self._player.output.silent_reason
        self.silence.setText(reason or "")
        self.silence.setVisible(reason is not None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._style_play(self.play_button)
        super().changeEvent(event)


def volume_db(percent: int) -> float:
    """Return the gain of a slider's place: half of it sounds about half as loud."""
    return 40.0 * math.log10(percent / 100) if percent > 0 else -100.0


def volume_percent(gain_db: float) -> int:
    """Return the place of a gain."""
    return round(100 * 10 ** (min(gain_db, 0.0) / 40)) if gain_db > -80 else 0
