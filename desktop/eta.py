"""How long a clip takes, learned from those that this machine has made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from descant.runtime import DescantError
from descant.runtime.files import write_atomically

_NEW_SHARE = 0.4
"""Weight of the newest clip: a machine that is busy today is believed quickly."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one pack runs on one device."""

    prepare_s: float
    """Reading the inputs and finding a melody."""
    step_s: float
    """One solver step, per second of music."""
    finish_s: float
    """From latents to a finished clip, per second of music."""

    def total_s(self, seconds: float, steps: int, clips: int = 1) -> float:
        """Return how long clips of so many seconds and steps take, one after the other."""
        return self.prepare_s + clips * seconds * (steps * self.step_s + self.finish_s)


def measured(timings_ms: dict[str, float], seconds: float, steps: int) -> Pace:
    """Return the pace of one clip by the timings in it."""
    first = timings_ms.get("prepare", 0.0) + timings_ms.get("condition", 0.0)
    sample = timings_ms.get("sample", 0.0)
    rest = sum(timings_ms.values()) - first - sample
    return Pace(first / 1000, sample / 1000 / steps / seconds, rest / 1000 / seconds)


class PaceBook:
    """The paces of all packs and devices, kept in a small file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._paces: dict[str, Pace] = {}
        if path is None:
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            self._paces = {
                str(key): Pace(*(float(row[name]) for name in Pace.__slots__))
                for key, row in found.items()
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            self._paces = {}  # it is learned again

    def get(self, pack: str, device: str) -> Pace | None:
        """Return what is known of a pack on a device."""
        return self._paces.get(f"{pack} {device}")

    def learn(self, pack: str, device: str, new: Pace) -> None:
        """Mix a clip's pace into what is known, and keep it."""
        old = self.get(pack, device)
        if old is not None:
            mixed = zip(asdict(old).values(), asdict(new).values(), strict=True)
            new = Pace(*(a + _NEW_SHARE * (b - a) for a, b in mixed))
        self._paces[f"{pack} {device}"] = new
        if self._path is None:
            return
        rows = {key: asdict(pace) for key, pace in self._paces.items()}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(rows, indent=1).encode())
        except (DescantError, OSError):
            return  # an estimate is not worth a message


def remaining_s(predicted_s: float | None, elapsed_s: float, fraction: float) -> float | None:
    """Return how many seconds are left.

    Early on the prediction counts, later the pace of this very clip: a clip that is slower than
    the ones before must not stand at zero.
    """
    if fraction >= 1.0:
        return 0.0
    own = elapsed_s * (1 - fraction) / fraction if fraction > 0.08 else None
    if predicted_s is None:
        return own
    left = max(predicted_s - elapsed_s, 0.0)
    return left if own is None else (1 - fraction) * left + fraction * own
