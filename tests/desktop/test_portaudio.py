"""The real PortAudio: on ALSA's null device where there is one, and told apart by what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from descant.desktop import portaudio
from descant.desktop.portaudio import NoOutputError, PortAudio, recording

ASOUND = """
pcm.!default { type null hint { show on description "Default" } }
pcm.quiet { type null hint { show on description "Quiet" } }
"""

PROGRAM = """
import sys, time
import numpy as np
from PySide6.QtCore import QCoreApplication
from descant.desktop.player import Player

app = QCoreApplication(sys.argv)
player = Player()
player.load(np.full((1, 22050), 0.1, np.float32), 44100)
player.set_device(sys.argv[1] or None)
player.play()
until = time.monotonic() + 20
while player.state == "playing" and time.monotonic() < until:
    app.processEvents()
    time.sleep(0.005)
output = player.output
print(player.state, round(player.position, 3), sorted(output.found.outputs), output.silent_reason)
player.output.refresh()
player.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ALSA's null device is Linux's")
@pytest.mark.parametrize(
    ("name", "reason"), [("quiet", "None"), ("", "None"), ("loud", "“loud” is not connected")]
)
def test_a_take_is_played_on_a_real_stream(tmp_path: Path, name: str, reason: str) -> None:
    pytest.importorskip("sounddevice", reason="sounddevice or PortAudio is not installed")
    (tmp_path / "asound.conf").write_text(ASOUND, encoding="utf-8")
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("stopped 0.5 ['default', 'quiet']")
    assert reason in done.stdout


def nothing(**_: Any) -> None:
    """Do what a stream of no card does."""


class FakeModule:
    """Stands in for sounddevice where there is something wrong."""

    PortAudioError = RuntimeError

    def __init__(self, **found: Any) -> None:
        self.found = found
        self.restarts = 0

    def query_hostapis(self) -> Any:
        return self.found["apis"]

    def query_devices(self) -> Any:
        return self.found["devices"]

    def check_output_settings(self, samplerate: int, **_: Any) -> None:
        if samplerate not in self.found["rates"]:
            raise self.PortAudioError("invalid sample rate")

    def OutputStream(self, **given: Any) -> Any:
        if self.found.get("busy"):
            raise self.PortAudioError("Device  unavailable\n[PaErrorCode -9985]")
        self.given = given
        return SimpleNamespace(
            latency=0.05, active=True, start=nothing, abort=nothing, close=nothing
        )

    def _terminate(self) -> None:
        self.restarts += 1

    def _initialize(self) -> None:
        pass


def machine(**changes: Any) -> FakeModule:
    """Return a Windows machine: each card is listed by two host APIs."""
    devices = [
        {
            "name": name,
            "max_input_channels": ins,
            "max_output_channels": outs,
            "default_samplerate": rate,
        }
        for name, ins, outs, rate in (
            ("Spea", 0, 2, 44_100.0),
            ("Mic", 1, 0, 44_100.0),
            ("Speakers", 0, 8, 48_000.0),
            ("Headset", 1, 1, 16_000.0),
            ("Microphone", 2, 0, 48_000.0),
        )
    ]
    apis = [
        {
            "name": "MME", "devices": [0, 1],
            "default_output_device": 0, "default_input_device": 1,
        },
        {
            "name": "Windows WASAPI", "devices": [3, 2, 4],
            "default_output_device": 2, "default_input_device": 4,
        },
    ]  # fmt: skip
    return FakeModule(**{"apis": apis, "devices": devices, "rates": (44_100, 48_000)} | changes)


def use(monkeypatch: pytest.MonkeyPatch, module: FakeModule) -> PortAudio:
    monkeypatch.setattr(portaudio, "_load", lambda: module)
    monkeypatch.setattr(portaudio, "_streams", set())
    return PortAudio()


def test_each_card_is_listed_once_the_systems_first(monkeypatch: pytest.MonkeyPatch) -> None:
    module = machine()
    backend = use(monkeypatch, module)
    assert backend.devices() == ("Speakers", "Headset")
    assert backend.microphones() == ("Microphone", "Headset")
    stream = backend.open(None, 44_100, lambda out, lead: None)
    assert (stream.sample_rate, stream.channels) == (44_100, 2)
    assert module.given["device"] == 2


def test_a_card_is_asked_for_its_own_rate_when_it_takes_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = use(monkeypatch, machine(rates=(16_000,)))
    stream = backend.open("Headset", 44_100, lambda out, lead: None)
    assert (stream.sample_rate, stream.channels) == (16_000, 1)


def test_the_callback_says_when_a_block_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    module, leads = machine(), []
    use(monkeypatch, module).open(None, 44_100, lambda out, lead: leads.append(lead))
    block = np.zeros((4, 2), np.float32)
    for heard_at in (10.25, 0.0):  # the second is a card that has no clock
        time = SimpleNamespace(outputBufferDacTime=heard_at, currentTime=10.0)
        module.given["callback"](block, 4, time, None)
    assert leads == [0.25, 0.05]


@pytest.mark.parametrize(
    ("module", "device", "why"),
    [
        (machine(apis=[]), None, "no device"),
        (machine(), "Radio", "missing"),
        (machine(busy=True), None, "failed"),
    ],
)
def test_what_is_wrong_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, module: FakeModule, device: str | None, why: str
) -> None:
    with pytest.raises(NoOutputError) as refused:
        use(monkeypatch, module).open(device, 44_100, lambda out, lead: None)
    assert refused.value.why == why
    assert "\n" not in refused.value.detail


@pytest.mark.parametrize("error", [ImportError("no"), OSError("PortAudio library not found")])
def test_a_missing_library_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(name: str, *_: Any, **__: Any) -> Any:
        if name == "sounddevice":
            raise error
        return real(name, *_, **__)

    import builtins

    real = builtins.__import__
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(NoOutputError) as refused:
        PortAudio().devices()
    assert refused.value.why == "no library"


def test_devices_are_not_looked_for_while_something_records_or_plays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = machine()
    backend = use(monkeypatch, module)
    backend.rescan()
    assert module.restarts == 1
    with recording():
        backend.rescan()
    assert module.restarts == 1
    stream = backend.open(None, 44_100, lambda out, lead: None)
    backend.rescan()
    assert module.restarts == 1
    stream.close()
    backend.rescan()
    assert module.restarts == 2
