"""The Bench page: how fast this machine makes music, as a card to share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from descant.desktop.bench_history import (
    BenchEntry,
    add_report,
    compare_text,
    draw_card,
    list_reports,
    new_report_path,
    save_report,
)
from descant.desktop.child import ChildCommand
from descant.desktop.context import AppContext
from descant.desktop.engine_holder import describe
from descant.desktop.long_work import LongWork
from descant.desktop.widgets.bench_row import BenchRow
from descant.desktop.widgets.bench_run import QUICK, BenchRun
from descant.desktop.widgets.card_picture import CardPicture
from descant.desktop.widgets.page_parts import button, card, clear, empty_state, label, page, row
from descant.desktop.widgets.text_dialog import TextDialog
from descant.runtime import DescantError

SAVED_AS = "PNG (*.png);;HTML (*.html);;JSON (*.json);;CSV (*.csv);;Markdown (*.md)"


class BenchPage(QWidget):
    """Measures in a process of its own; shows the card of a report and those before it."""

    _newest_wanted = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.folder = context.settings.folder / "bench"
        self.bench = ChildCommand(self)
        self.setAcceptDrops(True)
        self.entries: list[BenchEntry] = []
        self.shown: BenchEntry | None = None
        self._jobs: set[LongWork] = set()
        self._asked: dict[str, int] = {}
        inside = page(
            self,
            self.tr("Bench"),
            self.tr(
                "How fast this machine makes music, measured as on the command line. "
                "The card names the machine, not you."
            ),
        )
        self.run = BenchRun()
        self.run.start_asked.connect(self.measure)
        self.run.stop_asked.connect(self.stop)
        inside.addWidget(self.run)
        self.picture = CardPicture()
        self._result = self._make_result()
        self._empty = empty_state(
            "bench",
            self.tr("Nothing was measured yet"),
            self.tr(
                "A quick bench takes about a minute and ends with a card to share. Drop the "
                ".json of another machine here to compare the two."
            ),
        )
        self._earlier = label(self.tr("Measured here"), "heading")
        self._history = QVBoxLayout()
        self._history.setSpacing(8)
        for each in (self._result, self._empty, self._earlier):
            each.hide()
            inside.addWidget(each)
        inside.addLayout(self._history)
        self._connect()

    def _connect(self) -> None:
        self.bench.progressed.connect(self.run.show_progress)
        self.bench.noted.connect(self.run.say)
        self.bench.finished.connect(lambda _: self._on_end(""))
        self.bench.cancelled.connect(lambda: self._on_end(self.tr("Stopped.")))
        self.bench.failed.connect(lambda error, hint: self._on_end(f"{error} {hint}", True))

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the reports that are kept."""
        super().showEvent(event)
        self.reload()

    def measure(self, protocol: str) -> None:
        """Begin a bench of the pack that is used."""
        if self.bench.is_running:
            return
        try:
            target = new_report_path(self.folder)
        except DescantError as error:
            self.run.say(" ".join(describe(error)), True)
            return
        words = ["bench", "--pack", self._context.settings.value.pack, "--json", str(target)]
        self.run.show_running(True)
        self.bench.start([*words, "--progress", *(["--quick"] if protocol == QUICK else [])])

    def stop(self) -> None:
        """End the bench; what was measured is kept."""
        self.run.show_stopping()
        self.bench.cancel()

    def reload(self, newest: bool = False) -> None:
        """Read the history again; ``newest`` shows the last report."""
        self._newest_wanted |= newest

        def on_done(found: list[BenchEntry]) -> None:
            newest, self._newest_wanted = self._newest_wanted, False
            self.entries = found
            whole = [entry for entry in found if not entry.error]
            if newest or self.shown not in whole:
                self.shown = whole[0] if whole else None
                self._draw()
            self._list()

        self._run(lambda: list_reports(self.folder), self._if_latest("history", on_done))

    def show_entry(self, entry: BenchEntry) -> None:
        """Show the card of a report."""
        self.shown = entry
        self._draw()
        self._list()

    def compare(self, entry: BenchEntry) -> None:
        """Lay the report that is shown beside another."""
        shown = self.shown
        if shown is not None:
            title = self.tr("Two benches")
            self._run(
                lambda: compare_text(shown.path, entry.path),
                lambda text: TextDialog(title, text, self, fixed=True).open(),
            )

    def add(self, path: Path) -> None:
        """Take a report of another machine into the history."""
        self._run(lambda: add_report(path, self.folder), lambda _: self.reload(newest=True))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take reports."""
        if any(url.toLocalFile().endswith(".json") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the reports that were dropped."""
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.toLocalFile().endswith(".json"):
                self.add(Path(url.toLocalFile()))

    def delete(self, entry: BenchEntry) -> None:
        """Delete a report."""
        self._run(lambda: entry.path.unlink(missing_ok=True), lambda _: self.reload())

    def copy_card(self) -> None:
        """Put the card on the clipboard, as a picture."""
        QGuiApplication.clipboard().setImage(self.picture.image)
        self._context.notify(self.tr("The card is on the clipboard"))

    def save(self) -> None:
        """Ask where to save the card or the report."""
        if self.shown is not None:
            name = f"descant-bench-{self.shown.path.stem}.png"
            path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the bench"), name, SAVED_AS)
            if path:
                self.save_to(Path(path))

    def save_to(self, target: Path) -> None:
        """Write the report that is shown, as what the suffix says."""
        entry = self.shown
        if entry is not None:
            told = self.tr("Saved as {0}").format(target.name)
            self._run(lambda: save_report(entry.path, target), lambda _: self._context.notify(told))

    def close_threads(self) -> None:
        """End what runs beside this process."""
        self.bench.close()
        for job in list(self._jobs):
            job.wait(5.0)

    def _make_result(self) -> QFrame:
        copy = button(self.tr("Copy"), self.copy_card, "", "copy", self.tr("Copy the card"))
        save = button(self.tr("Save …"), self.save, "primary", "export", self.tr("Save the card"))
        hint = label(self.tr("Also as a page with charts (.html) or figures (.json)."), "small")
        return card(self.picture, row(save, copy, hint, 1), gap=2)

    def _draw(self) -> None:
        entry = self.shown
        if entry is None:
            return
        spoken = self.tr("{0}: {1} seconds of audio per second").format(entry.machine, entry.speed)
        on_done = self._if_latest("card", lambda png: self.picture.set_png(png, spoken))
        self._run(lambda: draw_card(entry.path), on_done)

    def _list(self) -> None:
        clear(self._history)
        self._result.setVisible(self.shown is not None)
        self._empty.setVisible(not self.entries)
        self._earlier.setVisible(bool(self.entries))
        for entry in self.entries:
            each = BenchRow(entry, entry == self.shown)
            each.show_asked.connect(self.show_entry)
            each.compare_asked.connect(self.compare)
            each.delete_asked.connect(self.delete)
            self._history.addWidget(each)

    def _on_end(self, note: str, problem: bool = False) -> None:
        self.run.show_running(False, note, problem)
        self.reload(newest=not problem)

    def _if_latest(self, kind: str, on_done: Callable[..., object]) -> Callable[..., object]:
        """Return ``on_done`` for a thread that may be overtaken: what comes late is left out."""
        number = self._asked[kind] = self._asked.get(kind, 0) + 1
        return lambda found: on_done(found) if self._asked[kind] == number else None

    def _run(self, work: Callable[[], object], on_done: Callable[..., object]) -> None:
        job = LongWork(lambda report: work(), self)
        self._jobs.add(job)
        job.done.connect(on_done)
        job.failed.connect(lambda error, hint: self._context.notify(f"{error} {hint}"))
        for signal in (job.done, job.failed, job.cancelled):
            signal.connect(lambda *_: self._jobs.discard(job))
        job.start()
