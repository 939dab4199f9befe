"""A recording to a melody: heard notes, in tune with themselves, on beats, in a key if asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from descant.kernels.note_events import NoteRule
from descant.kernels.pitch_spectrum import SAMPLE_RATE
from descant.models.theory.harmonise import estimate_key
from descant.models.theory.notes import Key, Note
from descant.runtime.checks import check_integer, check_number
from descant.runtime.errors import RequestError
from descant.runtime.hearing import HeardNote, hear
from descant.runtime.midi import Melody, skyline
from descant.runtime.pieces import Piece, Pieces, drain
from descant.runtime.pulse import Pulse, find_pulse, in_key, on_grid, without_overlap
from descant.runtime.request import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from descant.runtime.sessions import Sessions
from descant.runtime.sound import read_whole_sound

MAX_SECONDS = 600.0
MAX_DIVISION = 24
UNTOLD_BPM = 120.0
"""Tempo of what is too short to tell one."""
DETUNED_CENTS = 25.0
"""A voice this far from the common pitch is heard relative to itself."""
AGREED = 0.7
"""How much its notes must agree about that."""


@dataclass(frozen=True, slots=True)
class TranscribeOptions:
    """What is done with the notes that were heard."""

    polyphonic: bool = False
    """Keep all notes, not the one voice that a melody has."""
    tempo_bpm: float | None = None
    """Found by ear when None."""
    snap_grid: int | None = None
    """Places per beat that notes are moved to."""
    snap_key: Key | Literal["auto"] | None = None
    """Notes are moved to the tones of this key, or of the one that fits best."""

    def __post_init__(self) -> None:
        check_number("tempo_bpm", self.tempo_bpm, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
        check_integer("snap_grid", self.snap_grid, 1, MAX_DIVISION)


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was heard, and the melody that was made of it."""

    name: str
    """Of the file, without its folder."""
    sha256: str
    """Of the file's bytes."""
    heard: tuple[HeardNote, ...]
    """In seconds."""
    notes: tuple[Note, ...]
    """In beats from the first; moved as the options ask."""
    tempo_bpm: float
    first_beat: float
    """Seconds from the recording's beginning to beat 0."""
    key: Key
    """That fits best, or that was asked for."""
    tuning_cents: float
    """How far above the common pitch the voice was."""
    warnings: tuple[str, ...] = ()

    @property
    def melody(self) -> Melody:
        """As one line, for a request."""
        return Melody(skyline(self.notes), self.tempo_bpm, warnings=self.warnings)


def transcribe_file(
    sessions: Sessions, path: str | Path, options: TranscribeOptions | None = None
) -> Transcription:
    """Turn a recording into notes; see ``transcribing``."""
    return drain(transcribing(sessions, path, options))


def transcribing(
    sessions: Sessions, path: str | Path, options: TranscribeOptions | None = None
) -> Pieces[Transcription]:
    """Turn a recording of humming, whistling, singing or an instrument into notes.

    Args:
        sessions: Of a pack with a transcriber.
        path: WAV, FLAC, OGG or MP3 of up to ten minutes.
        options: None keeps one voice and moves nothing.

    Raises:
        RequestError: The file can't be read or is silent, no note is heard in it, or the pack has
            no transcriber.
    """
    how = options or TranscribeOptions()
    yield Piece("read a recording")
    sound = read_whole_sound(path, SAMPLE_RATE, MAX_SECONDS)
    heard = yield from hear(sessions, sound.excerpts[0], NoteRule(), not how.polyphonic)
    if not heard:
        raise RequestError(
            f"no note is heard in {sound.name!r:.200}",
            hint="sing nearer to the microphone, or in a quieter room",
        )
    tuning = 0.0 if how.polyphonic else _tuning(heard)
    warnings = list(sound.warnings)
    pulse = find_pulse([n.start for n in heard], [n.end - n.start for n in heard], how.tempo_bpm)
    if pulse is None:
        pulse = Pulse(UNTOLD_BPM, heard[0].start)
        warnings.append(f"too few notes to tell a tempo: {UNTOLD_BPM:g} bpm was taken")
    key = how.snap_key if isinstance(how.snap_key, Key) else None
    key = key or estimate_key([_in_beats(n, round(_pitch(n, tuning)), pulse) for n in heard])
    notes = [_in_beats(n, _choose(n, tuning, key, how), pulse) for n in heard]
    notes = _placed(notes, how)
    return Transcription(
        name=sound.name,
        sha256=sound.sha256,
        heard=heard,
        notes=tuple(notes),
        tempo_bpm=pulse.tempo_bpm,
        first_beat=pulse.first_beat,
        key=key,
        tuning_cents=round(tuning, 1),
        warnings=tuple(warnings),
    )


def _tuning(heard: tuple[HeardNote, ...]) -> float:
    """Cents above the common pitch that the notes agree on, as a mean on the circle of 100."""
    turns = 2j * np.pi * np.array([n.cents for n in heard]) / 100.0
    lengths = np.array([n.end - n.start for n in heard])
    mean = complex(np.exp(turns) @ lengths) / float(lengths.sum())
    cents = float(np.angle(mean)) * 100.0 / (2 * np.pi)
    return cents if abs(cents) > DETUNED_CENTS and abs(mean) > AGREED else 0.0


def _pitch(note: HeardNote, tuning: float) -> float:
    """Semitones as they were meant: as heard where the voice is in tune."""
    return note.pitch + (note.cents - tuning) / 100.0 if tuning else float(note.pitch)


def _choose(note: HeardNote, tuning: float, key: Key, how: TranscribeOptions) -> int:
    if how.snap_key is None:
        return min(max(round(_pitch(note, tuning)), 0), 127)
    sung = note.pitch + (note.cents - tuning) / 100.0
    meant = round(_pitch(note, tuning))
    return meant if meant % 12 in key.scale else in_key(sung, key)


def _in_beats(note: HeardNote, pitch: int, pulse: Pulse) -> Note:
    start = max(pulse.beats(note.start), 0.0)
    return Note(start, max(pulse.beats(note.end) - start, 1e-2), pitch, note.velocity)


def _placed(notes: list[Note], how: TranscribeOptions) -> list[Note]:
    """On the grid if there is one; one voice's notes never overlap."""
    if how.snap_grid is not None:
        return on_grid(notes, how.snap_grid, not how.polyphonic)
    return sorted(notes) if how.polyphonic else without_overlap(notes)
