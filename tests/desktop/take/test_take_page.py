"""The page of a take: from the library to ears and eyes, by mouse and by keyboard."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSlider
from pytestqt.qtbot import QtBot

from descant.desktop.actions import PackView
from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.pages.take import TakePage
from descant.desktop.window import MainWindow
from tests.desktop.fake_sound import FakeBackend

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def press(
    qtbot: QtBot, page: TakePage, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None
) -> None:
    target = page.views.waveform
    qtbot.keyClick(target, key, modifiers or Qt.KeyboardModifier.NoModifier)


def heard(page: TakePage) -> str:
    return page.player.chosen


def test_a_take_is_shown_with_all_that_is_known_of_it(page: TakePage, library: Library) -> None:
    assert page.head.title.full_text == "First light"
    assert page.player.seconds == pytest.approx(4.0, abs=0.1)
    assert page.views.view.tempo_bpm == pytest.approx(90.0)
    notes = library.load_details(1).notes
    assert notes is not None
    assert page.views.roll.notes() == notes.melody
    shown = page.details.text()
    used = library.load_details(1).retrieved[0]
    for word in ("11", "90 bpm", "cpu", used.title, f"{used.similarity:.2f}", used.licence or "-"):
        assert word in shown
    page.details.copy_receipt()
    assert '"seed": 11' in QGuiApplication.clipboard().text()


def test_the_keyboard_steers(qtbot: QtBot, page: TakePage, card: FakeBackend) -> None:
    press(qtbot, page, Key.Key_Right)
    assert page.player.position == 1.0
    press(qtbot, page, Key.Key_Right, SHIFT)
    assert page.player.position == pytest.approx(1.0 + 4 * 60 / 90)
    press(qtbot, page, Key.Key_Left)
    press(qtbot, page, Key.Key_Home)
    assert page.player.position == 0.0
    press(qtbot, page, Key.Key_End)
    assert page.player.position == page.player.seconds
    press(qtbot, page, Key.Key_Space)
    assert page.player.state == "playing"
    qtbot.waitUntil(lambda: bool(card.streams) and page.player._ready)
    assert card.stream.pump(4410)[300:].any()
    assert page.transport.play_button.accessibleName().startswith("Pause")
    press(qtbot, page, Key.Key_Space)
    assert page.player.state == "paused"


def test_the_window_leaves_the_keys_to_the_page(
    qtbot: QtBot, page: TakePage, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's own Right moves by five seconds."""
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.show_take(1)
    shown = window.page("take")
    assert isinstance(shown, TakePage)
    qtbot.waitUntil(lambda: shown.data is not None)
    for focus in (shown.views.ruler, shown.details):
        monkeypatch.setattr(QApplication, "focusWidget", lambda found=focus: found)
        qtbot.keyClick(focus, Key.Key_Right)
    assert shown.player.position == 2.0
    window.close_pages()


def test_a_marked_region_loops_and_can_be_replaced(
    qtbot: QtBot, page: TakePage, context: AppContext
) -> None:
    assert not page.head.buttons["replace"].isEnabled()
    press(qtbot, page, Key.Key_Right)
    press(qtbot, page, Key.Key_BracketLeft)
    page.player.seek(3.0)
    press(qtbot, page, Key.Key_BracketRight)
    assert page.player.loop == (1.0, 3.0)
    assert page.transport.loop_button.isChecked()
    assert all(plot.region == (1.0, 3.0) for plot in page.views.plots())
    page.head.buttons["replace"].click()
    wish = context.queue.items()[-1].request
    assert (wish.inpaint, wish.init) == ((1.0, 3.0), page.data and page.data.record.path)
    press(qtbot, page, Key.Key_L)
    assert not page.transport.loop_button.isChecked()
    assert all(plot.region == (1.0, 3.0) for plot in page.views.plots())
    press(qtbot, page, Key.Key_L)
    press(qtbot, page, Key.Key_Escape)
    assert page.views.region is None
    assert not page.transport.loop_button.isChecked()
    assert not page.head.buttons["replace"].isEnabled()


@pytest.mark.parametrize("name", ["more", "vary", "continue"])
def test_the_buttons_put_another_take_in_the_queue(
    page: TakePage, context: AppContext, told: list[str], name: str
) -> None:
    page.head.buttons[name].click()
    item = context.queue.items()[-1]
    assert item.parent == 1
    assert item.title.startswith("First light (")
    assert item.title in told[-1]


