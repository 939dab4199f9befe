"""What the tests of the command line share."""

from __future__ import annotations

import signal

import pytest

from descant.runtime.cli import main

OLD = b"the old file"
Capture = pytest.CaptureFixture[str]


def refused(capsys: Capture, arguments: list[str], *mentions: str) -> str:
    """Run, hold that it ends with code 2 and one line with a hint, and return the line."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("descant: error: ")
    assert "(" in err
    for mention in mentions:
        assert mention in err
    return err


def hear_ctrl_c() -> None:
    """Undo what a shell does to commands that it starts in the background: they ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
