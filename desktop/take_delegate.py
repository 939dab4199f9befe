"""How a take looks in the list: a card with its waveform, title, words and star."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from descant.desktop.icons import pixmap
from descant.desktop.library import TakeRecord
from descant.desktop.take_model import TAKE_ROLE
from descant.desktop.take_words import details_text, length_text
from descant.desktop.theme import Tokens, tokens

Index = QModelIndex | QPersistentModelIndex
ROW, GAP, WAVE, STAR, LENGTH = 88, 8, 148, 96, 56
_BAR, _BARS = 3, WAVE // 3


class TakeDelegate(QStyledItemDelegate):
    """Paints takes in the theme's tokens."""

    star_clicked = Signal(object)
    """The ``TakeRecord`` whose star was clicked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row, which is that of all rows."""
        return QSize(320, ROW + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        take = index.data(TAKE_ROLE)
        if not isinstance(take, TakeRecord):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, state = tokens(), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        card = card_of(option.rect)
        _paint_card(painter, card, t, chosen, focused, hovered)
        area = wave_of(card)
        ratio = painter.device().devicePixelRatioF()
        if take.missing:
            mark = pixmap("warning", 24, t.warning, ratio)
            painter.drawPixmap(area.center() - QPointF(12, 12), mark)
        else:
            shade = t.accent if chosen else t.wave
            wave = _wave(take.peaks, area.size().toSize(), shade, ratio)
            painter.drawPixmap(area.topLeft(), wave)
        _paint_star(painter, star_of(card), take.favourite, chosen or hovered, t)
        _paint_text(painter, card, take, t, chosen)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field in which a title is typed."""
        field = QLineEdit(parent)
        field.setAccessibleName(self.tr("Title"))
        field.setMaxLength(200)
        return field

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lay the field over the title."""
        text = text_of(card_of(option.rect))
        editor.setGeometry(QRect(int(text.x()) - 10, int(text.y()) + 6, int(text.width()), 36))

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Take a click on the star."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            star = star_of(card_of(option.rect))
            if event.button() == Qt.MouseButton.LeftButton and star.contains(event.position()):
                self.star_clicked.emit(index.data(TAKE_ROLE))
                return True
        return super().editorEvent(event, model, option, index)


def card_of(row: QRect) -> QRectF:
    """Return where the card of a row is."""
    return QRectF(row).adjusted(2, 1, -2, -GAP + 1)


def wave_of(card: QRectF) -> QRectF:
    """Return where the waveform is."""
    return QRectF(card.x() + 16, card.y() + 20, WAVE, card.height() - 40)


def star_of(card: QRectF) -> QRectF:
    """Return where the star and its word are."""
    return QRectF(card.right() - 16 - STAR, card.y(), STAR, card.height())


def text_of(card: QRectF) -> QRectF:
    """Return where title, words and details are."""
    left = card.x() + 16 + WAVE + 24
    return QRectF(left, card.y(), card.right() - 16 - STAR - LENGTH - left - 16, card.height())


def _paint_card(
    painter: QPainter, card: QRectF, t: Tokens, chosen: bool, focused: bool, hovered: bool
) -> None:
    ground = t.accent_soft if chosen else t.raised if hovered else t.surface
    edge = QPen(QColor(t.accent if chosen or focused else t.border), 2.0 if focused else 1.0)
    painter.setPen(edge)
    painter.setBrush(QColor(ground))
    inset = edge.widthF() / 2
    painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), t.radius, t.radius)


@lru_cache(maxsize=128)
def _wave(peaks: bytes, size: QSize, colour: str, ratio: float) -> QPixmap:
    """Return a waveform: drawing its bars anew would take most of a row's time."""
    made, height = QPixmap(size * ratio), size.height()
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    for bar, level in enumerate(_bars(peaks)):
        half = max(level * height / 2, 1.0)
        place = QRectF(bar * _BAR, height / 2 - half, _BAR - 1, 2 * half)
        painter.drawRoundedRect(place, 1.0, 1.0)
    painter.end()
    return made


def _bars(peaks: bytes) -> tuple[float, ...]:
    """Return heights 0 … 1 of an outline, the loudest being 1."""
    if not peaks or not max(peaks):
        return (0.0,) * _BARS
    most, count = max(peaks), len(peaks)
    edges = [bar * count // _BARS for bar in range(_BARS + 1)]
    return tuple(max(peaks[a : max(b, a + 1)]) / most for a, b in pairwise(edges))


def _paint_star(painter: QPainter, area: QRectF, full: bool, awake: bool, t: Tokens) -> None:
    """Draw a star, full with its word for a favourite, else an outline."""
    if not full and not awake:
        return
    ratio = painter.device().devicePixelRatioF()
    star = _star(full, t.star if full else t.text_soft, ratio)
    painter.drawPixmap(QPointF(area.center().x() - 11, area.center().y() - 19), star)
    painter.setFont(font_of(painter, t.font_small))
    painter.setPen(QColor(t.text_soft))
    text = QRectF(area.x(), area.center().y() + 6, area.width(), 18)
    painter.drawText(text, Qt.AlignmentFlag.AlignHCenter, _word(full))


def _word(full: bool) -> str:
    if full:
        return QCoreApplication.translate("TakeDelegate", "Favourite")
    return QCoreApplication.translate("TakeDelegate", "Add star")


@lru_cache(maxsize=16)
def _star(full: bool, colour: str, ratio: float) -> QPixmap:
    return pixmap("star-full" if full else "star", 22, colour, ratio)


def font_of(painter: QPainter, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the app's font in a size."""
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _paint_text(painter: QPainter, card: QRectF, take: TakeRecord, t: Tokens, chosen: bool) -> None:
    area = text_of(card)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(t.text))
    painter.setFont(font_of(painter, t.font, QFont.Weight.Medium))
    length = QRectF(area.right() + 16, card.y(), LENGTH, card.height())
    painter.drawText(length, right, length_text(take.seconds))
    words = take.prompt if take.prompt.casefold() != take.title.casefold() else ""
    top = area.y() + (13 if words else 22)
    painter.setFont(font_of(painter, t.font + 1, QFont.Weight.DemiBold))
    _line(painter, QRectF(area.x(), top, area.width(), 22), take.title)
    if words:
        painter.setPen(QColor(t.text_soft))
        painter.setFont(font_of(painter, t.font))
        _line(painter, QRectF(area.x(), top + 22, area.width(), 20), words)
    foot = QRectF(area.x(), top + (44 if words else 25), area.width(), 18)
    painter.setFont(font_of(painter, t.font_small))
    painter.setPen(QColor(t.warning if take.missing else t.text_soft))
    details = _missing() if take.missing else details_text(take)
    used = _line(painter, foot, details)
    _paint_tags(painter, foot.adjusted(used + 12, -1, 0, 1), take.tags, t, chosen)


def _missing() -> str:
    return QCoreApplication.translate("TakeDelegate", "The audio file is missing")


def _line(painter: QPainter, area: QRectF, text: str) -> float:
    """Draw one line, cut where it does not fit, and return how wide it is."""
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def _paint_tags(
    painter: QPainter, area: QRectF, tags: tuple[str, ...], t: Tokens, chosen: bool
) -> None:
    metrics, left = QFontMetricsF(painter.font()), area.x()
    for tag in tags:
        width = metrics.horizontalAdvance(tag) + 16
        if left + width > area.right():
            break
        badge = QRectF(left, area.y(), width, area.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.surface if chosen else t.accent_soft))
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setPen(QColor(t.accent_text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, tag)
        left += width + 6
