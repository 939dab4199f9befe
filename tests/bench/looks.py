"""Section ``looks``: onsets on the beat grid, chroma against the chords, and ten pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import librosa
import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation import keys, tempo
from descant.export.evaluation.cases import AUDIO, SECONDS
from descant.kernels.mel import log_mel
from descant.models.theory.notes import PITCH_NAMES
from descant.models.theory.sheet import Chord
from tests.bench.clips import make_clips, plain_request
from tests.bench.context import Bench, read_samples
from tests.bench.figures import Figure, percent

PICTURES = 10
GRID = 0.25
"""Beats between the grid's lines: sixteenths."""
NEAR = 0.03
"""Seconds that an onset may be off the grid."""


@dataclass(frozen=True, slots=True)
class View:
    """A clip with the music it should hold."""

    name: str
    path: Path
    tempo_bpm: float
    beats_per_bar: int
    chords: tuple[Chord, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in a clip; each number with what chance would give."""

    on_grid: float
    """Share of onsets within ``NEAR`` of the grid."""
    on_grid_chance: float
    in_chord: float
    """Share of the chroma on the pitch classes of the chord that should sound."""
    in_chord_chance: float


def measure_looks(bench: Bench) -> list[Figure]:
    """Listen by measure; draw the first clips when a folder for pictures is given."""
    real = _mean(bench.map(look_at, _real_views(bench), "looks"))
    made = Look(*[float("nan")] * 4)
    if bench.pack:
        views = _made_views(bench)
        made = _mean(bench.map(look_at, views, "looks"))
        if bench.plots is not None:
            for view in views[:PICTURES]:
                draw(view, bench.plots / f"{view.name}.png")
    return [
        Figure("looks", "onsets on the sixteenth grid (30 ms)", made.on_grid, "%",
               beside=f"real {percent(real.on_grid)}, chance {percent(real.on_grid_chance)}"),
        Figure("looks", "chroma on the chord's notes", made.in_chord, "%",
               beside=f"real {percent(real.in_chord)}, chance {percent(real.in_chord_chance)}"),
    ]  # fmt: skip


def look_at(view: View) -> Look:
    """Measure one clip."""
    samples = read_samples(view.path)
    strength = tempo.onset_strength(samples, AUDIO.sample_rate)
    onsets = librosa.onset.onset_detect(
        onset_envelope=strength, sr=AUDIO.sample_rate, hop_length=tempo.HOP, units="time"
    )
    chroma = keys.chroma_of(samples, AUDIO.sample_rate)
    mask = chord_mask(view, chroma.shape[1])
    step = GRID * 60.0 / view.tempo_bpm
    return Look(
        on_grid=grid_share(onsets, step),
        on_grid_chance=min(2 * NEAR / step, 1.0),
        in_chord=float((chroma * mask).sum() / max(chroma.sum(), 1e-9)),
        in_chord_chance=float(mask.mean()),
    )


def grid_share(onsets: Sequence[float] | NDArray[np.floating[Any]], step: float) -> float:
    """Share of onsets (seconds) within ``NEAR`` of a multiple of ``step``; 0 without onsets."""
    times = np.asarray(onsets, np.float64)
    if not len(times):
        return 0.0
    return float((np.abs(times - np.round(times / step) * step) <= NEAR).mean())


def chord_mask(view: View, frames: int) -> NDArray[np.float64]:
    """(12, T) 1 where a pitch class belongs to the chord of the moment, on the chroma's frames."""
    rate = keys.SAMPLE_RATE / keys.HOP * 60.0 / view.tempo_bpm
    mask = np.zeros((12, frames))
    for chord in view.chords:
        begin, end = round(chord.start * rate), round(chord.end * rate)
        mask[list(chord.pitch_classes), begin:end] = 1.0
    return mask


def draw(view: View, target: Path) -> None:
    """Write a PNG: mel spectrogram, chroma with the chords, onset strength with the beats."""
    from matplotlib.figure import Figure as Canvas

    samples = read_samples(view.path)
    beat = 60.0 / view.tempo_bpm
    canvas = Canvas(figsize=(14, 9), layout="constrained")
    top, middle, bottom = canvas.subplots(3, 1, sharex=True)
    extent = (0.0, SECONDS, 0.0, 1.0)
    image = {"aspect": "auto", "origin": "lower", "interpolation": "nearest"}
    top.imshow(log_mel(samples, AUDIO), extent=(*extent[:3], AUDIO.n_mels), **image)
    top.set_title(f"{view.name}: mel, chroma with chords, onset strength with beats")
    chroma = keys.chroma_of(samples, AUDIO.sample_rate)
    middle.imshow(chroma, extent=(0.0, SECONDS, -0.5, 11.5), **image)
    middle.set_yticks(range(12), PITCH_NAMES)
    for chord in view.chords:
        for pitch_class in chord.pitch_classes:
            middle.hlines(pitch_class, chord.start * beat, chord.end * beat, color="red", lw=1)
    _draw_onsets(bottom, samples, view)
    bottom.set_xlim(0.0, SECONDS)
    target.parent.mkdir(parents=True, exist_ok=True)
    canvas.savefig(target, dpi=80)


def _draw_onsets(axes: Any, samples: NDArray[np.float32], view: View) -> None:
    strength = tempo.onset_strength(samples, AUDIO.sample_rate)
    axes.plot(np.arange(len(strength)) * tempo.HOP / AUDIO.sample_rate, strength, lw=0.8)
    beat = 60.0 / view.tempo_bpm
    for i in range(int(SECONDS / beat) + 1):
        axes.axvline(i * beat, color="black", lw=1.2 if i % view.beats_per_bar == 0 else 0.3)


def _made_views(bench: Bench) -> list[View]:
    clips = make_clips(bench, "requests", plain_request)
    return [View(c.path.stem, c.path, c.tempo_bpm, c.beats_per_bar, c.chords) for c in clips]


def _real_views(bench: Bench) -> list[View]:
    return [
        View(path.stem, path, sheet.tempo_bpm, sheet.beats_per_bar, sheet.chords)
        for path, sheet in zip(
            bench.real_files(), (case.sheet for case in bench.cases), strict=True
        )
    ]


def _mean(looks: Sequence[Look]) -> Look:
    rows = [(a.on_grid, a.on_grid_chance, a.in_chord, a.in_chord_chance) for a in looks]
    return Look(*np.mean(np.array(rows), axis=0).tolist())
