"""The Make page: what is written and dropped becomes a request, and a request becomes music."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.pages.make import MakePage
from descant.desktop.window import MainWindow
from descant.runtime import Clip, Note, Request
from tests.desktop.stand_ins import StandInPlayer

WAIT_MS = 20_000


@pytest.fixture
def page(context: AppContext, qtbot: QtBot) -> Any:
    """Return the page in a window."""
    context.player = StandInPlayer()
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.resize(1240, 820)
    window.show()
    made = window.page("make")
    assert isinstance(made, MakePage)
    made.wishes.set_values({"seconds": 1.0, "seed": 7})
    yield made
    made.inputs.close_threads()


def drop(page: MakePage, *paths: Path) -> None:
    """Drop files beside the tiles."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    page.dropEvent(
        QDropEvent(
            QPointF(QPoint(5, 5)), Qt.DropAction.CopyAction, data,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def test_a_sentence_and_ctrl_enter_make_a_take(page: MakePage, qtbot: QtBot) -> None:
    queue = page._context.queue
    page.prompt.edit.setPlainText("calm piano")
    page.prompt.edit.setFocus()
    with qtbot.waitSignal(queue.clips_ready, timeout=WAIT_MS):
        qtbot.keyClick(page.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.prompt.edit.toPlainText() == "calm piano"
    (card,) = page.now.takes.cards
    assert card.clip.request == Request(prompt="calm piano", seconds=1.0, seed=7)
    qtbot.mouseClick(card.play, Qt.MouseButton.LeftButton)
    assert page._context.player.heard == [1.0, "play"]


def test_a_card_knows_when_something_else_plays(page: MakePage, qtbot: QtBot) -> None:
    takes, player = page.now.takes, page._context.player
    clips = [
        Clip(np.ones((1, 100), np.float32), 100, i, Request(prompt="x"), "cpu", {}) for i in (1, 2)
    ]
    first, second = (takes.add(clip, f"take {clip.seed}") for clip in clips)
    takes.toggle(first)
    player.position_changed.emit(0.5)
    assert first.wave.share == 0.5
    takes.toggle(second)
    assert (first.wave.share, player.heard) == (0.0, [1.0, "play", 1.0, "play"])
    takes.toggle(second)
    assert player.heard[-1] == "toggle"
    player.load(np.ones((1, 300), np.float32), 100)  # by another page
    player.position_changed.emit(0.25)
    assert second.wave.share == 0.0
    takes.toggle(second)
    assert player.heard[-2:] == [1.0, "play"]


def test_long_takes_do_not_fill_the_memory(page: MakePage) -> None:
    samples = np.zeros((1, 15_000_000), np.float32)
    for seed in range(6):
        page.now.takes.add(Clip(samples, 44_100, seed, Request(prompt="x"), "cpu", {}), "long")
    assert [card.clip.seed for card in page.now.takes.cards] == [5, 4, 3]


def test_an_example_fills_the_field(page: MakePage, qtbot: QtBot) -> None:
    page.prompt.edit.setPlainText("mine")
    chip = next(b for b in page.prompt.findChildren(QPushButton) if "waltz" in b.text())
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert page.request().prompt == "sad waltz in D minor"
    page.prompt.edit.undo()
    assert page.prompt.edit.toPlainText() == "mine"


def test_files_are_sorted_into_their_tiles(page: MakePage, tmp_path: Path, qtbot: QtBot) -> None:
    picture = tmp_path / "a.png"
    QImage(40, 20, QImage.Format.Format_RGB32).save(str(picture))
    drop(page, picture, tmp_path / "tune.mid", tmp_path / "like.mp3", tmp_path / "what.xyz")
    with qtbot.waitSignal(page.inputs.thumbnails.ready, timeout=WAIT_MS):
        page.inputs.pictures.set_files([picture])
    request = page.request()
    assert request.images == (picture,)
    assert (request.melody, request.audio) == (tmp_path / "tune.mid", tmp_path / "like.mp3")
    page.inputs.melody.set_files([tmp_path / "hum-1.wav"])
    assert (page.request().melody, page.request().hum) == (None, tmp_path / "hum-1.wav")
    qtbot.keyClick(page.inputs.pictures, Qt.Key.Key_Delete)
    assert page.request().images == ()


def test_a_film_gives_the_length_unless_somebody_does(page: MakePage, tmp_path: Path) -> None:
    page.prompt.edit.setPlainText("calm piano")
    length = page.wishes._length
    length.number.setValue(20)
    page.inputs.film.set_files([tmp_path / "a.mp4"])
    assert page.request().seconds is None
    assert length.unit.currentText() == "as the film"
    assert not length.number.isEnabled()
    length.unit.setCurrentIndex(0)
    length.number.setValue(20)
    assert page.request().seconds == 20
    asked = page.request()
    page.inputs.film.set_files([tmp_path / "b.mp4"])
    assert page.request().seconds is None
    page.edit(asked)
    assert page.request().seconds == 20
    page.inputs.film.set_files([])
    assert (length.unit.count(), page.request().seconds) == (2, 20)


def test_everything_comes_back_from_a_request(page: MakePage, tmp_path: Path) -> None:
    asked = Request(
        prompt="jazz trio",
        negative_prompt="drums",
        story="Once upon a time.",
        images=(tmp_path / "a.png",),
        audio=tmp_path / "a.wav",
        tempo_bpm=96.0,
        key="D minor",
        seconds=12.0,
        seed=5,
        steps=6,
        guidance_scale=2.5,
        melody_strength=0.4,
        image_strength=1.5,
        count=2,
    )
    page.edit(asked)
    assert page.request() == asked
    page.edit(Request(prompt="other", seed=1))
    assert page.request() == Request(prompt="other", seconds=10.0, seed=1)


def test_bars_and_loops_come_back(page: MakePage) -> None:
    asked = Request(prompt="jazz trio", bars=8, loop=True, tempo_bpm=90.0, seed=5)
    page.edit(asked)
    assert page.request() == asked


def test_what_has_no_control_is_carried_until_it_is_left_out(
    page: MakePage, tmp_path: Path, qtbot: QtBot
) -> None:
    tune = (Note(0.0, 1.0, 60), Note(1.0, 1.0, 62))
    asked = Request(
        prompt="jazz", melody=tune, seconds=10.0, seed=5, init=tmp_path / "a.wav", strength=0.4
    )
    page.edit(asked)
    assert page.request() == asked
    assert page._carried_chip.isVisible()
    qtbot.mouseClick(page._carried_chip, Qt.MouseButton.LeftButton)
    assert page.request() == Request(prompt="jazz", seconds=10.0, seed=5)
    assert not page._carried_chip.isVisible()


@pytest.mark.parametrize("key", ["F# major", "Bb minor", "C# minor", "Db major"])
def test_keys_are_found_again(page: MakePage, key: str) -> None:
    page.edit(Request(prompt="x", key=key, seed=1))
    assert page.request().key == Request(prompt="x", key=key).key


def test_a_seed_is_rolled_each_time_unless_it_is_kept(page: MakePage) -> None:
    page.prompt.edit.setPlainText("calm")
    assert page.request().seed == page.request().seed == 7
    page.wishes._seed._lock.setChecked(False)
    first = page.request().seed
    assert first != page.request().seed
    assert page.wishes._seed.edit.text().isdecimal()


def test_what_is_wrong_is_said_beside_the_field(page: MakePage, qtbot: QtBot) -> None:
    page.make()
    assert page.prompt.error
    assert not page._context.queue.items()
    page.prompt.edit.setPlainText("calm")
    page.wishes._seed.edit.setText("9999999999999999999")
    page.make()
    assert not page.prompt.error
    field = page.wishes.fields["seed"]
    assert field.error.startswith("Seed must be")
    assert page.wishes.more.is_open
    assert field.isVisible()


def test_the_page_folds_in_a_narrow_window(page: MakePage) -> None:
    page.window().resize(760, 560)
    assert not page.now.isVisible()
    page.window().resize(1240, 820)
    assert page.now.isVisible()
