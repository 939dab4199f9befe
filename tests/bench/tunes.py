"""Section ``melody``: is a given melody followed?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from descant.export.evaluation.cases import Case
from descant.export.evaluation.melody import Score, in_seconds, note_score, top_line
from descant.export.evaluation.transcribe import Heard, model_path, note_rows
from tests.bench.clips import MadeClip, make_clips, melody_request
from tests.bench.context import Bench
from tests.bench.figures import Figure

NAN = float("nan")


def measure_melodies(bench: Bench) -> list[Figure]:
    """Note F1 of the transcribed top line against the melody that was given."""
    if model_path() is None:
        bench.say("melody: basic-pitch is not installed, pip install --no-deps basic-pitch")
        return [Figure("melody", "given melody followed, note F1", NAN, at_least=0.5)]
    cases = bench.cases[: max(60, bench.requests // 3)]
    real = _mean(_scores(bench, cases, bench.real_files(len(cases))))
    made, roll = Score(NAN, NAN, NAN), Score(NAN, NAN, NAN)
    if bench.pack:
        clips = make_clips(bench, "melodies", melody_request, len(cases))
        made = _mean(_scores(bench, cases, [clip.path for clip in clips]))
        roll = _mean([_roll_score(*pair) for pair in zip(cases, clips, strict=True)])
    name = f"given melody followed, note F1 ({len(cases)} requests)"
    return [
        Figure("melody", name, made.f1, at_least=0.5, beside=f"real {real.f1:.3f}"),
        Figure("melody", "  precision", made.precision, beside=f"real {real.precision:.3f}"),
        Figure("melody", "  recall", made.recall, beside=f"real {real.recall:.3f}"),
        Figure("melody", "  F1 of the clip's own notes", roll.f1, beside="no transcriber between"),
    ]


def asked_notes(case: Case) -> list[Heard]:
    """The given melody in seconds."""
    return in_seconds(case.melody, case.piece.truth.tempo_bpm)


def _scores(bench: Bench, cases: Sequence[Case], files: Sequence[Path]) -> list[Score]:
    heard = bench.listen(note_rows, files)
    return [
        _score(case, [Heard(*row) for row in rows]) for case, rows in zip(cases, heard, strict=True)
    ]


def _score(case: Case, heard: Sequence[Heard]) -> Score:
    asked = asked_notes(case)
    return note_score(asked, top_line(heard, min(note.pitch for note in asked)))


def _roll_score(case: Case, clip: MadeClip) -> Score:
    return _score(case, in_seconds(clip.notes, clip.tempo_bpm))


def _mean(scores: Sequence[Score]) -> Score:
    return Score(*np.mean(np.array(scores), axis=0).tolist())