def test_what_the_pack_cannot_do_is_switched_off_and_told(page: TakePage) -> None:
    page.work.pack = PackView("blind", frozenset())
    page.work.pack_known.emit(page.work.pack)
    vary = page.head.buttons["vary"]
    assert not vary.isEnabled()
    assert "recording" in vary.toolTip()
    assert page.head.buttons["export"].isEnabled()


def test_the_page_takes_the_player_back(qtbot: QtBot, page: TakePage, library: Library) -> None:
    page.hide()
    page.player.load(*library.load_samples(2))
    page.show()
    assert page.data is not None
    assert page.player.holds(page.data.samples)


def test_two_takes_are_compared_by_ear_and_eye(
    qtbot: QtBot, page: TakePage, library: Library, card: FakeBackend
) -> None:
    names = [action.text() for action in page.compare.menu(library.takes()).actions()]
    assert names == ["Second thoughts  ·  12"]
    page.compare.compare(2)
    qtbot.waitUntil(lambda: page.player.comparing)
    press(qtbot, page, Key.Key_B)
    assert heard(page) == "b"
    assert page.transport.compare.b.isChecked()
    other, _ = library.load_samples(2)
    shown = page.views.waveform._pyramid
    assert shown is not None
    np.testing.assert_array_equal(shown._samples, other)
    press(qtbot, page, Key.Key_X)
    assert heard(page) == "a"
    page.transport.compare.end.click()
    assert not page.player.comparing


def test_the_transport_says_why_it_is_silent_and_remembers_the_output(
    qtbot: QtBot, page: TakePage, card: FakeBackend, context: AppContext
) -> None:
    card.names = ()
    press(qtbot, page, Key.Key_Space)
    qtbot.waitUntil(lambda: page.player.output.silent_reason is not None)
    assert page.transport.silence.text() == page.player.output.silent_reason
    assert page.transport.silence.isVisible()
    card.names = ("Speakers", "Headphones")
    page.player.output.refresh()
    output = page.transport.output
    qtbot.waitUntil(lambda: output.findData("Headphones") > 0)
    output.setCurrentIndex(output.findData("Headphones"))
    output.activated.emit(output.currentIndex())
    qtbot.waitUntil(lambda: page.player.output.silent_reason is None)
    assert context.settings.value.audio_output == "Headphones"
    assert not page.transport.silence.isVisible()


def test_the_volume_is_kept(page: TakePage, context: AppContext) -> None:
    assert page.transport.volume.value() == 100
    page.transport.volume.setValue(50)
    assert context.settings.value.volume_db == pytest.approx(-12.04, abs=0.01)
    assert page.player.gain_db == pytest.approx(-12.04, abs=0.01)
    page.transport.volume.setValue(0)
    assert page.player.gain_db <= -100
    page.player.set_gain_db(0.0)  # as the settings do when they are reset
    assert page.transport.volume.value() == 100


def test_a_take_that_is_gone_is_told_and_the_page_stays(
    qtbot: QtBot, page: TakePage, told: list[str]
) -> None:
    page.show_take(99)
    qtbot.waitUntil(lambda: bool(told))
    assert "99" in told[0]
    assert page.head.title.full_text == "First light"


def test_a_loop_is_played_as_one(page: TakePage) -> None:
    data = page.data
    assert data is not None
    page.show_data(dataclasses.replace(data, record=dataclasses.replace(data.record, loop=True)))
    assert page.player.loop == pytest.approx((0.0, data.record.seconds))
    assert page.transport.loop_button.isChecked()


@pytest.mark.parametrize("width", [600, 760, 900, 1040, 1240])
def test_everything_fits_into_any_width(page: TakePage, width: int) -> None:
    for target in page.head.buttons.values():
        target.setFont(QFont(target.font().family(), 12))
    page.resize(width, 700)
    QApplication.processEvents()
    shown = [w for w in page.findChildren(QAbstractButton) if w.isVisible()]
    beyond = [_text(w) for w in shown if w.mapTo(page, w.rect().topRight()).x() > page.width()]
    assert page.width() == width
    assert not beyond


def test_every_control_has_a_name(page: TakePage) -> None:
    controls = [
        child for kind in (QAbstractButton, QSlider, QComboBox) for child in page.findChildren(kind)
    ]
    nameless = [repr(c) for c in controls if not (c.accessibleName() or _text(c))]
    assert not nameless
    assert all(plot.accessibleName() for plot in page.views.plots())


def _text(control: object) -> str:
    return control.text() if isinstance(control, QAbstractButton) else ""
