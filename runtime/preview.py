"""A lead sheet played by a small synthesizer, in a few milliseconds per second of music.

It is what a deadline leaves when there is no time for the networks: melody, chords, bass, and a
tick where the music is strong. Tones are read from tables of one period whose harmonics end below
half the sample rate, so nothing is mirrored; each has an envelope, and a short echo gives room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.runtime.limiter import CEILING
from descant.runtime.loudness import TARGET_LUFS, measuring
from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]

TABLE_BITS = 11
HIGHEST_HZ = 9000.0
"""Harmonics above are left out, also where they would fit: it is a soft sound."""
TAIL_SECONDS = 1.0
"""That a tone may ring on after its note."""
ECHOES = ((0.029, 0.18), (0.047, 0.13), (0.113, 0.09), (0.241, 0.06))
"""Seconds and gain."""
TICK_FROM = 0.55
"""Intensity of a bar from which beats are ticked."""
NOTES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """An instrument."""

    harmonics: tuple[float, ...]
    """Amplitude of each."""
    attack: float
    """Seconds."""
    decay: float
    """Seconds in which a held tone falls to a third; 0 holds it."""
    release: float
    """Seconds in which it falls to a third after its end."""
    gain: float


LEAD = Voice((1.0, 0.42, 0.20, 0.12, 0.05, 0.03), 0.006, 0.9, 0.09, 0.50)
PAD = Voice((1.0, 0.25, 0.10, 0.03), 0.09, 0.0, 0.18, 0.13)
BASS = Voice((1.0, 0.55, 0.18, 0.06), 0.010, 1.4, 0.07, 0.42)


def play_sheet(
    sheet: LeadSheet, samples: int, sample_rate: int, loop: bool = False
) -> Pieces[FloatArray]:
    """Play a lead sheet.

    Args:
        sheet: From the clip's beginning on.
        samples: N, of the clip.
        sample_rate: Hz.
        loop: What rings on after the end is heard at the beginning.

    Returns:
        (1, N) float32 at −14 LUFS, or quieter where its peaks would pass −1.25 dBFS.
    """
    tail = int(TAIL_SECONDS * sample_rate)
    wave = np.zeros(samples + tail, np.float32)
    beat = 60.0 / sheet.tempo_bpm * sample_rate
    waiting: list[Callable[[], None]] = []
    for voice, note in _tones(sheet):
        if note.start * beat < samples:
            gain = voice.gain * _strength(sheet, note.start) * note.velocity / 127.0
            waiting.append(_tone(wave[: samples + tail], voice, note, beat, sample_rate, gain))
    waiting += _ticks(wave, sheet, beat, samples, sample_rate)
    for i in range(0, len(waiting), NOTES_AT_ONCE):
        yield Piece("preview notes", NOTES_AT_ONCE)
        for play in waiting[i : i + NOTES_AT_ONCE]:
            play()
    yield Piece("preview room", samples)
    wet = _with_echoes(wave, sample_rate)
    if loop:
        short = min(tail, samples)
        wet[:short] += wet[samples : samples + short]
    made = wet[None, :samples]
    if not loop:
        fall = min(int(0.25 * sample_rate), samples // 4)
        made[:, samples - fall :] *= np.linspace(1.0, 0.0, fall, dtype=np.float32) ** 2
    return (yield from _levelled(made, sample_rate))


def preview_notes(sheet: LeadSheet, beats: float) -> tuple[Note, ...]:
    """Return the notes that ``play_sheet`` plays of a sheet's first beats."""
    return tuple(sorted(note for _, note in _tones(sheet) if note.start < beats))


def _tones(sheet: LeadSheet) -> Iterator[tuple[Voice, Note]]:
    for note in sheet.notes:
        yield LEAD, note
    for chord in sheet.chords:
        for pitch in _voicing(chord):
            yield PAD, Note(chord.start, chord.duration, pitch, 80)
    for note in sheet.bass:
        yield BASS, note


def _voicing(chord: Chord) -> list[int]:
    """Pitches from F#3 up, one of each pitch class: near each other from chord to chord."""
    return sorted(54 + (place - 54) % 12 for place in chord.pitch_classes)


def _strength(sheet: LeadSheet, beat: float) -> float:
    """0.6 … 1 by the intensity of the bar."""
    bar = min(int(beat / sheet.beats_per_bar), sheet.bars - 1)
    return 0.6 + 0.4 * sheet.intensity[bar]


