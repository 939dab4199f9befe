"""Give a bare melody its key, chords, bass and intensity, so that it becomes a lead sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, LeadSheet

PHRASE_BARS = 4
LOWEST_BASS, HIGHEST_BASS = 33, 50

# Krumhansl & Kessler (1982): how well each pitch class fits a key, from the tonic up.
_MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True, slots=True)
class _Degree:
    """A chord of the key."""

    step: int
    """Semitones of its root above the tonic."""
    quality: str
    function: str
    """T tonic, S subdominant or D dominant."""
    liking: float
    """Prior of the degree; the plain chords of a song first."""


_MAJOR_DEGREES = (
    _Degree(0, "maj", "T", 0.35),
    _Degree(2, "min", "S", 0.0),
    _Degree(4, "min", "T", -0.35),
    _Degree(5, "maj", "S", 0.25),
    _Degree(7, "maj", "D", 0.25),
    _Degree(9, "min", "T", 0.1),
)
_MINOR_DEGREES = (
    _Degree(0, "min", "T", 0.35),
    _Degree(3, "maj", "T", 0.0),
    _Degree(5, "min", "S", 0.2),
    _Degree(7, "maj", "D", 0.15),
    _Degree(7, "min", "D", -0.25),
    _Degree(8, "maj", "S", 0.15),
    _Degree(10, "maj", "D", 0.05),
)

_FLOW = {
    "TT": 0.0, "TS": 0.35, "TD": 0.25,
    "ST": 0.15, "SS": 0.05, "SD": 0.4,
    "DT": 0.5, "DS": -0.45, "DD": -0.05,
}  # fmt: skip
"""Liking of a change of function: tonic → subdominant → dominant → tonic flows, D → S backs up."""


def estimate_key(notes: Sequence[Note], beats_per_bar: int = 4) -> Key:
    """Find the key that explains the notes best.

    Correlates the pitch classes, weighted by duration and metre, with the profiles of Krumhansl and
    Kessler; the last note and the lowest strong notes tip the balance between relative keys.

    Args:
        notes: In any order; none gives C major.
        beats_per_bar: Of the melody's metre.
    """
    if not notes:
        return Key(0, "major")
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += _weight(note.start, note.end, note.start, beats_per_bar)
    last = max(notes, key=lambda note: (note.end, note.pitch))
    weights[last.pitch % 12] += 0.12 * weights.sum()
    best, best_score = Key(0, "major"), -math.inf
    for mode, profile in (("major", _MAJOR_PROFILE), ("minor", _MINOR_PROFILE)):
        for tonic in range(12):
            score = _correlation(weights, np.roll(profile, tonic))
            if score > best_score + 1e-9:
                best_score = score
                best = Key(tonic, "major" if mode == "major" else "minor")
    return best


def harmonise(
    notes: Sequence[Note], tempo_bpm: float, beats_per_bar: int = 4, key: Key | None = None
) -> LeadSheet:
    """Turn a melody into a whole lead sheet.

    Args:
        notes: The melody, in beats from the first downbeat; at least one.
        tempo_bpm: Quarter notes per minute.
        beats_per_bar: Quarter notes per bar, at least 2.
        key: The melody's key; estimated when None.

    Raises:
        ValueError: No notes, or a metre below two beats.
    """
    if not notes:
        raise ValueError("a melody needs at least one note")
    if beats_per_bar < 2:
        raise ValueError(f"beats_per_bar must be at least 2, got {beats_per_bar}")
    melody = tuple(sorted(notes))
    key = key or estimate_key(melody, beats_per_bar)
    end = max(note.end for note in melody)
    bars = max(1, math.ceil(end / beats_per_bar - 1e-6))
    chords = _choose_chords(melody, key, bars, beats_per_bar)
    return LeadSheet(
        key=key,
        tempo_bpm=float(tempo_bpm),
        beats_per_bar=beats_per_bar,
        notes=melody,
        chords=chords,
        bass=_bass_line(chords, beats_per_bar),
        intensity=tuple(_arch(bar) for bar in range(bars)),
    )


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    a, b = first - first.mean(), second - second.mean()
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))


def _weight(begin: float, end: float, start: float, beats_per_bar: int) -> float:
    """Beats between begin and end, counted more when the note starts on a strong beat."""
    place = (start + 1e-6) % beats_per_bar
    strength = 1.6 if place < 0.01 else 1.2 if place % 1.0 < 0.01 else 0.8
    return max(end - begin, 0.0) * strength


def _choose_chords(
    notes: tuple[Note, ...], key: Key, bars: int, beats_per_bar: int
) -> tuple[Chord, ...]:
    """Find the best path through the key's chords (Viterbi), one step per bar or half bar."""
    degrees = _MAJOR_DEGREES if key.mode == "major" else _MINOR_DEGREES
    per_bar = 2 if beats_per_bar % 2 == 0 and beats_per_bar >= 4 else 1
    span = beats_per_bar / per_bar
    fit = _melody_fit(notes, key, degrees, bars * per_bar, span, beats_per_bar)
    fit += _form(degrees, bars, per_bar)
    path = _viterbi(fit, degrees, per_bar)
    chords: list[Chord] = []
    for i, choice in enumerate(path):
        degree = degrees[choice]
        root = (key.tonic + degree.step) % 12
        held = (
            chords
            and i % per_bar
            and (chords[-1].root, chords[-1].quality)
            == (
                root,
                degree.quality,
            )
        )
        if held:
            chords[-1] = Chord(chords[-1].start, chords[-1].duration + span, root, degree.quality)
        else:
            chords.append(Chord(i * span, span, root, degree.quality))
    return tuple(chords)


