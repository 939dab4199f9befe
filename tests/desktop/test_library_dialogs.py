"""What the library's page asks a person: a region, tags, and where to write a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from descant.desktop.export import Export
from descant.desktop.library import Library
from descant.desktop.pages.library import LibraryPage
from descant.desktop.tag_change import TagChange
from descant.desktop.widgets.export_strip import ExportStrip
from tests.desktop.library_pages import press, titles

Key = Qt.Key


@pytest.fixture
def library(three_takes: Library) -> Library:
    """Return what the page shows."""
    return three_takes


@pytest.fixture
def page(library_page: LibraryPage) -> LibraryPage:
    """Return the page, with its takes shown."""
    return library_page


def test_a_region_is_asked_for(page: LibraryPage, qtbot: QtBot) -> None:
    from descant.desktop.widgets.region_dialog import RegionDialog

    take = page.model.take(0)
    assert take is not None
    dialog = RegionDialog(take)
    qtbot.addWidget(dialog)
    dialog.show()
    strip, y = dialog.strip, 40
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() // 4, y))
    qtbot.mouseMove(strip, QPoint(strip.width() * 3 // 4, y))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    dialog.begin.setValue(1.0)
    dialog.end.setValue(1.1)
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Replace")
    assert not button.isEnabled()
    dialog.end.setValue(3.0)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        button.click()
    assert chosen.args == [(1.0, 3.0)]


def test_tags_are_written_and_filtered(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    from descant.desktop.widgets.tags_dialog import TagsDialog

    library.set_tags(1, ["night"])
    page.choose(2)
    press(qtbot, page, Key.Key_T)
    qtbot.waitUntil(lambda: page.findChild(TagsDialog) is not None)
    dialog = page.findChild(TagsDialog)
    assert dialog is not None
    dialog.field.setText("boss")
    dialog._chips[0].click()
    assert dialog.tags() == ["boss", "night"]
    dialog.accept()
    qtbot.waitUntil(lambda: library.get(2).tags == ("boss", "night"))
    qtbot.waitUntil(lambda: page.filters.tag.findData("boss") > 0)
    page.filters.tag.setCurrentIndex(page.filters.tag.findData("night"))
    qtbot.waitUntil(lambda: titles(page) == ["Boss fight", "Calm piano"])


def test_several_takes_keep_the_tags_that_only_some_of_them_have(
    page: LibraryPage, library: Library, qtbot: QtBot
) -> None:
    from descant.desktop.widgets.tags_dialog import TagsDialog

    before = {1: ("film", "night"), 2: ("Film", "game"), 3: ("film",)}
    for number, tags in before.items():
        library.set_tags(number, tags)
    page.list.reload()
    qtbot.waitUntil(lambda: all((t := page.model.take(row)) and t.tags for row in range(3)))
    page.view.selectAll()
    press(qtbot, page, Key.Key_T)
    qtbot.waitUntil(lambda: page.findChild(TagsDialog) is not None)
    dialog = page.findChild(TagsDialog)
    assert dialog is not None
    assert dialog.tags() == ["film"]
    dialog.field.setText("#boss")
    dialog.accept()
    said: Any = page._context.notify
    qtbot.waitUntil(lambda: said.texts[-1:] == ["3 takes have other tags."])
    after = {1: ("boss", "night"), 2: ("boss", "game"), 3: ("boss",)}
    assert {n: library.get(n).tags for n in before} == after
    said.act()
    qtbot.waitUntil(lambda: {n: library.get(n).tags for n in before} == before)
    said.act()  # twice is once


def test_tags_of_one_take_are_put_back_by_the_keyboard(
    page: LibraryPage, library: Library, qtbot: QtBot
) -> None:
    take = library.set_tags(2, ["night", "slow"])
    page.work.changes.change_tags([take], TagChange.between(take.tags, ["Night"]))
    said: Any = page._context.notify
    qtbot.waitUntil(lambda: said.texts[-1:] == ["“Boss fight” has other tags."])
    assert library.get(2).tags == ("Night",)
    page.work.changes.change_tags([take], TagChange())
    press(qtbot, page, Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: library.get(2).tags == ("night", "slow"))
    assert len(said.texts) == 1  # nothing had changed the second time


def test_export_from_the_dialog(page: LibraryPage, tmp_path: Path, qtbot: QtBot) -> None:
    from descant.desktop.widgets.export_dialog import ExportDialog

    page.choose(2)
    press(qtbot, page, Key.Key_E, modifier=Qt.KeyboardModifier.ControlModifier)
    dialog = page.findChild(ExportDialog)
    assert dialog is not None
    dialog.target.setText(str(tmp_path / "boss.wav"))
    dialog.choose_kind("flac")
    dialog.bits.setCurrentIndex(1)
    assert dialog.export() == Export(2, tmp_path / "boss.flac", 16)
    assert not dialog._kinds.button(3).isEnabled()  # this take knows no notes
    strip = page.findChild(ExportStrip)
    assert strip is not None
    assert not strip.isVisible()
    dialog.accept()
    assert strip.isVisible()
    assert "boss.flac" in strip.text.text()
    qtbot.waitUntil(lambda: not strip.isVisible())
    assert (tmp_path / "boss.flac").exists()
    said: Any = page._context.notify
    qtbot.waitUntil(lambda: said.texts[-1] == "boss.flac is written.")


def test_an_export_replaces_no_file_unasked(
    page: LibraryPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: Any
) -> None:
    from PySide6.QtWidgets import QFileDialog

    from descant.desktop.widgets.confirm_dialog import ConfirmDialog
    from descant.desktop.widgets.export_dialog import ExportDialog

    for name in ("Boss fight 0002.wav", "Boss fight 0002 2.wav", "mine.flac", "mine.wav"):
        (tmp_path / name).write_bytes(b"")
    soon = tmp_path / "Boss fight 0002 3.wav"  # an export that waits for another one
    dialog = ExportDialog(library.get(2), folder=tmp_path, taken=[soon])
    qtbot.addWidget(dialog)
    chosen: list[Export] = []
    dialog.chosen.connect(chosen.append)
    assert dialog.export().target == tmp_path / "Boss fight 0002 4.wav"
    dialog.choose_kind("flac")
    assert dialog.export().target == tmp_path / "Boss fight 0002.flac"

    answer = (str(tmp_path / "mine.flac"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    browse_button = next(
        b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Browse for File"
    )
    browse_button.click()  # where the system asks
    dialog.choose_kind("wav")  # another file now
    dialog.accept()
    question = dialog.findChild(ConfirmDialog)
    assert question is not None
    assert not chosen
    question.reject()
    assert not chosen
    dialog.accept()
    question = next(q for q in dialog.findChildren(ConfirmDialog) if q.isVisible())
    question.go.click()
    assert [wanted.target.name for wanted in chosen] == ["mine.wav"]
    dialog.choose_kind("flac")
    dialog.accept()  # the one that was confirmed
    assert [wanted.target.name for wanted in chosen] == ["mine.wav", "mine.flac"]


def test_a_film_is_needed_for_a_film(page: LibraryPage, tmp_path: Path, qtbot: QtBot) -> None:
    pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
    from descant.desktop.widgets.export_dialog import ExportDialog

    take = page.model.take(0)
    assert take is not None
    dialog = ExportDialog(take, folder=tmp_path)
    qtbot.addWidget(dialog)
    dialog.choose_kind("film")
    assert not dialog._go.isEnabled()
    dialog.film.setText(str(tmp_path / "a.mkv"))
    dialog.choose_kind("film")
    assert dialog._go.isEnabled()
    wanted = dialog.export()
    assert (wanted.target.suffix, wanted.film) == (".mkv", tmp_path / "a.mkv")
    dialog.replace.setChecked(True)
    assert dialog.export().laying.mix_db is None
