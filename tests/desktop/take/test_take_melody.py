"""The melody on the page of a take: other ones, kept ones, heard alone, and made music of."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.pages.take import TakePage
from descant.desktop.window import MainWindow
from descant.runtime import Note, write_midi
from descant.runtime.midi import read_melody
from tests.desktop.fake_sound import FakeBackend


def test_the_next_match_comes_from_the_engine(qtbot: QtBot, page: TakePage) -> None:
    before = page.views.roll.notes()
    source = page.melody_bar.source.full_text
    page.melody_bar.next_match.click()
    qtbot.waitUntil(lambda: page.melody_bar.source.full_text != source, timeout=20_000)
    assert page.views.roll.notes()
    assert page.views.roll.notes() != before
    assert page.melody_bar.next_match.isEnabled()


def test_the_next_match_can_be_undone_with_all_that_it_changed(
    qtbot: QtBot, page: TakePage
) -> None:
    model, source = page.views.roll.model, page.melody_bar.source
    model.transpose(1)
    mine, words, locked = model.state, source.full_text, page.melody_bar.lock.isChecked
    with qtbot.waitSignal(page.melody_kept):
        page.melody_bar.lock.click()
    page.melody_bar.next_match.click()
    qtbot.waitUntil(lambda: source.full_text != words, timeout=20_000)
    assert not page.melody_bar.edited.isVisible()
    assert not locked()
    assert model.state.origin.backdrop == ()
    with qtbot.assertNotEmitted(page.melody_kept, wait=100):  # it lies on the Make page already
        page.melody_bar.undo.click()
    assert model.state == mine
    assert source.full_text == words
    assert page.melody_bar.edited.isVisible()
    assert locked()
    page.melody_bar.undo.click()
    assert not page.melody_bar.edited.isVisible()


def test_edits_stay_while_something_else_is_played(page: TakePage, library: Library) -> None:
    roll, views = page.views.roll, page.views
    roll.model.transpose(2)
    edited = roll.notes()
    views.set_region((1.0, 2.0))
    views.region_changed.emit((1.0, 2.0))
    page.hide()
    page.player.load(*library.load_samples(2))
    page.show()
    assert page.data is not None
    assert page.player.holds(page.data.samples)
    assert roll.notes() == edited
    assert page.melody_bar.undo.isEnabled()
    assert views.region == page.player.loop == (1.0, 2.0)


def test_edits_of_a_take_are_there_again_when_it_is_opened_again(
    qtbot: QtBot, page: TakePage
) -> None:
    roll = page.views.roll
    own, words = roll.notes(), page.melody_bar.source.full_text
    roll.model.transpose(2)
    edited = roll.notes()
    show(qtbot, page, 2)
    assert roll.notes() != edited
    assert not page.melody_bar.edited.isVisible()
    show(qtbot, page, 1)
    assert roll.notes() == edited
    assert page.melody_bar.edited.isVisible()
    assert page.melody_bar.source.full_text == words
    page.melody_bar.undo.click()
    assert roll.notes() == own
    show(qtbot, page, 2)
    show(qtbot, page, 1)  # what was undone is no edit any more
    assert roll.notes() == own
    assert not page.melody_bar.undo.isEnabled()


def show(qtbot: QtBot, page: TakePage, number: int) -> None:
    """Open a take as the library's page does."""
    page.show_take(number)
    qtbot.waitUntil(lambda: page.data is not None and page.data.record.id == number)


def test_a_melody_is_kept_for_the_next_takes(qtbot: QtBot, page: TakePage) -> None:
    roll = page.views.roll
    roll.set_notes((Note(0.0, 1.0, 60), Note(1.0, 1.0, 64)), 90.0, 4)
    with qtbot.waitSignal(page.melody_kept) as kept:
        page.melody_bar.lock.click()
    with qtbot.waitSignal(page.melody_kept) as again:
        roll.model.transpose(2)
    melody = read_melody(again.args[0])
    assert [note.pitch for note in melody.notes] == [62, 66]
    # What was asked for before goes on with the melody as it was then.
    assert [note.pitch for note in read_melody(kept.args[0]).notes] == [60, 64]
    assert melody.tempo_bpm == pytest.approx(90.0, abs=0.01)
    with qtbot.waitSignal(page.melody_kept) as kept:
        page.melody_bar.lock.click()
    assert kept.args == [None]


def test_music_is_made_with_the_melody_as_it_is_now(page: TakePage, context: AppContext) -> None:
    roll = page.views.roll
    roll.set_notes((Note(0.0, 1.0, 60), Note(1.0, 1.0, 64)), 90.0, 4)
    roll.model.transpose(2)
    page.melody_bar.use.click()
    item = context.queue.items()[-1]
    wish = item.request
    assert [note.pitch for note in wish.melody] == [62, 66]  # type: ignore[union-attr]
    assert (wish.prompt, wish.tempo_bpm, item.parent) == ("slow piano, 90 bpm", 90.0, 1)
    assert wish.seconds == pytest.approx(4.0, abs=0.2)


def test_listening_to_the_melody_plays_it_beside_the_take(
    qtbot: QtBot, page: TakePage, card: FakeBackend
) -> None:
    page.views.roll.set_notes([Note(0.0, 1.0, 69)], 60.0, 4)
    page.melody_bar.listen.click()
    qtbot.waitUntil(lambda: page.audition.playing and bool(card.streams))
    qtbot.waitUntil(lambda: bool(card.stream.pump(441).any()))
    assert page.player.state == "stopped"


def test_a_kept_melody_lies_on_the_make_page(
    qtbot: QtBot, page: TakePage, context: AppContext, tmp_path: Path
) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    make = window.page("make")
    tune = tmp_path / "tune.mid"
    write_midi(tune, {"melody": (Note(0.0, 1.0, 60),)}, 120.0, 4)
    window.page("take").melody_kept.emit(tune)  # type: ignore[attr-defined]
    assert make.inputs.melody.midi == tune  # type: ignore[attr-defined]
    window.page("take").melody_kept.emit(None)  # type: ignore[attr-defined]
    assert make.inputs.melody.midi is None  # type: ignore[attr-defined]
    window.close_pages()
