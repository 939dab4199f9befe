"""Where bars and beats fall in a loop that goes round and round, to the sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BarGrid:
    """A loop of whole bars, whose length in frames need not be a multiple of them."""

    frames: int
    """Length of the loop; a frame is one sample of every channel."""
    bars: int
    beats_per_bar: int

    @property
    def beats(self) -> int:
        """In the loop."""
        return self.bars * self.beats_per_bar

    def bar_at_or_after(self, frame: int) -> int:
        """Return the first frame of the next bar, counted from the beginning of the music."""
        return self._next(frame, self.bars)

    def beat_at_or_after(self, frame: int) -> int:
        """Return the first frame of the next beat, counted from the beginning of the music."""
        return self._next(frame, self.beats)

    def beat(self, frame: int) -> float:
        """Return how many beats have gone by, with the part of the one that goes on."""
        return frame * self.beats / self.frames

    def _next(self, frame: int, parts: int) -> int:
        turn, inside = divmod(frame, self.frames)
        part = inside * parts // self.frames
        while self._start(part, parts) < inside:
            part += 1
        return turn * self.frames + self._start(part, parts)

    def _start(self, part: int, parts: int) -> int:
        """Frame of the loop at which a part begins: to the nearest, halves up."""
        return (2 * part * self.frames + parts) // (2 * parts)
