"""The Packs page: what makes the music, where it comes from, and which of it is used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.engine_choice import same_pack, use_pack
from descant.desktop.pack_keeper import PackKeeper
from descant.desktop.widgets.news import News
from descant.desktop.widgets.pack_card import PackCard
from descant.desktop.widgets.page_parts import button, clear, label, page, picture, row
from descant.desktop.widgets.parts import restyle
from descant.runtime import CheckedPack, RemovedPack, StoredPack

STARTER = "starter"


class PacksPage(QWidget):
    """Lists packs; a ``.descant`` file or a folder can be dropped anywhere on it."""

    navigate = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.keeper = PackKeeper(
            context.settings.value.packs_folder, context.settings.value.pack, self
        )
        self.cards: list[PackCard] = []
        self._packs: list[StoredPack] = []
        self.setAcceptDrops(True)
        install = button(self.tr("Install a pack …"), self.choose_file, "primary", "add")
        install.setShortcut("Ctrl+O")
        inside = page(
            self,
            self.tr("Packs"),
            self.tr(
                "A pack holds the networks that make the music. What it has learned from and "
                "its licence travel with it."
            ),
            install,
        )
        self.news = News()
        self._list = QVBoxLayout()
        self._list.setSpacing(inside.spacing())
        inside.addWidget(self.news)
        inside.addLayout(self._list)
        inside.addWidget(self._make_drop_field())
        self._connect_keeper()
        context.settings.changed.connect(self._on_settings)
        context.queue.engine_failed.connect(self._on_engine_failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the packs again: somebody may have moved one."""
        super().showEvent(event)
        self.keeper.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop.setProperty("over", True)
            restyle(self._drop)

    def dragLeaveEvent(self, event: object) -> None:
        """Look as before."""
        self._drop.setProperty("over", False)
        restyle(self._drop)

    def dropEvent(self, event: QDropEvent) -> None:
        """Install what was dropped."""
        self.dragLeaveEvent(event)
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.keeper.install(Path(url.toLocalFile()))

    def choose_file(self) -> None:
        """Ask for a file to install."""
        filters = self.tr("Packs (*.descant pack.json)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Install a pack"), "", filters)
        if path:
            self.keeper.install(Path(path))

    def use(self, pack: StoredPack) -> None:
        """Make music with a pack from now on."""
        use_pack(self._context, pack)
        self._context.notify(self.tr("{0} makes the music from now on").format(_name(pack)))

    def remove(self, pack: StoredPack) -> None:
        """Move a pack aside; one that is in use is let go of first."""
        if not self._is_in_use(pack):
            self.keeper.remove(pack)
            return
        self._context.settings.update(pack=STARTER)
        self._context.queue.set_engine(STARTER, self._context.settings.value.device)
        # After what is being made now: on Windows an open file can't be moved.
        self._context.queue.engine_call(
            lambda engine: None,
            lambda _: self.keeper.remove(pack),
            lambda _: self.keeper.remove(pack),
        )

    def close_threads(self) -> None:
        """Stop what runs beside the window."""
        self.keeper.close()

    def _connect_keeper(self) -> None:
        keeper = self.keeper
        keeper.listed.connect(self._show)
        keeper.install_began.connect(self._on_install_began)
        keeper.installed.connect(self._on_installed)
        keeper.install_failed.connect(self._on_install_failed)
        keeper.install_cancelled.connect(lambda name: self.news.hide())
        keeper.check_progressed.connect(lambda pack, share: self._of(pack, "show_progress", share))
        keeper.checked.connect(self._on_checked)
        keeper.check_failed.connect(
            lambda pack, error, hint: self._of(pack, "show_result", f"{error} {hint}", "problem")
        )
        keeper.check_cancelled.connect(lambda pack: self._of(pack, "show_result", ""))
        keeper.removed.connect(self._on_removed)
        keeper.remove_failed.connect(
            lambda pack, error, hint: self._of(pack, "show_result", f"{error} {hint}", "problem")
        )
        keeper.restore_failed.connect(self.news.show_problem)
        keeper.install_progressed.connect(self.news.set_share)
        self.news.stop_asked.connect(keeper.stop_installing)

    def _make_drop_field(self) -> QFrame:
        folder = button(self.tr("Open the folder"), self._open_folder, "quiet", "folder")
        text = self.tr("Drop a .descant file or a pack's folder here to install it")
        self._drop = QFrame()
        self._drop.setObjectName("dropField")
        inside = row(picture("import", 24), label(text, "soft", wrap=True), folder, gap=2)
        inside.setStretch(1, 1)
        inside.setContentsMargins(20, 14, 20, 14)
        self._drop.setLayout(inside)
        return self._drop

    def _open_folder(self) -> None:
        folder = self.keeper.store.folder
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _show(self, packs: list[StoredPack]) -> None:
        """Lay the cards out anew, unless nothing has changed."""
        key = [(pack, self._is_in_use(pack)) for pack in packs]
        if key == [(card.pack, card.in_use) for card in self.cards]:
            return
        self._packs = packs
        clear(self._list)
        self.cards = [PackCard(pack, in_use) for pack, in_use in key]
        for each in self.cards:
            each.use_asked.connect(self.use)
            each.check_asked.connect(self.keeper.check)
            each.stop_asked.connect(lambda each=each: self.keeper.stop_check(each.pack))
            each.remove_asked.connect(self.remove)
            self._list.addWidget(each)

    def _is_in_use(self, pack: StoredPack) -> bool:
        return same_pack(pack, self._context.settings.value.pack)

    def _on_settings(self, value: object) -> None:
        now = self._context.settings.value
        self._show(self._packs)
        self.keeper.follow(now.packs_folder, now.pack)

    def _of(self, pack: StoredPack, method: str, *arguments: object) -> None:
        """Call a method of a pack's card, if it is still shown."""
        for each in self.cards:
            if each.pack.path == pack.path:
                getattr(each, method)(*arguments)

    def _on_install_began(self, name: str) -> None:
        self.news.show_work(self.tr("Checking and copying {0} …").format(name))

    def _on_installed(self, pack: StoredPack) -> None:
        self.news.hide()
        text = self.tr("{0} is installed").format(_name(pack))
        self._context.notify(text, self.tr("Use it"), lambda: self.use(pack))

    def _on_install_failed(self, name: str, error: str, hint: str) -> None:
        self.news.show_problem(self.tr("{0} was not installed. {1}").format(name, error), hint)

    def _on_engine_failed(self, message: str) -> None:
        self.news.show_problem(message, self.tr("Choose another pack below, or another device."))
        self.keeper.refresh()

    def _on_checked(self, pack: StoredPack, found: CheckedPack) -> None:
        text = self.tr("Whole: {0} files, {1} graphs load").format(found.files, found.graphs)
        if found.melodies:
            text += self.tr(", {0} melodies").format(found.melodies)
        self._of(pack, "show_result", f"✓ {text}")

    def _on_removed(self, pack: StoredPack, aside: RemovedPack) -> None:
        text = self.tr("{0} was removed").format(_name(pack))
        self._context.notify(text, self.tr("Undo"), lambda: self.keeper.restore(aside))


def _name(pack: StoredPack) -> str:
    return pack.summary.name if pack.summary else pack.name
