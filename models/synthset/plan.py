"""Decisions made before the first note: genre rules, form, harmony and the arc of intensity."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from descant.models.synthset import melody
from descant.models.synthset.genres import CENTRES, GENRES, MOODS, Comp, Genre
from descant.models.synthset.harmony import (
    BLUES_TURNS,
    BRIDGES,
    CADENCES,
    PROGRESSIONS,
    phrase_chords,
    twice_as_fast,
)
from descant.models.theory.notes import Key, Mode
from descant.models.theory.sheet import Chord
from descant.models.theory.words import LEADS

PHRASE_BARS = 4
SLOW_BPM = 92
"""Below, chords change twice a bar: a listener hears the tonic within a few seconds."""
_FORMS = ("AABA", "AABA", "AABB", "ABAB", "AABAB", "ABABA", "AABABA")
_LIFT = {"A": 0.0, "B": 0.12}


@dataclass(frozen=True, slots=True)
class Plan:
    """Decisions made before the first note."""

    genre: Genre
    key: Key
    tempo: int
    lead: str
    form: str
    groove: str | None
    bass: str
    bass_program: int
    comps: tuple[tuple[str, int], ...]
    pad: int | None
    kit: int
    force: float
    legato: float
    centre: int
    style: str
    held_out: bool


def choose_mood(rng: Random, genre: str) -> str:
    """Choose one of the genre's own moods, or now and then any."""
    favourites = GENRES[genre].moods
    if rng.random() < 0.75:
        return rng.choice(favourites)
    return rng.choice(tuple(MOODS))


def make_plan(rng: Random, genre: Genre, mood_name: str, held_out: bool) -> Plan:
    """Settle everything that holds for the whole piece."""
    mood = MOODS[mood_name]
    low, high = genre.tempo
    place = rng.uniform(*mood.tempo)
    mode: Mode = "major" if rng.random() < 0.15 * genre.major + 0.85 * mood.major else "minor"
    lead = rng.choice(genre.leads) if rng.random() < 0.55 else rng.choice(tuple(LEADS))
    patterns = rng.sample(genre.comps, k=min(2, len(genre.comps)))
    if rng.random() < 0.45:
        patterns = patterns[:1]
    fast = low + place * (high - low) > 125
    style = genre.melody if rng.random() < 0.75 or fast else rng.choice(melody.STYLES)
    return Plan(
        genre=genre,
        key=Key(rng.randrange(12), mode),
        tempo=round(low + place * (high - low)),
        lead=lead,
        form="ABCABC" if genre.harmony == "blues" else rng.choice(_FORMS),
        groove=rng.choice(genre.grooves) if rng.random() < genre.drums else None,
        bass=rng.choice(genre.basses),
        bass_program=rng.choice(genre.bass_programs),
        comps=_choose_comps(rng, patterns),
        pad=rng.choice(genre.pads) if rng.random() < 0.5 else None,
        kit=rng.choice(genre.kits),
        force=mood.force,
        legato=mood.legato,
        centre=CENTRES.get(lead, 73) + mood.lift,
        style=style,
        held_out=held_out,
    )


def _choose_comps(rng: Random, patterns: list[Comp]) -> tuple[tuple[str, int], ...]:
    """Give each pattern an instrument; two parts never share one."""
    comps: list[tuple[str, int]] = []
    for pattern, programs in patterns:
        free = [p for p in programs if p not in (used for _, used in comps)]
        if free:
            comps.append((pattern, rng.choice(free)))
    return tuple(comps)


def write_chords(rng: Random, plan: Plan) -> list[Chord]:
    """Give each section its progression, and the last one a full close."""
    mode, beats = plan.key.mode, plan.genre.beats
    family = PROGRESSIONS[plan.genre.harmony][mode]
    pool = family if plan.held_out else family[:-1]
    bridges = BRIDGES[mode] if plan.held_out else BRIDGES[mode][:-1]
    opening = family[-1] if plan.held_out and rng.random() < 0.5 else rng.choice(pool)
    lines = {"A": opening, "B": rng.choice(bridges)}
    if plan.genre.harmony == "blues":
        lines["B"], lines["C"] = BLUES_TURNS[mode]
    chords: list[Chord] = []
    for i, section in enumerate(plan.form):
        bars = lines[section].split()
        if i == len(plan.form) - 1:
            bars = bars[:2] + rng.choice(CADENCES[mode]).split()
        line = " ".join(bars)
        if plan.tempo < SLOW_BPM and beats == 4:
            line = twice_as_fast(line)
        chords += phrase_chords(line, plan.key, float(i * PHRASE_BARS * beats), beats)
    return chords


def write_intensity(rng: Random, plan: Plan) -> list[float]:
    """One value per bar: the mood's force, lifted in the bridge, built towards section ends."""
    levels: list[float] = []
    sections = len(plan.form)
    quiet = rng.randrange(1, sections) if rng.random() < 0.3 else -1
    for i, section in enumerate(plan.form):
        base = plan.force + _LIFT.get(section, 0.08) - (0.12 if i == 0 else 0.0)
        base += 0.08 * i / sections
        if i == quiet:
            base -= 0.25
        for bar in range(PHRASE_BARS):
            value = base + 0.04 * bar + rng.uniform(-0.02, 0.02)
            levels.append(round(max(0.15, min(value, 1.0)), 3))
    return levels
