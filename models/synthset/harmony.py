"""Progressions as functional degrees, and how they become chords and voicings."""

from __future__ import annotations

import re
from functools import lru_cache

from descant.models.theory.notes import Key, Mode
from descant.models.theory.sheet import CHORD_QUALITIES, Chord

_DEGREE = re.compile(r"^(b?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)(.*)$")
_STEPS: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")

PROGRESSIONS: dict[str, dict[Mode, tuple[str, ...]]] = {
    "pop": {
        "major": (
            "I V vi IV", "I vi IV/V I", "I IV I V", "I IV/V I V", "I V/vi IV/V I", "I ii/V I V",
        ),
        "minor": (
            "i VI/VII i V", "i VI/iv i i/V", "i VII/VI V i", "i VI iv/V i", "i i VI/VII i",
            "i iv/VII i V",
        ),
    },
    "rock": {
        "major": ("I IV I IV/V", "I V/IV I V", "I I IV/V I", "I bVII/IV I I", "I IV/V I I"),
        "minor": ("i VI/VII i i", "i VII i V", "i i VI/VII i", "i iv i V", "i VII/iv i V"),
    },
    "jazz": {
        "major": (
            "I vi7 ii7/V7 I", "Imaj7 ii7/V7 I V7", "I IVmaj7 I ii7/V7", "I I ii7/V7 I",
            "I/vi7 ii7/V7 I V7",
        ),
        "minor": (
            "i iv7 iih/V7 i", "i VImaj7 iih/V7 i", "i iih/V7 i V7", "i7 iv7 i V7", "i i iih/V7 i",
        ),
    },
    "plain": {
        "major": (
            "I IV V I", "I ii/V I I/V", "I V I IV/V", "I vi IV/V I", "I I IV/V I", "I IV I V",
        ),
        "minor": ("i iv V i", "i VI i V", "i VI iv/V i", "i i iv/V i", "i iv i V", "i VI/V i V"),
    },
    "modal": {
        "major": ("I V I IV", "I V IV I", "I IV I V", "I bVII/V I I", "I ii/V I I"),
        "minor": ("i VII i i", "i VII/v i i", "i i VII i", "i iv/VII i i", "i v/VII i i"),
    },
    "floating": {
        "major": ("I IVadd9 I V", "I IV I I", "I vi/IV I V", "Iadd9 V IV I"),
        "minor": ("i iv7 i V", "i VI/iv i i", "i i iv7/V i", "i9 VImaj7 i V"),
    },
    "minimal": {
        "major": ("I I IV/V I", "I IV I V", "I vi/IV I V", "I V/IV I I"),
        "minor": ("i i VI/VII i", "i VI/iv i i/V", "i VI i V", "i i VII/V i"),
    },
    "blues": {
        "major": ("I I I I7", "I IV I I", "I I IV I"),
        "minor": ("i i i i7", "i iv i i", "i i iv i"),
    },
}  # fmt: skip
"""Opening phrases by family and mode, one chord per bar; the last of each is kept for testing."""

BRIDGES: dict[Mode, tuple[str, ...]] = {
    "major": ("IV I V I", "vi/IV I IV/V I", "IV/V I IV/V I", "ii/V I ii/V I", "IV/iv I V I"),
    "minor": ("iv i V i", "VI/VII i iv/V i", "iv/V i VI/V i", "VI/iv i V i", "VII/VI i V i"),
}
CADENCES: dict[Mode, tuple[str, ...]] = {
    "major": ("V I", "IV/V I", "ii/V I"),
    "minor": ("V i", "iv/V i", "VII i"),
}
BLUES_TURNS: dict[Mode, tuple[str, str]] = {
    "major": ("IV7 IV I I", "V7 IV I I/V"),
    "minor": ("iv7 iv i i", "VI V i i/V"),
}
"""Second and third line of a twelve-bar blues."""


@lru_cache(maxsize=2048)
def degree(symbol: str, mode: Mode) -> tuple[int, str]:
    """Read a degree such as ``"bVII"``, ``"ii7"`` or ``"iih"``.

    Returns:
        Semitones of the root above the tonic, and the chord's quality.

    Raises:
        ValueError: The symbol is not a degree.
    """
    match = _DEGREE.match(symbol)
    if match is None:
        raise ValueError(f"not a degree: {symbol!r}")
    flat, roman, suffix = match.groups()
    step = _STEPS[mode][_ROMAN.index(roman.upper())] - bool(flat)
    if suffix in CHORD_QUALITIES:
        return step, suffix
    lower = roman.islower()
    quality = {
        "": "min" if lower else "maj",
        "7": "min7" if lower else "dom7",
        "9": "min9" if lower else "add9",
        "h": "m7b5",
        "o": "dim",
        "5": "power",
    }[suffix]
    return step, quality


def twice_as_fast(bars: str) -> str:
    """Put two bars' chords into each bar and play the line twice (of a slashed bar, one chord)."""
    first, second, third, fourth = (bar.split("/") for bar in bars.split())
    return " ".join((f"{first[0]}/{second[-1]}", f"{third[0]}/{fourth[-1]}") * 2)


def phrase_chords(bars: str, key: Key, first_beat: float, beats_per_bar: int) -> list[Chord]:
    """Turn ``"I vi IV/V I"`` into chords; a slash splits a bar (in triple time after two beats)."""
    chords: list[Chord] = []
    for i, bar in enumerate(bars.split()):
        start = first_beat + i * beats_per_bar
        parts = bar.split("/")
        cut = float(beats_per_bar if len(parts) == 1 else 2)
        spans = [(start, cut), (start + cut, beats_per_bar - cut)]
        for (begin, duration), symbol in zip(spans, parts, strict=False):
            step, quality = degree(symbol, key.mode)
            chords.append(Chord(begin, duration, (key.tonic + step) % 12, quality))
    return chords


def voicing(chord: Chord, ceiling: int) -> tuple[int, ...]:
    """Return the chord's tones in close position, all within the octave that ends at ``ceiling``.

    One fixed ceiling for a section makes every voice move by the smallest step.
    """
    tones = chord.pitch_classes
    if len(tones) > 4:
        tones = (tones[0], *tones[2:])
    return tuple(sorted(ceiling - (ceiling - tone) % 12 for tone in tones))


def bass_pitch(pitch_class: int) -> int:
    """Return the pitch in the bass octave, 28 … 39."""
    return 28 + (pitch_class - 28) % 12
