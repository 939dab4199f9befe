"""Generated clips: made once for a pack, kept with what the sections need to know of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from descant.export.evaluation.cases import SECONDS, Case
from descant.models.theory.notes import Note
from descant.models.theory.sheet import Chord
from descant.runtime import Clip, Request
from tests.bench.context import Bench, write_samples


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A generated clip on disk."""

    path: Path
    """int16 samples; see ``read_samples``."""
    tempo_bpm: float
    beats_per_bar: int
    key: str
    notes: tuple[Note, ...]
    """All that sound, read from the clip's roll, in beats."""
    melody: tuple[Note, ...]
    """The melody that led it, in beats."""
    chords: tuple[Chord, ...]
    warnings: tuple[str, ...]


def plain_request(case: Case) -> Request:
    """Ask in words, with tempo and key as options."""
    truth = case.piece.truth
    return Request(
        prompt=case.prompt,
        tempo_bpm=truth.tempo_bpm,
        key=truth.key,
        seconds=SECONDS,
        seed=case.seed,
    )


def melody_request(case: Case) -> Request:
    """Bring the melody of the piece."""
    return Request(
        prompt=case.short_prompt,
        melody=case.melody,
        tempo_bpm=case.piece.truth.tempo_bpm,
        seconds=SECONDS,
        seed=case.seed,
    )


def make_clips(
    bench: Bench, kind: str, ask: Callable[[Case], Request], count: int | None = None
) -> list[MadeClip]:
    """Generate what is missing of one kind of request; a killed run goes on where it stopped."""
    clips = []
    cases = bench.cases[:count]
    for done, case in enumerate(cases, 1):
        path = bench.made_folder / kind / f"{case.seed}.npy"
        note = path.with_suffix(".json")
        if not (path.is_file() and note.is_file()):
            clip = bench.engine.generate(ask(case))
            write_samples(path, clip.samples.mean(0))
            note.write_text(json.dumps(_known(clip)), encoding="utf-8")
        clips.append(_read(path, note))
        if done % 20 == 0:
            bench.say(f"{kind}: {done} of {len(cases)} clips")
    return clips


def _known(clip: Clip) -> dict[str, object]:
    assert clip.sheet is not None, "of a pack that plays notes"
    return {
        "tempo_bpm": clip.sheet.tempo_bpm,
        "beats_per_bar": clip.sheet.beats_per_bar,
        "key": str(clip.sheet.key),
        "notes": [dataclasses.astuple(note) for note in clip.notes],
        "melody": [dataclasses.astuple(note) for note in clip.sheet.notes],
        "chords": [dataclasses.astuple(chord) for chord in clip.sheet.chords],
        "warnings": list(clip.warnings),
    }


def _read(path: Path, note: Path) -> MadeClip:
    known = json.loads(note.read_text(encoding="utf-8"))
    return MadeClip(
        path=path,
        tempo_bpm=known["tempo_bpm"],
        beats_per_bar=known["beats_per_bar"],
        key=known["key"],
        notes=tuple(Note(*values) for values in known["notes"]),
        melody=tuple(Note(*values) for values in known["melody"]),
        chords=tuple(Chord(*values) for values in known["chords"]),
        warnings=tuple(known["warnings"]),
    )
