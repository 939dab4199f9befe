"""``descant export engine``."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from descant.export import engine_library
from descant.runtime.cli import main
from tests.export.engine_tools import SMALL, needs_builder
from tests.runtime.cli_helpers import Capture, refused

pytestmark = needs_builder


def engine(*words: str) -> list[str]:
    return ["export", "engine", "starter", *words]


def test_a_table_and_then_json(tmp_path: Path, capsys: Capture) -> None:
    arguments = engine("--graphs", SMALL, "--sm", "89", "--profile", "seconds=1:2:3.5")
    assert main([*arguments, "-o", str(tmp_path)]) == 0
    head, row, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["graph", "precision", "MB", "seconds", "sm", "note"]
    name, precision, size, _, card, *note = row.split()
    assert (name, precision, card) == (SMALL, "fp16", "89")
    assert " ".join(note) == "built: there is none yet"
    assert float(size) > 0.5
    assert last == f"{tmp_path}: 1 engines"
    assert main([*arguments, "-o", str(tmp_path), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    (made,) = found["engines"]
    assert found["folder"] == str(tmp_path)
    assert (made["reused"], made["reason"]) == (True, "nothing has changed")
    assert made["compute_capabilities"] == [89]
    assert made["profile"] == {"roll": [[1, 89, 24], [1, 89, 46], [1, 89, 78]]}
    assert made["size_bytes"] == (tmp_path / made["file"]).stat().st_size
    assert (tmp_path / made["wrapper"]).is_file()
    assert 0 < made["relative_error"] < 2e-2


@pytest.mark.parametrize(
    ("words", "mention"),
    [
        (("--profile", "seconds=9"), "seconds=1:10:60"),
        (("--profile", "seconds=9:8:7"), "not in order"),
        (("--sm", "12"), "sm '12'"),
        (("--graphs", "bass"), "no graph 'bass'"),
        (("--precision", "int8"), "int8"),
    ],
)
def test_nonsense_is_refused_in_one_line(
    tmp_path: Path, capsys: Capture, words: tuple[str, str], mention: str
) -> None:
    refused(capsys, engine(*words, "-o", str(tmp_path)), mention)
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_its_name_and_the_way_to_it(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        if name in engine_library.NAMES:
            raise ImportError(name)
        return import_module(name)

    monkeypatch.setattr(engine_library, "import_module", missing)
    assert main(engine("-o", str(tmp_path))) == 1
    error = capsys.readouterr().err
    assert "TensorRT-RTX" in error
    assert "pip install 'descant[engines]'" in error


def test_the_library_for_data_centres_builds_for_the_card_at_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has the same builder but names no other cards."""

    class Module:
        __version__ = "11.0"

    def only_the_other(name: str) -> Any:
        if name == "tensorrt_rtx":
            raise ImportError(name)
        return Module

    monkeypatch.setattr(engine_library, "import_module", only_the_other)
    library = engine_library.find_library()
    assert (library.name, library.version, library.cards(None)) == ("tensorrt", "11.0", ())
    with pytest.raises(ValueError, match="the card in this machine") as refusal:
        library.cards("89")
    assert "descant[engines]" in refusal.value.hint  # type: ignore[attr-defined]


def test_a_program_hears_how_far_it_is_and_what_went_wrong(tmp_path: Path, capsys: Capture) -> None:
    listening = engine("--graphs", SMALL, "-o", str(tmp_path), "--json", "--progress")
    assert main(listening) == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert told == [{"step": SMALL, "share": 0.0}, {"step": "done", "share": 1.0}]
    assert main([*listening, "--sm", "12"]) == 2
    first, last = capsys.readouterr().err.splitlines()
    assert "sm '12'" in json.loads(first)["error"]
    assert json.loads(first)["hint"]
    assert last.startswith("descant: error: ")
