"""What is known of a take, in words: how it was made, from what, and how long that took."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from descant.desktop.take_data import TakeData
from descant.desktop.theme import tokens
from descant.desktop.time_view import clock_text
from descant.desktop.widgets.parts import button, restyle, text_label

WIDTH = 272


class TakeDetailsCard(QFrame):
    """A card of facts, each with its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        t = tokens()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * t.space, 2 * t.space, 2 * t.space, 2 * t.space)
        self._column.setSpacing(t.space)
        self._inside: QWidget | None = None
        self._parts: QBoxLayout | None = None
        self._direction = QBoxLayout.Direction.TopToBottom
        self._receipt: dict[str, Any] = {}
        self.setAccessibleName(self.tr("About this take"))

    def show_take(self, data: TakeData) -> None:
        """Show what is known of a take."""
        self._receipt = data.record.receipt
        if self._inside is not None:
            self._column.removeWidget(self._inside)
            self._inside.deleteLater()
        self._inside = self._page(data)
        self._column.addWidget(self._inside)
        restyle(self)

    def text(self) -> str:
        """Return all that is shown, line by line."""
        labels = [] if self._inside is None else self._inside.findChildren(QLabel)
        return "\n".join(label.text() for label in labels)

    def _page(self, data: TakeData) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens().space)
        for warning in data.details.warnings:
            column.addWidget(text_label(warning, "warning", wrap=True))
        self._parts = QBoxLayout(self._direction)
        self._parts.setSpacing(3 * tokens().space)
        self._add_part(self.tr("How it was made"), self._made(data), self._copy_button())
        if data.details.retrieved:
            self._add_part(self.tr("Melody used"), self._melody(data.details.retrieved[0]))
        if data.details.timings_ms:
            self._add_part(self.tr("Time it took"), self._timings(data.details.timings_ms))
        column.addLayout(self._parts)
        column.addStretch(1)
        return page

    def set_flat(self, flat: bool) -> None:
        """Lay the parts side by side, under the views, or under each other beside them."""
        self._direction = (
            QBoxLayout.Direction.LeftToRight if flat else QBoxLayout.Direction.TopToBottom
        )
        if self._parts is not None:
            self._parts.setDirection(self._direction)

    def _add_part(
        self, title: str, facts: list[tuple[str, str]], foot: QWidget | None = None
    ) -> None:
        assert self._parts is not None
        part = QVBoxLayout()
        part.setSpacing(tokens().space)
        part.addWidget(text_label(title, "heading"))
        part.addLayout(_facts(facts))
        if foot is not None:
            part.addWidget(foot, 0, Qt.AlignmentFlag.AlignLeft)
        part.addStretch(1)
        self._parts.addLayout(part, 1)

    def _copy_button(self) -> QWidget:
        copy = button(self.tr("Copy the receipt"), "quiet", "copy")
        copy.setToolTip(self.tr("Request, seed and pack as JSON: enough to make it again"))
        copy.clicked.connect(self.copy_receipt)
        return copy

    def copy_receipt(self) -> None:
        """Put the receipt on the clipboard."""
        text = json.dumps(self._receipt, indent=2, ensure_ascii=False)
        QGuiApplication.clipboard().setText(text)

    def _made(self, data: TakeData) -> list[tuple[str, str]]:
        music = data.record.receipt.get("music") or {}
        pack = data.record.receipt.get("pack") or {}
        tempo = music.get("tempo_bpm")
        facts = [
            (self.tr("Length"), clock_text(data.record.seconds)),
            (self.tr("Tempo"), self.tr("{0:g} bpm").format(tempo) if tempo else ""),
            (self.tr("Key"), str(music.get("key") or "")),
            (self.tr("Metre"), f"{music['beats_per_bar']}/4" if music else ""),
            (self.tr("Seed"), str(data.record.seed)),
            (self.tr("Pack"), f"{pack.get('id', '')} {pack.get('version', '')}".strip()),
            (self.tr("Device"), str(data.record.device)),
        ]
        seam = data.details.seam_score
        return [*facts, (self.tr("Seam"), "" if seam is None else f"{seam:.2f}")]

    def _melody(self, neighbour: Any) -> list[tuple[str, str]]:
        tempo = neighbour.tempo_bpm
        return [
            (self.tr("Title"), neighbour.title),
            (self.tr("Fit"), f"{neighbour.similarity:.2f}"),
            (self.tr("Style"), ", ".join(filter(None, (neighbour.genre, neighbour.mood)))),
            (self.tr("Written in"), neighbour.key or ""),
            (self.tr("Written at"), self.tr("{0:g} bpm").format(tempo) if tempo else ""),
            (self.tr("Licence"), neighbour.licence or ""),
        ]

    def _timings(self, timings: dict[str, float]) -> list[tuple[str, str]]:
        names = {
            "prepare": self.tr("Understand"),
            "condition": self.tr("Prepare"),
            "sample": self.tr("Compose"),
            "decode": self.tr("Decode"),
            "vocode": self.tr("Sound"),
            "finish": self.tr("Finish"),
        }
        facts = [(names.get(name, name), _duration(ms)) for name, ms in timings.items()]
        return [*facts, (self.tr("In all"), _duration(sum(timings.values())))]


def _facts(facts: list[tuple[str, str]]) -> QGridLayout:
    """Lay names and values side by side; what is not known is left out."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * tokens().space)
    grid.setVerticalSpacing(tokens().space // 2)
    grid.setColumnStretch(1, 1)
    for place, (name, value) in enumerate((n, v) for n, v in facts if v):
        label = text_label(name, "small")
        shown = text_label(value, wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(f"{name}: {value}")
        grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, place, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.2f} s"
