"""A whole lead sheet as the melody of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.runtime import Engine, Request
from descant.runtime.errors import RequestError

SHEET = LeadSheet(
    Key(2, "minor"), 90.0, 3, (Note(0, 3, 62),), (Chord(0, 3, 2, "min"),), (Note(0, 3, 38),), (0.5,)
)


def test_the_sheet_of_a_clip_makes_it_again(tiny_engine: Engine) -> None:
    asked = Request(prompt="calm piano in a waltz", seconds=2.0, seed=3, tempo_bpm=120)
    clip = tiny_engine.generate(asked)
    assert clip.sheet is not None
    again = tiny_engine.generate(replace(asked, melody=clip.sheet))
    assert again.samples.tobytes() == clip.samples.tobytes()
    assert (again.sheet, again.retrieved) == (clip.sheet, ())


def test_tempo_and_key_are_the_requests(tiny_engine: Engine) -> None:
    clip = tiny_engine.generate(Request(melody=SHEET, tempo_bpm=75, key="G minor", seconds=2.0))
    assert clip.sheet is not None
    assert (clip.sheet.tempo_bpm, str(clip.sheet.key), clip.sheet.beats_per_bar) == (
        75,
        "G minor",
        3,
    )
    assert clip.sheet.notes[0].pitch % 12 == 7
    assert {chord.root for chord in clip.sheet.chords} == {7}


def test_latent_diffusion_hears_its_notes(mg2: Engine) -> None:
    wish = Request(melody=SHEET, seconds=1.0, steps=1, seed=0)
    notes = replace(wish, melody=SHEET.notes, tempo_bpm=90)
    assert mg2.generate(wish).samples.tobytes() == mg2.generate(notes).samples.tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"intensity": ()},
        {"intensity": (0.5,) * 10_001},
        {"tempo_bpm": np.nan},
        {"beats_per_bar": 0},
        {"notes": (Note(0, 1, 128),)},
        {"notes": (Note(-1, 1, 60),)},
        {"notes": (Note(0, 0, 60),)},
        {"notes": (Note(0, 1, 60),) * 193},
        {"chords": (Chord(0, 1, 12),)},
        {"chords": (Chord(0, 1, 0, "none"),)},
        {"bass": (Note(0, None, 60),)},  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_sheets_that_are_no_music(change: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="melody") as refused:
        Request(melody=replace(SHEET, **change))
    assert refused.value.hint
