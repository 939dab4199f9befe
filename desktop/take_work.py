"""What the pages do with takes: play, new requests, exports; changes are in ``TakeChanges``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from descant.desktop import actions
from descant.desktop.actions import PackView
from descant.desktop.background import Background
from descant.desktop.context import AppContext
from descant.desktop.engine_holder import describe
from descant.desktop.export import Export, Exported
from descant.desktop.exporter import Exporter
from descant.desktop.library import Library, TakeRecord
from descant.desktop.tag_change import TagChange
from descant.desktop.take_changes import TakeChanges
from descant.desktop.widgets.confirm_dialog import ConfirmDialog
from descant.desktop.widgets.export_dialog import ExportDialog
from descant.desktop.widgets.region_dialog import RegionDialog
from descant.desktop.widgets.tags_dialog import TagsDialog
from descant.runtime import DescantError, Engine, Request
from descant.runtime.pack_summary import summarise

LITTLE, LOT = 0.3, 0.75
"""Strengths of a variation that stays near its take, and of one that goes far."""


class TakeWork(QObject):
    """Does commands; the library is only written off the window's thread."""

    pack_known = Signal(object)
    """What the open pack can do, a ``PackView``."""

    def __init__(self, context: AppContext, over: QWidget) -> None:
        """Prepare.

        Args:
            context: Of the app; it has a library.
            over: Owns the dialogs.
        """
        super().__init__(over)
        self._context, self._over = context, over
        self._library: Library = context.library
        self._background = Background("descant-take-work", self)
        self.changes = TakeChanges(context, self.tell, self)
        self.exporter = Exporter(self._library, self)
        self.exporter.finished.connect(self._on_exported)
        self.exporter.failed.connect(self._on_not_exported)
        self._played: int | None = None
        self.pack: PackView | None = None
        context.queue.engine_changed.connect(lambda *_: self.learn_pack())

    def learn_pack(self) -> None:
        """Ask what the open pack can do."""
        self._context.queue.engine_call(_view_pack, self._on_pack, lambda _: None)

    def do(self, name: str, takes: Sequence[TakeRecord]) -> None:
        """Do a command of ``take_commands`` with takes."""
        first, changes = takes[0], self.changes
        commands: dict[str, Callable[[], Any]] = {
            "play": lambda: self._play(first),
            "more": lambda: self._make(first, actions.more_like_this, self.tr("{0} (more)")),
            "vary": lambda: self._vary(first, actions.VARY_STRENGTH),
            "vary-little": lambda: self._vary(first, LITTLE),
            "vary-lot": lambda: self._vary(first, LOT),
            "continue": lambda: self._make(first, actions.continue_take, self.tr("{0} (next)")),
            "replace": lambda: self._ask_region(first),
            "favourite": lambda: changes.set_favourite(takes, not all(t.favourite for t in takes)),
            "tags": lambda: self._ask_tags(takes),
            "export": lambda: self._ask_export(first),
            "folder": lambda: _show_folder(first.path),
            "delete": lambda: changes.delete(takes),
            "restore": lambda: changes.restore(takes),
            "purge": lambda: self.ask_to_purge(len(takes), takes),
        }
        commands[name]()

    def replace(self, take: TakeRecord, region: tuple[float, float]) -> None:
        """Ask for a part of a take anew, given in seconds."""

        def wish(take: TakeRecord, pack: PackView | None) -> Request:
            return actions.replace_region(take, region, pack)

        self._make(take, wish, self.tr("{0} (variation)"))

    def export(self, wanted: Export) -> None:
        """Write a file in the background."""
        self.exporter.start(wanted)

    def named_file(self, number: int) -> Path | None:
        """Return a take's audio under its title, for a drag; None when it can't be had."""
        try:
            return self._library.named_file(number)
        except DescantError as error:
            self.tell(error)
            return None

    def close(self) -> None:
        """Finish what runs."""
        self._background.close()
        self.changes.close()
        self.exporter.close()

    def _play(self, take: TakeRecord) -> None:
        player = self._context.player
        if player is None:
            self._context.notify(self.tr("There is nothing here that can play."))
            return
        if take.id == self._played and player.state == "playing":
            player.pause()
            return

        def on_samples(found: tuple[Any, int]) -> None:
            self._played = take.id
            player.load(*found)
            player.play()

        self._background.run(partial(self._library.load_samples, take.id), on_samples, self.tell)

    def _make(self, take: TakeRecord, wish: Callable[..., Request], title: str) -> None:
        try:
            request = wish(take, self.pack)
        except DescantError as error:
            self.tell(error)
            return
        plain = take.title
        for ending in (self.tr("{0} (more)"), self.tr("{0} (variation)"), self.tr("{0} (next)")):
            plain = plain.removesuffix(ending.format(""))
        self._context.queue.add(request, title.format(plain), parent=take.id)
        self._context.notify(self.tr("“{0}” is in the queue.").format(title.format(plain)))

    def _vary(self, take: TakeRecord, strength: float) -> None:
        def wish(take: TakeRecord, pack: PackView | None) -> Request:
            return actions.vary(take, pack, strength)

        self._make(take, wish, self.tr("{0} (variation)"))

    def _ask_region(self, take: TakeRecord) -> None:
        dialog = RegionDialog(take, self._over)
        dialog.chosen.connect(lambda region: self.replace(take, region))
        dialog.open()

    def _ask_tags(self, takes: Sequence[TakeRecord]) -> None:
        def change(wanted: TagChange) -> None:
            self.changes.change_tags(takes, wanted)

        def ask(known: list[tuple[str, int]]) -> None:
            dialog = TagsDialog(takes, [tag for tag, _ in known], self._over)
            dialog.chosen.connect(change)
            dialog.open()

        self._background.run(self._library.tags, ask, self.tell)

    def ask_to_purge(self, count: int, takes: Sequence[TakeRecord] | None = None) -> None:
        """Remove deleted takes for good once that is confirmed.

        Args:
            count: How many.
            takes: Which; all that are deleted when it is None.
        """
        title = self.tr("Delete for good?")
        text = self.tr("The take and its files are removed. This can't be undone.")
        if count != 1:
            text = self.tr("{0} takes and their files are removed. This can't be undone.")
        dialog = ConfirmDialog(title, text.format(count), self.tr("Delete for good"), self._over)
        dialog.accepted.connect(lambda: self.changes.purge(takes))
        dialog.open()

    def _ask_export(self, take: TakeRecord) -> None:
        dialog = ExportDialog(take, self._over, taken=self.exporter.targets)
        dialog.chosen.connect(self.export)
        dialog.open()

    def tell(self, error: BaseException) -> None:
        """Say what went wrong and what to do about it."""
        self._context.notify(" ".join(filter(None, describe(error))))

    def _on_pack(self, pack: PackView) -> None:
        self.pack = pack
        self.pack_known.emit(pack)

    def _on_exported(self, wanted: Export, result: Exported) -> None:
        text = self.tr("{0} is written.").format(result.path.name)
        said = " ".join([text, *result.warnings])
        self._context.notify(said, self.tr("Show in folder"), partial(_show_folder, result.path))

    def _on_not_exported(self, wanted: Export, message: str, hint: str) -> None:
        self._context.notify(f"{message} {hint}".strip())


def _view_pack(engine: Engine) -> PackView:
    summary = summarise(engine.pack)
    return PackView(summary.id, frozenset(summary.abilities), summary.family)


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
