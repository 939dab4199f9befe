"""A child process is followed line by line, and no way of its ending is left unsaid."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop import child
from descant.desktop.child import ChildCommand

TELL = """
import json, os, sys, time
def tell(**values): print(json.dumps(values), file=sys.stderr, flush=True)
"""


@pytest.fixture
def command(qtbot: QtBot) -> Iterator[ChildCommand]:
    made = ChildCommand()
    yield made
    made.close()


def start(command: ChildCommand, code: str) -> None:
    command.start([], [sys.executable, "-c", TELL + code])


def test_progress_notes_and_the_result(command: ChildCommand, qtbot: QtBot) -> None:
    told: list[object] = []
    command.progressed.connect(lambda step, share: told.append((step, share)))
    command.noted.connect(told.append)
    with qtbot.waitSignal(command.finished, timeout=20_000) as ended:
        start(
            command,
            "tell(step='one', share=0.0); tell(note='half'); tell(step='two', share=1)\n"
            "print('no json', file=sys.stderr); print(json.dumps({'made': [1, 2]}))",
        )
        assert command.is_running
    assert told == [("one", 0.0), "half", ("two", 1.0)]
    assert ended.args == [{"made": [1, 2]}]
    assert not command.is_running


@pytest.mark.parametrize(
    ("code", "error", "hint"),
    [
        ("tell(error='no room', hint='make some'); sys.exit(1)", "no room", "make some"),
        ("print('descant: error: bad word', file=sys.stderr); sys.exit(2)", "bad word", ""),
        ("sys.exit(7)", "It ended with 7.", ""),
        ("os.abort()", "The process crashed.", ""),
        ("tell(share='x'); tell(step=1); print('[' * 9999, file=sys.stderr); sys.exit(3)", "", ""),
    ],
)
def test_every_failure_has_words(
    command: ChildCommand, qtbot: QtBot, code: str, error: str, hint: str
) -> None:
    with qtbot.waitSignal(command.failed, timeout=20_000) as ended:
        start(command, code)
    assert ended.args is not None
    assert ended.args[0]
    assert (ended.args[0], ended.args[1]) == (error or ended.args[0], hint)


def test_a_program_that_is_not_there(command: ChildCommand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(command.failed, timeout=5000) as ended:
        command.start([], ["/no/such/program"])
    assert ended.args is not None
    assert "can't be started" in ended.args[0]
    assert ended.args[1]
    assert not command.is_running


@pytest.mark.parametrize("deaf", [False, True])
def test_a_stop_is_heard_or_forced(
    command: ChildCommand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    monkeypatch.setattr(child, "PATIENCE_MS", 100)
    ears = "SIG_IGN" if deaf else "default_int_handler"
    with qtbot.waitSignal(command.progressed, timeout=20_000):
        start(
            command,
            f"import signal; signal.signal(signal.SIGINT, signal.{ears})\n"
            "tell(step='up', share=0); time.sleep(60)",
        )
    with qtbot.waitSignal(command.cancelled, timeout=20_000):
        command.cancel()
    assert not command.is_running


def test_only_one_at_a_time_and_again_after_the_end(command: ChildCommand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(command.finished, timeout=20_000):
        start(command, "print('{}')")
        with pytest.raises(RuntimeError, match="already"):
            start(command, "")
    with qtbot.waitSignal(command.finished, timeout=20_000) as ended:
        start(command, "print('not json')")
    assert ended.args == [None]
