"""Compose a piece: choose its truth, plan the form, write the melody and arrange it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from descant.models.synthset import melody
from descant.models.synthset.balance import track_gain
from descant.models.synthset.ensemble import accompany
from descant.models.synthset.genres import GENRES
from descant.models.synthset.perform import humanise, swing
from descant.models.synthset.piece import Piece, Split, Track, Truth
from descant.models.synthset.plan import (
    PHRASE_BARS,
    Plan,
    choose_mood,
    make_plan,
    write_chords,
    write_intensity,
)
from descant.models.synthset.scenes import choose_scene, instrument_name
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.models.theory.words import LEADS

__all__ = ["Piece", "Split", "Track", "Truth", "compose"]


def compose(seed: int, split: Split = "train") -> Piece:
    """Compose the piece with this number; the same in every process.

    Args:
        seed: Any integer.
        split: "test" pieces come from another stream and use rhythms and chords that training
            never hears.
    """
    rng = Random(f"descant {split} {seed}")
    name = rng.choice(tuple(GENRES))
    mood = choose_mood(rng, name)
    plan = make_plan(rng, GENRES[name], mood, split == "test")
    chords = write_chords(rng, plan)
    intensity = write_intensity(rng, plan)
    tune = _write_melody(rng, plan, chords)
    tune = [replace(n, velocity=_shade(n, intensity, plan.genre.beats)) for n in tune]
    parts = accompany(rng, plan, chords, intensity, min(note.pitch for note in tune))
    bass = tuple(next((t.notes for t in parts if t.role == "bass"), ()))
    swung = swing(plan.genre, [_lead_track(plan, tune), *parts])
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
    tracks = tuple(humanise(rng, track, plan.tempo, total) for track in swung if track.notes)
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


def _write_melody(rng: Random, plan: Plan, chords: list[Chord]) -> list[Note]:
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


def _lead_track(plan: Plan, tune: list[Note]) -> Track:
    program = LEADS[plan.lead]
    return Track("lead", program, False, track_gain("lead", program), 0.0, tuple(tune))


def _names(tracks: tuple[Track, ...], lead: str) -> tuple[str, ...]:
    names: list[str] = []
    for track in tracks:
        name = instrument_name(track.role, track.program)
        if track.role != "lead" and name not in names and name != lead:
            names.append(name)
    return tuple(names)
