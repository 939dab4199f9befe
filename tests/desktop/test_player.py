"""Playing as the window sees it: a card that the test drives, and none at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from descant.desktop.player import Player
from descant.desktop.portaudio import NoOutputError, PortAudio
from descant.runtime.loudness import integrated_loudness
from tests.desktop.fake_sound import Clock, FakeBackend

pytestmark = pytest.mark.qt

RATE = 44_100


def take(seconds: float = 2.0, level: float = 0.3, seed: int = 1) -> NDArray[np.float32]:
    """(1, N) noise: no two places of it are alike."""
    noise = np.random.default_rng(seed).uniform(-level, level, (1, round(seconds * RATE)))
    return noise.astype(np.float32)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def card(clock: Clock) -> FakeBackend:
    return FakeBackend(clock, "Speakers", "Headphones")


@pytest.fixture
def player(qtbot: QtBot, clock: Clock, card: FakeBackend) -> Iterator[Player]:
    made = Player(card, clock)
    yield made
    made.close()
    assert all(stream.closed for stream in card.streams)


def start(qtbot: QtBot, player: Player, card: FakeBackend) -> None:
    """Play, and wait until the card runs."""
    before = len(card.streams)
    player.play()
    qtbot.waitUntil(lambda: len(card.streams) > before and player._ready)


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
    assert player.silent_reason is None


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


def test_a_lost_card_leaves_the_clock_and_comes_back(
    qtbot: QtBot, player: Player, card: FakeBackend, clock: Clock
) -> None:
    player.load(take(10.0), RATE)
    start(qtbot, player, card)
    card.stream.pump(44_100)
    with qtbot.waitSignal(player.device_lost) as told:
        card.unplug()
    assert "disconnected" in told.args[0]
    assert player.silent_reason == told.args[0]
    assert player.state == "playing"
    at = player.position
    assert at == pytest.approx(1.0, abs=0.05)
    clock.now += 0.5
    qtbot.waitUntil(lambda: player.position > at + 0.45)
    card.names = ("Speakers",)
    player._output._look_again()
    qtbot.waitUntil(lambda: player.silent_reason is None)
    at = player.position
    card.stream.pump(44_100)
    assert player.position == pytest.approx(at + 1.0, abs=0.05)
    assert player.devices() == ["Speakers"]


def test_a_card_that_stops_asking_counts_as_lost(
    qtbot: QtBot, player: Player, card: FakeBackend, clock: Clock
) -> None:
    player.load(take(10.0), RATE)
    start(qtbot, player, card)
    card.stream.pump(4410)
    card.names = ()
    with qtbot.waitSignal(player.device_lost):
        clock.now += 1.5


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NoOutputError("no library", "PortAudio"), "PortAudio is not installed"),
        (NoOutputError("no device"), "no audio output"),
        (NoOutputError("failed", "busy"), "busy"),
    ],
)
def test_without_a_card_the_clock_goes_on_and_says_why(
    qtbot: QtBot,
    player: Player,
    card: FakeBackend,
    clock: Clock,
    error: NoOutputError,
    words: str,
) -> None:
    card.error = error
    player.load(take(1.0), RATE)
    with qtbot.waitSignal(player.output_changed):
        player.play()
    assert words in (player.silent_reason or "")
    for _ in range(3):
        clock.now += 0.25
        with qtbot.waitSignal(player.position_changed):
            pass
    player.pause()
    clock.now += 5.0
    qtbot.wait(40)
    assert player.position == pytest.approx(0.75, abs=0.01)
    player.play()
    clock.now += 0.3
    qtbot.waitUntil(lambda: player.state == "stopped")
    assert player.position == pytest.approx(1.0)


def test_the_chosen_output_is_used_and_a_missing_one_named(
    qtbot: QtBot, player: Player, card: FakeBackend
) -> None:
    player.load(take(), RATE)
    player.set_device("Headphones")
    start(qtbot, player, card)
    assert card.opened == ["Headphones"]
    player.set_device("Radio")
    qtbot.waitUntil(lambda: player.silent_reason is not None)
    assert "Radio" in (player.silent_reason or "")
    player.set_device(None)
    qtbot.waitUntil(lambda: player.silent_reason is None)
    assert card.opened[-1] is None


def test_this_machine_itself_plays_or_says_why_not(qtbot: QtBot) -> None:
    """The real way to the card, whatever this machine has."""
    player = Player(PortAudio())
    try:
        player.load(take(0.3) * 0, RATE)
        player.play()
        qtbot.waitUntil(lambda: player.state == "stopped", timeout=15_000)
        assert player.position == pytest.approx(0.3, abs=1e-6)
        if not player.devices():
            assert player.silent_reason
    finally:
        player.close()
