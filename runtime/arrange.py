"""Choose tempo, key and lead sheet from the request, its prompt and the melody at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from descant.models.theory.harmonise import estimate_key, harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.midi import Melody, read_melody, skyline
from descant.runtime.prompt import Hints
from descant.runtime.request import MAX_TEMPO_BPM, MIN_TEMPO_BPM, Request
from descant.runtime.retrieval import Wishes

PLAIN_TEMPO_BPM = 110.0
"""Of notes that come without a tempo, when neither request nor prompt has one."""


def given_melody(request: Request) -> Melody | None:
    """Return the request's own melody, unless it comes with chords and bass of its own.

    Raises:
        RequestError: It can't be read or has no tune.
    """
    if request.melody is None or isinstance(request.melody, LeadSheet):
        return None
    if isinstance(request.melody, (str, Path)):
        return read_melody(request.melody)
    return Melody(skyline(request.melody), PLAIN_TEMPO_BPM)


def choose_tempo(request: Request, hints: Hints, own_tempo: float) -> float:
    """Option, else number in the prompt, else the melody's own tempo bent to a tempo word."""
    if request.tempo_bpm is not None:
        return float(request.tempo_bpm)
    if hints.tempo_bpm is not None:
        return hints.tempo_bpm
    tempo = own_tempo
    if hints.tempo_range is not None:
        low, high = hints.tempo_range
        tempo = min(max(tempo, low), high)
    return min(max(tempo, MIN_TEMPO_BPM), MAX_TEMPO_BPM)


def wishes(request: Request, hints: Hints, feeling: str | None = None) -> Wishes:
    """What a retrieved melody should have from the start.

    Args:
        request: Its options count most.
        hints: Of the prompt.
        feeling: What all that is asked feels like, see ``feeling``.
    """
    asked = request.asked_key
    mode = asked.mode if asked is not None else hints.mode
    tempo = hints.tempo_bpm if request.tempo_bpm is None else float(request.tempo_bpm)
    if tempo is None and hints.tempo_range is not None:
        tempo = sum(hints.tempo_range) / 2
    return Wishes(mode, tempo, hints.beats_per_bar, feeling)


def arrange_found(sheet: LeadSheet, request: Request, hints: Hints) -> tuple[LeadSheet, list[str]]:
    """Re-time and transpose a retrieved sheet; return it with warnings."""
    tempo = choose_tempo(request, hints, sheet.tempo_bpm)
    return _in_key(sheet.at_tempo(tempo), request.asked_key or hints.key)


def arrange_given(
    melody: Melody, request: Request, hints: Hints, seconds: float
) -> tuple[LeadSheet, list[str]]:
    """Harmonise a given melody, as much of it as the clip holds; return it with warnings."""
    tempo = choose_tempo(request, hints, melody.tempo_bpm)
    warnings = list(melody.warnings)
    beats = seconds * tempo / 60.0
    heard = tuple(note for note in melody.notes if note.start < beats - 1e-6)
    if not heard:  # a rest longer than the clip: begin with the tune instead
        first = melody.notes[0].start
        heard = tuple(
            Note(n.start - first, n.duration, n.pitch, n.velocity)
            for n in melody.notes
            if n.start - first < beats
        )
        warnings.append("the melody begins after the clip's end: its opening rest was left out")
    elif len(heard) < len(melody.notes) or heard[-1].end > beats + melody.beats_per_bar:
        whole = melody.notes[-1].end * 60.0 / tempo
        warnings.append(f"the melody lasts {whole:.1f} s and was cut to {seconds:g} s")
    # The key is heard better in the whole melody than in the part that is kept.
    key = estimate_key(melody.notes, melody.beats_per_bar)
    last = heard[-1]
    room = max(beats + melody.beats_per_bar - last.start, 0.25)
    heard = (*heard[:-1], Note(last.start, min(last.duration, room), last.pitch, last.velocity))
    sheet = harmonise(heard, tempo, melody.beats_per_bar, key)
    arranged, more = _in_key(sheet, request.asked_key or hints.key)
    return arranged, warnings + more


def with_intensity(
    sheet: LeadSheet, levels: tuple[float, ...], seconds: float, loop: bool = False
) -> LeadSheet:
    """Let a sheet be as strong as was asked, bar by bar.

    Args:
        sheet: The music from the clip's beginning on.
        levels: At even steps over the clip; none leave the sheet as it is.
        seconds: Length of the clip.
        loop: The last level leads to the first one.
    """
    if not levels:
        return sheet
    bar = sheet.beats_per_bar * 60.0 / sheet.tempo_bpm
    centres = (np.arange(len(levels)) + 0.5) * seconds / len(levels)
    # Eight looks into each bar: a level that is shorter than a bar counts for its share.
    times = (np.arange(sheet.bars * 8) + 0.5) * bar / 8
    heard = np.interp(times, centres, levels, period=seconds if loop else None)
    bars = heard.reshape(-1, 8).mean(1)
    return replace(sheet, intensity=tuple(round(float(level), 4) for level in bars))


def _in_key(sheet: LeadSheet, key: Key | None) -> tuple[LeadSheet, list[str]]:
    if key is None:
        return sheet, []
    moved = sheet.transposed(sheet.key.interval_to(key))
    if key.mode == sheet.key.mode:
        return moved, []
    return moved, [f"the melody is {sheet.key.mode}: it was moved to {moved.key}, not {key}"]
