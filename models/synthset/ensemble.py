"""Everything under the melody: bass, chords, pad and drums enter and leave with the intensity."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from descant.models.synthset import arrange, drums
from descant.models.synthset.balance import drum_gain, track_gain
from descant.models.synthset.piece import Track
from descant.models.synthset.plan import PHRASE_BARS, Plan
from descant.models.theory.notes import Note
from descant.models.theory.sheet import Chord


def accompany(
    rng: Random, plan: Plan, chords: list[Chord], intensity: list[float], lowest: int
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
