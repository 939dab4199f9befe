"""Memory and energy of the graphics card that a cell computes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from descant.runtime.bench.nvml import Nvml, NvmlError
from descant.runtime.bench.records import Energy

EVERY_S = 0.02
LEAST_GROWTH_MB = 16.0
"""A card whose memory grew by less is not the one that computes."""
SHORTEST_S = 1.0
"""Drivers bring their energy counter up to date some ten times a second."""


class CardWatch:
    """Finds the card by the memory that grows on it, since libraries number cards differently."""

    def __init__(self, nvml: Nvml | None, reason: str) -> None:
        """Remember what is used before the cell begins."""
        self.reason = reason
        self._nvml = nvml
        self._before: list[float] = self._used()
        self._device: int | None = None
        self.peak_mb: float | None = None

    @property
    def used_mb(self) -> float | None:
        """What the cell holds on its card."""
        if self._device is None or not (used := self._used()):
            return None
        return round(used[self._device] - self._before[self._device], 1)

    def find(self) -> None:
        """Settle on a card, once something has been computed."""
        growth = [now - before for now, before in zip(self._used(), self._before, strict=False)]
        if not growth:
            return
        if max(growth) < LEAST_GROWTH_MB:
            self.reason = "no card's memory has grown: which one computes is not known"
            return
        self._device = growth.index(max(growth))
        self.peak_mb = round(max(growth), 1)

    @contextmanager
    def peak(self) -> Iterator[None]:
        """Look at the memory often while something runs; not while it is timed."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(EVERY_S):
                self.peak_mb = max(self.peak_mb or 0.0, self.used_mb or 0.0)

        thread = threading.Thread(target=look, daemon=True)
        if self._device is not None:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            if thread.is_alive():
                thread.join()

    def joules(self) -> float | None:
        """Return the card's energy counter, or None and set ``reason``."""
        if self._nvml is None or self._device is None:
            return None
        try:
            return self._nvml.energy_joules(self._device)
        except NvmlError as error:
            self.reason = f"NVML: {error}"
            return None

    def _used(self) -> list[float]:
        """MB in use on every card; nothing where NVML does not tell."""
        if self._nvml is None:
            return []
        try:
            return [self._nvml.used_mb(i) for i in range(self._nvml.count)]
        except NvmlError as error:
            self.reason = f"NVML: {error}"
            return []

    def energy(self, before: float | None, seconds: float, clips: int) -> Energy:
        """Return what each clip has cost since the counter stood at ``before``."""
        after = self.joules()
        if before is None or after is None:
            return Energy(None, self.reason)
        if seconds < SHORTEST_S:
            return Energy(None, f"{seconds:.2f} s are too short for the card's counter")
        return Energy(round((after - before) / clips, 3), "NVML, all of the card")


@contextmanager
def watch_card(provider: str) -> Iterator[CardWatch]:
    """Give a watch; without a driver, or on the CPU, it watches nothing and says why."""
    if provider == "cpu":
        yield CardWatch(None, "computed on the CPU, whose energy nothing here counts")
        return
    try:
        nvml = Nvml()
    except NvmlError as error:
        yield CardWatch(None, str(error))
        return
    with nvml:
        yield CardWatch(nvml, "")
