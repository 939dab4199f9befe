"""Humming: a take from a made-up microphone, and words where there is none."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from descant.desktop import hum
from descant.desktop.context import AppContext
from descant.desktop.widgets.hum_box import HumBox
from descant.runtime import BackendError


class Microphone:
    """Gives a tone, block by block, as long as it is open."""

    active = True

    def __init__(self, callback: Any, **_: Any) -> None:
        self._callback, self._end = callback, threading.Event()
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> Microphone:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _play(self) -> None:
        tone = 0.5 * np.sin(np.arange(441, dtype=np.float32) * 0.06)[:, None]
        while not self._end.wait(0.01):
            self._callback(tone.astype(np.float32), 441, None, None)


@pytest.fixture
def box(context: AppContext, qtbot: QtBot) -> Any:
    """Return the button."""
    made = HumBox(context)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.recorder.close()


def test_a_hum_is_recorded_and_seen(
    box: HumBox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = SimpleNamespace(InputStream=Microphone, PortAudioError=OSError)
    monkeypatch.setattr(hum, "load_sounddevice", lambda: device)
    monkeypatch.setattr(hum, "find_microphone", lambda *_: (0, 44_100))
    with qtbot.waitSignal(
        box.recorder.level, timeout=5000, check_params_cb=lambda peak, s: peak > 0.4 and s > 0.05
    ):
        qtbot.mouseClick(box._button, Qt.MouseButton.LeftButton)
    assert box._meter.isVisible()
    with qtbot.waitSignal(box.recorded, timeout=5000) as heard:
        qtbot.mouseClick(box._button, Qt.MouseButton.LeftButton)
    assert heard.args is not None
    path: Path = heard.args[0]
    samples, rate = soundfile.read(path)
    assert rate == 44_100
    assert abs(samples).max() == pytest.approx(0.5, abs=0.01)
    assert not box._meter.isVisible()
    assert not box._message.isVisible()


def test_no_microphone_is_said(box: HumBox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise BackendError("there is no microphone", hint="plug one in")

    monkeypatch.setattr(hum, "load_sounddevice", lambda: SimpleNamespace(PortAudioError=OSError))
    monkeypatch.setattr(hum, "find_microphone", missing)
    with qtbot.waitSignal(box.recorder.failed, timeout=5000):
        qtbot.mouseClick(box._button, Qt.MouseButton.LeftButton)
    assert box._message.text() == "There is no microphone. Plug one in."
    assert box._button.isEnabled()


def test_a_microphone_that_another_program_holds_is_said(
    box: HumBox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise OSError("Device  unavailable\n[PaErrorCode -9985]")

    device = SimpleNamespace(InputStream=refuse, PortAudioError=OSError)
    monkeypatch.setattr(hum, "load_sounddevice", lambda: device)
    monkeypatch.setattr(hum, "find_microphone", lambda *_: (0, 44_100))
    with qtbot.waitSignal(box.recorder.failed, timeout=5000):
        qtbot.mouseClick(box._button, Qt.MouseButton.LeftButton)
    assert "The microphone can't be used: Device unavailable" in box._message.text()
    assert "choose another one in the settings" in box._message.text()


def test_a_microphone_that_says_nothing_is_not_waited_for(
    box: HumBox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Microphone, "_play", lambda self: None)
    monkeypatch.setattr(hum, "PATIENCE_S", 0.1)
    device = SimpleNamespace(InputStream=Microphone, PortAudioError=OSError)
    monkeypatch.setattr(hum, "load_sounddevice", lambda: device)
    monkeypatch.setattr(hum, "find_microphone", lambda *_: (0, 44_100))
    with qtbot.waitSignal(box.recorder.failed, timeout=5000):
        qtbot.mouseClick(box._button, Qt.MouseButton.LeftButton)
    assert "Nothing came from the microphone" in box._message.text()
