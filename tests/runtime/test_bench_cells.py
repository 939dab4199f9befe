"""``descant bench`` for real: its grid, its numbers, its files, and Ctrl-C."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from descant.runtime.bench.records import Report, Row
from descant.runtime.bench.report_file import read_report
from descant.runtime.cli import main
from tests.runtime.cli_helpers import Capture, hear_ctrl_c

SHORT = ["--seconds", "1", "--steps", "2", "--threads", "1", "--warm-ups", "1"]
OUTPUTS = ("json", "csv", "markdown", "html", "card")


@pytest.fixture(scope="module")
def twin(tiny_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny pack under another version, as a copy in int8 would be."""
    folder = tmp_path_factory.mktemp("twins") / "twin"
    shutil.copytree(tiny_pack, folder)
    manifest = folder / "pack.json"
    spec = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**spec, "version": "1-int8"}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def outputs(
    tiny_pack: Path, twin: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Run one bench with every kind of cell and return its files."""
    folder = tmp_path_factory.mktemp("bench")
    files = {name: folder / f"bench.{name}" for name in OUTPUTS}
    files["card"] = folder / "card.png"
    words = ["bench", "--pack", str(twin), "--pack", str(tiny_pack), "--reference", str(tiny_pack)]
    words += [*SHORT, "--runs", "3", "--provider", "cpu,auto,nonsense"]
    for name, path in files.items():
        words += [f"--{name}", str(path)]
    assert main(words) == 0
    return files


@pytest.fixture(scope="module")
def found(outputs: dict[str, Path]) -> Report:
    """Return what that bench has found."""
    return read_report(outputs["json"])


def cell(report: Report, pack: str, provider: str) -> Row:
    """Return a row."""
    (row,) = (row for row in report.rows if (row.pack, row.provider) == (pack, provider))
    return row


def test_rows_come_in_the_order_of_the_grid(found: Report) -> None:
    keys = [(row.pack, row.provider) for row in found.rows]
    providers = ("cpu", "auto", "nonsense")
    assert keys == [(pack, p) for pack in ("tiny 1-int8", "tiny 1") for p in providers]
    assert found.complete
    assert found.protocol.reference == "tiny 1"


def test_a_cell_has_all_of_its_numbers(found: Report) -> None:
    row = cell(found, "tiny 1", "cpu")
    assert row.status == "measured"
    assert (row.device, row.samples, len(row.runs_ms)) == ("cpu", 44_100, 3)
    assert row.total is not None
    assert row.total.min == pytest.approx(min(row.runs_ms), abs=1e-3)
    assert row.rtf == pytest.approx(1000.0 / row.total.p50, rel=1e-3)
    assert {"prepare", "sample", "vocode", "other"} <= set(row.stages)
    assert sum(stage.mean for stage in row.stages.values()) == pytest.approx(
        row.total.mean, rel=0.01
    )
    assert row.repeatable is True
    assert row.memory is not None
    assert row.memory.peak_rss_mb is not None
    assert row.memory.rss_mb is not None
    assert 30 < row.memory.rss_mb <= row.memory.peak_rss_mb
    assert row.energy is not None
    assert row.energy.joules_per_clip is None
    assert "CPU" in row.energy.reason


def test_cold_times_add_up(found: Report) -> None:
    cold = cell(found, "tiny 1", "cpu").cold
    assert cold is not None
    parts = cold.start_ms + cold.import_ms + cold.open_ms + cold.first_ms
    assert parts == pytest.approx(cold.total_ms, abs=0.01)
    assert min(cold.start_ms, cold.import_ms, cold.open_ms, cold.first_ms) > 0


def test_fidelity_refers_to_the_pack_that_was_named(found: Report) -> None:
    reference, twin = cell(found, "tiny 1", "cpu").fidelity, cell(found, "tiny 1-int8", "cpu")
    assert reference is not None
    assert reference.kind == "reference"
    assert twin.fidelity is not None
    assert twin.fidelity.kind == "measured"
    assert twin.fidelity.mel_nats == 0.0  # the same graphs
    assert twin.fidelity.clmp_cosine == 1.0


def test_what_cannot_compute_is_a_row_with_its_reason(found: Report) -> None:
    assert cell(found, "tiny 1", "nonsense").status == "skipped"
    assert "nonsense" in cell(found, "tiny 1", "nonsense").reason
    assert cell(found, "tiny 1", "auto").status == "skipped"
    assert "a row of its own" in cell(found, "tiny 1", "auto").reason


def test_outputs_hold_no_folder(outputs: dict[str, Path], tiny_pack: Path) -> None:
    for name in ("json", "csv", "markdown", "html"):
        text = outputs[name].read_text(encoding="utf-8")
        assert "audio per second" in text.replace("_", " ") or name == "csv"
        assert str(tiny_pack.parent) not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"
    assert outputs["card"].stat().st_size > 10_000


def test_auto_alone_is_measured(tiny_mg2: Path, capsys: Capture) -> None:
    words = ["bench", "--pack", str(tiny_mg2), *SHORT, "--runs", "1", "--provider", "auto"]
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    (row,) = json.loads(out)["rows"]
    assert row["status"] == "measured"
    assert row["fidelity"]["kind"] == "measured"
    assert row["fidelity"]["mel_nats"] == 0.0
    assert "1/1" in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles")
def test_ctrl_c_keeps_what_is_there(tmp_path: Path, tiny_pack: Path) -> None:
    report, said = tmp_path / "a.json", tmp_path / "stderr"
    words = ["bench", "--pack", str(tiny_pack), "--seconds", "1,30", "--steps", "2", "--json"]
    words += [str(report), "--provider", "cpu", "--threads", "1", "--warm-ups", "0"]
    words += ["--runs", "10000", "--budget-s", "1"]
    with said.open("w") as stderr:
        bench = subprocess.Popen(
            [sys.executable, "-m", "descant.runtime.cli", *words],
            stdout=subprocess.DEVNULL, stderr=stderr, preexec_fn=hear_ctrl_c,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while "1/2" not in said.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        bench.send_signal(signal.SIGINT)
        assert bench.wait(timeout=20) == 130
    found = read_report(report)
    assert not found.complete
    assert [row.seconds for row in found.rows] == [1.0]
    assert "1 of 2 cells" in said.read_text()


def test_nothing_measured_is_a_failure(tiny_pack: Path, capsys: Capture, tmp_path: Path) -> None:
    words = ["bench", "--pack", str(tiny_pack), "--provider", "nonsense", "--json"]
    assert main([*words, str(tmp_path / "a.json")]) == 1
    assert "no cell could be measured" in capsys.readouterr().err
    assert read_report(tmp_path / "a.json").rows[0].status == "skipped"


def test_a_program_hears_how_far_it_is(tiny_pack: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ["--pack", str(tiny_pack), *SHORT, "--runs", "3", "--provider", "cpu"]
    arguments = ["bench", *words, "--json", str(tmp_path / "report.json"), "--progress"]
    assert main(arguments) == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    shares = [line["share"] for line in told if "share" in line]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert any("p50" in line.get("note", "") for line in told)
    assert main([*arguments, "--seconds", "-1"]) == 2
    assert json.loads(capsys.readouterr().err.splitlines()[0])["error"]
