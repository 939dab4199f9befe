"""A melody from an untrusted MIDI file."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from descant.models.theory.notes import Note
from descant.runtime.errors import RequestError
from descant.runtime.input_file import open_input
from descant.runtime.request import MAX_TEMPO_BPM, MIN_TEMPO_BPM

if TYPE_CHECKING:
    import mido

MAX_FILE_BYTES = 2 * 2**20
MAX_MINUTES = 30.0
MAX_EVENTS = 200_000
DRUM_CHANNEL = 9
_MELODY_WORDS = ("melody", "lead", "vocal", "voice", "solo", "tune")


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune with the tempo and metre that its source states."""

    notes: tuple[Note, ...]
    """Monophonic, in beats from a downbeat."""
    tempo_bpm: float
    beats_per_bar: int = 4
    warnings: tuple[str, ...] = ()


@dataclass
class _Score:
    """What a file holds, gathered track by track."""

    voices: dict[tuple[int, int], list[Note]] = field(default_factory=dict)
    """Notes by track and channel, without drums."""
    names: dict[int, str] = field(default_factory=dict)
    tempos: list[tuple[float, float]] = field(default_factory=list)
    """(beat, bpm)."""
    metre: tuple[int, int] | None = None
    drum_notes: int = 0


def read_melody(path: str | Path) -> Melody:
    """Read the most melodic track of a MIDI file as a single line.

    Raises:
        RequestError: The file is missing, too large, damaged, too long, or has no melody.
    """
    file = Path(path)
    midi = _parse(read_midi_bytes(file), file.name)
    score = _gather(midi, file.name)
    if not score.voices:
        kind = "only drums" if score.drum_notes else "no notes"
        raise RequestError(
            f"melody {file.name!r} has {kind}", hint="choose a MIDI file with a tune in it"
        )
    line = skyline(max(score.voices.items(), key=lambda item: _melodic(item, score.names))[1])
    warnings: list[str] = []
    tempo = _main_tempo(score.tempos, line[-1].end)
    beats_per_bar = _beats_per_bar(score.metre, warnings)
    minutes = line[-1].end / tempo
    if minutes > MAX_MINUTES:
        raise RequestError(
            f"melody {file.name!r} lasts {minutes:.0f} minutes, the limit is {MAX_MINUTES:.0f}",
            hint="cut out the part that you want to hear",
        )
    shift = line[0].start // beats_per_bar * beats_per_bar
    notes = tuple(Note(n.start - shift, n.duration, n.pitch, n.velocity) for n in line)
    return Melody(notes, tempo, beats_per_bar, tuple(warnings))


