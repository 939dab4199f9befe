"""Music that follows a game: one tune at several intensities, changed at bars, with stingers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.bar_grid import BarGrid
from descant.runtime.checks import check_integer, check_number
from descant.runtime.clip import Clip
from descant.runtime.clip_maker import ClipMaker, Work
from descant.runtime.errors import RequestError
from descant.runtime.layer_mixer import LayerMixer
from descant.runtime.progress import OnProgress
from descant.runtime.request import MIN_SECONDS, Request
from descant.runtime.sound_device import open_output
from descant.runtime.soundtrack_parts import (
    STING_DB,
    Layer,
    check_music,
    layer_request,
    read_layers,
    read_stings,
    sting_request,
)

if TYPE_CHECKING:
    from descant.runtime.engine import Engine

FloatArray = NDArray[np.float32]


class Soundtrack:
    """Loops of one melody, key and tempo, of which the one for the intensity is heard.

    The loops are made by ``render`` or ``start``, or a few milliseconds at a time by ``advance``;
    the music can be heard as soon as the first is there. What is heard depends on nothing but the
    loops that are there and the calls, at which sample they were made: the same is the same to the
    byte.
    ``read``, ``intensity`` and ``sting`` may be used from any thread.
    """

    def __init__(
        self,
        engine: Engine,
        request: Request,
        intensities: Sequence[float | str | Layer] = (0.1, 0.4, 0.7, 1.0),
        *,
        bars: int = 8,
        stingers: Sequence[str] = (),
    ) -> None:
        """Say what is to be played; nothing is made yet.

        Args:
            engine: With a pack that knows its notes, such as the starter.
            request: Prompt, melody, tempo, key, seed and the like; length and intensity are the
                soundtrack's.
            intensities: Levels from 0 to 1; or ``calm``, ``explore``, ``tense`` and ``battle``, or
                some of them; or layers with words of your own.
            bars: Length of the loops.
            stingers: Any of ``win``, ``lose``, ``find`` and ``alarm``, for ``sting``.

        Raises:
            RequestError: A value makes no sense, or the pack does not know its notes.
        """
        check_music(engine, request, bars)
        self.layers = read_layers(intensities)
        self.stingers = read_stings(stingers)
        self.bars = bars
        self.request = replace(request, seed=request.first_seed())
        self.sample_rate: int = engine.pack.spec.pipeline.audio.sample_rate
        self.channels: int = engine.pack.spec.pipeline.audio.channels
        self.clips: dict[str, Clip] = {}
        """Loops that have been made, by the name of their layer."""
        self.stings: dict[str, Clip] = {}
        """Stingers that have been made, by name."""
        self._engine = engine
        self._levels = {layer.name: layer.level for layer in self.layers}
        self._mixer = LayerMixer(tuple(self._levels.values()), self.channels, self.sample_rate)
        clips = 1 + len(self.layers) + len(self.stingers)
        self._maker = ClipMaker(engine, self._make(), clips)
        self._loud: dict[str, FloatArray] = {}
        self._output: Any = None

    @property
    def progress(self) -> float:
        """0 … 1 of what is to be made."""
        return self._maker.progress

    @property
    def done(self) -> bool:
        """Whether everything has been made."""
        return self._maker.done

    @property
    def ready(self) -> bool:
        """Whether there is something to hear."""
        return self._mixer.grid is not None

    def render(self, on_progress: OnProgress | None = None) -> Soundtrack:
        """Make all loops and stingers, and return the soundtrack.

        While ``start`` makes them this waits for it. Raises as ``Engine.generate``, now and at
        every later call: what has failed once is not tried again.
        """
        self._maker.render(on_progress)
        return self

    def start(self, on_progress: OnProgress | None = None) -> None:
        """Make them on a thread of their own; ``wait`` and ``close`` end it, as does the engine."""
        self._maker.start(on_progress)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for what ``start`` makes; False when ``timeout`` seconds pass first.

        Raises:
            DescantError: What made it fail.
        """
        return self._maker.wait(timeout)

    def advance(self, budget_ms: float) -> bool:
        """Make them for about so many milliseconds, on the thread of the caller.

        After ``start`` nothing is made here: it says how that has come along.

        Args:
            budget_ms: Of this frame; see ``CooperativeJob.advance``.

        Returns:
            True when everything has been made. Raises as ``render``.
        """
        return self._maker.advance(budget_ms)

    @property
    def intensity(self) -> float:
        """0 … 1: the loop that is nearest to it is heard from the next bar on."""
        return self._mixer.level

    @intensity.setter
    def intensity(self, level: float) -> None:
        check_number("intensity", math.nan if level is None else level, 0.0, 1.0)
        self._mixer.set_level(float(level))

    @property
    def playing(self) -> Layer | None:
        """The layer that is heard; None until there is one."""
        place = self._mixer.playing
        return None if place is None else self.layers[place]

    @property
    def position(self) -> int:
        """Samples of each channel that have been read."""
        return self._mixer.position

    @property
    def beat(self) -> float:
        """Beats that have gone by, with the part of the one that goes on; 0 before there is one."""
        grid = self._mixer.grid
        return 0.0 if grid is None else grid.beat(self._mixer.position)

    def choose(self, name: str) -> None:
        """Let a layer be heard from the next bar on, by its name."""
        if name not in self._levels:
            raise RequestError(
                f"there is no layer {name!r:.40}", hint=f"take one of {', '.join(self._levels)}"
            )
        self._mixer.set_level(self._levels[name])

    def sting(self, name: str) -> bool:
        """Play a stinger from the next beat on; False when it has not been made yet.

        Raises:
            RequestError: It is none of the soundtrack's.
        """
        if name not in self.stingers:
            raise RequestError(
                f"there is no stinger {name!r:.40} here",
                hint=f"give it to the soundtrack; it has {', '.join(self.stingers) or 'none'}",
            )
        samples = self._loud.get(name)
        if samples is None or not self.ready:
            return False
        self._mixer.lay_over(samples)
        return True

    def read(self, frames: int) -> FloatArray:
        """Return the next (A, frames); silence, and no time passes, before the first loop."""
        check_integer("frames", -1 if frames is None else frames, 0, 1 << 26)
        out = np.empty((self.channels, frames), np.float32)
        self._mixer.read_into(out)
        return out

    def read_into(self, out: FloatArray) -> None:
        """Fill (A, n) float32, such as the buffer of an audio callback, with what comes next."""
        self._mixer.read_into(out)

    def play(self, output: str | int | None = None) -> None:
        """Play to the loudspeakers until ``stop``, on a thread of PortAudio.

        Args:
            output: A part of its name, or its number; None takes the system's.

        Raises:
            BackendError: sounddevice is not installed, or there is no such output.
        """
        self.stop()
        self._output = open_output(self.read_into, self.channels, self.sample_rate, output)

    def stop(self) -> None:
        """Stop ``play``; where the music was stays."""
        output, self._output = self._output, None
        if output is not None:
            output.close()

    def close(self) -> None:
        """Stop playing and making."""
        self.stop()
        self._maker.close()

    def _make(self) -> Work:
        """Ask for everything: what there is to be played, the loops, the stingers."""
        # What the prompt alone leads to, before a layer's words are added; its sound is not used.
        plan = yield replace(self.request, seconds=MIN_SECONDS, steps=1)
        assert plan.sheet is not None
        tune = self.request.melody
        if plan.retrieved:
            tune = self._engine.sheet(plan.retrieved[0])
        key, tempo_bpm = plan.sheet.key, plan.sheet.tempo_bpm
        music = replace(self.request, melody=tune, tempo_bpm=tempo_bpm, key=key)
        for place, layer in enumerate(self.layers):
            clip = yield layer_request(music, layer, self.bars)
            grid = BarGrid(clip.samples.shape[1], self.bars, plan.sheet.beats_per_bar)
            self.clips[layer.name] = clip
            self._mixer.add(place, clip.samples * np.float32(layer.gain), grid)
        for name in self.stingers:
            clip = yield sting_request(music, name, key, tempo_bpm)
            self.stings[name] = clip
            self._loud[name] = clip.samples * np.float32(10 ** (STING_DB / 20))
