"""A tune hummed, whistled or sung, without any recording: additive synthesis with human flaws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Note

FloatArray = NDArray[np.float64]
VoiceKind = Literal["hum", "whistle", "sing"]
VOICES: tuple[VoiceKind, ...] = ("hum", "whistle", "sing")

RANGES: dict[VoiceKind, tuple[int, int]] = {"hum": (45, 72), "whistle": (70, 98), "sing": (43, 81)}
"""MIDI numbers that each can reach."""
CONTROL_RATE = 200.0
"""Points of the pitch and loudness curves per second."""

_VOWELS = (
    (700, 1150, 2600), (530, 1850, 2500), (300, 2250, 3000), (450, 850, 2600), (320, 800, 2400),
    (640, 1200, 2400), (390, 1990, 2550),
)  # fmt: skip
"""First three formants in Hz of a, e, i, o, u, a schwa and an ø (Peterson and Barney, 1952)."""


@dataclass(frozen=True, slots=True)
class VoiceTake:
    """What was sung."""

    samples: NDArray[np.float32]
    """(N,) mono."""
    pitch: NDArray[np.float32]
    """(K,) MIDI number with cents, at ``CONTROL_RATE``; NaN where nothing sounds."""


@dataclass(frozen=True, slots=True)
class _Singer:
    """One person's habits."""

    legato: float
    """Share of joins without a new attack."""
    slide: float
    """Seconds from one pitch to the next."""
    scoop: float
    """How often a phrase is entered from below."""
    vibrato_rate: float
    vibrato_depth: float
    """Semitones."""
    tuning: float
    """Semitones above or below the right pitch, all the time."""
    wander: float
    """Semitones of slow drift."""
    attack: float
    """Seconds."""
    breath: float
    """Noise beside the tone, as amplitude."""


