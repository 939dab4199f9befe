"""A lead sheet that goes round: whole bars, whose last chord leads into the first."""

from __future__ import annotations

from dataclasses import replace

from descant.models.theory.harmonise import comfort
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord, LeadSheet

LEADING = (7, 5, 10)
"""Semitones above the chord that is led to, best first: its dominant, its subdominant, and the
whole tone below it."""
LIKING = 0.15
"""For each place further on in ``LEADING``, a chord must suit the tune by so much more."""
LEAST_COMFORT = -0.2
"""Below it a chord would grate with the tune; then nothing is changed."""


def ring_sheet(sheet: LeadSheet, bars: int, lead_back: bool = True) -> LeadSheet:
    """Cut or repeat a sheet to some bars that can be played over and over.

    A last note that is held beyond the end is held into the next round, as long as the tune is
    silent there. Where the last chord is the first one again, as at the end of a song, its last
    part becomes one that leads back, unless the tune does not allow it.

    Args:
        sheet: Any length.
        bars: At least 1.
        lead_back: False leaves the chords as they are.
    """
    ring = _with_tail(sheet.window(0, bars), sheet)
    return _leading_back(ring) if lead_back else ring


def _with_tail(ring: LeadSheet, sheet: LeadSheet) -> LeadSheet:
    """Give the last note back what was cut off at the end, as far as there is room."""
    if not ring.notes or sheet.bars < ring.bars:
        return ring
    last = ring.notes[-1]
    held = max(n.end for n in sheet.notes if n.start == last.start and n.pitch == last.pitch)
    room = ring.beats + ring.notes[0].start
    longer = replace(last, duration=max(min(held, room) - last.start, last.duration))
    return replace(ring, notes=(*ring.notes[:-1], longer))


def _leading_back(ring: LeadSheet) -> LeadSheet:
    roots = {chord.root for chord in ring.chords}
    if len(roots) < 2 or ring.chords[-1].root != ring.chords[0].root:
        return ring  # one chord throughout is a drone, and any other move leads on
    even = ring.beats_per_bar >= 4 and ring.beats_per_bar % 2 == 0
    place = ring.beats - (ring.beats_per_bar / 2 if even else 1.0)
    last = ring.chords[-1]
    found = _leading_chord(ring, place)
    if found is None or place < last.start - 1e-6:
        return ring
    kept = replace(last, duration=place - last.start)
    before = ring.chords[:-1] if kept.duration < 1e-6 else (*ring.chords[:-1], kept)
    bass = _moved(ring.bass, place, found.root - last.root)
    return replace(ring, chords=(*before, found), bass=bass)


def _leading_chord(ring: LeadSheet, place: float) -> Chord | None:
    """Choose the chord that leads to the first one and suits the tune from ``place`` on."""
    home = ring.chords[0]
    best, best_score = None, LEAST_COMFORT
    for i, step in enumerate(LEADING):
        root = (home.root + step) % 12
        quality = _quality(ring.key, root, is_dominant=step == LEADING[0])
        score = _suits(ring, place, comfort(ring.key, root, quality)) - i * LIKING
        fits = {root, (root + 7) % 12} <= set(ring.key.scale)
        if fits and score > best_score:
            best, best_score = Chord(place, ring.beats - place, root, quality), score
    return best


def _quality(key: Key, root: int, is_dominant: bool) -> str:
    """Of the key's own triad; the tonic's dominant is major in minor keys too."""
    if is_dominant and root == (key.tonic + 7) % 12:
        return "maj"
    return "maj" if (root + 4) % 12 in key.scale else "min"


def _suits(ring: LeadSheet, place: float, scores: list[float]) -> float:
    """Mean comfort of the tune's notes from ``place`` to the end, silence counting 0."""
    total = 0.0
    for note in ring.notes:
        sounding = min(note.end, ring.beats) - max(note.start, place)
        total += max(sounding, 0.0) * scores[note.pitch % 12]
    return total / (ring.beats - place)


def _moved(bass: tuple[Note, ...], place: float, semitones: int) -> tuple[Note, ...]:
    """Move the bass from ``place`` on, by the nearer way up or down."""
    step = (semitones + 5) % 12 - 5
    made: list[Note] = []
    for note in bass:
        if note.start < place - 1e-6 < note.end - 1e-3:
            made.append(replace(note, duration=place - note.start))
            note = replace(note, start=place, duration=note.end - place)
        made.append(note.transposed(step) if note.start >= place - 1e-6 else note)
    return tuple(made)
