"""MIDI files as parts in seconds, read as MG2's melodies were (with the rules of pretty_midi)."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from descant.models.melody_text import MelodyTextError, Part, TimedNote

if TYPE_CHECKING:
    import mido

DRUM_CHANNEL = 9
_TICKS_PER_BEAT, _BEAT_MICROSECONDS = 500, 500_000
"""A tick of a written file is a millisecond, as fine as the bins are given."""

Place = tuple[int, int]
"""Channel and pitch."""


def midi_to_parts(content: bytes) -> tuple[Part, ...]:
    """Read a Standard MIDI File.

    A part is a track's notes of one channel and program, in the order in which they end; parts are
    in the order of their first end. Tempo is read from the first track only. A note-off ends all
    notes of its pitch that began before its tick.

    Raises:
        MelodyTextError: The content is no MIDI file, damaged, or timed in film frames.
    """
    midi = _parse(content)
    clock = _Clock(midi)
    parts: dict[tuple[int, int, int], list[TimedNote]] = {}
    for index, track in enumerate(midi.tracks):
        _read_track(index, track, clock, parts)
    return tuple(
        Part(tuple(notes), program, channel == DRUM_CHANNEL)
        for (_, channel, program), notes in parts.items()
    )


def notes_to_midi(notes: Sequence[TimedNote]) -> bytes:
    """Write notes as a Standard MIDI File of one track, exact to the millisecond.

    A note without length lasts a millisecond.
    """
    import mido

    events: list[tuple[int, int, int, int]] = []
    for number, note in enumerate(notes):
        begin = round(note.start * 1000)
        events.append((begin, 1, number, note.pitch))
        events.append((max(round(note.end * 1000), begin + 1), 0, number, note.pitch))
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=_BEAT_MICROSECONDS)])
    now = 0
    for tick, sounds, _, pitch in sorted(events):
        kind = "note_on" if sounds else "note_off"
        track.append(mido.Message(kind, note=pitch, velocity=64 * sounds, time=tick - now))
        now = tick
    midi = mido.MidiFile(type=0, ticks_per_beat=_TICKS_PER_BEAT)
    midi.tracks.append(track)
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


class _Clock:
    """Seconds of a file's ticks."""

    def __init__(self, midi: mido.MidiFile) -> None:
        division = midi.ticks_per_beat
        self._ticks = [0]
        self._scales: list[float] = [60.0 / (120.0 * division)]
        now = 0
        for message in midi.tracks[0] if midi.tracks else ():
            now += message.time
            if message.type != "set_tempo" or message.tempo == 0:
                continue
            scale = 60.0 / ((6e7 / message.tempo) * division)
            if now == 0:
                self._scales[0] = scale
            else:
                self._ticks.append(now)
                self._scales.append(scale)
        self._starts: list[float] = [0.0]
        for i in range(1, len(self._ticks)):
            span = self._ticks[i] - self._ticks[i - 1]
            self._starts.append(self._starts[-1] + self._scales[i - 1] * span)

    def seconds(self, tick: int) -> float:
        """Return the time of a tick."""
        i = bisect_right(self._ticks, tick) - 1
        return self._starts[i] + self._scales[i] * (tick - self._ticks[i])


def _parse(content: bytes) -> mido.MidiFile:
    import mido
    from mido.midifiles.meta import KeySignatureError

    if content[:4] != b"MThd":
        raise MelodyTextError("not a MIDI file")
    try:
        midi = mido.MidiFile(file=io.BytesIO(content), clip=True)
    except (
        OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
        KeySignatureError,
    ) as error:  # fmt: skip
        reason = str(error) or type(error).__name__
        raise MelodyTextError(f"MIDI file is damaged or cut off ({reason})") from error
    if midi.ticks_per_beat <= 0:
        raise MelodyTextError("MIDI file counts in film frames, not in beats")
    return midi


def _read_track(
    index: int,
    track: mido.MidiTrack,
    clock: _Clock,
    parts: dict[tuple[int, int, int], list[TimedNote]],
) -> None:
    now = 0
    programs: dict[int, int] = {}
    open_notes: dict[Place, list[int]] = {}
    for message in track:
        now += message.time
        if message.type == "program_change":
            programs[message.channel] = message.program
        elif message.type == "note_on" and message.velocity > 0:
            open_notes.setdefault((message.channel, message.note), []).append(now)
        elif message.type in ("note_on", "note_off"):
            ended = _close(open_notes, (message.channel, message.note), now)
            if ended:
                part = (index, message.channel, programs.get(message.channel, 0))
                parts.setdefault(part, []).extend(
                    TimedNote(message.note, clock.seconds(begin), clock.seconds(now))
                    for begin in ended
                )


def _close(open_notes: dict[Place, list[int]], place: Place, now: int) -> list[int]:
    """Return the ticks at which the notes that end now began.

    A note that begins at this very tick goes on if an earlier one ends here, and is dropped if not.
    """
    begins = open_notes.pop(place, [])
    ended = [tick for tick in begins if tick != now]
    kept = [tick for tick in begins if tick == now]
    if ended and kept:
        open_notes[place] = kept
    return ended
