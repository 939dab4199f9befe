"""What is played: one take or two, the loop and the volume, handed to a mixer."""

from __future__ import annotations

from typing import Literal

from descant.desktop.mixer import Loop, Mixer, Source, seam_fade
from descant.desktop.take_sound import TakeSound

Which = Literal["a", "b"]

MIN_LOOP_SECONDS = 0.02


class Deck:
    """Takes that share position, loop and volume; one of them is heard."""

    def __init__(self) -> None:
        self.takes: dict[Which, TakeSound] = {}
        self.chosen: Which = "a"
        self.loop: tuple[float, float] | None = None
        """Start and end in seconds."""
        self.gain_db = 0.0
        """Volume; -90 and less is silence."""

    @property
    def seconds(self) -> float:
        """Length of the take that is heard; 0 without one."""
        return self.takes[self.chosen].seconds if self.takes else 0.0

    @property
    def gain(self) -> float:
        """Volume, linear."""
        return float(10 ** (self.gain_db / 20)) if self.gain_db > -90 else 0.0

    @property
    def start(self) -> float:
        """Where playing begins anew, in seconds."""
        return self.loop[0] if self.loop else 0.0

    @property
    def end(self) -> float:
        """Where it ends or goes round, in seconds."""
        return self.loop[1] if self.loop else self.seconds

    def load(self, take: TakeSound) -> None:
        """Take this in place of everything."""
        self.takes, self.chosen, self.loop = {"a": take}, "a", None

    def join(self, first: TakeSound, other: TakeSound) -> bool:
        """Take a second take beside the first; False when that is gone."""
        if self.takes.get("a") is not first:
            return False
        self.takes["b"] = other
        return True

    def part(self) -> bool:
        """Drop the second take and hear the first as it is; False when there was none."""
        if self.takes.pop("b", None) is None:
            return False
        self.takes["a"].gain = 1.0
        return True

    def set_loop(self, span: tuple[float, float] | None) -> None:
        """Keep a loop within the take; one that is too short is none."""
        if span is not None:
            start, end = max(min(span), 0.0), min(max(span), self.seconds)
            span = (start, end) if end - start >= MIN_LOOP_SECONDS else None
        self.loop = span

    def mixer(self, shape_of: Mixer, serial: int, on: bool, seconds: float) -> Mixer:
        """Return a mixer of the same rate and channels that will play from ``seconds`` on."""
        mixer = Mixer(shape_of.sample_rate, shape_of.channels, self.gain)
        self.post_loop(mixer)
        frame = round(seconds * mixer.sample_rate)
        mixer.post(serial=serial, on=on, frame=frame, source=self._source(mixer))
        return mixer

    def post_loop(self, mixer: Mixer) -> None:
        """Tell a mixer which loop there is."""
        mixer.post_loop(self._loop_frames(mixer))

    def post_take(self, mixer: Mixer) -> None:
        """Tell a mixer which take is heard now, and at which level."""
        self.post_loop(mixer)
        mixer.post(source=self._source(mixer))

    def _source(self, mixer: Mixer) -> Source:
        return self.takes[self.chosen].source(mixer.sample_rate, mixer.channels)

    def _loop_frames(self, mixer: Mixer) -> Loop | None:
        if self.loop is None:
            return None
        frames = self._source(mixer).frames
        start, end = (round(second * mixer.sample_rate) for second in self.loop)
        end = min(end, len(frames))
        return Loop(start, end, seam_fade(frames, start, end, mixer.fade))
