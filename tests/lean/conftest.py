"""Fixtures that need the lean installation only; they run the program as a user does."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.lean.program import CALL, Descant, Made, Outcome


@pytest.fixture(scope="session")
def descant() -> Descant:
    """Return a function that runs the program in a fresh interpreter."""

    def run(*words: str | Path) -> Outcome:
        command = [sys.executable, "-c", CALL, *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def starter() -> Path:
    """Return the folder of the installed starter pack."""
    folder = Path(str(files("descant.models.packs") / "starter"))
    if not (folder / "pack.json").is_file():
        pytest.skip(f"no starter pack in {folder}")
    return folder


@pytest.fixture(scope="session")
def made(descant: Descant, starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make one clip with a report, a MIDI file and a plot; costs one start of the program."""
    folder = tmp_path_factory.mktemp("made")
    wav, midi, plot = folder / "rain.wav", folder / "rain.mid", folder / "rain.png"
    words: list[str | Path] = ["generate", "calm piano in the rain", "-o", wav, "--seed", "0"]
    outcome = descant(*words, "--seconds", "4", "--json", "--midi", midi, "--plot", plot)
    assert outcome.code == 0, outcome.stderr
    return Made(json.loads(outcome.stdout), outcome.stderr, wav, midi, plot)
