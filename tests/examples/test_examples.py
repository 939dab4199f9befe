"""The examples run as they are, on a fresh installation with the starter pack."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from descant.runtime.batch.session import run_batch
from descant.runtime.batch.table import read_table
from descant.runtime.pack_source import built_in_folder
from tests.elsewhere import environment

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(folder: Path, name: str, *arguments: str) -> str:
    """Run an example in a folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.pack
def test_twenty_lines(tmp_path: Path) -> None:
    if not (built_in_folder() / "starter" / "pack.json").is_file():
        pytest.skip("the starter pack is not in models/packs")
    assert len((EXAMPLES / "twenty_lines.py").read_text().splitlines()) <= 20
    out = run(tmp_path, "twenty_lines.py")
    assert re.fullmatch(r"adventure\.wav: 40 beats in [A-G][b#]? (major|minor)\n", out)
    info = soundfile.info(tmp_path / "adventure.wav")
    assert (info.samplerate, info.duration) == (44100, 20.0)


@pytest.mark.parametrize("way", [(), ("--pump",), ("--silent",)], ids=" ".join)
def test_game(tmp_path: Path, tiny_pack: Path, way: tuple[str, ...]) -> None:
    pytest.importorskip("pygame", reason="pygame is not installed; it draws the example's game")
    out = run(tmp_path, "game.py", "--headless", "4", "--bars", "1", "--pack", str(tiny_pack), *way)
    made, heard = re.search(r"(\d+)% of the music made, ([\d.]+) s heard", out).groups()  # type: ignore[union-attr]
    if way == ("--silent",):
        assert (made, heard) == ("0", "0.0")
        assert "while music is made" not in out
    else:
        assert int(made) > 0
        assert float(heard) > 0
        assert re.search(r"while music is made: \d+ frames, p50 [\d.]+ ms, p99 [\d.]+ ms", out)


def test_table(tmp_path: Path, tiny_pack: Path) -> None:
    rows = read_table(EXAMPLES / "prompts.csv")
    assert [row.name for row in rows][:2] == ["title", "village"]
    assert sum(row.request.loop for row in rows) == 6
    short = (EXAMPLES / "prompts.csv").read_text().replace(",8,yes", ",1,yes")
    (tmp_path / "prompts.csv").write_text(short)
    report = run_batch(
        tmp_path / "prompts.csv", tmp_path / "music", pack=tiny_pack, device="cpu", threads=1
    )
    assert (report.made, report.failures) == (8, ())
    assert len(list((tmp_path / "music").glob("*.wav"))) == 8
