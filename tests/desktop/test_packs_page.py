"""Packs are listed, installed by drop, checked, chosen and removed; a bad one changes nothing."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.pages.packs import PacksPage
from descant.desktop.widgets.pack_card import PackCard
from descant.desktop.widgets.text_dialog import TextDialog
from descant.runtime import PackStore

TIMEOUT = 20_000
Told = list[tuple[str, str, Callable[[], None] | None]]


@pytest.fixture
def told(context: AppContext) -> Told:
    """Return what was told at the foot of the window."""
    found: Told = []
    context.notify = lambda text, action="", on_action=None: found.append((text, action, on_action))
    return found


@pytest.fixture
def page(context: AppContext, told: Told, tmp_path: Path, qtbot: QtBot) -> Iterator[PacksPage]:
    """Return the page, its list filled."""
    context.settings.update(packs_folder=tmp_path / "packs")
    made = PacksPage(context)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.keeper.listed, timeout=TIMEOUT):
        made.show()
    yield made
    made.close_threads()


def drop(page: PacksPage, *paths: Path) -> None:
    """Drop files as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, Qt.KeyboardModifier.NoModifier))


def words(widget: QWidget) -> str:
    """Return all text that is shown."""
    labels = widget.findChildren(QLabel)
    return "\n".join(each.text() for each in labels if not each.isHidden())


def card_of(page: PacksPage, name: str) -> PackCard:
    return next(card for card in page.cards if card.accessibleName() == name)


def press(card: QWidget, name: str) -> None:
    """Press the button that a screen reader calls so."""
    next(b for b in card.findChildren(QPushButton) if b.accessibleName() == name).click()


def install(page: PacksPage, path: Path, qtbot: QtBot) -> Any:
    with qtbot.waitSignal(page.keeper.installed, timeout=TIMEOUT) as ended:
        drop(page, path)
    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=TIMEOUT)
    assert ended.args is not None
    return ended.args[0]


def test_the_starter_is_there_and_in_use(page: PacksPage) -> None:
    (card,) = page.cards
    shown = words(card)
    for part in ("descant starter", "In use", "Built in", "44.1 kHz", "MB", "MIT", "Humming"):
        assert part in shown
    assert not [b for b in card.findChildren(QPushButton) if "Remove" in b.accessibleName()]


def test_a_dropped_pack_is_installed_and_used(
    page: PacksPage, context: AppContext, told: Told, tiny_pack: Path, qtbot: QtBot
) -> None:
    made = install(page, tiny_pack, qtbot)
    text, action, on_action = told[-1]
    assert "is installed" in text
    assert action
    assert on_action is not None
    with qtbot.waitSignal(context.queue.engine_changed, timeout=TIMEOUT):
        on_action()
    assert context.settings.value.pack == str(made.path)
    assert [card.in_use for card in page.cards] == [False, True]


@pytest.mark.parametrize("harm", ["cut", "text", "flipped", "link"])
def test_a_bad_pack_says_why_and_changes_nothing(
    page: PacksPage, tiny_pack: Path, tmp_path: Path, qtbot: QtBot, harm: str
) -> None:
    bad = tmp_path / "bad.descant"
    if harm in ("cut", "text"):
        bad.write_bytes(b"PK\3\4" if harm == "cut" else b"hello")
    else:
        bad = Path(shutil.copytree(tiny_pack, tmp_path / "bad"))
        graph = bad / "vocoder.onnx"
        content = graph.read_bytes()
        graph.unlink()
        if harm == "link":
            graph.symlink_to("/etc/hostname")
        else:
            graph.write_bytes(content[:-1] + b"\0")
    with qtbot.waitSignal(page.keeper.install_failed, timeout=TIMEOUT) as ended:
        drop(page, bad)
    assert ended.args is not None
    _, error, hint = ended.args
    assert error.endswith(".")
    assert hint
    assert error in words(page)
    assert hint in words(page)
    assert len(page.cards) == 1
    assert not [path for path in (tmp_path / "packs").rglob("*")]