def _tone(
    wave: FloatArray, voice: Voice, note: Note, beat: float, sample_rate: int, gain: float
) -> Callable[[], None]:
    """Return what adds a note to a wave."""

    def play() -> None:
        begin = round(note.start * beat)
        held = max(round(note.duration * beat), 1)
        count = min(held + round(4 * voice.release * sample_rate), len(wave) - begin)
        hertz = 440.0 * 2.0 ** ((note.pitch - 69) / 12)
        step = np.uint32(round(hertz / sample_rate * 2.0**32))
        # 32 bits go round once per period; the highest bits say where in the table.
        place = (np.arange(count, dtype=np.uint32) * step) >> np.uint32(32 - TABLE_BITS)
        envelope = _envelope(voice, held, sample_rate)[:count]
        wave[begin : begin + count] += table(voice.harmonics, hertz, sample_rate)[place] * (
            envelope * np.float32(gain)
        )

    return play


@lru_cache(maxsize=256)
def table(harmonics: tuple[float, ...], hertz: float, sample_rate: int) -> FloatArray:
    """(2048,) float32, one period without anything above half the sample rate."""
    highest = min(HIGHEST_HZ, 0.45 * sample_rate)
    turns = np.arange(1 << TABLE_BITS) * (2 * np.pi / (1 << TABLE_BITS))
    period = np.zeros(1 << TABLE_BITS)
    for order, amplitude in enumerate(harmonics, 1):
        if order * hertz < highest:
            period += amplitude * np.sin(order * turns)
    return period.astype(np.float32)


@lru_cache(maxsize=64)
def _envelope(voice: Voice, held: int, sample_rate: int) -> FloatArray:
    """Attack, decay while held, release after it; no step anywhere."""
    count = held + round(4 * voice.release * sample_rate)
    time = np.arange(count, dtype=np.float32) / np.float32(sample_rate)
    level: FloatArray = np.minimum(time / np.float32(voice.attack), np.float32(1.0))
    if voice.decay:
        level *= np.exp(-time / np.float32(voice.decay))
    after = time[held:] - time[held - 1]
    level[held:] = level[held - 1] * np.exp(-after / np.float32(voice.release))
    end = min(64, count)
    level[count - end :] *= np.linspace(1.0, 0.0, end, dtype=np.float32)
    return level


def _ticks(
    wave: FloatArray, sheet: LeadSheet, beat: float, samples: int, sample_rate: int
) -> list[Callable[[], None]]:
    """Return what adds a tick to every beat of strong bars, the first of a bar louder."""
    tick = _tick(sample_rate)

    def player(number: int, gain: float) -> Callable[[], None]:
        def play() -> None:
            begin = round(number * beat)
            end = min(begin + len(tick), len(wave))
            wave[begin:end] += tick[: end - begin] * np.float32(gain)

        return play

    players = []
    for number in range(min(int(samples / beat) + 1, sheet.beats)):
        strong = sheet.intensity[number // sheet.beats_per_bar]
        if strong >= TICK_FROM and number * beat < samples:
            players.append(player(number, 0.16 if number % sheet.beats_per_bar == 0 else 0.09))
    return players


@lru_cache(maxsize=4)
def _tick(sample_rate: int) -> FloatArray:
    """A short hiss without lows or the highest highs."""
    count = int(0.05 * sample_rate)
    noise = np.random.default_rng(0).standard_normal(count)
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(count, 1.0 / sample_rate)
    spectrum[(hertz < 3000.0) | (hertz > HIGHEST_HZ)] = 0.0
    time = np.arange(count) / sample_rate
    hiss = np.fft.irfft(spectrum, count) * np.exp(-time / 0.008) * np.minimum(time / 0.001, 1.0)
    tick: FloatArray = hiss.astype(np.float32)
    return tick


def _with_echoes(wave: FloatArray, sample_rate: int) -> FloatArray:
    wet = wave.copy()
    for seconds, gain in ECHOES:
        shift = int(seconds * sample_rate)
        wet[shift:] += wave[:-shift] * np.float32(gain)
    return wet


def _levelled(samples: FloatArray, sample_rate: int) -> Pieces[FloatArray]:
    """Bring (1, N) samples to the usual loudness, or as near as their peaks allow."""
    loudness = yield from measuring(samples, sample_rate)
    if not np.isfinite(loudness):
        return samples
    gain = 10 ** ((TARGET_LUFS - loudness) / 20)
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(min(gain, CEILING / max(peak, 1e-9)))
