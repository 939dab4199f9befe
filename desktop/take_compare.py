"""Chooses a second take to compare with, and shows the one that is heard."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from descant.desktop.background import Background
from descant.desktop.engine_holder import describe
from descant.desktop.player import Player
from descant.desktop.take_data import TakeData
from descant.desktop.widgets.compare_switch import CompareSwitch

OFFERED = 12


class TakeCompare(QObject):
    """Between the library, the player and the A/B switch."""

    heard = Signal(object, int)
    """Samples and rate of the take that is heard from now on."""
    failed = Signal(str)

    def __init__(self, library: Any, player: Player, switch: CompareSwitch) -> None:
        super().__init__(switch)
        self._library, self._player, self._switch = library, player, switch
        self._work = Background("descant-compare", self)
        self._first: TakeData | None = None
        self._sounds: dict[str, tuple[Any, int]] = {}
        self._shown = "a"
        switch.choose_requested.connect(self._offer)
        switch.end_requested.connect(player.end_comparison)
        player.comparison_changed.connect(self._show)

    def set_take(self, data: TakeData) -> None:
        """Compare others with this one."""
        self._work.drop()
        self._first, self._shown = data, "a"
        self._sounds = {"a": (data.samples, data.sample_rate)}

    def compare(self, number: int) -> None:
        """Load another take and hear it as B."""
        first = self._first
        if first is None:
            return

        def load() -> tuple[str, Any, int]:
            samples, rate = self._library.load_samples(number)
            return str(self._library.get(number).title), samples, rate

        self._work.run(load, lambda found: self._take(first, *found), self._fail)

    def _take(self, first: TakeData, title: str, samples: Any, rate: int) -> None:
        if first is self._first:
            self._sounds["b"] = (samples, rate)
            self._switch.set_names(first.record.title, title)
            self._player.compare(samples, rate)

    def _offer(self) -> None:
        first = self._first
        if first is not None:
            self._work.run(lambda: self._library.takes(limit=OFFERED + 1), self._open, self._fail)

    def _open(self, takes: list[Any]) -> None:
        menu = self.menu(takes)
        menu.popup(self._switch.mapToGlobal(self._switch.rect().topLeft()))

    def menu(self, takes: list[Any]) -> QMenu:
        """Return the takes to choose from, relatives of the one that is shown first."""
        menu = QMenu(self._switch)
        here = None if self._first is None else self._first.record
        others = [take for take in takes if here is None or take.id != here.id]
        if here is not None:
            family = {here.id, here.parent} - {None}
            others.sort(key=lambda take: take.parent not in family and take.id not in family)
        for take in others[:OFFERED]:
            action = menu.addAction(f"{take.title}  ·  {take.seed}")
            action.triggered.connect(lambda _=False, n=take.id: self.compare(n))
        if not others:
            menu.addAction(self.tr("There is no other take yet")).setEnabled(False)
        return menu

    def _show(self) -> None:
        chosen = self._player.chosen
        if chosen != self._shown and chosen in self._sounds:
            self._shown = chosen
            self.heard.emit(*self._sounds[chosen])

    def _fail(self, error: Exception) -> None:
        self.failed.emit(" ".join(filter(None, describe(error))))
