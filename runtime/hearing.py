"""The transcriber at work: samples to probabilities to notes in seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.kernels.note_events import NoteEvent, NoteRule, note_events
from descant.kernels.pitch_spectrum import (
    BINS_PER_SEMITONE,
    FRAME_RATE,
    HOP_LENGTH,
    LOWEST_PITCH,
    SPREAD,
    pitch_spectrum,
)
from descant.runtime.errors import RequestError
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

GRAPH = "transcriber"
CHUNK_FRAMES = 2048
"""Of a call: 24 s; bounds the memory."""
REACH_FRAMES = 32
"""To either side, more than the network's convolutions see."""
ATTACK_FRAMES = 8
"""In which a note's loudness is measured."""
_OVERTONES = (0, 36, 57)
"""Bins from a pitch to its first three partials."""
_LOUDEST, _SLOPE = 112.0, 1.6
"""Velocity of the loudest note, and how much it falls per decibel."""


@dataclass(frozen=True, slots=True, order=True)
class HeardNote:
    """A note of a recording."""

    start: float
    """Seconds."""
    end: float
    pitch: int
    """MIDI number, the nearest."""
    velocity: int
    """1 … 127, by its loudness beside the loudest."""
    cents: float
    """How far above ``pitch`` it was sung or played."""
    confidence: float
    """0 … 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """What the transcriber believes of a recording, frame by frame."""

    spectrum: FloatArray
    """(2, 312, T)."""
    onset: FloatArray
    """(88, T)."""
    note: FloatArray
    """(88, T)."""
    fine: FloatArray
    """(264, T)."""


def hear(
    sessions: Sessions, samples: FloatArray, rule: NoteRule, monophonic: bool
) -> Pieces[tuple[HeardNote, ...]]:
    """Transcribe a recording; see ``listen`` and ``heard_notes``."""
    heard = yield from listen(sessions, samples)
    yield Piece("note events", heard.onset.shape[1])
    return heard_notes(heard, rule, monophonic)


def listen(sessions: Sessions, samples: FloatArray) -> Pieces[Hearing]:
    """Let the transcriber hear a recording.

    Args:
        sessions: Of a pack with a transcriber.
        samples: (N,) mono at ``pitch_spectrum.SAMPLE_RATE``.

    Raises:
        RequestError: The pack has no transcriber.
    """
    if GRAPH not in sessions.pack.spec.graphs:
        raise RequestError(
            f"pack {sessions.pack.spec.id!r} can't transcribe recordings",
            hint="use the starter pack, or give the melody as a MIDI file",
        )
    yield Piece("pitch spectrum", len(samples))
    spectrum = pitch_spectrum(np.pad(samples, (0, -len(samples) % HOP_LENGTH)))
    return Hearing(spectrum, *(yield from activations(sessions, spectrum)))


def heard_notes(heard: Hearing, rule: NoteRule, monophonic: bool) -> tuple[HeardNote, ...]:
    """Read notes, in order of time, from what the transcriber believes.

    Args:
        heard: Of the transcriber.
        rule: How notes are made of probabilities.
        monophonic: One voice sings: keep one note at a time.
    """
    events = note_events(heard.onset, heard.note, rule)
    if monophonic:
        events = one_voice(events)
    loudness = [_loudness(event, heard.spectrum[1]) for event in events]
    loudest = max(loudness, default=0.0)
    return tuple(
        HeardNote(
            start=event.begin / FRAME_RATE,
            end=event.end / FRAME_RATE,
            pitch=event.row + LOWEST_PITCH,
            velocity=round(min(max(_LOUDEST + _SLOPE * (level - loudest), 20.0), 127.0)),
            cents=_cents(event, heard.fine),
            confidence=event.strength,
        )
        for event, level in zip(events, loudness, strict=True)
    )


def activations(
    sessions: Sessions, spectrum: FloatArray
) -> Pieces[tuple[FloatArray, FloatArray, FloatArray]]:
    """Return onset (88, T), note (88, T) and fine pitch (264, T) of a spectrum (2, 312, T)."""
    parts = []
    for begin in range(0, spectrum.shape[2], CHUNK_FRAMES):
        first = max(begin - REACH_FRAMES, 0)
        last = begin + CHUNK_FRAMES + REACH_FRAMES
        part = np.ascontiguousarray(spectrum[None, :, :, first:last])
        out = yield from call(sessions, GRAPH, spectrum=part)
        inside = slice(begin - first, begin - first + CHUNK_FRAMES)
        parts.append([out[name][0, :, inside] for name in ("onset", "note", "fine")])
    onset, note, fine = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return onset, note, fine


def one_voice(events: list[NoteEvent]) -> list[NoteEvent]:
    """Keep the most probable line: no two notes at a time (weighted interval scheduling).

    A note may be cut short by the next after half of its length, as when one slides into another.
    """
    ordered = sorted(events, key=_half)
    ends = np.array([_half(event) for event in ordered])
    best = [0.0] * (len(ordered) + 1)
    before = [0] * len(ordered)
    for i, event in enumerate(ordered):
        before[i] = int(np.searchsorted(ends[:i], event.begin, side="right"))
        best[i + 1] = max(best[i], best[before[i]] + _worth(event))
    kept: list[NoteEvent] = []
    i = len(ordered)
    while i:
        event = ordered[i - 1]
        if best[i] > best[i - 1]:
            limit = kept[-1].begin if kept else event.end
            kept.append(NoteEvent(event.begin, min(event.end, limit), event.row, event.strength))
            i = before[i - 1]
        else:
            i -= 1
    return kept[::-1]


def _half(event: NoteEvent) -> int:
    return (event.begin + event.end + 1) // 2


def _worth(event: NoteEvent) -> float:
    return event.strength * (event.end - event.begin)


def _loudness(event: NoteEvent, plane: FloatArray) -> float:
    """Decibels of the strongest of a note's partials while it begins."""
    centre = event.row * BINS_PER_SEMITONE + 1
    rows = [centre + shift for shift in _OVERTONES if centre + shift < len(plane)]
    end = max(min(event.begin + ATTACK_FRAMES, event.end), event.begin + 1)
    return 20.0 * math.log10(math.e) * SPREAD * float(plane[rows, event.begin : end].max())


def _cents(event: NoteEvent, fine: FloatArray) -> float:
    """Mean of the fine pitch within a semitone to either side, past the note's attack."""
    centre = event.row * BINS_PER_SEMITONE + 1
    bins = np.arange(max(centre - 4, 0), min(centre + 5, len(fine)))
    settled = event.begin + (event.end - event.begin) // 4
    weights = fine[bins, settled : event.end].sum(axis=1, dtype=np.float64)
    mean = float(((bins - centre) * weights).sum()) / max(float(weights.sum()), 1e-9)
    return 100.0 * mean / BINS_PER_SEMITONE
