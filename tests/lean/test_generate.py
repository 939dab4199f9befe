"""A sentence becomes a file, without torch and without the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.lean.program import Descant, Made

pytestmark = pytest.mark.pack

REPORT_KEYS = {
    "path",
    "seed",
    "seconds",
    "sample_rate",
    "channels",
    "device",
    "timings_ms",
    "rtf",
    "peak_rss_mb",
    "retrieved",
    "warnings",
}


def test_makes_music_of_the_asked_length(made: Made) -> None:
    samples, sample_rate = soundfile.read(made.wav, dtype="float32", always_2d=True)
    assert sample_rate == 44100
    assert len(samples) == 4 * sample_rate
    assert np.isfinite(samples).all()
    rms = float(np.sqrt(np.mean(samples**2)))
    assert 0.02 < rms < 0.7
    assert np.abs(samples).max() <= 1.0


def test_report_has_the_documented_keys(made: Made) -> None:
    assert set(made.report) >= REPORT_KEYS
    assert made.report["path"] == str(made.wav)
    assert made.report["seed"] == 0
    assert made.report["seconds"] == pytest.approx(4.0, abs=0.01)
    assert made.report["sample_rate"] == 44100
    assert made.report["channels"] in (1, 2)
    assert made.report["rtf"] > 0
    assert made.report["peak_rss_mb"] > 0
    assert all(isinstance(ms, int | float) for ms in made.report["timings_ms"].values())
    assert made.report["retrieved"]
    assert isinstance(made.report["warnings"], list)


def test_piped_progress_is_silent(made: Made) -> None:
    assert "%" not in made.stderr
    assert "\r" not in made.stderr


def test_midi_and_plot_are_readable(made: Made) -> None:
    messages = [m for track in mido.MidiFile(made.midi).tracks for m in track]
    assert any(m.type == "note_on" and m.velocity > 0 for m in messages)
    with Image.open(made.plot) as image:
        assert image.format == "PNG"
        assert image.width >= 400


def test_same_seed_same_bytes(made: Made, descant: Descant, tmp_path: Path) -> None:
    words = ["generate", "calm piano in the rain", "--seconds", "4"]
    again, other = tmp_path / "again.wav", tmp_path / "other.wav"
    assert descant(*words, "-o", again, "--seed", "0").code == 0
    assert descant(*words, "-o", other, "--seed", "1").code == 0
    assert soundfile.read(again)[0].tobytes() == soundfile.read(made.wav)[0].tobytes()
    assert soundfile.read(other)[0].tobytes() != soundfile.read(made.wav)[0].tobytes()


def test_opens_no_socket_and_loads_no_torch(starter: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda e, a: seen.append(e) if e.startswith('socket.') else None)\n"
        "from descant.runtime.cli import main\n"
        "code = main()\n"
        "assert not seen, seen\n"
        "assert 'torch' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    words = ["generate", "slow strings", "-o", str(tmp_path / "a.wav"), "--seconds", "1"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
