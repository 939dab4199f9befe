"""MIDI files for tests, good and hostile."""

from __future__ import annotations

import io
from collections.abc import Sequence

import mido

from descant.models.theory.notes import Note
from descant.runtime.midi_writer import midi_bytes

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def scale_notes(bars: int = 2) -> tuple[Note, ...]:
    """Return a C major scale in quarters."""
    return tuple(Note(float(i), 1.0, SCALE[i % 8], 90) for i in range(bars * 4))


def tune(bars: int = 2, tempo_bpm: float = 100.0, beats_per_bar: int = 4) -> bytes:
    """Return a file with a scale in it."""
    return midi_bytes({"melody": scale_notes(bars)}, tempo_bpm, beats_per_bar)


def drums_only() -> bytes:
    """Return a file with notes on the drum channel alone."""
    track = mido.MidiTrack()
    for _ in range(8):
        track.append(mido.Message("note_on", channel=9, note=36, velocity=100, time=0))
        track.append(mido.Message("note_off", channel=9, note=36, time=480))
    return saved([track])


def hours(count: int) -> bytes:
    """Return a file whose second note comes after ``count`` hours at 120 bpm."""
    track = mido.MidiTrack()
    for wait in (0, count * 3600 * 2 * 480):
        track.append(mido.Message("note_on", note=60, velocity=90, time=wait))
        track.append(mido.Message("note_off", note=60, time=480))
    return saved([track])


def saved(tracks: Sequence[mido.MidiTrack], ticks_per_beat: int = 480) -> bytes:
    """Return the bytes of a file with these tracks."""
    midi = mido.MidiFile(ticks_per_beat=ticks_per_beat)
    midi.tracks.extend(tracks)
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "text": b"la la la",
    "no_notes": saved([mido.MidiTrack()]),
    "drums": drums_only(),
    "ten_hours": hours(10),
    "cut_in_header": tune()[:9],
    "cut_in_track": tune()[:60],
    "film_frames": saved([mido.MidiTrack()])[:12] + b"\xe7\x28" + tune()[14:],
    "wave": b"RIFF\x24\0\0\0WAVEfmt ",
    "huge": b"MThd" + b"\0" * (3 * 2**20),
    "no_tracks": b"MThd\0\0\0\6\0\1\0\0\1\xe0",
}
"""Files that are refused, by what is wrong with them."""
