"""A soundtrack plays to loudspeakers, where there are any."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from descant.runtime import Engine, Request, Soundtrack
from descant.runtime.errors import BackendError


def rendered(engine: Engine) -> Soundtrack:
    """Return a short one."""
    return Soundtrack(engine, Request(prompt="calm", seed=1, steps=1), (0.5,), bars=1).render()


class FakeSpeaker(ModuleType):
    """sounddevice with an output that asks for three blocks."""

    class PortAudioError(Exception):
        """As the library's."""

    heard: np.ndarray[Any, Any]
    closed = False

    def OutputStream(self, callback: Any, channels: int, device: Any, **_: object) -> FakeSpeaker:
        if device == "none":
            raise self.PortAudioError("Error querying device -1")
        self.callback, self.channels = callback, channels
        return self

    def start(self) -> None:
        out = np.full((3, 512, self.channels), np.nan, np.float32)
        for block in out:
            self.callback(block, 512, None, None)
        self.heard = out.reshape(-1, self.channels)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> FakeSpeaker:
    """Let a fake take sounddevice's place."""
    fake = FakeSpeaker("sounddevice")
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_play(tiny_engine: Engine, speaker: FakeSpeaker) -> None:
    music, same = rendered(tiny_engine), rendered(tiny_engine)
    music.play()
    np.testing.assert_array_equal(speaker.heard.T, same.read(3 * 512))
    music.stop()
    assert speaker.closed
    with pytest.raises(BackendError, match="querying") as refused:
        music.play("none")
    assert "read()" in refused.value.hint


def test_play_without_the_extra(tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(BackendError, match="not installed") as refused:
        rendered(tiny_engine).play()
    assert "pip install" in refused.value.hint
