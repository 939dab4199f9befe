"""What whole pages are built of: title and column, cards with rows, badges, empty states."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens
from descant.desktop.widgets import parts
from descant.desktop.widgets.parts import restyle, scrolled, text_label

PAGE_WIDTH = 920
"""Lines longer than this are hard to read."""
BADGE_HEIGHT = 22
TILE = 44
Item = QWidget | QLayout
Box = TypeVar("Box", bound=QBoxLayout)


def label(text: str = "", kind: str = "", wrap: bool = False) -> QLabel:
    """Return a text in one of the style sheet's kinds; one that wraps takes what room there is."""
    made = text_label(text, kind, wrap)
    if wrap:
        # Of itself it asks for the height that it has when it is narrowest, always. What it needs
        # at the width it is given the layouts ask for anyway.
        made.setMinimumSize(80, 1)
    return made


def button(
    text: str, on_click: Callable[[], object], kind: str = "", icon: str = "", name: str = ""
) -> QPushButton:
    """Return a button; ``name`` is for screen readers, where ``text`` alone says too little."""
    roles = {"primary": "on_accent", "danger": "danger"}
    made = parts.button(text, kind, icon, roles.get(kind, "") if icon else "")
    made.setAccessibleName(name or text)
    made.clicked.connect(lambda: on_click())
    return made


def badge(text: str, tone: str = "") -> QLabel:
    """Return a small label with a tint; ``tone`` is ``warning``, ``problem``, ``plain`` or none."""
    made = label(text, "badge")
    made.setProperty("tone", tone)
    made.setFixedHeight(BADGE_HEIGHT)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def row(*items: Item | int, gap: int = 1) -> QHBoxLayout:
    """Lay items side by side; a number is a stretch of so much, ``gap`` counts steps of 8 px."""
    return _filled(QHBoxLayout(), items, gap)


def column(*items: Item | int, gap: int = 1) -> QVBoxLayout:
    """Lay items below each other, as ``row``."""
    return _filled(QVBoxLayout(), items, gap)


def card(*items: Item | int, gap: int = 1, name: str = "") -> QFrame:
    """Return a card with items below each other."""
    made = QFrame()
    made.setProperty("kind", "card")
    if name:
        made.setAccessibleName(name)
    space = tokens().space
    inside = column(*items, gap=gap)
    inside.setContentsMargins(space * 5 // 2, space * 2, space * 5 // 2, space * 2)
    made.setLayout(inside)
    return made


def line() -> QFrame:
    """Return a thin line between rows of a card."""
    made = QFrame()
    made.setProperty("kind", "line")
    return made


def picture(name: str, size: int = 24, role: str = "") -> QLabel:
    """Return an icon that stands beside a text and says nothing by itself."""
    made = QLabel()
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    set_icon(made, name, size, role)
    return made


def tile(name: str, accent: bool = False) -> QLabel:
    """Return an icon on a tinted square, which marks a card."""
    made = picture(name, 24, "accent_text" if accent else "")
    made.setProperty("kind", "tile")
    made.setProperty("tone", "accent" if accent else "")
    made.setFixedSize(TILE, TILE)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def titled(title: str, text: str = "") -> QVBoxLayout:
    """Return a heading with a softer line below it."""
    lines = [label(title, "heading")]
    if text:
        lines.append(label(text, "soft", wrap=True))
    made = column(*lines)
    made.setSpacing(tokens().space // 2)
    return made


def empty_state(icon: str, title: str, text: str, *actions: QWidget) -> QFrame:
    """Return what stands where nothing is yet: a picture, a sentence, what to do."""
    lines: list[QWidget] = [picture(icon, 40, "text_faint"), label(title, "heading")]
    lines.append(label(text, "soft", wrap=True))
    for each in lines:
        if isinstance(each, QLabel):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    made = card(gap=1)
    inside = made.layout()
    assert isinstance(inside, QVBoxLayout)
    inside.addSpacing(tokens().space * 2)
    for each in lines[:2]:
        inside.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
    inside.addWidget(lines[2])
    if actions:
        inside.addSpacing(tokens().space)
        inside.addLayout(row(1, *actions, 1))
    inside.addSpacing(tokens().space * 2)
    return made


def page(owner: QWidget, title: str, subtitle: str, *actions: QWidget) -> QVBoxLayout:
    """Give a page its title, the buttons beside it, and a column that scrolls; returns that."""
    space = tokens().space
    body = QWidget()
    body.setMaximumWidth(PAGE_WIDTH)
    inside = QVBoxLayout(body)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(space * 2)
    words = column(label(title, "title"), label(subtitle, "soft", wrap=True))
    words.setSpacing(space // 2)
    head = row(gap=1)
    head.addLayout(words, 1)
    for each in actions:
        head.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
    inside.addLayout(head)
    inside.addSpacing(space // 2)
    around = QWidget()
    sides = QHBoxLayout(around)
    sides.setContentsMargins(space * 4, space * 4, space * 4, space * 4)
    sides.addWidget(body, 1, Qt.AlignmentFlag.AlignTop)
    outer = QVBoxLayout(owner)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scrolled(around))
    return inside


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def set_kind(widget: QWidget, kind: str) -> None:
    """Change a widget's kind and have it drawn anew."""
    widget.setProperty("kind", kind)
    restyle(widget)


def _filled(box: Box, items: tuple[Item | int, ...], gap: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap * tokens().space)
    for item in items:
        if isinstance(item, int):
            box.addStretch(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)
    return box
