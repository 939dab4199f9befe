"""The microphone: there, not there, and gone in the middle."""

from __future__ import annotations

import queue
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile

from descant.runtime import recorder
from descant.runtime.cli import main
from descant.runtime.errors import BackendError, RequestError
from descant.runtime.recorder import find_microphone, record_take

RATE = 8000
INPUTS = (("Speakers", 0), ("USB two", 1), ("USB", 1), ("Built in", 1), ("USB", 1))
"""Names and channels of devices; the last is the third once more, by another host API."""


class FakeMicrophone(ModuleType):
    """sounddevice with one input that gives a tone, block by block."""

    class PortAudioError(Exception):
        """As the library's."""

    def __init__(self, blocks: int = 100, level: float = 0.5, there: bool = True) -> None:
        super().__init__("sounddevice")
        self.blocks, self.level, self.there = blocks, level, there

    def query_hostapis(self) -> list[dict[str, Any]]:
        default = 3 if self.there else -1
        return [
            {"name": "ALSA", "devices": [0, 1, 2, 3], "default_input_device": default},
            {"name": "JACK", "devices": [4], "default_input_device": -1},
        ]

    def query_devices(self, wanted: object = None, kind: str | None = None) -> Any:
        devices = [
            {"index": i, "name": name, "max_input_channels": inputs, "default_samplerate": RATE}
            for i, (name, inputs) in enumerate(INPUTS)
        ]
        if kind is None:
            return devices
        if not self.there or wanted not in (None, 3):
            raise self.PortAudioError("Error querying device -1")
        return devices[3]

    def InputStream(self, callback: Callable[..., None], **_: object) -> _Stream:
        return _Stream(self, callback)


class _Stream:
    def __init__(self, source: FakeMicrophone, callback: Callable[..., None]) -> None:
        self.source, self.callback = source, callback

    def __enter__(self) -> None:
        wave = self.source.level * np.sin(np.arange(800) / 3)[:, None].astype(np.float32)
        for _ in range(self.source.blocks):
            self.callback(wave, 800, None, None)

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType | None], None]:
    monkeypatch.setattr(recorder, "PATIENCE_S", 0.2)
    return lambda module: monkeypatch.setitem(sys.modules, "sounddevice", module)


Use = Callable[[ModuleType | None], None]


def test_a_take_has_its_length(use: Use, tmp_path: Path) -> None:
    use(FakeMicrophone())
    take = record_take(tmp_path / "a.wav", 2.0, "USB")
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert (take.seconds, take.sample_rate, take.warnings) == (2.0, RATE, ())
    assert (len(samples), rate) == (2 * RATE, RATE)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "number"), [(None, 3), ("USB", 2), ("usb t", 1), ("built", 3), ("3", 3)]
)
def test_a_microphone_is_found_by_its_name_a_part_or_its_number(
    name: str | None, number: int
) -> None:
    assert find_microphone(FakeMicrophone(), name) == (number, RATE)


@pytest.mark.parametrize("name", ["Speakers", "no such", "7"])
def test_a_microphone_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(BackendError, match=f"no microphone like '{name}'"):
        find_microphone(FakeMicrophone(), name)


def test_ctrl_c_keeps_the_take(use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeMicrophone(blocks=5))
    real = queue.SimpleQueue

    class Interrupted:
        def __init__(self) -> None:
            self.inner: queue.SimpleQueue[object] = real()
            self.reads = 0
            self.put, self.empty = self.inner.put, self.inner.empty

        def get(self, timeout: float | None = None) -> object:
            self.reads += 1
            if self.reads == 3:
                raise KeyboardInterrupt
            return self.inner.get(timeout=timeout)

    monkeypatch.setattr("descant.runtime.recorder.queue.SimpleQueue", Interrupted)
    take = record_take(tmp_path / "a.wav", None)
    assert take.seconds == pytest.approx(5 * 800 / RATE)


def test_a_microphone_that_falls_silent_ends_the_take(use: Use, tmp_path: Path) -> None:
    use(FakeMicrophone(blocks=5))
    assert record_take(tmp_path / "a.wav", 60.0).seconds == pytest.approx(0.5)
    use(FakeMicrophone(blocks=0))
    with pytest.raises(BackendError, match="nothing was recorded"):
        record_take(tmp_path / "b.wav", 1.0)
    assert not (tmp_path / "b.wav").exists()


def test_quiet_and_clipped_takes_are_told(use: Use, tmp_path: Path) -> None:
    use(FakeMicrophone(level=0.001))
    assert "very quiet" in record_take(tmp_path / "a.wav", 1.0).warnings[0]
    use(FakeMicrophone(level=1.0))
    assert "clipped" in record_take(tmp_path / "a.wav", 1.0).warnings[0]


def test_no_microphone_and_no_library(
    use: Use, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["melody", "record", "-o", str(tmp_path / "a.wav"), "--seconds", "1"]
    use(FakeMicrophone(there=False))
    assert main(words) == 1
    assert "there is no microphone" in capsys.readouterr().err
    use(FakeMicrophone())
    assert main([*words, "--microphone", "no such"]) == 1
    assert "like 'no such'" in capsys.readouterr().err
    use(None)  # as if it were not installed
    assert main(words) == 1
    assert "descant[record]" in capsys.readouterr().err
    with pytest.raises(RequestError):
        record_take(tmp_path / "a.wav", 0.0)
    assert list(tmp_path.iterdir()) == []


def test_after_ctrl_c_an_error_is_told_as_what_it_is(
    use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pressed(_Stream):
        def __enter__(self) -> None:
            super().__enter__()
            threading.Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()

    microphone = FakeMicrophone(blocks=5)
    microphone.InputStream = lambda callback, **_: Pressed(microphone, callback)  # type: ignore[method-assign]
    use(microphone)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(recorder, "PATIENCE_S", 30.0)
    try:
        target = str(tmp_path / "a.wav")
        words = ["melody", "record", "-o", target, "--transcribe", str(tmp_path / "a.mid")]
        assert main([*words, "--pack", "nowhere"]) == 2
    finally:
        signal.signal(signal.SIGINT, before)
    assert "interrupted" not in capsys.readouterr().err
    assert soundfile.info(target).frames == 4000
