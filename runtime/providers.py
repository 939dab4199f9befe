"""Which device computes, and why not another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from descant.runtime.errors import DescantError, ProviderUnavailableError
from descant.runtime.nvidia import driver, free_memory_mb
from descant.runtime.provider_probe import Probe, probe
from descant.runtime.provider_target import CAPTURING, PROVIDERS

AUTO = ("trt-rtx", "cuda", "tensorrt", "cpu")
"""The order in which ``auto`` looks. TensorRT compiles for minutes at every new length where
TensorRT-RTX needs seconds and CUDA none, so it comes last of the three. OpenVINO has to be asked
for: it computes on the CPU that ``cpu`` has already."""
DEVICES = ("auto", *PROVIDERS)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A device that was looked at and not chosen."""

    provider: str
    """Its name, such as ``cuda``."""
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The device that was chosen."""

    device: str
    provider: str
    """ONNX Runtime's name of it."""
    reason: str
    """Why this one, in words for the user."""
    skipped: tuple[Skipped, ...] = ()
    """Those that would have come first."""
    is_auto: bool = False
    """Whether another may take over when this one fails."""
    warnings: tuple[str, ...] = ()
    """What the user of every clip should know: a card that lies idle, a device that failed."""


def choose_provider(device: str, needed_mb: int = 0) -> Choice:
    """Resolve a device name.

    Args:
        device: One of ``DEVICES``.
        needed_mb: Free memory without which a card is of no use.

    Raises:
        ProviderUnavailableError: The device was named and can't be used.
    """
    if device not in DEVICES:
        raise ProviderUnavailableError(
            f"unknown device {device!r:.40}", hint=f"use one of: {', '.join(DEVICES)}"
        )
    if device == "auto":
        return _first_usable(AUTO, (), needed_mb)
    found = look_at(device, needed_mb)
    if not found.usable:
        advice = "use device 'auto' or 'cpu'"
        raise ProviderUnavailableError(
            f"device {device!r} can't be used: {found.reason}",
            hint=f"{found.hint}, or {advice}" if found.hint else advice,
        )
    return Choice(device, PROVIDERS[device], f"asked for: {found.reason}")


def choose_next(choice: Choice, error: DescantError) -> Choice | None:
    """Return what takes over from a device that failed in the middle of its work.

    None when it was asked for by name, or nothing is left.
    """
    if not choice.is_auto or choice.device == AUTO[-1]:
        return None
    rest = AUTO[AUTO.index(choice.device) + 1 :]
    failed = Skipped(choice.device, f"it failed: {error}")
    found = _first_usable(rest, (*choice.skipped, failed), 0)
    told = f"{choice.device} failed ({error}); {found.device} has made this instead"
    return replace(found, warnings=(*choice.warnings, told))


def look_at(device: str, needed_mb: int = 0) -> Probe:
    """Say whether a device can be used, its free memory included."""
    found = probe(device)
    if not found.usable or device not in CAPTURING or not needed_mb:
        return found
    cards = driver().cards
    free = free_memory_mb(cards[0]) if cards else None
    if free is None or free >= needed_mb:
        return found
    reason = f"not enough memory: {free} MB are free on {found.reason}, {needed_mb} MB are needed"
    return Probe(device, False, reason, "close what else uses the card")


def _first_usable(devices: tuple[str, ...], skipped: tuple[Skipped, ...], needed_mb: int) -> Choice:
    for device in devices:
        found = look_at(device, needed_mb)
        if found.usable:
            break
        skipped = (*skipped, Skipped(device, found.reason))
    # The last in the order is the CPU, which always can.
    reason = f"the first that can be used: {found.reason}"
    warnings = _idle_card(skipped) if device == "cpu" else ()
    return Choice(device, PROVIDERS[device], reason, skipped, True, warnings)


def _idle_card(skipped: tuple[Skipped, ...]) -> tuple[str, ...]:
    """Say that there is a card that nothing can use; on machines without one, nothing."""
    known = driver()
    if not known.is_card_present:
        return ()
    name = known.cards[0].name if known.cards else "an NVIDIA card"
    reasons = "; ".join(dict.fromkeys(f"{each.provider}: {each.reason}" for each in skipped))
    return (f"{name} is in this machine and is not used ({reasons})",)
