"""Melodies from motifs: a rhythm and a contour that return, move in sequence and close."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord

Rhythm = tuple[float, ...]

_CELLS: dict[str, tuple[tuple[Rhythm, int], ...]] = {
    "lyric": (
        ((2.0,), 2), ((1.0, 1.0), 4), ((1.5, 0.5), 4), ((1.0, 0.5, 0.5), 3), ((0.5, 0.5, 1.0), 2),
        ((0.5, 0.5, 0.5, 0.5), 1),
    ),
    "drive": (
        ((0.5, 0.5, 0.5, 0.5), 4), ((1.0, 0.5, 0.5), 3), ((0.5, 0.5, 1.0), 3), ((1.0, 1.0), 2),
        ((0.75, 0.75, 0.5), 2), ((1.5, 0.5), 2), ((0.5, 0.25, 0.25, 0.5, 0.5), 1),
    ),
    "sync": (
        ((0.75, 0.75, 0.5), 3), ((0.5, 1.0, 0.5), 3), ((0.75, 0.25, 1.0), 2), ((1.5, 0.5), 2),
        ((0.5, 0.5, 1.0), 3), ((0.25, 0.25, 0.5, 1.0), 1), ((0.5, 0.5, 0.5, 0.5), 2),
    ),
    "swing": (
        ((0.5, 0.5, 0.5, 0.5), 3), ((1.0, 0.5, 0.5), 4), ((1.5, 0.5), 3), ((0.5, 1.0, 0.5), 2),
        ((0.5, 0.5, 1.0), 3), ((1.0, 1.0), 2),
    ),
    "dotted": (
        ((0.75, 0.25, 1.0), 4), ((0.75, 0.25, 0.75, 0.25), 2), ((1.5, 0.5), 3), ((1.0, 1.0), 3),
        ((1.0, 0.5, 0.5), 3), ((0.5, 0.5, 1.0), 2),
    ),
}  # fmt: skip
"""Two-beat rhythms by style, with weights."""
_TRIPLE: tuple[tuple[Rhythm, int], ...] = (
    ((2.0, 1.0), 4), ((1.0, 1.0, 1.0), 4), ((1.5, 0.5, 1.0), 4), ((1.0, 0.5, 0.5, 1.0), 3),
    ((0.5, 0.5, 1.0, 1.0), 2), ((1.0, 1.0, 0.5, 0.5), 2), ((0.5, 0.5, 0.5, 0.5, 1.0), 2),
    ((1.0, 2.0), 1),
)  # fmt: skip
_CLOSES: dict[int, tuple[Rhythm, ...]] = {
    4: ((1.0, 1.0, 2.0), (0.5, 0.5, 1.0, 2.0), (2.0, 2.0), (1.0, 0.5, 0.5, 2.0), (1.5, 0.5, 2.0)),
    3: ((1.0, 2.0), (3.0,), (1.0, 1.0, 1.0), (0.5, 0.5, 2.0)),
}
_PLANS = ("aAbc", "abac", "aaAc", "aAac", "abAc", "abBc")
"""Motifs of a phrase's bars; a capital moves the motif in sequence, c is the close."""
STYLES = tuple(_CELLS)
_PULL = {0: 2.6, 1: 1.7, 2: 0.8}
"""Semitones that a strong note goes out of its way for the tonic, third and fifth."""


@dataclass(frozen=True, slots=True)
class Motif:
    """A bar's rhythm and contour."""

    rhythm: Rhythm
    steps: tuple[int, ...]
    """Scale steps from the note before; the first is the distance from the anchor."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Four bars' worth of ideas, to be played over any chords."""

    plan: str
    motifs: dict[str, Motif]
    close: Motif
    lift: int
    """Scale steps that a capital in the plan moves its motif."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Where and how the melody sings."""

    ladder: tuple[int, ...]
    """Scale pitches in range, ascending."""
    anchor: int
    """Index of the resting note in the ladder."""
    legato: float
    """Share of a note's length that sounds."""
    home: tuple[int, int, int]
    """Pitch classes of the tonic, the third and the fifth: where strong notes like to fall."""


def is_held_out(rhythm: Rhythm) -> bool:
    """Tell whether a bar's rhythm is kept out of training (a fifth of them are)."""
    return zlib.crc32(repr(rhythm).encode()) % 5 == 0


def make_ladder(key: Key, low: int, high: int) -> tuple[int, ...]:
    """Return the scale's pitches in [low, high]."""
    scale = key.scale
    return tuple(p for p in range(low, high + 1) if p % 12 in scale)


def make_phrase(rng: Random, style: str, beats: int, held_out: bool) -> Phrase:
    """Invent the motifs of a phrase."""
    first = _motif(rng, _bar_rhythm(rng, style, beats, held_out))
    rhythm = first.rhythm if rng.random() < 0.4 else _bar_rhythm(rng, style, beats, held_out)
    return Phrase(
        plan=rng.choice(_PLANS),
        motifs={"a": first, "b": _motif(rng, rhythm)},
        close=_motif(rng, rng.choice(_CLOSES[beats])),
        lift=rng.choice((-2, -1, 1, 1, 2)),
    )


