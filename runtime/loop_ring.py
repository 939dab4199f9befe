"""A loop as a ring: whole bars on which the last latent frame is the first one's neighbour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import PipelineSpec
from descant.models.theory.control import control_track
from descant.models.theory.sheet import LeadSheet

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ring:
    """Measures of a loop.

    A bar is seldom a whole number of latent frames. The ring has the nearest whole number of
    them, so that each stands for slightly more or fewer samples than in training: by 0.5 % at most
    in ten seconds. Only the times of frames move; no pitch does.
    """

    bars: int
    beats_per_bar: int
    samples: int
    """L, exactly as long as the bars are at their tempo."""
    latent_frames: int
    """F."""

    @classmethod
    def of(cls, bars: int, tempo_bpm: float, beats_per_bar: int, pipeline: PipelineSpec) -> Ring:
        """Measure some bars at a tempo."""
        audio = pipeline.audio
        samples = bar_samples(bars, tempo_bpm, beats_per_bar, audio.sample_rate)
        per_latent = audio.hop_length * pipeline.latents.time_stride
        return cls(bars, beats_per_bar, samples, max(round(samples / per_latent), 1))

    def track(self, sheet: LeadSheet, pipeline: PipelineSpec) -> FloatArray:
        """Return the (126, T) control track of a sheet that is as long as the ring.

        What sounds on over the sheet's end is drawn at its beginning.
        """
        frames = self.latent_frames * pipeline.latents.time_stride
        rate = pipeline.audio.frame_rate
        beats = self.bars * self.beats_per_bar
        twice = sheet.at_tempo(beats * 60.0 * rate / frames).window(0, 2 * self.bars)
        return control_track(twice, frames, rate, start_seconds=frames / rate)

    def frame_rate(self, frames: int, sample_rate: int) -> float:
        """Return frames per second where ``frames`` go once around."""
        return frames * sample_rate / self.samples


def bar_samples(bars: int, tempo_bpm: float, beats_per_bar: int, sample_rate: int) -> int:
    """Length of some bars, to the nearest sample."""
    return round(bars * beats_per_bar * 60.0 / tempo_bpm * sample_rate)


def around(values: FloatArray, begin: int, end: int) -> FloatArray:
    """Return (..., end - begin) of a ring (..., F); either may lie outside 0 … F."""
    return np.take(values, np.arange(begin, end), axis=-1, mode="wrap")
