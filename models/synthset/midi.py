"""Write a piece as a Standard MIDI File, one track per instrument."""

from __future__ import annotations

from pathlib import Path

from descant.models.synthset.piece import Piece, Track

_TICKS_PER_BEAT = 480
_DRUM_CHANNEL = 9


def write_midi(piece: Piece, path: Path) -> None:
    """Write the parts as they are rendered (timing humanised, channel volume set).

    Args:
        piece: What to write.
        path: The file; replaced when it exists.
    """
    import mido  # only this command needs it

    file = mido.MidiFile(ticks_per_beat=_TICKS_PER_BEAT)
    conductor = mido.MidiTrack()
    conductor.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(piece.sheet.tempo_bpm)))
    beats = piece.sheet.beats_per_bar
    conductor.append(mido.MetaMessage("time_signature", numerator=beats, denominator=4))
    file.tracks.append(conductor)
    free = iter(channel for channel in range(16) if channel != _DRUM_CHANNEL)
    for part in piece.tracks:
        channel = _DRUM_CHANNEL if part.is_drum else next(free)
        track = mido.MidiTrack()
        track.append(mido.MetaMessage("track_name", name=part.role))
        track.append(mido.Message("program_change", channel=channel, program=part.program))
        volume = round(127 * part.gain ** (1 / 3))
        track.append(mido.Message("control_change", channel=channel, control=7, value=volume))
        before = 0
        for tick, velocity, pitch in _events(part):
            message = mido.Message(
                "note_on", channel=channel, note=pitch, velocity=velocity, time=tick - before
            )
            track.append(message)
            before = tick
        file.tracks.append(track)
    file.save(str(path))


def _events(part: Track) -> list[tuple[int, int, int]]:
    """Return (tick, velocity, pitch) in order; velocity 0 releases, before any strike."""
    events: list[tuple[int, int, int]] = []
    for note in part.notes:
        start = round(note.start * _TICKS_PER_BEAT)
        end = max(round(note.end * _TICKS_PER_BEAT), start + 1)
        events += [(start, note.velocity, note.pitch), (end, 0, note.pitch)]
    return sorted(events)
