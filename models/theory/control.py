"""The control track: what the denoiser is told about time, melody and harmony, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import LOWEST_PITCH, ROLL_PITCHES, Note
from descant.models.theory.sheet import LeadSheet

MELODY = slice(0, 88)
MELODY_ONSET = slice(88, 89)
CHORDS = slice(89, 101)
BASS = slice(101, 113)
BASS_ONSET = slice(113, 114)
METRE = slice(114, 120)
"""sin, cos of the beat phase; sin, cos of the bar phase; beat pulse; downbeat pulse."""
INTENSITY = slice(120, 121)
PRESENT = slice(121, 126)
"""One flag per part: melody, chords, bass, metre, intensity. An absent part is all zeros."""
CONTROL_CHANNELS = 126

PARTS: dict[str, tuple[tuple[slice, ...], int]] = {
    "melody": ((MELODY, MELODY_ONSET), 121),
    "chords": ((CHORDS,), 122),
    "bass": ((BASS, BASS_ONSET), 123),
    "metre": ((METRE,), 124),
    "intensity": ((INTENSITY,), 125),
}
"""Each part's channels and the channel of its flag."""


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """Maps beats to frames."""

    tempo_bpm: float
    frame_rate: float
    """Frames per second."""
    start_seconds: float = 0.0
    """Music time at which frame 0 begins."""

    def frame(self, beat: float) -> int:
        """Nearest frame to ``beat`` (may lie outside the window)."""
        return round((beat * 60.0 / self.tempo_bpm - self.start_seconds) * self.frame_rate)

    def span(self, note: Note, frames: int) -> tuple[int, int]:
        """First and last-plus-one frame of ``note``, clipped to [0, frames); empty when outside."""
        begin, end = self.frame(note.start), self.frame(note.end)
        return max(begin, 0), min(max(end, begin + 1), frames)

    def beats(self, frames: int) -> NDArray[np.float64]:
        """(T,) beat position of every frame."""
        seconds = np.arange(frames) / self.frame_rate + self.start_seconds
        return seconds * (self.tempo_bpm / 60.0)


def control_track(
    sheet: LeadSheet, frames: int, frame_rate: float, start_seconds: float = 0.0
) -> NDArray[np.float32]:
    """Draw a lead sheet on the frame grid.

    Args:
        sheet: The music. Its last bar is followed by silence: extend it with ``window`` first.
        frames: T, number of mel frames.
        frame_rate: Mel frames per second.
        start_seconds: Music time of frame 0.

    Returns:
        (126, T) float32 in [-1, 1]; channels as named in this module.
    """
    grid = FrameGrid(sheet.tempo_bpm, frame_rate, start_seconds)
    track = np.zeros((CONTROL_CHANNELS, frames), np.float32)
    _draw_melody(track, sheet.notes, grid)
    for chord in sheet.chords:
        begin, end = max(grid.frame(chord.start), 0), min(grid.frame(chord.end), frames)
        for pitch_class in chord.pitch_classes:
            track[CHORDS.start + pitch_class, begin:end] = 1.0
    _draw_bass(track, sheet.bass, grid)
    _draw_metre(track[METRE], grid.beats(frames), sheet.beats_per_bar, frame_rate, sheet.tempo_bpm)
    bar = (grid.beats(frames) / sheet.beats_per_bar).astype(np.int64)
    levels = np.asarray(sheet.intensity, np.float32)
    track[INTENSITY] = levels[np.clip(bar, 0, len(levels) - 1)]
    track[PRESENT] = 1.0
    return track


def drop_parts(track: NDArray[np.float32], parts: tuple[str, ...]) -> NDArray[np.float32]:
    """Return a copy of a (126, T) track without the named parts (see ``PARTS``)."""
    kept = track.copy()
    for part in parts:
        channels, flag = PARTS[part]
        for channel in channels:
            kept[channel] = 0.0
        kept[flag] = 0.0
    return kept


def note_roll(
    notes: tuple[Note, ...], frames: int, grid: FrameGrid, gain: float = 1.0
) -> NDArray[np.float32]:
    """Draw notes as (88, T) float32, each at ``gain`` times its velocity share (0.4 … 1)."""
    roll = np.zeros((ROLL_PITCHES, frames), np.float32)
    for note in notes:
        row = note.pitch - LOWEST_PITCH
        begin, end = grid.span(note, frames)
        if 0 <= row < ROLL_PITCHES and begin < end:
            level = gain * (0.4 + 0.6 * note.velocity / 127)
            np.maximum(roll[row, begin:end], level, out=roll[row, begin:end])
    return roll


def _draw_melody(track: NDArray[np.float32], notes: tuple[Note, ...], grid: FrameGrid) -> None:
    for note in notes:
        row = note.pitch - LOWEST_PITCH
        begin, end = grid.span(note, track.shape[1])
        if 0 <= row < ROLL_PITCHES and begin < end:
            track[MELODY.start + row, begin:end] = 1.0
            if grid.frame(note.start) >= 0:
                track[MELODY_ONSET, begin] = 1.0


def _draw_bass(track: NDArray[np.float32], notes: tuple[Note, ...], grid: FrameGrid) -> None:
    for note in notes:
        begin, end = grid.span(note, track.shape[1])
        if begin < end:
            track[BASS.start + note.pitch % 12, begin:end] = 1.0
            if grid.frame(note.start) >= 0:
                track[BASS_ONSET, begin] = 1.0


def _draw_metre(
    metre: NDArray[np.float32],
    beats: NDArray[np.float64],
    beats_per_bar: int,
    frame_rate: float,
    tempo_bpm: float,
) -> None:
    bar_phase = 2 * np.pi * beats / beats_per_bar
    beat_phase = 2 * np.pi * beats
    metre[0], metre[1] = np.sin(beat_phase), np.cos(beat_phase)
    metre[2], metre[3] = np.sin(bar_phase), np.cos(bar_phase)
    step = tempo_bpm / 60.0 / frame_rate
    nearest = np.round(beats)
    on_beat = np.abs(beats - nearest) <= step / 2
    metre[4] = on_beat
    metre[5] = on_beat & (nearest % beats_per_bar == 0)
