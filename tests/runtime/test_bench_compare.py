"""Two reports side by side."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from descant.runtime.bench.compare import compare_reports, comparison_text
from descant.runtime.bench.report_file import report_text
from descant.runtime.cli import main
from tests.runtime.bench_reports import pack_info, report, row
from tests.runtime.cli_helpers import Capture, refused

STEADY = [100.0 + 0.1 * i for i in range(30)]
NOISY = [90.0 + i for i in range(30)]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (STEADY, [time / 2 for time in STEADY], "faster"),
        (STEADY, [time * 2 for time in STEADY], "slower"),
        (STEADY, NOISY, "same"),
        (STEADY, STEADY, "same"),
        ([100.0, 101.0], [10.0, 11.0], "unclear"),
    ],
)
def test_verdict_knows_noise(one: list[float], other: list[float], verdict: str) -> None:
    (pair,) = compare_reports(report([row(one)]), report([row(other)])).pairs
    assert pair.verdict == verdict


def test_ratio_is_how_many_times_as_fast_the_second_is() -> None:
    (pair,) = compare_reports(report([row(STEADY)]), report([row([t / 4 for t in STEADY])])).pairs
    assert pair.ratio == pytest.approx(4.0, rel=1e-3)


def test_cells_match_by_pack_length_steps_and_provider() -> None:
    one = report([row(STEADY), row(STEADY, "cuda"), row(STEADY, seconds=30.0)])
    other = report([row(STEADY, "cuda"), row(STEADY, seconds=20.0)])
    found = compare_reports(one, other)
    assert [pair.label for pair in found.pairs] == ["starter, 10 s, 8 steps, cuda"]
    assert len(found.alone) == 3


def test_same_pack_under_another_label_matches() -> None:
    named = dataclasses.replace(pack_info("starter 1.0"), id="starter")
    found = compare_reports(
        report([row(STEADY)]), report([row(STEADY, pack="starter 1.0")], [named])
    )
    assert len(found.pairs) == 1
    assert not found.warnings


def test_what_makes_a_comparison_doubtful_is_said() -> None:
    other = report([dataclasses.replace(row(STEADY), samples=1)], [pack_info(sha256="cd" * 32)])
    other = dataclasses.replace(
        other,
        descant="0.2.0",
        complete=False,
        protocol=dataclasses.replace(other.protocol, seed=8, quick=True),
    )
    warnings = " ".join(compare_reports(report([row(STEADY)]), other).warnings)
    for text in ("versions of descant", "seed", "quick", "packs", "lengths", "interrupted"):
        assert text in warnings


def test_nothing_in_common_is_said() -> None:
    found = compare_reports(report([row(STEADY)]), report([row(STEADY, "cuda")]))
    assert "no cell in common" in comparison_text(found)


def test_command_prints_and_writes(capsys: Capture, tmp_path: Path) -> None:
    for name, times in (("a", STEADY), ("b", [time / 2 for time in STEADY])):
        (tmp_path / f"{name}.json").write_text(report_text(report([row(times)])), encoding="utf-8")
    files = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    page = tmp_path / "c.html"
    assert main(["bench", "compare", *files, "--html", str(page)]) == 0
    assert "B is faster" in capsys.readouterr().out
    assert "B is faster" in page.read_text(encoding="utf-8")
    assert main(["bench", "compare", *files, "--json"]) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert cell["verdict"] == "faster"


def test_command_refuses_what_is_no_report(capsys: Capture, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.json", tmp_path / "b.json"
    good.write_text(report_text(report([row(STEADY)])), encoding="utf-8")
    bad.write_text("{}", encoding="utf-8")
    refused(capsys, ["bench", "compare", str(good), str(bad)], "b.json", "no report")
