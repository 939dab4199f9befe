"""Bass, chords, arpeggios and pads: patterns on the sixteenth grid, played over the chords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from descant.models.synthset.harmony import bass_pitch, voicing
from descant.models.theory.notes import Note
from descant.models.theory.sheet import Chord

_PLUCKED = (24, 25, 26, 46)
_DISTORTED = (29, 30)

BASSES: dict[str, str] = {
    "whole": "R---------------",
    "half": "R-------R-------",
    "root fifth": "R-------5-------",
    "quarters": "R---R---R---R---",
    "eighths": "R-R-R-R-R-R-R-R-",
    "pop": "R-----R-R-----5-",
    "pop 2": "R-------R---5-R-",
    "walk": "R---3---5---A---",
    "walk 2": "R---5---3---A---",
    "octave": "R-O-R-O-R-O-R-O-",
    "offbeat": "R.R-..R-..R-..R-",
    "pump": "R.RRR.RRR.RRR.RR",
    "funk": "R..RR...R.O.5.A.",
    "funk 2": "R-.R..O.R-..5.O.",
    "reggae": "R---..R-5-..R-..",
    "steppers": "R-..R-5-R-..R-A-",
    "bossa": "R-----5-5-----R-",
    "oompah": "R---....5---....",
    "sub": "R-------..R-----",
    "sub 2": "R-----R-----....",
    "gallop": "R-RRR-RRR-RRR-RR",
    "roll": "R-R-5-R-R-R-5-A-",
    "waltz": "R---........",
    "waltz 2": "R-----------",
    "waltz 3": "R-------5---",
}
"""R root, 5 fifth, 3 third, O octave, A approach to the next root, - hold, . rest."""

COMPS: dict[str, str] = {
    "block": "x---------------",
    "half": "x-------x-------",
    "quarters": "x---x---x---x---",
    "eighths": "x-o-x-o-x-o-x-o-",
    "strum": "x---x-o-..o-x-o-",
    "strum 2": "x-----x-..x-x---",
    "folk": "x---o-x-x---o-x-",
    "charleston": "x-....x-........",
    "comp": "..x-....x-..x-..",
    "comp 2": "x--.....x-x-....",
    "skank": "....x.......x...",
    "skank 2": "..x...x...x...x.",
    "offbeats": "..x-..x-..x-..x-",
    "bossa": "x-.x--..x-.x--x-",
    "funk": "x..o..x...o.x...",
    "stabs": "x..x..x...x..x..",
    "power": "x-x-x-x-x-x-x-x-",
    "chug": "x-xxx-xxx-xxx-xx",
    "long": "x-----------x---",
    "oompah": "....x-......x-..",
    "alberti": "0-2-1-2-0-2-1-2-",
    "rolling": "0-1-2-1-3-2-1-2-",
    "arp up": "0-1-2-3-0-1-2-3-",
    "arp fast": "0123012301230123",
    "arp pulse": "0.0.2.0.1.0.2.0.",
    "arp slow": "0---1---2---1---",
    "pick": "0-2-1-2-3-2-1-2-",
    "pick 2": "0---2-1-3---2-1-",
    "chip": "0121012101210121",
    "waltz": "....x---x---",
    "waltz soft": "....o---o---",
    "waltz arp": "0-1-2-3-2-1-",
    "waltz slow": "0---1---2---",
    "waltz block": "x-----------",
}
"""x all tones, o all softer, a digit one tone from the lowest up, - hold, . rest."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The player of a chord part."""

    ceiling: int
    """Highest pitch allowed."""
    program: int

    @property
    def strum(self) -> float:
        """Beats from the lowest string to the highest."""
        return 0.06 if self.program in _PLUCKED else 0.0

    def tones(self, chord: Chord) -> tuple[int, ...]:
        """Return the pitches of a chord; a distorted guitar plays bare fifths."""
        tones = voicing(chord, self.ceiling)
        if self.program in _DISTORTED and (chord.root + 7) % 12 in chord.pitch_classes:
            return tuple(t for t in tones if (t - chord.root) % 12 in (0, 7))
        return tones


def play_bass(pattern: str, chords: Sequence[Chord], start: float, after: Chord) -> list[Note]:
    """Play a bar of bass; a change of chord is always struck.

    Args:
        pattern: A value of ``BASSES``.
        chords: The bar's chords, in order.
        start: Beat of the bar line.
        after: The chord of the next bar, which approach notes lead to.
    """
    notes: list[Note] = []
    changes = {round((chord.start - start) * 4): chord for chord in chords}
    chord = chords[0]
    for step, mark in enumerate(pattern):
        changed = step in changes
        if changed:
            chord = changes[step]
        if mark in "-." and not (changed and step):
            continue
        symbol = "R" if mark in "-." or step == 0 else mark
        length = _held(pattern, step, changes)
        pitch = _bass_note(symbol, chord, after)
        accent = 100 if step == 0 else 92 if step % 4 == 0 else 84
        notes.append(Note(start + step / 4, length / 4 * 0.94, pitch, accent))
    return notes


def play_comp(
    rng: Random, pattern: str, chords: Sequence[Chord], start: float, hand: Hand
) -> list[Note]:
    """Play a bar of chords or arpeggio.

    Args:
        rng: Source of small differences in velocity.
        pattern: A value of ``COMPS``.
        chords: The bar's chords, in order.
        start: Beat of the bar line.
        hand: Who plays it.
    """
    notes: list[Note] = []
    changes = {round((chord.start - start) * 4): chord for chord in chords}
    chord = chords[0]
    for step, mark in enumerate(pattern):
        changed = step in changes
        if changed:
            chord = changes[step]
        if mark in "-." and not (changed and step and mark == "-"):
            continue
        tones = hand.tones(chord)
        length = _held(pattern, step, changes) / 4 * 0.95
        accent = (84 if step % 8 == 0 else 78 if step % 4 == 0 else 70) - 14 * (mark == "o")
        accent += rng.randrange(-3, 4)
        begin = start + step / 4
        if mark.isdigit():
            tone = tones[int(mark) % len(tones)]
            notes.append(Note(begin, length, tone, accent))
            continue
        for i, tone in enumerate(tones):
            delay = min(hand.strum * i / len(tones), length / 2)
            notes.append(Note(begin + delay, length - delay, tone, accent))
    return notes


def play_pad(chords: Sequence[Chord], ceiling: int) -> list[Note]:
    """Hold every chord in full."""
    return [
        Note(chord.start, chord.duration * 0.98, tone, 70)
        for chord in chords
        for tone in voicing(chord, ceiling)
    ]


def _held(pattern: str, step: int, changes: dict[int, Chord]) -> int:
    """Sixteenths until the note at ``step`` is released."""
    end = step + 1
    while end < len(pattern) and pattern[end] == "-" and end not in changes:
        end += 1
    return end - step


def _bass_note(symbol: str, chord: Chord, after: Chord) -> int:
    root = bass_pitch(chord.root)
    if symbol == "5":
        fifth = next((p for p in chord.pitch_classes[1:] if (p - chord.root) % 12 in (6, 7, 8)), 0)
        interval = (fifth - chord.root) % 12
        return root + interval if root + interval <= 46 else root + interval - 12
    if symbol == "3":
        interval = (chord.pitch_classes[1] - chord.root) % 12
        return root + interval
    if symbol == "O":
        return root + 12 if root + 12 <= 48 else root
    if symbol == "A":
        target = bass_pitch(after.root)
        if target == root:
            return root + 7 if root + 7 <= 46 else root - 5
        return target + (2 if target < root else -1) if target > 29 else target + 2
    return root
