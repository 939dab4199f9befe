"""The roll of all sounding notes: what the VAE's second output learns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.models.synthset.compose import Piece
from descant.models.theory.control import FrameGrid, note_roll
from descant.models.theory.notes import ROLL_PITCHES


def sounding_roll(
    piece: Piece, frames: int, frame_rate: float, start_seconds: float = 0.0
) -> NDArray[np.float32]:
    """Draw every pitched note of a piece as it is played.

    Args:
        piece: The piece; drums are left out.
        frames: T, number of mel frames.
        frame_rate: Mel frames per second.
        start_seconds: Music time of frame 0.

    Returns:
        (88, T) float32: 0.4 + 0.6 * velocity / 127 while a note is on, the loudest where they meet.
    """
    grid = FrameGrid(piece.sheet.tempo_bpm, frame_rate, start_seconds)
    roll = np.zeros((ROLL_PITCHES, frames), np.float32)
    for track in piece.tracks:
        if not track.is_drum:
            np.maximum(roll, note_roll(track.notes, frames, grid), out=roll)
    return roll
