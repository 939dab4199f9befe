"""What ``descant bench`` refuses before it measures anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.runtime.cli_helpers import OLD, Capture, refused


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--seconds", "1000"], "seconds"),
        (["--seconds", "x"], "10,30"),
        (["--steps", "2.5"], "4,8"),
        (["--steps", "0"], "steps"),
        (["--steps", ","], "empty"),
        (["--runs", "0"], "runs"),
        (["--budget-s", "nan"], "budget"),
        (["--timeout-s", "0"], "timeout"),
        (["--seed", "-1"], "seed"),
        (["--threads", "0"], "threads"),
        (["--pack", "nowhere"], "nowhere"),
        (["--reference", "nowhere"], "nowhere"),
        (["--steps", ",".join(map(str, range(1, 100))), "--provider", "a,b,c"], "cells"),
        (["--card", "a.jpg"], ".png"),
        (["--html", "none/a.html"], "none"),
        (["--html", "a.x", "--csv", "./a.x"], "same name"),
    ],
)
def test_refusals(
    tiny_pack: Path,
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    pack = [] if "--pack" in words else ["--pack", str(tiny_pack)]
    refused(capsys, ["bench", *pack, *words], says)
    assert not list(tmp_path.iterdir())


def test_two_names_of_one_pack_are_refused(
    tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    shutil.copytree(tiny_pack, tmp_path / "copy")
    words = ["bench", "--pack", str(tiny_pack), "--pack", str(tmp_path / "copy")]
    refused(capsys, words, "the same")


def test_an_output_that_cannot_be_written_keeps_the_old_one(
    tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    old = tmp_path / "a.json"
    old.write_bytes(OLD)
    words = ["bench", "--pack", str(tiny_pack), "--json", str(old), "--csv", str(tmp_path)]
    refused(capsys, words, "folder")
    assert old.read_bytes() == OLD