def sing(
    notes: Sequence[Note],
    kind: VoiceKind,
    seconds: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> VoiceTake:
    """Perform one line.

    Args:
        notes: Monophonic; times in seconds, not beats.
        kind: Of voice.
        seconds: Length.
        sample_rate: Hz.
        rng: Decides the singer and every flaw.
    """
    singer = _make_singer(kind, rng)
    points = int(seconds * CONTROL_RATE) + 1
    pitch = _pitch_curve(notes, singer, points, rng)
    loudness = _loudness_curve(notes, singer, points, rng)
    times = np.arange(int(seconds * sample_rate)) / sample_rate * CONTROL_RATE
    grid = np.arange(points)
    fine = np.interp(times, grid, pitch)
    level = np.interp(times, grid, loudness)
    hertz = 440.0 * 2.0 ** ((fine - 69.0) / 12.0)
    turn = np.exp(2j * np.pi * (np.cumsum(hertz) / sample_rate)).astype(np.complex64)
    middle, highest = float(np.median(hertz)), float(hertz.max())
    colours = [_tone(turn, middle, highest, kind, sample_rate, rng) for _ in range(2)]
    # Syllables: the mouth moves from note to note between two vowels.
    vowel = np.interp(times / CONTROL_RATE, *_syllables(notes, rng))
    tone = vowel * colours[0] + (1.0 - vowel) * colours[1]
    hiss = rng.standard_normal(len(tone)).astype(np.float32)
    hiss[1:] -= np.float32(0.6) * hiss[:-1]
    bursts = np.interp(times, grid, _consonants(notes, kind, points, rng))
    mixed = level * (tone + singer.breath * hiss) + (0.1 * singer.breath + bursts) * hiss
    heard = np.where(loudness > 0.05, pitch, np.nan).astype(np.float32)
    peak = max(float(np.abs(mixed).max()), 1e-6)
    return VoiceTake((0.7 / peak * mixed).astype(np.float32), heard)


def fit_range(notes: Sequence[Note], kind: VoiceKind, rng: np.random.Generator) -> list[Note]:
    """Move a tune to where a voice can sing it; notes that stay outside go by octaves."""
    low, high = RANGES[kind]
    pitches = [note.pitch for note in notes]
    least, most = low - min(pitches), high - max(pitches)
    shift = int(rng.integers(least, most + 1)) if most >= least else (least + most) // 2
    moved = [note.transposed(shift) for note in notes]
    return [
        n.transposed(12 * (-((n.pitch - low) // 12) if n.pitch < low else (high - n.pitch) // 12))
        if not low <= n.pitch <= high
        else n
        for n in moved
    ]


def _make_singer(kind: VoiceKind, rng: np.random.Generator) -> _Singer:
    steady = rng.random() < 0.4
    return _Singer(
        legato=rng.uniform(0.0, 0.8),
        slide=rng.uniform(0.02, 0.12),
        scoop=rng.uniform(0.0, 0.5),
        vibrato_rate=rng.uniform(4.0, 7.0),
        vibrato_depth=0.0 if steady else rng.uniform(0.05, 0.6),
        tuning=rng.normal(0.0, 0.12),
        wander=rng.uniform(0.0, 0.2),
        attack=rng.uniform(0.01, 0.07),
        breath=rng.uniform(0.02, 0.25) if kind == "whistle" else rng.uniform(0.002, 0.08),
    )


def _pitch_curve(
    notes: Sequence[Note], singer: _Singer, points: int, rng: np.random.Generator
) -> FloatArray:
    """(K,) MIDI numbers: steps smoothed into slides, scoops, vibrato and drift."""
    now = np.arange(points) / CONTROL_RATE
    curve = np.full(points, float(notes[0].pitch) if notes else 60.0)
    for before, note in zip([None, *notes], notes, strict=False):
        here = now >= note.start
        if before is None or note.start - before.end > 0.15:
            curve[here] = note.pitch
            if rng.random() < singer.scoop:
                depth, length = rng.uniform(0.5, 2.5), rng.uniform(0.03, 0.09)
                curve[here] -= depth * np.exp(-(now[here] - note.start) / length)
        else:
            glide = np.clip((now - note.start) / singer.slide + 0.6, 0.0, 1.0)
            smooth = glide * glide * (3.0 - 2.0 * glide)
            curve = np.where(glide > 0, curve + smooth * (note.pitch - curve), curve)
        held = np.clip((now - note.start - 0.15) / 0.25, 0.0, 1.0)
        swing = np.sin(2 * np.pi * singer.vibrato_rate * (now - note.start))
        inside = here & (now < note.end)
        curve[inside] += (singer.vibrato_depth * held * swing)[inside]
    steps = np.cumsum(rng.standard_normal(points)) / np.sqrt(points)
    drift = singer.tuning + singer.wander * (steps - steps.mean())
    return np.asarray(curve + np.clip(drift, -0.4, 0.4) + rng.normal(0, 0.03, points))


def _loudness_curve(
    notes: Sequence[Note], singer: _Singer, points: int, rng: np.random.Generator
) -> FloatArray:
    """(K,) 0 … 1: an attack and a release per note, or a dip where two are joined."""
    now = np.arange(points) / CONTROL_RATE
    total = np.zeros(points)
    for i, note in enumerate(notes):
        after = notes[i + 1] if i + 1 < len(notes) else None
        end, release = note.end, rng.uniform(0.03, 0.12)
        if after is not None and after.start - end < 0.12:
            tied = after.pitch != note.pitch and rng.random() < singer.legato
            # A new attack needs a moment of breath; a tied note goes right on.
            end = after.start + (0.02 if tied else -rng.uniform(0.02, 0.06))
            release = singer.attack if tied else rng.uniform(0.015, 0.04)
        rise = np.clip((now - note.start) / singer.attack + 0.3, 0.0, 1.0)
        fall = np.clip((end - now) / release + 0.5, 0.0, 1.0)
        swell = 1.0 + rng.uniform(-0.3, 0.3) * np.clip((now - note.start) / 0.8, 0.0, 1.0)
        strength = (note.velocity / 127.0) ** 1.2 * rng.uniform(0.8, 1.0)
        total = np.maximum(total, strength * rise * fall * swell)
    return total


def _consonants(
    notes: Sequence[Note], kind: VoiceKind, points: int, rng: np.random.Generator
) -> FloatArray:
    """(K,) loudness of the hiss with which some sung notes begin, most of it before the note."""
    now = np.arange(points) / CONTROL_RATE
    total = np.zeros(points)
    for note in notes if kind == "sing" else ():
        if rng.random() < 0.4:
            length, loudness = rng.uniform(0.02, 0.08), rng.uniform(0.02, 0.2)
            place = (now - note.start + 0.7 * length) / length
            total += loudness * np.where(np.abs(place) < 1.0, np.cos(0.5 * np.pi * place) ** 2, 0.0)
    return total


def _syllables(notes: Sequence[Note], rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """Return seconds and shares of the first of two vowels."""
    places, shares = [0.0], [0.5]
    for note in notes:
        share = rng.random()
        places += [note.start + 0.03, max(note.end - 0.03, note.start + 0.04)]
        shares += [share, share]
    return places, shares


def _tone(
    turn: NDArray[np.complex64],
    middle: float,
    highest: float,
    kind: VoiceKind,
    rate: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """(N,) overtones of a turning phasor, weighted as the voice's throat does.

    The weights are those of the ``middle`` frequency; none of the ``highest`` one's folds back.
    """
    count = max(1, min(int(0.49 * rate / highest), 40))
    weights = _overtones(np.arange(1.0, count + 1.0) * np.float64(middle), kind, rng)
    start = np.exp(2j * np.pi * rng.random(count))
    total = np.zeros(len(turn), np.complex64)
    for weight in (weights * start).astype(np.complex64)[::-1]:  # Horner's rule
        total += weight
        total *= turn
    return np.asarray(total.imag / max(float(np.abs(weights).sum()) * 0.5, 1e-6), np.float32)


def _overtones(hertz: FloatArray, kind: VoiceKind, rng: np.random.Generator) -> FloatArray:
    order = np.arange(1.0, len(hertz) + 1.0)
    if kind == "whistle":
        return np.where(order == 1, 1.0, rng.uniform(0.0, 0.08) / order)
    tilt = rng.uniform(0.8, 1.6) if kind == "sing" else rng.uniform(1.8, 3.0)
    formants = _VOWELS[rng.integers(len(_VOWELS))] if kind == "sing" else (260, 1000, 2200)
    size = rng.uniform(0.9, 1.2)  # of the vocal tract
    heard = np.full(len(hertz), 0.05)
    for number, formant in enumerate(formants):
        width = 90.0 + 40.0 * number
        heard += 1.0 / (1.0 + ((hertz - formant * size) / width) ** 2) / (1.0 + 0.5 * number)
    return np.asarray(heard * order**-tilt * rng.uniform(0.6, 1.4, len(order)), np.float64)