def test_the_same_pack_twice_and_a_stop(
    page: PacksPage, tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = install(page, tiny_pack, qtbot)
    assert install(page, tiny_pack, qtbot) == first
    page.keeper.install(tiny_pack)
    page.keeper.install(tiny_pack)
    with qtbot.waitSignal(page.keeper.install_cancelled, timeout=TIMEOUT):
        page.keeper.stop_installing()
    assert not list((tmp_path / "packs").glob("*.part"))


def test_a_check_reads_every_byte(page: PacksPage, tiny_pack: Path, qtbot: QtBot) -> None:
    made = install(page, tiny_pack, qtbot)
    card = card_of(page, "Tiny pack for tests")
    with qtbot.waitSignal(page.keeper.checked, timeout=TIMEOUT):
        press(card, "Check Tiny pack for tests")
    assert "Whole:" in words(card)
    assert "80 melodies" in words(card)
    graph = made.path / "vocoder.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"\0")
    with qtbot.waitSignal(page.keeper.check_failed, timeout=TIMEOUT):
        press(card, "Check Tiny pack for tests")
    assert "damaged" in words(card)
    assert "Get the pack again." in words(card)


def test_a_removed_pack_comes_back(
    page: PacksPage, told: Told, tiny_pack: Path, qtbot: QtBot
) -> None:
    made = install(page, tiny_pack, qtbot)
    with qtbot.waitSignal(page.keeper.removed, timeout=TIMEOUT):
        press(card_of(page, "Tiny pack for tests"), "Remove Tiny pack for tests")
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=TIMEOUT)
    assert not made.path.exists()
    text, action, undo = told[-1]
    assert (text, action) == ("Tiny pack for tests was removed", "Undo")
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=TIMEOUT)
    assert made.path.is_dir()


def test_a_pack_in_use_is_let_go_of_before_it_goes(
    page: PacksPage, context: AppContext, tiny_pack: Path, qtbot: QtBot
) -> None:
    made = install(page, tiny_pack, qtbot)
    page.use(made)
    qtbot.waitUntil(lambda: page.cards[1].in_use, timeout=TIMEOUT)
    with qtbot.waitSignal(page.keeper.removed, timeout=60_000):
        page.remove(made)
    assert context.settings.value.pack == "starter"
    answers: list[str] = []
    context.queue.engine_call(lambda engine: engine.pack.spec.id, answers.append, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    assert answers == ["starter"]


def test_a_pack_that_was_deleted_outside_says_so(
    page: PacksPage, tiny_pack: Path, qtbot: QtBot
) -> None:
    made = install(page, tiny_pack, qtbot)
    page.use(made)
    page.keeper.refresh()  # from now on its folder is watched
    qtbot.waitUntil(lambda: page.cards[1].in_use, timeout=TIMEOUT)
    shutil.rmtree(made.path)
    # A look between two files' removal finds a damaged pack; one after the last finds none.
    qtbot.waitUntil(lambda: "no pack" in words(page.cards[-1]), timeout=TIMEOUT)
    assert page.cards[-1].pack.summary is None
    assert page.cards[-1].in_use
    page.use(page.cards[0].pack)
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=TIMEOUT)


def test_a_look_that_ends_late_does_not_bring_back_the_past(
    page: PacksPage, tiny_pack: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    store, may_end = page.keeper.store, threading.Event()
    look, before = store.packs, store.packs()
    late = iter([lambda: before if may_end.wait(TIMEOUT / 1000) else []])
    monkeypatch.setattr(store, "packs", lambda: next(late, look)())
    page.keeper.refresh()
    store.install(tiny_pack)
    with qtbot.waitSignal(page.keeper.listed, timeout=TIMEOUT):
        page.keeper.refresh()
    assert len(page.cards) == 2
    with qtbot.assertNotEmitted(page.keeper.listed, wait=100):
        may_end.set()
    assert len(page.cards) == 2


def test_an_engine_that_can_not_open_is_told(page: PacksPage, context: AppContext) -> None:
    context.queue.engine_failed.emit("The pack is damaged.")
    assert "The pack is damaged." in words(page)


def test_the_licence_is_shown_in_full(page: PacksPage, qtbot: QtBot) -> None:
    press(page.cards[0], "Licence of descant starter")
    (dialog,) = page.findChildren(TextDialog)
    shown = dialog.text.toPlainText()
    summary = page.cards[0].pack.summary
    assert summary is not None
    assert summary.licence in shown
    assert summary.training_data in shown
    assert summary.sha256 in shown
    dialog.accept()


def test_another_folder_holds_other_packs(
    page: PacksPage, context: AppContext, tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    PackStore(tmp_path / "other").install(tiny_pack)
    with qtbot.waitSignal(page.keeper.listed, timeout=TIMEOUT):
        context.settings.update(packs_folder=tmp_path / "other")
    assert len(page.cards) == 2
    kept = json.loads(context.settings.path.read_text()) if context.settings.path.exists() else {}
    assert kept.get("packs_folder", str(tmp_path / "other"))
