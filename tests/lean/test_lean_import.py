"""The installation is what it says: importable, small, with its command."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

from tests.lean.program import Descant

CHECK = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") else None)
from descant.runtime import Engine, Request
heavy = {"torch", "onnx", "PySide6", "scipy", "librosa", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
assert not seen, seen
"""


def test_import_is_light_and_offline() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="descant")
    assert command.value == "descant.runtime.cli:main"


def test_version_is_that_of_the_installation(descant: Descant) -> None:
    outcome = descant("--version")
    assert outcome.code == 0, outcome.stderr
    assert version("descant") in outcome.stdout


@pytest.mark.pack
def test_packs_are_listed_and_verified(descant: Descant, starter: Path) -> None:
    listed = descant("packs", "list")
    assert listed.code == 0, listed.stderr
    assert json.loads((starter / "pack.json").read_text(encoding="utf-8"))["id"] in listed.stdout
    verified = descant("packs", "verify", "starter")
    assert verified.code == 0, verified.stderr
