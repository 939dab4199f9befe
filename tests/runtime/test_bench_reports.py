"""Reports on disk: what is written is read back, and what is no report is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.runtime.bench.report_file import MOST_BYTES, read_report, report_text
from descant.runtime.bench.shareable import shareable, shareable_command
from descant.runtime.bench.tables import COLUMNS, csv_text, markdown_text
from descant.runtime.errors import BenchReportError
from tests.runtime.bench_reports import report, rich_report, row


def stored(path: Path, change: Any = None) -> Path:
    """Write a good report, changed by ``change``, which gets its JSON."""
    value = json.loads(report_text(rich_report()))
    if change is not None:
        change(value)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    made = rich_report()
    (tmp_path / "a.json").write_text(report_text(made), encoding="utf-8")
    assert read_report(tmp_path / "a.json") == made


@given(times=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=9), seconds=st.floats(1, 60))
def test_any_times_survive(
    tmp_path_factory: pytest.TempPathFactory, times: list[float], seconds: float
) -> None:
    made = report([row(times, seconds=seconds)])
    path = tmp_path_factory.mktemp("reports") / "a.json"
    path.write_text(report_text(made), encoding="utf-8")
    assert read_report(path) == made


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1, 2]", "no report"),
        (b'{"format": "else"}', "no report"),
        (b'{"format": "descant-bench"}', "schema"),
        (b'{"format": "descant-bench", "schema": 2}', "schema"),
        (b'{"format": "descant-bench", "schema": true}', "schema"),
        (b'{"format": "descant-bench", "schema": 1}', "missing"),
        (b'{"format": "descant-bench", "schema": 1, "date": NaN}', "JSON"),
        (b'{"format": "descant-bench", "schema": 1, "date": ' + b"9" * 5000 + b"}", "JSON"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(BenchReportError, match=says) as caught:
        read_report(path)
    assert caught.value.hint


def test_a_report_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.json")
    content = path.read_bytes()
    for length in range(0, len(content) - 1, 997):
        path.write_bytes(content[:length])
        with pytest.raises(BenchReportError):
            read_report(path)


def set_deep(value: Any, keys: tuple[Any, ...], new: Any) -> None:
    """Set ``value[k0][k1]… = new``."""
    for key in keys[:-1]:
        value = value[key]
    value[keys[-1]] = new


@pytest.mark.parametrize(
    ("keys", "new", "says"),
    [
        (("surprise",), 1, "unknown key"),
        (("machine", "cores"), "two", "expected int"),
        (("machine", "cpu"), "x" * 10_000, "characters"),
        (("rows", 0, "runs_ms"), [1.0] * 50_000, "entries"),
        (("rows", 0, "runs_ms"), [1e300], "out of range"),
        (("rows", 0, "runs_ms"), [-1.0], "below 0"),
        (("rows", 0, "rtf"), int("9" * 400), "out of range"),
        (("rows", 0, "rtf"), None, "without times"),
        (("rows", 0, "total"), None, "without times"),
        (("rows", 0, "pack"), "another", "none of the report's packs"),
        (("rows", 0, "seconds"), 0.0, "above 0"),
        (("rows", 0, "status"), "great", "expected one of"),
        (("rows", 0, "stages"), {"x": 3}, "expected an object"),
    ],
)
def test_a_bad_value_is_refused_by_its_place(
    tmp_path: Path, keys: tuple[Any, ...], new: Any, says: str
) -> None:
    path = stored(tmp_path / "a.json", lambda value: set_deep(value, keys, new))
    with pytest.raises(BenchReportError, match=says):
        read_report(path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 20)
    with pytest.raises(BenchReportError, match="MB"):
        read_report(path)


@pytest.mark.parametrize("name", ["none.json", ".", "a\0b"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BenchReportError, match="can't be read"):
        read_report(tmp_path / name)


def test_csv_has_a_line_for_each_cell() -> None:
    made = rich_report()
    lines = list(csv.DictReader(io.StringIO(csv_text(made))))
    assert len(lines) == len(made.rows)
    assert set(COLUMNS) <= set(lines[0])
    assert float(lines[0]["p50_ms"]) == made.rows[0].total.p50  # type: ignore[union-attr]
    assert float(lines[0]["stage_sample_p50_ms"]) == made.rows[0].stages["sample"].p50
    assert lines[3]["status"] == "failed"
    assert lines[3]["rtf_audio_seconds_per_second"] == ""


def test_csv_holds_no_formula() -> None:
    made = report([row([1.0], pack="=1+1")])
    (line,) = csv.DictReader(io.StringIO(csv_text(made)))
    assert line["pack"] == "'=1+1"


def test_markdown_has_the_definition_and_whole_rows() -> None:
    made = rich_report()
    text = markdown_text(made)
    assert made.rtf_means in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == len(made.rows) + 2
    bars = {line.replace("\\|", "").count("|") for line in table}
    assert len(bars) == 1
    assert "<script>" not in text


def test_doubtful_numbers_are_named() -> None:
    steady, restless = [100.0] * 30, [100.0, 150.0] * 15
    assert "differ much" not in markdown_text(report([row(steady)]))
    assert "fewer than 30" not in markdown_text(report([row(steady)]))
    text = markdown_text(report([row(steady), row(restless, "cuda")]))
    assert "In 1 of 2 cells the runs differ much" in text
    assert "fewer than 30 runs" in markdown_text(report([row([100.0] * 29)]))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("can't open /home/ann/music/pack.json: gone", "can't open pack.json: gone"),
        (r"no C:\Users\Ann\pack\unet.onnx here", "no unet.onnx here"),
        ("can't read '/data/my packs/a b.onnx' at all", "can't read 'a b.onnx' at all"),
        ("24 s of audio / second, 3/4", "24 s of audio / second, 3/4"),
    ],
)
def test_folders_are_taken_out(text: str, clean: str) -> None:
    assert shareable(text) == clean


def test_names_of_host_and_user_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "annsbox.lan")
    monkeypatch.setattr("getpass.getuser", lambda: "annabel")
    assert shareable("annabel at annsbox on annsbox.lan: failed") == "… at … on …: failed"


def test_command_has_bare_names() -> None:
    words = ["descant", "bench", "--pack", "/data/packs/mg2.descant", "--html=out/a.html"]
    assert shareable_command(words) == "descant bench --pack mg2.descant --html=a.html"
