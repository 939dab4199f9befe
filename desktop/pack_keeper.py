"""Installs, checks and removes packs beside the window, one thing after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from descant.desktop.engine_choice import same_pack
from descant.desktop.long_work import LongWork, Report
from descant.runtime import PackStore, RemovedPack, StoredPack, check_pack

UNDO_MS = 60_000
"""How long a removed pack can come back before its space is freed."""
SETTLE_MS = 300
"""After a change of the folder, so that many changes are one."""


class PackKeeper(QObject):
    """Keeps a list of the packs that are there, and changes it."""

    listed = Signal(object)
    """All packs, a list of ``StoredPack``."""
    install_began = Signal(str)
    """Name of the file that is being installed."""
    install_progressed = Signal(float)
    installed = Signal(object)
    """The ``StoredPack``."""
    install_failed = Signal(str, str, str)
    """Name of the file, what went wrong, and what to do."""
    install_cancelled = Signal(str)
    check_progressed = Signal(object, float)
    checked = Signal(object, object)
    """The ``StoredPack`` and what was found, a ``CheckedPack``."""
    check_failed = Signal(object, str, str)
    check_cancelled = Signal(object)
    removed = Signal(object, object)
    """The ``StoredPack`` and a ``RemovedPack`` for ``restore``."""
    remove_failed = Signal(object, str, str)
    restore_failed = Signal(str, str)

    def __init__(self, folder: Path, chosen: str, parent: QObject | None = None) -> None:
        """Keep packs in ``folder``; ``chosen`` is listed even if it lies elsewhere or is gone."""
        super().__init__(parent)
        self.store = PackStore(folder)
        self._chosen = chosen
        self._looks = 0
        self._waiting: deque[Path] = deque()
        self._installing: LongWork | None = None
        self._checks: dict[str, LongWork] = {}
        self._jobs: set[LongWork] = set()
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._undo = QTimer(self)
        self._undo.setSingleShot(True)
        self._undo.setInterval(UNDO_MS)
        self._undo.timeout.connect(self._purge)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._purge()

    def refresh(self) -> None:
        """Look at the folder again; ``listed`` follows."""
        store, chosen = self.store, self._chosen
        self._looks += 1
        look = self._looks

        def seen(packs: list[StoredPack]) -> None:
            if look == self._looks:  # an earlier look may end later, and would bring back the past
                self.listed.emit(packs)

        self._run(lambda report: _all_packs(store, chosen), seen)
        if self.store.folder.is_dir():
            self._watcher.addPath(str(self.store.folder))

    def follow(self, folder: Path, chosen: str) -> None:
        """Keep packs in another folder, and list what is chosen now; nothing is moved."""
        if (folder, chosen) == (self.store.folder, self._chosen):
            return
        self._chosen = chosen
        if folder != self.store.folder:
            if watched := self._watcher.directories():
                self._watcher.removePaths(watched)
            self.store = PackStore(folder)
        self.refresh()

    def install(self, path: Path) -> None:
        """Install a file or folder, after those that wait."""
        self._waiting.append(path)
        self._install_next()

    def stop_installing(self) -> None:
        """Give up what is being installed and what waits; nothing of it stays."""
        self._waiting.clear()
        if self._installing is not None:
            self._installing.cancel()

    def check(self, pack: StoredPack) -> None:
        """Look at every byte of a pack."""
        key = str(pack.path)
        if key in self._checks:
            return

        def over(tell: Callable[[], None]) -> None:
            self._checks.pop(key, None)
            tell()

        job = self._run(
            lambda report: check_pack(pack.path, report),
            lambda found: over(lambda: self.checked.emit(pack, found)),
            lambda error, hint: over(lambda: self.check_failed.emit(pack, error, hint)),
            lambda: over(lambda: self.check_cancelled.emit(pack)),
        )
        job.progressed.connect(lambda share: self.check_progressed.emit(pack, share))
        self._checks[key] = job

    def stop_check(self, pack: StoredPack) -> None:
        """End the check of a pack."""
        if (job := self._checks.get(str(pack.path))) is not None:
            job.cancel()

    def remove(self, pack: StoredPack) -> None:
        """Move a pack aside; it goes for good after ``UNDO_MS``."""

        def gone(aside: RemovedPack) -> None:
            self.removed.emit(pack, aside)
            self.refresh()
            self._undo.start()

        self._run(
            lambda report: self.store.remove(pack),
            gone,
            lambda error, hint: self.remove_failed.emit(pack, error, hint),
        )

    def restore(self, aside: RemovedPack) -> None:
        """Bring a removed pack back."""
        self._run(
            lambda report: self.store.restore(aside),
            lambda pack: self.refresh(),
            self.restore_failed.emit,
        )

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop what runs."""
        self._settle.stop()
        self._undo.stop()
        self._waiting.clear()
        for job in list(self._jobs):
            job.cancel()
        for job in list(self._jobs):
            job.wait(timeout_s)

    def _purge(self) -> None:
        self._run(lambda report: self.store.purge(), lambda _: None)

    def _install_next(self) -> None:
        if self._installing is not None or not self._waiting:
            return
        path = self._waiting.popleft()
        store = self.store

        def over(tell: Callable[[], None]) -> None:
            self._installing = None
            tell()
            self._install_next()

        def done(pack: StoredPack) -> None:
            self.installed.emit(pack)
            self.refresh()

        self.install_began.emit(path.name)
        self._installing = self._run(
            lambda report: store.install(path, report),
            lambda pack: over(lambda: done(pack)),
            lambda error, hint: over(lambda: self.install_failed.emit(path.name, error, hint)),
            lambda: over(lambda: self.install_cancelled.emit(path.name)),
        )
        self._installing.progressed.connect(self.install_progressed)

    def _run(
        self,
        work: Callable[[Report], object],
        on_done: Callable[..., object],
        on_failed: Callable[..., object] = lambda error, hint: None,
        on_cancelled: Callable[[], object] = lambda: None,
    ) -> LongWork:
        """Start some work and keep it until one of its ends was heard."""
        job = LongWork(work, self)
        self._jobs.add(job)

        def end(*_: object) -> None:
            self._jobs.discard(job)
            job.deleteLater()

        for signal, slot in (
            (job.done, on_done),
            (job.failed, on_failed),
            (job.cancelled, on_cancelled),
        ):
            signal.connect(slot)
            signal.connect(end)
        return job.start()


def _all_packs(store: PackStore, chosen: str) -> list[StoredPack]:
    found = store.packs()
    if not any(same_pack(pack, chosen) for pack in found):
        found.append(store.look_at(chosen))
    return found
