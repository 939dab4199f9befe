"""Which device computes, and why not another."""

from __future__ import annotations

from dataclasses import dataclass

from descant.runtime.errors import ProviderUnavailableError

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Choice:
    """The device that was chosen."""

    device: str
    provider: str
    """ONNX Runtime's name of it."""
    reason: str
    """Why this one, in words for the user."""


def choose_provider(device: str) -> Choice:
    """Resolve a device name.

    Raises:
        ProviderUnavailableError: The device was named and can't be used.
    """
    if device in ("auto", "cpu"):
        reason = "asked for" if device == "cpu" else "the only device that this version drives"
        return Choice("cpu", "CPUExecutionProvider", reason)
    if device in DEVICES:
        raise ProviderUnavailableError(
            f"device {device!r} can't be used: this version computes on the CPU",
            hint="use device 'auto' or 'cpu'",
        )
    raise ProviderUnavailableError(
        f"unknown device {device!r:.40}", hint=f"use one of: {', '.join(DEVICES)}"
    )
