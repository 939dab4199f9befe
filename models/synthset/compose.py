"""Compose a piece: choose its truth, plan the form, write the melody and arrange it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from descant.models.synthset import arrange, drums, melody
from descant.models.synthset.balance import drum_gain, track_gain
from descant.models.synthset.genres import CENTRES, GENRES, MOODS, Comp, Genre
from descant.models.synthset.harmony import (
    BLUES_TURNS,
    BRIDGES,
    CADENCES,
    PROGRESSIONS,
    phrase_chords,
    twice_as_fast,
)
from descant.models.synthset.scenes import choose_scene, instrument_name
from descant.models.theory.notes import Key, Mode, Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.models.theory.words import LEADS

Split = Literal["train", "test"]
PHRASE_BARS = 4
SLOW_BPM = 92
"""Below, chords change twice a bar: a listener hears the tonic within a few seconds."""
_FORMS = ("AABA", "AABA", "AABB", "ABAB", "AABAB", "ABABA", "AABABA")
_LIFT = {"A": 0.0, "B": 0.12}


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's part."""

    role: str
    """lead, bass, comp, arp, pad or drums."""
    program: int
    """General MIDI program, or the number of the drum kit."""
    is_drum: bool
    gain: float
    """Amplitude, 0 … 1."""
    pan: float
    """-1 left … 1 right."""
    notes: tuple[Note, ...]
    """In beats, timing humanised."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a caption may say of the piece."""

    genre: str
    mood: str
    place: str
    time_of_day: str
    lead: str
    """A name of ``words.LEADS``."""
    instruments: tuple[str, ...]
    """The others that play, by name."""
    tempo_bpm: float
    key: Key
    beats_per_bar: int
    has_drums: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole piece: its truth, its lead sheet and the parts that are rendered."""

    seed: int
    split: Split
    truth: Truth
    sheet: LeadSheet
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
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


def compose(seed: int, split: Split = "train") -> Piece:
    """Compose the piece with this number; the same in every process.

    Args:
        seed: Any integer.
        split: "test" pieces come from another stream and use rhythms and chords that training
            never hears.
    """
    rng = Random(f"descant {split} {seed}")
    name = rng.choice(tuple(GENRES))
    mood = _choose_mood(rng, name)
    plan = _make_plan(rng, GENRES[name], mood, split == "test")
    chords = _write_chords(rng, plan)
    intensity = _write_intensity(rng, plan)
    tune = _write_melody(rng, plan, chords)
    tune = [replace(n, velocity=_shade(n, intensity, plan.genre.beats)) for n in tune]
    parts = _arrange(rng, plan, chords, intensity, min(note.pitch for note in tune))
    bass = tuple(next((t.notes for t in parts if t.role == "bass"), ()))
    swung = _swing(plan, [_lead_track(plan, tune), *parts])
    total = len(intensity) * plan.genre.beats
    sheet = LeadSheet(
        key=plan.key,
        tempo_bpm=float(plan.tempo),
        beats_per_bar=plan.genre.beats,
        notes=swung[0].notes,
        chords=tuple(chords),
        bass=bass,
        intensity=tuple(intensity),
    )
    tracks = tuple(_humanise(rng, track, plan.tempo, total) for track in swung if track.notes)
    place, time_of_day = choose_scene(rng, name, mood)
    truth = Truth(
        genre=name,
        mood=mood,
        place=place,
        time_of_day=time_of_day,
        lead=plan.lead,
        instruments=_names(tracks, plan.lead),
        tempo_bpm=float(plan.tempo),
        key=plan.key,
        beats_per_bar=plan.genre.beats,
        has_drums=any(track.is_drum for track in tracks),
    )
    return Piece(seed, split, truth, sheet, tracks)


def _choose_mood(rng: Random, genre: str) -> str:
    favourites = GENRES[genre].moods
    if rng.random() < 0.75:
        return rng.choice(favourites)
    return rng.choice(tuple(MOODS))


def _make_plan(rng: Random, genre: Genre, mood_name: str, held_out: bool) -> _Plan:
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
    return _Plan(
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


def _write_chords(rng: Random, plan: _Plan) -> list[Chord]:
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


def _write_intensity(rng: Random, plan: _Plan) -> list[float]:
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


def _write_melody(rng: Random, plan: _Plan, chords: list[Chord]) -> list[Note]:
    beats = plan.genre.beats
    low, high = max(60, plan.centre - 9), min(86, plan.centre + 9)
    ladder = melody.make_ladder(plan.key, low, high)
    tonics = [k for k, pitch in enumerate(ladder) if pitch % 12 == plan.key.tonic]
    anchor = min(tonics, key=lambda k: abs(ladder[k] + 2 - plan.centre))
    scale = plan.key.scale
    voice = melody.Voice(ladder, anchor, plan.legato, (scale[0], scale[2], scale[4]))
    ideas: dict[str, melody.Phrase] = {}
    tune: list[Note] = []
    for i, section in enumerate(plan.form):
        source = "A" if plan.genre.harmony == "blues" and section == "B" else section
        if source not in ideas:
            ideas[source] = melody.make_phrase(rng, plan.style, beats, plan.held_out)
        elif rng.random() < 0.6:
            phrase = melody.vary(rng, ideas[source], plan.style, beats, plan.held_out)
            ideas[source] = phrase
        start = float(i * PHRASE_BARS * beats)
        end = start + PHRASE_BARS * beats
        inside = [chord for chord in chords if start <= chord.start < end]
        final = i == len(plan.form) - 1
        rest = _resting_tone(plan.key, inside[-1], final)
        lifted = replace(voice, anchor=min(anchor + 2 * (section == "B"), len(ladder) - 2))
        tune += melody.sing(ideas[source], lifted, inside, start, beats, rest)
    return tune


def _resting_tone(key: Key, chord: Chord, final: bool) -> int | None:
    """Return the pitch class that closes a phrase: the tonic or the dominant where they fit."""
    if final or key.tonic in chord.pitch_classes:
        return key.tonic
    return key.scale[4] if key.scale[4] in chord.pitch_classes else None


def _shade(note: Note, intensity: list[float], beats: int) -> int:
    bar = min(int(note.start // beats), len(intensity) - 1)
    return max(60, min(122, round(note.velocity * (0.88 + 0.2 * intensity[bar]))))


def _lead_track(plan: _Plan, tune: list[Note]) -> Track:
    program = LEADS[plan.lead]
    return Track("lead", program, False, track_gain("lead", program), 0.0, tuple(tune))


def _arrange(
    rng: Random, plan: _Plan, chords: list[Chord], intensity: list[float], lowest: int
) -> list[Track]:
    """Write everything under the melody; layers enter and leave with the intensity."""
    beats = plan.genre.beats
    ceiling = max(55, min(lowest - 1, 65))
    bass: list[Note] = []
    beat: list[Note] = []
    pad: list[Note] = []
    comps: list[list[Note]] = [[] for _ in plan.comps]
    groove = drums.GROOVES[plan.groove] if plan.groove else None
    for bar, level in enumerate(intensity):
        start = float(bar * beats)
        now = [c for c in chords if start <= c.start < start + beats]
        after = next((c for c in chords if c.start >= start + beats), chords[0])
        scale = 0.74 + 0.34 * level
        bass += _scaled(arrange.play_bass(arrange.BASSES[plan.bass], now, start, after), scale)
        for i, (pattern, program) in enumerate(plan.comps):
            if i == 0 or level >= 0.5:
                hand = arrange.Hand(ceiling, program)
                played = arrange.play_comp(rng, arrange.COMPS[pattern], now, start, hand)
                comps[i] += _scaled(played, scale)
        if plan.pad is not None and (level >= 0.55 or plan.genre.drums < 0.5):
            pad += _scaled(arrange.play_pad(now, ceiling), scale)
        if groove is not None and level >= 0.25:
            place = "first" if bar % PHRASE_BARS == 0 else "plain"
            place = "fill" if bar % PHRASE_BARS == PHRASE_BARS - 1 else place
            beat += drums.play_bar(rng, groove, start, beats * 4, level, place)
    tracks = [_track("bass", plan.bass_program, 0.0, bass)]
    for i, (notes, (pattern, program)) in enumerate(zip(comps, plan.comps, strict=True)):
        role = "arp" if any(mark.isdigit() for mark in arrange.COMPS[pattern]) else "comp"
        tracks.append(_track(role, program, -0.35 if i == 0 else 0.4, notes))
    if plan.pad is not None:
        tracks.append(_track("pad", plan.pad, 0.1, pad))
    tracks.append(Track("drums", plan.kit, True, drum_gain(plan.kit), 0.0, tuple(beat)))
    return tracks


def _track(role: str, program: int, pan: float, notes: list[Note]) -> Track:
    return Track(role, program, False, track_gain(role, program), pan, tuple(notes))


def _scaled(notes: list[Note], scale: float) -> list[Note]:
    return [replace(n, velocity=max(1, min(127, round(n.velocity * scale)))) for n in notes]


def _swing(plan: _Plan, tracks: list[Track]) -> list[Track]:
    """Delay the off-beats; the sheet's melody keeps this timing."""
    eighth, sixteenth = plan.genre.swing, plan.genre.swing16
    if not eighth and not sixteenth:
        return tracks

    def late(beat: float) -> float:
        place = beat % 1.0
        if abs(place - 0.5) < 0.01:
            return beat + eighth
        return beat + (sixteenth if abs(place % 0.5 - 0.25) < 0.01 else 0.0)

    return [
        replace(
            track,
            notes=tuple(
                replace(n, start=late(n.start), duration=max(late(n.end) - late(n.start), 0.1))
                for n in track.notes
            ),
        )
        for track in tracks
    ]


def _humanise(rng: Random, track: Track, tempo: int, total: int) -> Track:
    """Move starts by up to 8 ms, keep notes of one pitch apart and inside the form."""
    beats_per_second = tempo / 60.0
    notes: list[Note] = []
    latest: dict[int, int] = {}
    for note in sorted(track.notes):
        shift = max(-0.008, min(rng.gauss(0.0, 0.0035), 0.008)) * beats_per_second
        start = max(note.start + shift, 0.0)
        end = min(note.end + shift, float(total))
        if end - start < 0.03:
            continue
        before = latest.get(note.pitch)
        if before is not None and notes[before].end > start - 0.01:
            room = start - 0.01 - notes[before].start
            if room < 0.05:
                continue
            notes[before] = replace(notes[before], duration=room)
        latest[note.pitch] = len(notes)
        notes.append(replace(note, start=round(start, 5), duration=round(end - start, 5)))
    return replace(track, notes=tuple(notes))


def _names(tracks: tuple[Track, ...], lead: str) -> tuple[str, ...]:
    names: list[str] = []
    for track in tracks:
        name = instrument_name(track.role, track.program)
        if track.role != "lead" and name not in names and name != lead:
            names.append(name)
    return tuple(names)
