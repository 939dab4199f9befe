"""A picture of a clip: waveform, mel spectrogram, and the melody's piano roll."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.models.spec import AudioSpec
from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.clip import Clip
from descant.runtime.files import write_atomically

if TYPE_CHECKING:
    from PIL import ImageDraw

WIDTH, LEFT, TOP, GAP = 1200, 60, 34, 30
WAVE_HEIGHT, MEL_HEIGHT, ROLL_HEIGHT = 130, 256, 200
INK, PAPER, GRID = (30, 32, 40), (252, 252, 250), (214, 214, 208)
WAVE, MELODY, CHORD, OTHER = (48, 98, 160), (200, 60, 40), (222, 202, 150), (176, 184, 196)
_HEAT = np.array(
    [(0, 0, 4), (40, 11, 84), (101, 21, 110), (159, 42, 99), (212, 72, 66), (245, 125, 21),
     (250, 193, 39), (252, 255, 164)],
    np.float64,
)  # fmt: skip
"""Eight points of the colour map inferno."""

Box = tuple[int, int, int, int]


def plot_clip(clip: Clip, path: str | Path) -> None:
    """Draw a clip as PNG.

    Raises:
        OutputError: The file can't be written.
    """
    from PIL import Image, ImageDraw, ImageFont

    heights = (WAVE_HEIGHT, MEL_HEIGHT, *((ROLL_HEIGHT,) if clip.sheet else ()))
    image = Image.new("RGB", (WIDTH, TOP + sum(heights) + GAP * len(heights)), PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(13)
    boxes: list[Box] = []
    top = TOP
    for height in heights:
        boxes.append((LEFT, top, WIDTH - 20, top + height))
        top += height + GAP
    draw.text((LEFT, 8), _title(clip), INK, font)
    _draw_wave(draw, boxes[0], clip.samples)
    _, left_top, right, bottom = boxes[1]
    mel = Image.fromarray(_heat(log_mel(clip.samples.mean(0), AudioSpec(clip.sample_rate))))
    image.paste(mel.resize((right - LEFT, bottom - left_top)), (LEFT, left_top))
    if clip.sheet is not None:
        _draw_roll(draw, boxes[-1], clip, clip.sheet)
    for box, label in zip(boxes, ("wave", "mel", "notes"), strict=False):
        draw.rectangle(box, outline=INK)
        draw.text((12, box[1]), label, INK, font)
    for second in range(int(clip.seconds) + 1):
        x = LEFT + round(second / clip.seconds * (WIDTH - 20 - LEFT))
        draw.line((x, boxes[-1][3], x, boxes[-1][3] + 4), INK)
        if clip.seconds <= 20 or second % 5 == 0:
            draw.text((x - 4, boxes[-1][3] + 5), str(second), INK, font)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    write_atomically(path, buffer.getvalue())


def _title(clip: Clip) -> str:
    title = clip.request.prompt.strip()[:110] or "melody"
    printable = title.encode("latin-1", "replace").decode("latin-1")
    music = clip.receipt["music"]
    played = f"{music['key']}, {music['tempo_bpm']:.4g} bpm, " if music else ""
    return f"{printable}  |  {played}seed {clip.seed}"


def _draw_wave(draw: ImageDraw.ImageDraw, box: Box, samples: NDArray[np.float32]) -> None:
    left, top, right, bottom = box
    mono = samples.mean(0)
    middle, half = (top + bottom) / 2, (bottom - top) / 2
    edges = np.linspace(0, len(mono), right - left + 1).astype(np.int64)
    for x, (begin, end) in enumerate(itertools.pairwise(edges.tolist())):
        part = mono[begin : max(end, begin + 1)]
        high, low = float(part.max()), float(part.min())
        draw.line((left + x, middle - high * half, left + x, middle - low * half), WAVE)


def _draw_roll(draw: ImageDraw.ImageDraw, box: Box, clip: Clip, sheet: LeadSheet) -> None:
    """Chords as bands, sounding notes grey, the melody on top."""
    left, top, right, bottom = box
    beats = clip.seconds * sheet.tempo_bpm / 60.0
    melody = [note for note in sheet.notes if note.start < beats]
    pitches = [note.pitch for note in (*melody, *clip.notes)] or [60]
    low, high = min(pitches) - 2, max(pitches) + 2
    row = (bottom - top) / (high - low + 1)

    def place(note: Note) -> tuple[float, float, float, float]:
        y = bottom - (note.pitch - low + 1) * row
        begin = left + note.start / beats * (right - left)
        end = left + min(note.end, beats) / beats * (right - left)
        return begin, y, max(end - 1, begin), y + max(row - 1, 1)

    for chord in sheet.chords:
        for pitch in range(low, high + 1):
            if chord.start < beats and pitch % 12 in chord.pitch_classes:
                draw.rectangle(place(Note(chord.start, chord.duration, pitch)), CHORD)
    for bar in range(int(beats / sheet.beats_per_bar) + 1):
        x = left + bar * sheet.beats_per_bar / beats * (right - left)
        draw.line((x, top, x, bottom), GRID)
    for note in clip.notes:
        draw.rectangle(place(note), OTHER)
    for note in melody:
        x0, y0, x1, y1 = place(note)
        draw.rectangle((x0, y0 + row * 0.2, x1, y1 - row * 0.2), MELODY)


def _heat(mel: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(M, T) log-mel -> (M, T, 3) colours, high notes on top, from -80 dB to the loudest."""
    loudest = float(mel.max())
    level = np.clip((mel[::-1] - loudest + 9.2) / 9.2, 0.0, 1.0) * (len(_HEAT) - 1)
    lower = np.minimum(level.astype(np.int64), len(_HEAT) - 2)
    share = (level - lower)[..., None]
    colours = _HEAT[lower] * (1 - share) + _HEAT[lower + 1] * share
    pixels: NDArray[np.uint8] = np.round(colours).astype(np.uint8)
    return pixels
