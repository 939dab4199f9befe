"""The doctor works where nothing but the lean installation is, and opens no connection."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lean.program import Descant

pytestmark = pytest.mark.pack


def test_music_can_be_made(descant: Descant, starter: Path) -> None:
    outcome = descant("doctor", "--json")
    assert outcome.code == 0, outcome.stderr
    report = json.loads(outcome.stdout)
    assert report["ok"]
    assert any(pack["id"] == "starter" and pack["verified"] for pack in report["packs"])
    rows = {row["device"]: row for row in report["providers"]}
    assert rows["cpu"]["trial"]["seconds"] > 0
    for row in rows.values():
        assert row["reason"]
        assert row["usable"] or row["hint"]


def test_named_device_that_is_not_there(descant: Descant, starter: Path, tmp_path: Path) -> None:
    usable = {
        row["device"]: row["usable"]
        for row in json.loads(descant("doctor", "--json").stdout)["providers"]
    }
    for device in (name for name, is_usable in usable.items() if not is_usable):
        target = tmp_path / "a.wav"
        outcome = descant("generate", "piano", "-o", target, "--device", device)
        assert outcome.code == 1
        assert len(outcome.stderr.strip().splitlines()) == 1
        assert "can't be used" in outcome.stderr
        assert not target.exists()


def test_opens_no_socket(starter: Path) -> None:
    code = (
        "import sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda e, a: seen.append(e) if e.startswith('socket.') else None)\n"
        "from descant.runtime.cli import main\n"
        "code = main(['doctor'])\n"
        "assert not seen, seen\n"
        "assert 'torch' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
