"""``--golden DIR`` compares with the numbers of that folder, run from the top of the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.golden.harness import DATA, load_manifest

ROOT = Path(__file__).parents[2]


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/golden/test_melody_text.py"]
    return subprocess.run(
        [sys.executable, *command, "--golden", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_another_folder_is_compared(tmp_path: Path) -> None:
    case = load_manifest(DATA)["melody_text"]
    content = json.loads((case.folder / case.file).read_text(encoding="utf-8"))
    listing = {"format": 1, "cases": {"melodies": {**case.extra, "file": "other.json"}}}
    (tmp_path / "manifest.json").write_text(json.dumps(listing), encoding="utf-8")
    content["bins"][0][1] += 1
    (tmp_path / "other.json").write_text(json.dumps(content), encoding="utf-8")
    done = _run(tmp_path)
    assert done.returncode == 1, done.stderr
    assert "test_bins[melodies]" in done.stdout
    assert "1 failed, 3 passed" in done.stdout


def test_a_folder_without_vectors_is_refused(tmp_path: Path) -> None:
    refused = _run(tmp_path)
    assert refused.returncode not in (0, 1)
    assert "no manifest.json" in refused.stdout + refused.stderr
