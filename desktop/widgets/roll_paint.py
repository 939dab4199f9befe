"""How a piano roll looks: keys, grid, notes and velocities."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from descant.desktop.theme import Tokens, tokens
from descant.desktop.widgets.roll_layout import RollLayout
from descant.models.theory.notes import PITCH_NAMES
from descant.runtime import Note

_BLACK = (1, 3, 6, 8, 10)
NO_PEN = Qt.PenStyle.NoPen


def note_name(pitch: int) -> str:
    """Return a name such as C4, the middle one."""
    return f"{PITCH_NAMES[pitch % 12]}{pitch // 12 - 1}"


def paint_rows(painter: QPainter, layout: RollLayout, gutter: int) -> None:
    """Paint a row for each pitch, with the keys of a piano to the left."""
    t, area, height = tokens(), layout.notes_area(), layout.row_height()
    font = painter.font()
    font.setPixelSize(11)
    painter.setFont(font)
    for pitch in range(layout.low, layout.low + layout.rows):
        top = layout.top(pitch)
        black = pitch % 12 in _BLACK
        if black:
            painter.fillRect(QRectF(area.left(), top, area.width(), height), QColor(t.raised))
        if pitch % 12 == 0:
            painter.setPen(QPen(QColor(t.border), 1))
            painter.drawLine(
                QPointF(area.left(), top + height), QPointF(area.right(), top + height)
            )
        _paint_key(painter, t, QRectF(gutter - 22, top, 18, height), pitch, black)


def _paint_key(painter: QPainter, t: Tokens, key: QRectF, pitch: int, black: bool) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(QColor(t.border_strong if black else t.raised))
    painter.drawRoundedRect(key.adjusted(0, 0.5, 0 if not black else -6, -0.5), 2, 2)
    if pitch % 12 == 0:
        painter.setPen(QColor(t.text_soft))
        label = QRectF(0, key.center().y() - 8, key.left() - 5, 16)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(label, side, note_name(pitch))


def paint_grid(
    painter: QPainter, layout: RollLayout, first: float, last: float, beats_per_bar: int
) -> None:
    """Paint beats and bars between two beats; beats go where they would lie too close."""
    t, area, lane = tokens(), layout.notes_area(), layout.lane()
    close = layout.column_of(1.0) - layout.column_of(0.0) < 8
    for beat in range(math.floor(first), math.ceil(last) + 1):
        bar = beat % beats_per_bar == 0
        x = layout.column_of(beat)
        if (close and not bar) or not area.left() - 1 <= x <= area.right() + 1:
            continue
        colour = QColor(t.border_strong if bar else t.border)
        colour.setAlphaF(0.55 if bar else 0.8)
        painter.setPen(QPen(colour, 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, lane.bottom()))


def paint_backdrop(painter: QPainter, layout: RollLayout, notes: Iterable[Note]) -> None:
    """Paint notes that sound beside the melody."""
    shade = QColor(tokens().wave)
    shade.setAlphaF(0.55)
    painter.setPen(NO_PEN)
    painter.setBrush(shade)
    for note in notes:
        if layout.low <= note.pitch < layout.low + layout.rows:
            painter.drawRoundedRect(layout.rect(note), 2, 2)


def paint_notes(
    painter: QPainter, layout: RollLayout, notes: Iterable[Note], selected: frozenset[Note]
) -> None:
    """Paint a melody: stronger notes in a fuller colour, selected ones with a rim."""
    t = tokens()
    for note in notes:
        rect, chosen = layout.rect(note), note in selected
        fill = QColor(t.accent)
        fill.setAlphaF(0.5 + 0.5 * note.velocity / 127)
        painter.setPen(QPen(QColor(t.text), 2) if chosen else NO_PEN)
        painter.setBrush(fill)
        if layout.low <= note.pitch < layout.low + layout.rows:
            radius = min(4.0, rect.height() / 2)
            painter.drawRoundedRect(rect, radius, radius)
            if rect.width() > 30 and rect.height() >= 11:
                painter.setPen(QColor(t.on_accent))
                painter.drawText(
                    rect.adjusted(5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, note_name(note.pitch)
                )
        painter.setPen(NO_PEN)
        painter.setBrush(QColor(t.text) if chosen else fill)
        stem = layout.stem(note)
        painter.drawRoundedRect(stem, 2, 2)


def paint_lane(painter: QPainter, layout: RollLayout, name: str) -> None:
    """Paint the ground on which the velocities stand."""
    t, lane = tokens(), layout.lane()
    painter.setPen(QPen(QColor(t.border), 1))
    for y in (lane.top() - 3, lane.bottom()):
        painter.drawLine(QPointF(lane.left(), y), QPointF(lane.right(), y))
    painter.setPen(QColor(t.text_soft))
    font = painter.font()
    font.setPixelSize(11)
    painter.setFont(font)
    side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(0, lane.top(), lane.left() - 8, lane.height()), side, name)