def skyline(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Reduce notes to one line: the highest wins at each onset and ends when the next begins."""
    line: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start, -n.pitch)):
        if line and note.start - line[-1].start < 0.06:
            continue  # the same chord, perhaps strummed
        if line and note.start < line[-1].end:
            held = line[-1]
            deep_below = note.pitch < held.pitch - 9 and held.end - note.start > 0.25
            if deep_below:
                continue  # accompaniment under a held note
            line[-1] = Note(held.start, note.start - held.start, held.pitch, held.velocity)
        line.append(note)
    return tuple(line)


def read_midi_bytes(file: Path) -> bytes:
    """Return the content of a MIDI file of usual size.

    Raises:
        RequestError: It can't be read, is no regular file, empty, or too large.
    """
    with open_input(file, "melody", "choose a MIDI file", MAX_FILE_BYTES) as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def _parse(content: bytes, name: str) -> mido.MidiFile:
    if content[:4] != b"MThd":
        raise RequestError(f"melody {name!r} is not a MIDI file", hint="choose a .mid file")
    import mido
    from mido.midifiles.meta import KeySignatureError

    try:
        midi = mido.MidiFile(file=io.BytesIO(content), clip=True)
    except (
        OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
        KeySignatureError,
    ) as error:  # fmt: skip
        raise RequestError(
            f"melody {name!r} is damaged or cut off ({str(error) or type(error).__name__})",
            hint="export the MIDI file again",
        ) from error
    if midi.ticks_per_beat <= 0:
        raise RequestError(
            f"melody {name!r} counts in film frames, not in beats",
            hint="export it with ticks per quarter note",
        )
    return midi


def _gather(midi: mido.MidiFile, name: str) -> _Score:
    if sum(len(track) for track in midi.tracks) > MAX_EVENTS:
        raise RequestError(
            f"melody {name!r} has more than {MAX_EVENTS} events", hint="cut out a part of it"
        )
    score = _Score()
    for index, track in enumerate(midi.tracks):
        _gather_track(score, index, track, midi.ticks_per_beat)
    return score


def _gather_track(score: _Score, index: int, track: mido.MidiTrack, division: int) -> None:
    now = 0
    open_notes: dict[tuple[int, int], tuple[int, int]] = {}
    for message in track:
        now += message.time
        if message.type == "set_tempo" and message.tempo > 0:
            score.tempos.append((now / division, 60e6 / message.tempo))
        elif message.type == "time_signature" and score.metre is None:
            score.metre = (message.numerator, message.denominator)
        elif message.type == "track_name":
            score.names[index] = message.name.lower()
        elif message.type in ("note_on", "note_off"):
            place = (message.channel, message.note)
            if place in open_notes:
                begin, velocity = open_notes.pop(place)
                _add_note(
                    score, (index, message.channel), begin, now, division, message.note, velocity
                )
            if message.type == "note_on" and message.velocity > 0:
                open_notes[place] = (now, message.velocity)


def _add_note(
    score: _Score,
    voice: tuple[int, int],
    begin: int,
    end: int,
    division: int,
    pitch: int,
    velocity: int,
) -> None:
    if voice[1] == DRUM_CHANNEL:
        score.drum_notes += 1
    elif end > begin:
        note = Note(begin / division, (end - begin) / division, pitch, velocity)
        score.voices.setdefault(voice, []).append(note)


def _melodic(item: tuple[tuple[int, int], list[Note]], names: Mapping[int, str]) -> float:
    """Score a voice: named as one, single line, sung register, many notes, varied pitches."""
    (track, _), notes = item
    mean = sum(note.pitch for note in notes) / len(notes)
    single = len(skyline(notes)) / len(notes)
    named = any(word in names.get(track, "") for word in _MELODY_WORDS)
    variety = min(len({note.pitch for note in notes}), 12) / 12
    register = 1 - min(abs(mean - 72), 36) / 36
    return 3.0 * named + single + 1.5 * register + variety + 0.3 * math.log10(len(notes))


def _main_tempo(tempos: list[tuple[float, float]], end: float) -> float:
    """Return the tempo that lasts longest, folded by octaves into the usable range."""
    changes = sorted(tempos) or [(0.0, 120.0)]
    lasts: dict[float, float] = {}
    for i, (beat, bpm) in enumerate(changes):
        until = changes[i + 1][0] if i + 1 < len(changes) else max(end, beat + 1.0)
        lasts[bpm] = lasts.get(bpm, 0.0) + max(until - beat, 0.0)
    tempo = max(lasts, key=lambda bpm: lasts[bpm])
    while tempo > MAX_TEMPO_BPM:
        tempo /= 2
    while tempo < MIN_TEMPO_BPM:
        tempo *= 2
    return tempo


def _beats_per_bar(metre: tuple[int, int] | None, warnings: list[str]) -> int:
    numerator, denominator = metre or (4, 4)
    beats = numerator * 4 / max(denominator, 1)
    if beats in (3.0, 4.0, 5.0, 6.0, 7.0):
        return int(beats)
    if beats not in (1.0, 2.0, 8.0):
        warnings.append(f"metre {numerator}/{denominator} is read as 4/4")
    return 4
