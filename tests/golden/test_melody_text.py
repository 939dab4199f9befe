"""Melody texts, ids and MIDI files are those of the published scripts, to the letter."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from descant.models.melody_midi import midi_to_parts
from descant.models.melody_text import (
    BINS,
    Part,
    TimedNote,
    bin_to_seconds,
    parts_to_text,
    seconds_to_bin,
    text_to_ids,
)
from tests.golden.harness import Case

pytestmark = pytest.mark.golden("melody_text")


def _read(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((case.folder / case.file).read_text(encoding="utf-8"))
    return content


def _part(facts: dict[str, Any]) -> Part:
    notes = tuple(TimedNote(*note) for note in facts["notes"])
    return Part(notes, facts.get("program", 0), facts["is_drum"])


def test_ids(case: Case) -> None:
    for line in _read(case)["tokenizer"]:
        assert list(text_to_ids(line["text"])) == line["ids"], line["text"]


def test_triplets_of_notes(case: Case) -> None:
    for entry in _read(case)["notes"]:
        parts = [_part(facts) for facts in entry["instruments"]]
        assert parts_to_text(parts) == entry["triplets"]


def test_midi_files(case: Case) -> None:
    for entry in _read(case)["midi_files"]:
        parts = midi_to_parts(base64.b64decode(entry["base64"]))
        wanted = [_part(facts) for facts in entry["instruments"]]
        assert [(p.program, p.is_drum) for p in parts] == [(p.program, p.is_drum) for p in wanted]
        for ours, theirs in zip(parts, wanted, strict=True):
            assert [n.pitch for n in ours.notes] == [n.pitch for n in theirs.notes]
            times = [(n.start, n.end) for n in ours.notes]
            assert times == [pytest.approx((n.start, n.end), abs=1e-6) for n in theirs.notes]
        assert parts_to_text(parts) == entry["triplets"], entry["name"]


def test_bins(case: Case) -> None:
    content = _read(case)
    assert [[x, seconds_to_bin(x)] for x, _ in content["bins"]] == content["bins"]
    assert [bin_to_seconds(i) for i in range(BINS)] == content["bin_to_seconds"]
