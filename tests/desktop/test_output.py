"""The sound card: chosen, lost, back again, or not there at all, and the microphones beside it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop.player import Player
from descant.desktop.portaudio import NoOutputError, PortAudio
from tests.desktop.fake_sound import RATE, Clock, FakeBackend, start, take

pytestmark = pytest.mark.qt


def test_a_lost_card_leaves_the_clock_and_comes_back(
    qtbot: QtBot, player: Player, card: FakeBackend, clock: Clock
) -> None:
    player.load(take(10.0), RATE)
    start(qtbot, player, card)
    card.stream.pump(44_100)
    with qtbot.waitSignal(player.device_lost) as told:
        card.unplug()
    assert "disconnected" in told.args[0]
    assert player.output.silent_reason == told.args[0]
    assert player.state == "playing"
    at = player.position
    assert at == pytest.approx(1.0, abs=0.05)
    clock.now += 0.5
    qtbot.waitUntil(lambda: player.position > at + 0.45)
    card.names = ("Speakers",)
    player.output._look_again()
    qtbot.waitUntil(lambda: player.output.silent_reason is None)
    at = player.position
    card.stream.pump(44_100)
    assert player.position == pytest.approx(at + 1.0, abs=0.05)
    assert player.output.found.outputs == ("Speakers",)


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
    with qtbot.waitSignal(player.output.changed):
        player.play()
    assert words in (player.output.silent_reason or "")
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
    qtbot.waitUntil(lambda: player.output.silent_reason is not None)
    assert "Radio" in (player.output.silent_reason or "")
    player.set_device(None)
    qtbot.waitUntil(lambda: player.output.silent_reason is None)
    assert card.opened[-1] is None


def test_a_microphone_that_is_plugged_in_is_offered(
    qtbot: QtBot, player: Player, card: FakeBackend
) -> None:
    card.inputs = ("Headset",)
    with qtbot.waitSignal(player.output.changed):
        player.output.refresh()
    assert player.output.found.microphones == ("Headset",)


def test_a_sibling_is_as_loud_and_on_the_same_output(player: Player) -> None:
    player.set_gain_db(-40.0)
    melody = player.sibling()
    assert melody.gain_db == -40.0
    player.set_gain_db(-6.0)
    player.set_device("Headphones")
    assert (melody.gain_db, melody.output.device) == (-6.0, "Headphones")
    melody.close()


def test_this_machine_itself_plays_or_says_why_not(qtbot: QtBot) -> None:
    """The real way to the card, whatever this machine has."""
    player = Player(PortAudio())
    try:
        player.load(take(0.3) * 0, RATE)
        player.play()
        qtbot.waitUntil(lambda: player.state == "stopped", timeout=15_000)
        assert player.position == pytest.approx(0.3, abs=1e-6)
        if not player.output.found.outputs:
            assert player.output.silent_reason
    finally:
        player.close()