def _melody_fit(
    notes: tuple[Note, ...],
    key: Key,
    degrees: tuple[_Degree, ...],
    segments: int,
    span: float,
    beats_per_bar: int,
) -> NDArray[np.float64]:
    """(segments, degrees) how well each chord carries the melody that sounds over it."""
    heard = np.zeros((segments, 12))
    for note in notes:
        first = max(int(note.start // span), 0)
        last = min(math.ceil(note.end / span), segments)
        for segment in range(first, last):
            begin, end = max(note.start, segment * span), min(note.end, (segment + 1) * span)
            heard[segment, note.pitch % 12] += _weight(begin, end, note.start, beats_per_bar)
    rows = [comfort(key, (key.tonic + degree.step) % 12, degree.quality) for degree in degrees]
    liking = np.array([degree.liking * 0.4 for degree in degrees])
    fit: NDArray[np.float64] = heard @ np.array(rows).T / span + liking
    return fit


def comfort(key: Key, root: int, quality: str) -> list[float]:
    """Score each pitch class over a chord: a chord tone, a passing tone, or a clash."""
    tones = {(root + i) % 12 for i in CHORD_QUALITIES[quality]}
    scores: list[float] = []
    for pitch_class in range(12):
        if pitch_class in tones:
            scores.append(1.0)
        elif (pitch_class - 1) % 12 in tones:
            scores.append(-1.0)  # a semitone above a chord tone grates when held
        else:
            scores.append(-0.4 if pitch_class in key.scale else -0.7)
    return scores


def _form(degrees: tuple[_Degree, ...], bars: int, per_bar: int) -> NDArray[np.float64]:
    """(segments, degrees) bonus for a tonic start, half cadences and a full close."""
    form = np.zeros((bars * per_bar, len(degrees)))
    tonic = next(i for i, degree in enumerate(degrees) if degree.step == 0)
    dominant = np.array([degree.function == "D" and degree.step == 7 for degree in degrees])
    for bar in range(PHRASE_BARS - 1, bars - 1, PHRASE_BARS):
        form[bar * per_bar : (bar + 1) * per_bar, dominant] += 0.35
        form[bar * per_bar : (bar + 1) * per_bar, tonic] += 0.3
    form[0, tonic] += 0.7
    form[-per_bar:, tonic] += 0.8
    if bars > 1:
        form[-per_bar - 1, dominant] += 0.5
    return form


def _viterbi(fit: NDArray[np.float64], degrees: tuple[_Degree, ...], per_bar: int) -> list[int]:
    """Return the path of highest sum of fit and transitions."""
    flow = np.array([[_FLOW[a.function + b.function] for b in degrees] for a in degrees]) * 0.7
    stay = np.eye(len(degrees), dtype=bool)
    within, across = np.where(stay, 0.8, flow - 0.4), np.where(stay, -0.15, flow)
    score = fit[0].copy()
    back = np.zeros(fit.shape, np.int64)
    for i in range(1, len(fit)):
        paths = score[:, None] + (within if i % per_bar else across)
        back[i] = paths.argmax(0)
        score = paths.max(0) + fit[i]
    path = [int(score.argmax())]
    for i in range(len(fit) - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def _bass_line(chords: tuple[Chord, ...], beats_per_bar: int) -> tuple[Note, ...]:
    """Roots at each chord, with the fifth on the third beat of a bar-long chord."""
    bass: list[Note] = []
    for chord in chords:
        root = LOWEST_BASS + (chord.root - LOWEST_BASS) % 12
        if chord.duration >= 3 and beats_per_bar >= 3:
            fifth = root + 7 if root + 7 <= HIGHEST_BASS else root - 5
            bass.append(Note(chord.start, 2.0, root, 96))
            bass.append(Note(chord.start + 2.0, chord.duration - 2.0, fifth, 84))
        else:
            bass.append(Note(chord.start, chord.duration, root, 96))
    return tuple(bass)


def _arch(bar: int) -> float:
    """Intensity of a bar: steady, swelling a little inside each phrase."""
    return round(0.6 + 0.08 * math.sin(math.pi * (bar % PHRASE_BARS) / (PHRASE_BARS - 1)), 4)
