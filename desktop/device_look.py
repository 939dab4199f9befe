"""What this machine can compute on, and which engines are built. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from descant.runtime import (
    DEVICES,
    Choice,
    Probe,
    choose_provider,
    find_engine,
    forget_probes,
    look_at,
)
from descant.runtime.pack import read_manifest

NAMED = DEVICES[1:]
"""All devices but ``auto``."""
ENGINE_DEVICE = "trt-rtx"


@dataclass(frozen=True, slots=True)
class DeviceLook:
    """What was found."""

    auto: Choice
    """What ``auto`` takes here, with what it passed over."""
    probes: tuple[Probe, ...]

    def probe(self, device: str) -> Probe | None:
        """Return what was found of one device."""
        return next((each for each in self.probes if each.device == device), None)


@dataclass(frozen=True, slots=True)
class EngineLook:
    """Which engines of a pack are there."""

    graphs: int
    ready: int
    reasons: tuple[str, ...]
    """Why others can't be used, without those that were never built."""


def look_at_devices(again: bool = False) -> DeviceLook:
    """Ask every device; ``again`` forgets what was asked before."""
    if again:
        forget_probes()
    return DeviceLook(choose_provider("auto"), tuple(look_at(device) for device in NAMED))


def look_at_engines(pack: str) -> EngineLook:
    """Look for engines of a pack's graphs.

    Raises:
        PackError: The pack can't be opened.
    """
    with read_manifest(pack) as opened:
        found = [find_engine(opened, graph, ENGINE_DEVICE) for graph in opened.spec.graphs]
    broken = [each.reason for each in found if each.path is None]
    reasons = tuple(dict.fromkeys(reason for reason in broken if reason != "none was built"))
    return EngineLook(len(found), len(found) - len(broken), reasons)
