"""The lean installation measures itself and draws what it has found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.lean.program import Descant

pytestmark = pytest.mark.pack


def test_bench_without_torch(descant: Descant, starter: Path, tmp_path: Path) -> None:
    page, card = tmp_path / "a.html", tmp_path / "a.png"
    words: list[str | Path] = ["bench", "--provider", "cpu", "--seconds", "1", "--runs", "3"]
    outcome = descant(*words, "--warm-ups", "1", "--html", page, "--card", card, "--json")
    assert outcome.code == 0, outcome.stderr
    (row,) = json.loads(outcome.stdout)["rows"]
    assert row["status"] == "measured"
    assert row["rtf"] > 0
    assert row["repeatable"] is True
    assert "seconds of audio per second" in page.read_text(encoding="utf-8")
    with Image.open(card) as image:
        assert image.size == (1200, 630)
