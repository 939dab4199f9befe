"""Notes to a MIDI file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from descant.models.theory.notes import Note
from descant.runtime.files import write_atomically
from descant.runtime.midi import DRUM_CHANNEL

if TYPE_CHECKING:
    import mido

TICKS_PER_BEAT = 480


def midi_bytes(
    voices: Mapping[str, Sequence[Note]], tempo_bpm: float, beats_per_bar: int = 4
) -> bytes:
    """Encode named voices (notes in beats) as a type 1 MIDI file."""
    import mido

    midi = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    head = mido.MidiTrack()
    head.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo_bpm)))
    head.append(mido.MetaMessage("time_signature", numerator=beats_per_bar, denominator=4))
    midi.tracks.append(head)
    for channel, (name, notes) in enumerate(voices.items()):
        midi.tracks.append(_track(name, notes, channel if channel < DRUM_CHANNEL else channel + 1))
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


def write_midi(
    path: str | Path,
    voices: Mapping[str, Sequence[Note]],
    tempo_bpm: float,
    beats_per_bar: int = 4,
) -> None:
    """Write named voices to a file, whole or not at all.

    Raises:
        OutputError: The file can't be written.
    """
    write_atomically(path, midi_bytes(voices, tempo_bpm, beats_per_bar))


def _track(name: str, notes: Sequence[Note], channel: int) -> mido.MidiTrack:
    import mido

    events: list[tuple[int, int, int, int]] = []
    for note in notes:
        if not 0 <= note.pitch <= 127:
            continue
        begin = round(note.start * TICKS_PER_BEAT)
        end = max(round(note.end * TICKS_PER_BEAT), begin + 1)
        events.append((begin, 1, note.pitch, min(max(note.velocity, 1), 127)))
        events.append((end, 0, note.pitch, 0))
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    now = 0
    for tick, sounds, pitch, velocity in sorted(events):
        kind = "note_on" if sounds else "note_off"
        track.append(
            mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - now)
        )
        now = tick
    return track
