"""The piano roll: notes round trip, and every edit by mouse and by keyboard can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from descant.desktop.audition import pluck
from descant.desktop.melody_model import HIGHEST_PITCH, Melody, MelodyModel, snapped
from descant.desktop.widgets.piano_roll import PianoRoll
from descant.models.theory.notes import LOWEST_PITCH
from descant.runtime import Note, Request

LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key

TUNE = (Note(0.0, 1.0, 60), Note(1.0, 0.5, 64, 70), Note(2.0, 2.0, 67), Note(6.0, 1.0, 72))


@pytest.fixture
def roll(qtbot: QtBot, styled: QApplication) -> PianoRoll:
    made = PianoRoll()
    qtbot.addWidget(made)
    made.resize(864, 344)  # 800 columns: eight beats of 100
    made.view.set_clip(4.0, 120.0, 4)
    made.set_notes(TUNE, 120.0, 4)
    made.show()
    return made


def centre(roll: PianoRoll, note: Note) -> QPoint:
    return roll.places.rect(note).center().toPoint()


def at(roll: PianoRoll, beat: float, pitch: int) -> QPoint:
    row = roll.places.row_height()
    return QPoint(round(roll.places.column_of(beat)), round(roll.places.top(pitch) + row / 2))


def drag(qtbot: QtBot, roll: PianoRoll, begin: QPoint, end: QPoint) -> None:
    qtbot.mousePress(roll, LEFT, pos=begin)
    for step in (1, 2, 3, 4):
        qtbot.mouseMove(roll, begin + (end - begin) * step / 4)
    qtbot.mouseRelease(roll, LEFT, pos=end)


def test_notes_come_back_as_they_went_in_and_make_a_request(roll: PianoRoll) -> None:
    assert roll.notes() == TUNE
    assert Request(melody=roll.notes()).melody == TUNE
    roll.model.transpose(3)
    assert [note.pitch for note in roll.notes()] == [63, 67, 70, 75]
    roll.model.undo_stack.undo()
    assert roll.notes() == TUNE


def edited(melody: Melody, kind: str, amount: int) -> Melody:
    if kind == "move":
        return melody.moved(amount / 4, amount)
    if kind == "size":
        return melody.resized(amount / 4)
    return melody.louder(amount) if kind == "loud" else melody.without_selected()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 16), st.integers(LOWEST_PITCH, HIGHEST_PITCH)),
        min_size=1,
        max_size=12,
    ),
    st.lists(
        st.tuples(st.sampled_from(["move", "size", "loud", "all", "cut"]), st.integers(-30, 30)),
        max_size=8,
    ),
)
def test_any_row_of_edits_is_undone_to_where_it_began(
    rows: list[tuple[int, int, int]], edits: list[tuple[str, int]]
) -> None:
    model = MelodyModel()
    model.load(Note(s / 4, d / 4, p) for s, d, p in rows)
    begun = model.notes
    for kind, amount in edits:
        model.select(model.notes[::2])
        if kind == "all":
            model.transpose(amount)
            continue
        model.apply(kind, edited(model.melody, kind, amount))
    for note in model.notes:
        assert note.start >= 0
        assert note.duration > 0
        assert LOWEST_PITCH <= note.pitch <= HIGHEST_PITCH
        assert 1 <= note.velocity <= 127
    last = model.notes
    while model.undo_stack.canUndo():
        model.undo_stack.undo()
    assert model.notes == begun
    while model.undo_stack.canRedo():
        model.undo_stack.redo()
    assert model.notes == last


def test_a_drag_moves_a_note_on_the_grid_and_is_one_step(qtbot: QtBot, roll: PianoRoll) -> None:
    up = round(3 * roll.places.row_height())
    drag(qtbot, roll, centre(roll, TUNE[2]), centre(roll, TUNE[2]) + QPoint(108, -up))
    moved = next(iter(roll.model.selected))
    assert moved.start == 3.0  # 1.08 beats snap to one
    assert moved.pitch == 70
    assert roll.model.undo_stack.count() == 1
    qtbot.keyClick(roll, Key.Key_Z, CONTROL)
    assert roll.notes() == TUNE
    qtbot.keyClick(roll, Key.Key_Z, CONTROL | SHIFT)
    assert moved in roll.notes()


def test_a_drag_back_to_where_it_began_is_no_edit(qtbot: QtBot, roll: PianoRoll) -> None:
    model = roll.model
    model.select([TUNE[0]])
    model.begin_gesture()
    edited = []
    for beats in (1.0, -1.0):
        model.apply("Move", model.melody.moved(beats, 0), gesture=True)
        edited.append(model.state.edited)
    assert edited == [True, False]
    assert roll.notes() == TUNE
    assert not model.undo_stack.canUndo()


def test_a_drag_at_the_end_makes_a_note_longer(qtbot: QtBot, roll: PianoRoll) -> None:
    end = roll.places.rect(TUNE[0]).right() - 2
    begin = QPoint(round(end), centre(roll, TUNE[0]).y())
    drag(qtbot, roll, begin, begin + QPoint(52, 0))
    assert roll.notes()[0] == Note(0.0, 1.5, 60)


def test_a_double_click_adds_and_delete_takes_away(qtbot: QtBot, roll: PianoRoll) -> None:
    with qtbot.waitSignal(roll.audition_requested):
        qtbot.mouseDClick(roll, LEFT, pos=at(roll, 4.6, 65))
    assert Note(4.5, 0.25, 65) in roll.notes()
    with qtbot.waitSignal(roll.notes_changed) as told:
        qtbot.keyClick(roll, Key.Key_Delete)
    assert told.args[0] == TUNE


def test_a_frame_selects_and_a_click_on_nothing_seeks(qtbot: QtBot, roll: PianoRoll) -> None:
    drag(qtbot, roll, at(roll, 0.1, 70), at(roll, 2.5, 58))
    assert roll.model.selected == frozenset(TUNE[:3])
    with qtbot.waitSignal(roll.seek_requested) as told:
        qtbot.mouseClick(roll, LEFT, pos=at(roll, 5.0, 61))
    assert told.args[0] == pytest.approx(2.5, abs=0.01)
    assert not roll.model.selected


def test_the_velocity_lane_sets_how_strongly_a_note_is_struck(
    qtbot: QtBot, roll: PianoRoll
) -> None:
    lane, stem = roll.places.lane(), roll.places.stem(TUNE[1])
    begin = QPoint(round(stem.center().x()), round(lane.bottom() - 2))
    drag(qtbot, roll, begin, QPoint(begin.x(), round(lane.top() + 1)))
    assert roll.notes()[1].velocity > 115
    assert roll.model.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("key", "modifiers", "want"),
    [
        (Key.Key_Right, NONE, Note(1.25, 0.5, 64, 70)),
        (Key.Key_Left, NONE, Note(0.75, 0.5, 64, 70)),
        (Key.Key_Up, NONE, Note(1.0, 0.5, 65, 70)),
        (Key.Key_Down, SHIFT, Note(1.0, 0.5, 52, 70)),
        (Key.Key_Right, SHIFT, Note(1.0, 0.75, 64, 70)),
        (Key.Key_Left, SHIFT, Note(1.0, 0.25, 64, 70)),
        (Key.Key_Up, CONTROL, Note(1.0, 0.5, 64, 78)),
    ],
)
def test_the_keyboard_edits_the_selected_note(
    qtbot: QtBot, roll: PianoRoll, key: Qt.Key, modifiers: Qt.KeyboardModifier, want: Note
) -> None:
    qtbot.keyClick(roll, Key.Key_Right, CONTROL)
    qtbot.keyClick(roll, Key.Key_Right, CONTROL)
    assert roll.model.selected == {TUNE[1]}
    assert "E4 at beat 2" in roll.accessibleDescription()
    qtbot.keyClick(roll, key, modifiers)
    assert roll.model.selected == {want}
    assert want in roll.notes()
    assert TUNE[1] not in roll.notes()


def test_the_keyboard_adds_selects_all_and_listens(qtbot: QtBot, roll: PianoRoll) -> None:
    roll.set_position(2.5)  # beat 5
    qtbot.keyClick(roll, Key.Key_Insert)
    assert Note(5.0, 0.25, 72) in roll.notes()
    qtbot.keyClick(roll, Key.Key_A, CONTROL)
    assert len(roll.model.selected) == 5
    with qtbot.waitSignal(roll.audition_requested) as told:
        qtbot.keyClick(roll, Key.Key_Return)
    assert len(told.args[0]) == 5
    qtbot.keyClick(roll, Key.Key_Escape)
    assert not roll.model.selected


def test_a_roll_that_is_not_to_be_edited_is_not(qtbot: QtBot, roll: PianoRoll) -> None:
    roll.editable = False
    roll.model.select(roll.notes())
    qtbot.keyClick(roll, Key.Key_Delete)
    qtbot.mouseDClick(roll, LEFT, pos=at(roll, 4.6, 65))
    assert roll.notes() == TUNE


def test_notes_that_would_leave_the_roll_stop_at_its_border() -> None:
    melody = Melody(TUNE, frozenset(TUNE))
    assert min(n.start for n in melody.moved(-9.0, 0).notes) == 0.0
    assert max(n.pitch for n in melody.moved(0, 500).notes) == HIGHEST_PITCH
    gaps = np.diff([n.pitch for n in melody.moved(0, 500).notes])
    np.testing.assert_array_equal(gaps, np.diff([n.pitch for n in TUNE]))
    assert snapped(1.13, 1 / 3) == pytest.approx(1.0)
    assert snapped(1.13, 0.0) == 1.13


def test_a_plucked_melody_has_its_pitches_and_no_clicks() -> None:
    rate = 44_100
    sound = pluck([Note(0.0, 1.0, 69), Note(1.0, 1.0, 81)], 60.0, rate)[0]
    assert np.abs(sound).max() <= 0.9
    assert len(sound) == round(2.6 * rate)
    for begin, hertz in ((0, 440), (rate, 880)):
        spectrum = np.abs(np.fft.rfft(sound[begin : begin + rate // 2]))
        assert abs(spectrum[:1000].argmax() * 2 - hertz) <= 4
    assert np.abs(sound[[0, -1]]).max() < 1e-3
    assert pluck([], 60.0).shape == (1, 0)
