"""A bench runs in its own process; its report becomes a card that is kept, copied and saved."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from descant.desktop.bench_history import (
    BenchEntry,
    list_reports,
    new_report_path,
    save_report,
)
from descant.desktop.context import AppContext
from descant.desktop.pages.bench import BenchPage
from descant.desktop.widgets.text_dialog import TextDialog
from descant.runtime.bench.report_file import read_report, report_text
from descant.runtime.errors import OutputError
from tests.runtime.bench_reports import rich_report

TIMEOUT = 120_000


@pytest.fixture
def page(context: AppContext, tiny_pack: Path, qtbot: QtBot) -> Iterator[BenchPage]:
    context.settings.update(pack=str(tiny_pack))
    made = BenchPage(context)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close_threads()


@pytest.fixture
def report(context: AppContext) -> Path:
    """Put a report into the history."""
    path = new_report_path(context.settings.folder / "bench")
    path.write_text(report_text(rich_report()), encoding="utf-8")
    return path


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def test_an_empty_history_says_what_to_do(page: BenchPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Nothing was measured yet" in words(page), timeout=TIMEOUT)


def test_a_quick_bench_ends_with_a_card(page: BenchPage, qtbot: QtBot) -> None:
    shares: list[float] = []
    page.bench.progressed.connect(lambda step, share: shares.append(share))
    with qtbot.waitSignal(page.bench.finished, timeout=TIMEOUT):
        page.measure("quick")
        assert page.bench.is_running
    assert shares[-1] == 1.0
    qtbot.waitUntil(lambda: not page.picture.image.isNull(), timeout=TIMEOUT)
    assert page.picture.image.size() == QSize(1200, 630)
    assert page.shown is not None
    assert read_report(page.shown.path).protocol.quick
    assert page.shown.speed in page.picture.accessibleName()
    assert "tiny" in words(page)


def test_a_stopped_bench_leaves_the_page_ready(page: BenchPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.bench.progressed, timeout=TIMEOUT):
        page.measure("whole")
    with qtbot.waitSignal(page.bench.cancelled, timeout=TIMEOUT):
        page.stop()
    assert "Stopped." in words(page)
    assert not page.bench.is_running


def test_a_failure_is_told_with_its_hint(
    page: BenchPage, context: AppContext, qtbot: QtBot
) -> None:
    context.settings.update(pack="no such pack")
    with qtbot.waitSignal(page.bench.failed, timeout=TIMEOUT):
        page.measure("quick")
    assert "no such pack" in words(page)


def test_history_card_copy_and_delete(
    report: Path, page: BenchPage, context: AppContext, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: not page.picture.image.isNull(), timeout=TIMEOUT)
    page.copy_card()
    assert QGuiApplication.clipboard().image().size() == QSize(1200, 630)
    older = page.entries[0]
    shutil.copy(report, report.with_name("19990101-000000.json"))
    report.with_name("20000101-000000.json").write_text("{}", encoding="utf-8")
    page.reload()
    qtbot.waitUntil(lambda: len(page.entries) == 3, timeout=TIMEOUT)
    assert page.entries[0] == older
    qtbot.waitUntil(lambda: "is no report" in words(page), timeout=TIMEOUT)
    page.delete(page.entries[1])
    qtbot.waitUntil(lambda: len(page.entries) == 2, timeout=TIMEOUT)


def test_a_card_that_is_drawn_late_is_left_out(
    report: Path, page: BenchPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: not page.picture.image.isNull(), timeout=TIMEOUT)
    first = page.entries[0]
    second = dataclasses.replace(first, path=first.path.with_name("other.json"))
    slow = threading.Event()

    def draw(path: Path) -> bytes:
        if path == first.path:
            slow.wait(10.0)
        image = QImage(QSize(3 if path == first.path else 5, 4), QImage.Format.Format_RGB32)
        image.fill(0)
        data = QBuffer()
        image.save(data, "PNG")  # type: ignore[call-overload]
        return bytes(data.data().data())

    monkeypatch.setattr("descant.desktop.pages.bench.draw_card", draw)
    page.show_entry(first)
    page.show_entry(second)
    qtbot.waitUntil(lambda: page.picture.image.width() == 5, timeout=TIMEOUT)
    slow.set()
    qtbot.waitUntil(lambda: not page._jobs, timeout=TIMEOUT)
    assert (page.shown, page.picture.image.width()) == (second, 5)


def test_an_older_listing_does_not_replace_a_newer_one(
    report: Path, page: BenchPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: len(page.entries) == 1 and not page._jobs, timeout=TIMEOUT)
    entries, slow, calls = list(page.entries), threading.Event(), iter((True, False))

    def look(_: Path) -> list[BenchEntry]:
        if next(calls):
            slow.wait(10.0)
            return []
        return entries

    monkeypatch.setattr("descant.desktop.pages.bench.list_reports", look)
    page.reload(newest=True)
    qtbot.wait(20)  # until the first one looks
    page.reload()
    qtbot.waitUntil(lambda: len(page._jobs) == 1, timeout=TIMEOUT)
    slow.set()
    qtbot.waitUntil(lambda: not page._jobs, timeout=TIMEOUT)
    assert page.entries == entries


def test_another_machines_report_is_taken_in_and_compared(
    report: Path, page: BenchPage, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: len(page.entries) == 1, timeout=TIMEOUT)
    given = Path(shutil.copy(report, tmp_path / "theirs.json"))
    page.add(given)
    qtbot.waitUntil(lambda: len(page.entries) == 2, timeout=TIMEOUT)
    page.compare(page.entries[1])
    qtbot.waitUntil(lambda: bool(page.findChildren(TextDialog)), timeout=TIMEOUT)
    (dialog,) = page.findChildren(TextDialog)
    assert "\nB: Some Processor 9" in dialog.text.toPlainText()
    dialog.accept()
    given.write_text("nonsense", encoding="utf-8")
    told: list[str] = []
    page._context.notify = lambda text, action="", on_action=None: told.append(text)
    page.add(given)
    qtbot.waitUntil(lambda: bool(told), timeout=TIMEOUT)
    assert "is not whole JSON" in told[0]
    assert len(list(report.parent.iterdir())) == 2


@pytest.mark.parametrize("suffix", ["png", "html", "json", "csv", "md"])
def test_saved_as_any_of_its_forms(report: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"here.{suffix}"
    save_report(report, target)
    assert target.stat().st_size > 100
    if suffix == "png":
        assert QImage(str(target)).size() == QSize(1200, 630)
    if suffix == "json":
        assert read_report(target) == read_report(report)


def test_another_suffix_is_refused_with_a_hint(report: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused:
        save_report(report, tmp_path / "here.exe")
    assert ".html" in refused.value.hint
    assert list_reports(tmp_path / "nowhere") == []
