"""What PortAudio can listen to or play on, each once and the system's choice first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

USUAL_RATE = 44_100

Direction = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class SoundCard:
    """One direction of a device."""

    index: int
    """PortAudio's number of it."""
    name: str
    channels: int
    sample_rate: int
    """That it likes best, in Hz."""


def sound_cards(module: Any, direction: Direction) -> list[SoundCard]:
    """Return the devices of one host API: the others list the same cards again.

    Args:
        module: sounddevice.
        direction: What they are wanted for.

    Raises:
        PortAudioError: Of the module: nothing can be listed.
    """
    apis, devices = module.query_hostapis(), module.query_devices()
    default = f"default_{direction}_device"
    usable = [api for api in apis if api[default] >= 0]
    if not usable:
        return []
    wasapi = [api for api in usable if "WASAPI" in api["name"]]  # has the cards' whole names
    chosen = (wasapi or usable)[0]
    order = [chosen[default], *(i for i in chosen["devices"] if i != chosen[default])]
    cards = [_described(i, devices[i], direction) for i in order]
    return [card for card in cards if card.channels > 0]


def _described(index: int, device: dict[str, Any], direction: Direction) -> SoundCard:
    rate = round(device.get("default_samplerate") or USUAL_RATE)
    channels = int(device[f"max_{direction}_channels"])
    return SoundCard(index, str(device["name"]), channels, rate)


def reason_of(error: Exception) -> str:
    """Return what PortAudio says of an error, in one line."""
    return " ".join(str(error).split())[:200]
