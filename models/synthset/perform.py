"""From written notes to played ones: swing and small human timing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from descant.models.synthset.genres import Genre
from descant.models.synthset.piece import Track
from descant.models.theory.notes import Note


def swing(genre: Genre, tracks: list[Track]) -> list[Track]:
    """Delay the off-beats; the sheet's melody keeps this timing."""
    eighth, sixteenth = genre.swing, genre.swing16
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


def humanise(rng: Random, track: Track, tempo: int, total: int) -> Track:
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
