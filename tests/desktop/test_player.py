"""Playing as the window sees it, on a card that the test drives."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from descant.desktop.player import Player
from descant.runtime.loudness import integrated_loudness
from tests.desktop.fake_sound import RATE, Clock, FakeBackend, start, take

pytestmark = pytest.mark.qt


def test_the_position_is_that_of_the_sample_that_is_heard(
    qtbot: QtBot, player: Player, card: FakeBackend, clock: Clock
) -> None:
    player.load(take(), RATE)
    start(qtbot, player, card)
    card.stream.pump(44_100)
    assert player.position == pytest.approx(1.0, abs=1e-6)
    clock.now -= 0.005  # between two blocks it moves on with the clock
    assert player.position == pytest.approx(0.995, abs=1e-6)


def test_nothing_is_opened_before_something_is_played(player: Player, card: FakeBackend) -> None:
    player.load(take(), RATE)
    player.seek(1.0)
    assert not card.streams
    assert player.output.silent_reason is None


def test_seek_pause_and_play_again(qtbot: QtBot, player: Player, card: FakeBackend) -> None:
    samples = take()
    player.load(samples, RATE)
    player.seek(0.5)
    assert player.position == 0.5
    start(qtbot, player, card)
    heard = card.stream.pump(4410)
    np.testing.assert_array_equal(heard[300:, 0], samples[0, 22_050 + 300 : 22_050 + 4410])
    player.pause()
    card.stream.pump(882)
    place = player.position
    assert card.stream.pump(882).any() == False  # noqa: E712 a NumPy truth
    assert player.position == place
    player.seek(1.5)
    assert player.position == 1.5
    player.play()
    heard = card.stream.pump(4410)
    np.testing.assert_array_equal(heard[300:, 0], samples[0, 66_150 + 300 : 66_150 + 4410])


def test_it_stops_at_the_end_and_starts_anew(
    qtbot: QtBot, player: Player, card: FakeBackend
) -> None:
    player.load(take(0.5), RATE)
    start(qtbot, player, card)
    card.stream.pump(30_000)
    qtbot.waitUntil(lambda: player.state == "stopped")
    assert player.position == pytest.approx(0.5)
    player.play()
    card.stream.pump(4410)
    assert player.position == pytest.approx(0.1, abs=1e-3)


def test_a_loop_goes_round(qtbot: QtBot, player: Player, card: FakeBackend) -> None:
    samples = take()
    player.load(samples, RATE)
    player.set_loop((0.5, 0.75))
    start(qtbot, player, card)
    heard = card.stream.pump(4 * 11_025)[:, 0].reshape(4, 11_025)
    np.testing.assert_array_equal(heard[1], heard[3])
    np.testing.assert_array_equal(heard[1, 300:], samples[0, 22_050 + 300 : 33_075])
    assert player.state == "playing"
    assert 0.5 <= player.position <= 0.75
    player.set_loop(None)
    card.stream.pump(22_050)
    assert player.position > 0.9


def test_two_takes_are_equally_loud_at_the_same_place(
    qtbot: QtBot, player: Player, card: FakeBackend
) -> None:
    quiet, loud = take(4.0, 0.05), take(4.0, 0.8, seed=2)
    player.load(quiet, RATE)
    start(qtbot, player, card)
    with qtbot.waitSignal(player.comparison_changed):
        player.compare(loud, RATE)
    first = card.stream.pump(44_100)
    player.choose("b")
    second = card.stream.pump(44_100)
    levels = [integrated_loudness(part[441:].T.copy(), RATE) for part in (first, second)]
    assert abs(levels[0] - levels[1]) < 0.5
    assert player.position == pytest.approx(2.0, abs=1e-3)
    there = loud[0, 44_541:88_200]
    assert np.corrcoef(second[441:, 0], there)[0, 1] > 0.999
    player.end_comparison()
    heard = card.stream.pump(4410)[441:, 0]
    np.testing.assert_array_equal(heard, quiet[0, 88_641 : 88_200 + 4410])


def test_a_card_of_another_rate_gets_another_rate(
    qtbot: QtBot, player: Player, card: FakeBackend
) -> None:
    card.rates, card.channels = (48_000,), 2
    time = np.arange(2 * RATE) / RATE
    player.load((0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)[None], RATE)
    start(qtbot, player, card)
    heard = card.stream.pump(48_000)
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
    peak = np.abs(np.fft.rfft(heard[:, 0])).argmax()
    assert peak == 1000  # over one second: bins of 1 Hz
    assert player.position == pytest.approx(1.0, abs=1e-6)