def vary(rng: Random, phrase: Phrase, style: str, beats: int, held_out: bool) -> Phrase:
    """Return A' of A: the same opening, another second motif or close, or a nudged contour."""
    motifs = dict(phrase.motifs)
    if rng.random() < 0.5:
        motifs["b"] = _motif(rng, _bar_rhythm(rng, style, beats, held_out))
    close = _motif(rng, rng.choice(_CLOSES[beats]))
    lift = phrase.lift if rng.random() < 0.6 else -phrase.lift
    return Phrase(phrase.plan, motifs, close, lift)


def sing(
    phrase: Phrase,
    voice: Voice,
    chords: Sequence[Chord],
    first_beat: float,
    beats: int,
    rest_pitch_class: int | None,
) -> list[Note]:
    """Play a phrase over its chords.

    Args:
        phrase: The ideas.
        voice: Range and articulation.
        chords: The chords of these bars, in order.
        first_beat: Where the phrase begins.
        beats: Beats per bar.
        rest_pitch_class: What the last note must be; None lets the chord decide.
    """
    notes: list[Note] = []
    for bar, name in enumerate(phrase.plan):
        motif = phrase.close if name == "c" else phrase.motifs[name.lower()]
        start = first_beat + bar * beats
        shift = phrase.lift if name.isupper() else 0
        closing = name == "c"
        notes += _sing_bar(motif, voice, chords, start, shift, closing, rest_pitch_class)
    return notes


def _bar_rhythm(rng: Random, style: str, beats: int, held_out: bool) -> Rhythm:
    rhythm: Rhythm = ()
    for _ in range(40):
        if beats == 3:
            rhythm = _pick(rng, _TRIPLE)
        else:
            rhythm = _pick(rng, _CELLS[style]) + _pick(rng, _CELLS[style])
        # Training never hears a held-out bar; the test motifs are mostly made of them.
        if is_held_out(rhythm) == held_out:
            return rhythm
    return rhythm


def _pick(rng: Random, table: tuple[tuple[Rhythm, int], ...]) -> Rhythm:
    return rng.choices([row[0] for row in table], [row[1] for row in table])[0]


def _motif(rng: Random, rhythm: Rhythm) -> Motif:
    steps = [rng.choice((-3, 0, 0, 0, 2, 2, 2, 4))]
    direction = rng.choice((-1, 1))
    for _ in rhythm[1:]:
        if rng.random() < 0.32:
            direction = -direction
        size = rng.choices((0, 1, 2, 3, 4), (10, 62, 17, 7, 4))[0]
        steps.append(direction * size)
        if size >= 3:
            direction = -direction  # a leap is filled by stepping back
    return Motif(rhythm, tuple(steps))


def _sing_bar(
    motif: Motif,
    voice: Voice,
    chords: Sequence[Chord],
    start: float,
    shift: int,
    closing: bool,
    rest_pitch_class: int | None,
) -> list[Note]:
    notes: list[Note] = []
    index = voice.anchor + shift
    onset = start
    last = len(motif.rhythm) - 1
    for i, (duration, step) in enumerate(zip(motif.rhythm, motif.steps, strict=True)):
        index = _reflect(index + step, len(voice.ladder))
        chord = next(c for c in reversed(chords) if c.start <= onset + 1e-6)
        strong = duration >= 1 or (onset - start) % 2 < 1e-6
        pitch = voice.ladder[index]
        if closing and i == last and rest_pitch_class is not None:
            pitch = _nearest(pitch, (rest_pitch_class,), voice)
        elif strong or (closing and i == last):
            pitch = _nearest(pitch, chord.pitch_classes, voice)
        elif pitch % 12 not in chord.pitch_classes:
            pitch = _bend(pitch, chord, voice)
        index = min(range(len(voice.ladder)), key=lambda k: abs(voice.ladder[k] - pitch))
        length = duration * (voice.legato if duration > 0.5 else min(voice.legato + 0.05, 0.97))
        accent = 104 if (onset - start) < 1e-6 else 99 if strong else 92
        notes.append(Note(onset, length, pitch, accent))
        onset += duration
    return notes


def _reflect(index: int, size: int) -> int:
    if index < 0:
        index = -index
    if index >= size:
        index = 2 * (size - 1) - index
    return max(0, min(index, size - 1))


def _nearest(pitch: int, tones: tuple[int, ...], voice: Voice) -> int:
    low, high = voice.ladder[0] - 1, voice.ladder[-1] + 1
    near = [p for p in range(max(pitch - 7, low), min(pitch + 7, high) + 1) if p % 12 in tones]
    if not near:
        return pitch
    return min(near, key=lambda p: abs(p - pitch) - _PULL.get(_place(p, voice), 0.0))


def _place(pitch: int, voice: Voice) -> int:
    return voice.home.index(pitch % 12) if pitch % 12 in voice.home else -1


def _bend(pitch: int, chord: Chord, voice: Voice) -> int:
    """Raise or lower a scale note that grates against a chord tone outside the scale."""
    scale = {p % 12 for p in voice.ladder}
    for candidate in (pitch + 1, pitch - 1):
        if candidate % 12 in chord.pitch_classes and candidate % 12 not in scale:
            return candidate
    return pitch
