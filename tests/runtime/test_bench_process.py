"""The process of a cell: one that crashes, falls silent, is refused, or is left alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from descant.models.strict_json import to_json
from descant.runtime.bench import process
from descant.runtime.bench.process import run_task
from descant.runtime.bench.task import Task
from descant.runtime.child import ORPHANED


def task(tmp_path: Path, pack: Path, **changes: object) -> Task:
    """Return a quick task."""
    values = {
        "pack": str(pack), "label": "tiny", "provider": "cpu", "seconds": 1.0, "steps": 2,
        "prompt": "calm piano", "seed": 0, "threads": 1, "runs": 1, "warm_ups": 0,
        "budget_s": 60.0, "heard": str(tmp_path / "a.npz"), **changes,
    }  # fmt: skip
    return Task(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os; os.abort()", "SIGABRT"),
        ("raise RuntimeError('the reason')", "the reason"),
        ("print('what is this')", "something else than was agreed"),
        ("""print('{"kind": "row", "row": {"pack": 3}}')""", "something else than was agreed"),
        ("import time; time.sleep(60)", "no sign of life"),
    ],
)
def test_a_broken_process_is_a_failed_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_pack: Path, code: str, says: str
) -> None:
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", code))
    monkeypatch.setattr(process, "PATIENCE_S", 0.1)
    row = run_task(task(tmp_path, tiny_pack), lambda share: None, 2.0)
    assert row.status == "failed"
    assert says in row.reason


def test_a_damaged_pack_is_a_failed_row(tmp_path: Path, tiny_pack: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(tiny_pack, pack)
    graph = pack / "vocoder.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"!")
    row = run_task(task(tmp_path, pack), lambda share: None, 60.0)
    assert row.status == "failed"
    assert "damaged" in row.reason


def test_budget_ends_the_runs(tmp_path: Path, tiny_pack: Path) -> None:
    wanted = task(tmp_path, tiny_pack, runs=10_000, warm_ups=10_000, budget_s=0.3)
    row = run_task(wanted, lambda share: None, 60.0)
    assert 3 <= len(row.runs_ms) < 10_000


def test_a_cell_ends_with_its_bench(tmp_path: Path, tiny_pack: Path) -> None:
    wanted = task(tmp_path, tiny_pack, runs=1_000_000)
    with subprocess.Popen(
        process.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(to_json(wanted)) + "\n")
        worker.stdin.flush()
        assert json.loads(worker.stdout.readline())["kind"] == "first"
        worker.stdin.close()
        assert worker.wait(timeout=10) == ORPHANED
