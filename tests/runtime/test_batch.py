"""A batch makes what is left of a table, whatever stopped it before."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import Engine, read_receipt, replay
from descant.runtime.batch import processes, session
from descant.runtime.batch.job import Outcome, Settings
from descant.runtime.batch.manifest import FILE_NAME
from descant.runtime.batch.session import BatchReport, run_batch
from descant.runtime.cli import main
from descant.runtime.errors import OutputError, PackNotFoundError, ProviderUnavailableError
from descant.runtime.pack_source import built_in_folder

Capture = pytest.CaptureFixture[str]
HEAD = "name,prompt,seconds,steps,melody\n"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Return a table of four rows."""
    path = tmp_path / "prompts.csv"
    path.write_text(HEAD + "".join(f"{name},calm {name},1,1,\n" for name in "abcd"))
    return path


def batch(csv: Path, pack: Path, **more: Any) -> BatchReport:
    """Make a table on one core for each process."""
    return run_batch(csv, csv.parent / "out", pack=pack, device="cpu", threads=1, **more)


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return the manifest."""
    return [json.loads(line) for line in (folder / FILE_NAME).read_text().splitlines() if line]


def test_all_rows_are_made_once(csv: Path, tiny_pack: Path, tiny_engine: Engine) -> None:
    heard: list[tuple[str, int, int]] = []
    report = batch(csv, tiny_pack, workers=2,
                   on_outcome=lambda o, done, of: heard.append((o.name, done, of)))  # fmt: skip
    out = csv.parent / "out"
    assert (report.made, report.skipped, report.failures) == (4, 0, ())
    assert sorted(path.name for path in out.iterdir()) == [
        "a.wav", "b.wav", "c.wav", "d.wav", FILE_NAME]  # fmt: skip
    assert sorted(name for name, *_ in heard) == list("abcd")
    assert [row[1:] for row in heard] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for entry in lines(out):
        (made,) = entry["files"]
        assert made["receipt"] == read_receipt(out / made["file"])
        assert replay(out / made["file"], tiny_engine).verdict == "identical"
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    report = batch(csv, tiny_pack, workers=2)
    assert (report.made, report.skipped) == (0, 4)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_only_what_has_changed_is_made_again(csv: Path, tiny_pack: Path, tmp_path: Path) -> None:
    batch(csv, tiny_pack)
    out = tmp_path / "out"
    first = (out / "b.wav").read_bytes()
    csv.write_text(csv.read_text().replace("calm a", "loud a") + "e,new,1,1,\n")
    (out / "b.wav").write_bytes(first[:-2])
    (out / "c.wav").unlink()
    heard: list[str] = []
    report = batch(csv, tiny_pack, on_outcome=lambda o, *_: heard.append(o.name))
    assert (report.made, report.skipped) == (4, 1)
    assert sorted(heard) == ["a", "b", "c", "e"]
    assert (out / "b.wav").read_bytes() == first
    assert batch(csv, tiny_pack).skipped == 5
    assert batch(csv, tiny_pack, suffix=".flac").made == 5


def test_a_failing_row_is_written_down_and_the_rest_goes_on(
    csv: Path, tiny_pack: Path, capsys: Capture
) -> None:
    (csv.parent / "bad.mid").write_bytes(b"no music")
    csv.write_text(HEAD + "a,calm,1,1,\nb,calm,1,1,bad.mid\nc,calm,1,1,\n")
    words = ["batch", str(csv), "-o", str(csv.parent / "out"), "--pack", str(tiny_pack)]
    assert main([*words, "--threads", "1"]) == 1
    out, err = capsys.readouterr()
    assert "a.wav" in out
    assert "c.wav" in out
    assert "2 made, 0 there already, 1 failed" in out
    assert "line 3, b: melody 'bad.mid'" in err
    assert {entry["name"]: entry["status"] for entry in lines(csv.parent / "out")} == {
        "a": "done", "b": "failed", "c": "done"}  # fmt: skip
    assert main([*words, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["made"], report["skipped"]) == (0, 2)
    assert report["failures"][0]["line"] == 3
    assert report["failures"][0]["hint"]
    (csv.parent / "bad.mid").unlink()
    assert main(words) == 2
    assert "line 3, column 'melody'" in capsys.readouterr().err


def test_many_clips_of_a_row(csv: Path, tiny_pack: Path) -> None:
    csv.write_text("name,prompt,seconds,steps,count\na,calm,1,1,3\n")
    batch(csv, tiny_pack, suffix=".ogg")
    (entry,) = lines(csv.parent / "out")
    assert [made["file"] for made in entry["files"]] == ["a-01.ogg", "a-02.ogg", "a-03.ogg"]
    assert [made["seed"] - entry["files"][0]["seed"] for made in entry["files"]] == [0, 1, 2]


def test_a_process_that_crashes_costs_one_row(
    csv: Path, tiny_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os, sys\n"
        "from descant.runtime.batch import make, worker\n"
        "real = make.make_row\n"
        "make.make_row = lambda engine, job, *rest: "
        "os.abort() if job.name == 'b' else real(engine, job, *rest)\n"
        "sys.stdout.flush(); os._exit(worker.main())\n"
    )
    monkeypatch.setattr(processes, "COMMAND", (sys.executable, "-c", code))
    report = batch(csv, tiny_pack)
    assert report.made == 3
    (failure,) = report.failures
    assert failure.name == "b"
    assert "SIGABRT" in failure.error
    monkeypatch.undo()
    assert batch(csv, tiny_pack).made == 1


@pytest.mark.parametrize("what", ["start_child", "tempfile.TemporaryFile"])
def test_rows_without_a_process_fail(
    csv: Path, tiny_pack: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(f"descant.runtime.batch.processes.{what}", refuse)
    report = batch(csv, tiny_pack, workers=2)
    assert sorted(failure.name for failure in report.failures) == list("abcd")
    assert all("Too many open files" in failure.error for failure in report.failures)
    assert all(failure.hint for failure in report.failures)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_kill_loses_no_clip(tmp_path: Path, tiny_pack: Path, number: signal.Signals) -> None:
    csv, out = tmp_path / "prompts.csv", tmp_path / "out"
    csv.write_text(HEAD + "".join(f"r{i},calm,20,4,\n" for i in range(30)))
    code = (
        "import signal, sys; from descant.runtime.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
    )
    words = ["batch", str(csv), "-o", str(out), "--workers", "2", "--threads", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words, "--pack", str(tiny_pack), "--device", "cpu"],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(number)
    assert process.wait(30) == (130 if number == signal.SIGINT else -number)
    process.stdout.close()
    waited = time.monotonic() + 20  # the workers notice that they are alone
    while list(out.glob(".*.part")) and time.monotonic() < waited:
        time.sleep(0.05)
    done = [entry["name"] for entry in lines(out)]
    assert 3 <= len(done) < 30
    for path in out.glob("*.wav"):
        assert read_receipt(path) is not None
    csv.write_text("".join(csv.read_text().splitlines(keepends=True)[: len(done) + 2]))
    (out / FILE_NAME).write_bytes((out / FILE_NAME).read_bytes() + b'{"name": "r0", "li')
    heard: list[str] = []
    report = run_batch(csv, out, pack=tiny_pack, device="cpu", threads=1,
                       on_outcome=lambda o, *_: heard.append(o.name))  # fmt: skip
    assert report.skipped == len(set(done) & {f"r{i}" for i in range(len(done) + 1)})
    assert not set(heard) & set(done)
    assert report.failures == ()
    assert batch(csv, tiny_pack).made == 0


def test_workers_open_the_pack_that_was_opened_here(
    csv: Path, tiny_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def none(jobs: Any, settings: Settings, workers: int) -> Iterator[Outcome]:
        told.append(settings.pack)
        return iter(())

    monkeypatch.setattr(session, "run_on_processes", none)
    (tmp_path / "starter").mkdir()
    monkeypatch.chdir(tmp_path)
    shutil.copytree(tiny_pack, tmp_path / "mine")
    for pack in ("starter", built_in_folder() / "starter", "mine", tiny_pack):
        run_batch(csv, tmp_path / "out", pack=pack, device="cpu", threads=1)
    assert told == ["starter", "starter", str(tmp_path / "mine"), str(tiny_pack.absolute())]


def test_nothing_is_begun_that_can_not_end_well(
    csv: Path, tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    with pytest.raises(PackNotFoundError):
        run_batch(csv, tmp_path / "out", pack="none")
    with pytest.raises(ProviderUnavailableError):
        run_batch(csv, tmp_path / "out", pack=tiny_pack, device="abacus")
    with pytest.raises(OutputError):
        run_batch(csv, csv, pack=tiny_pack)
    for words in (["--workers", "0"], ["--format", "mp3"], ["--bit-depth", "8"]):
        assert main(["batch", str(csv), "-o", str(tmp_path / "out"), *words]) == 2
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capsys.readouterr().err
