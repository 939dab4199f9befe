"""NVIDIA's driver and cards, asked through the driver's own libraries."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_WINDOWS = sys.platform == "win32"
CUDA_LIBRARY = "nvcuda.dll" if _WINDOWS else "libcuda.so.1"
NVML_LIBRARY = "nvml.dll" if _WINDOWS else "libnvidia-ml.so.1"
_PCI_DEVICES = Path("/sys/bus/pci/devices")
_VENDOR, _DISPLAY = "0x10de", "0x03"
_MAJOR, _MINOR = 75, 76
"""CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR of cuda.h."""
_NO_DEVICE = 100
_INIT_FAILURES = {
    35: "the NVIDIA driver is too old for this card",
    100: "the NVIDIA driver finds no card",
    802: "the card is not ready yet",
    803: "the NVIDIA driver's parts are of different versions: restart the machine",
    804: "the NVIDIA driver is too old for this card",
}
"""Codes of cuda.h to words."""

Load = Callable[[str], Any]
"""Opens a shared library; raises ``OSError``."""


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card."""

    name: str
    capability: int
    """Compute capability, such as 89."""
    memory_mb: int
    bus: str
    """PCI address, by which NVML knows it too."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What the driver says."""

    cards: tuple[Card, ...] = ()
    cuda: int = 0
    """Highest CUDA version that it runs, such as 13010 for 13.1; 0 without a driver."""
    version: str | None = None
    """Such as 580.65.06."""
    reason: str = ""
    """Why no card can be used; empty when one can."""
    is_card_present: bool = False
    """Whether a card is in the machine, even if it can't be used."""


@lru_cache(maxsize=1)
def driver() -> Driver:
    """Ask the driver once per process."""
    return read_driver()


def read_driver(load: Load = ctypes.CDLL, pci: Path = _PCI_DEVICES) -> Driver:
    """Ask the driver for its version and cards.

    Args:
        load: Opens a library.
        pci: Where Linux lists what is in the machine.
    """
    present = _is_card_listed(pci)
    try:
        cuda = load(CUDA_LIBRARY)
    except OSError as error:
        reason = f"no NVIDIA driver: {_short(error)}"
        if present:
            reason = f"an NVIDIA card is there but no driver: {_short(error)}"
        return Driver(reason=reason, is_card_present=present)
    version = ctypes.c_int(0)
    cuda.cuDriverGetVersion(ctypes.byref(version))
    code = cuda.cuInit(0)
    found = Driver((), version.value, _driver_version(load), "", True)
    if code:
        reason = _INIT_FAILURES.get(code, f"the NVIDIA driver does not start (error {code})")
        seen = present or code != _NO_DEVICE
        return Driver((), found.cuda, found.version, reason, seen)
    cards = _cards(cuda)
    if not cards:
        return Driver((), found.cuda, found.version, _INIT_FAILURES[_NO_DEVICE], present)
    return Driver(cards, found.cuda, found.version, "", True)


def free_memory_mb(card: Card, load: Load = ctypes.CDLL) -> int | None:
    """Memory of a card that nobody uses now, in MB (10^6 bytes); None where NVML is missing."""
    try:
        nvml = load(NVML_LIBRARY)
    except OSError:
        return None
    if nvml.nvmlInit_v2():
        return None
    try:
        handle = ctypes.c_void_p()
        memory = (ctypes.c_ulonglong * 3)()  # total, free, used
        missing = nvml.nvmlDeviceGetHandleByPciBusId_v2(card.bus.encode(), ctypes.byref(handle))
        if missing or nvml.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory)):
            return None
        return int(memory[1]) // 1_000_000
    finally:
        nvml.nvmlShutdown()


def _cards(cuda: Any) -> tuple[Card, ...]:
    count = ctypes.c_int(0)
    cuda.cuDeviceGetCount(ctypes.byref(count))
    return tuple(_card(cuda, place) for place in range(count.value))


def _card(cuda: Any, place: int) -> Card:
    device, major, minor = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    size = ctypes.c_size_t(0)
    name, bus = ctypes.create_string_buffer(128), ctypes.create_string_buffer(32)
    cuda.cuDeviceGet(ctypes.byref(device), place)
    cuda.cuDeviceGetName(name, len(name), device)
    cuda.cuDeviceGetAttribute(ctypes.byref(major), _MAJOR, device)
    cuda.cuDeviceGetAttribute(ctypes.byref(minor), _MINOR, device)
    cuda.cuDeviceTotalMem_v2(ctypes.byref(size), device)
    cuda.cuDeviceGetPCIBusId(bus, len(bus), device)
    return Card(
        name.value.decode("utf-8", "replace"),
        10 * major.value + minor.value,
        size.value // 1_000_000,
        bus.value.decode("ascii", "replace"),
    )


def _driver_version(load: Load) -> str | None:
    try:
        nvml = load(NVML_LIBRARY)
    except OSError:
        return None
    text = ctypes.create_string_buffer(96)
    if nvml.nvmlInit_v2():
        return None
    try:
        failed = nvml.nvmlSystemGetDriverVersion(text, len(text))
        return None if failed else text.value.decode("ascii", "replace")
    finally:
        nvml.nvmlShutdown()


def _is_card_listed(pci: Path) -> bool:
    """Whether Linux sees a display device of NVIDIA on the bus; False where it does not tell."""
    try:
        return any(
            (device / "vendor").read_text().strip() == _VENDOR
            and (device / "class").read_text().startswith(_DISPLAY)
            for device in pci.iterdir()
        )
    except OSError:
        return False


def _short(error: OSError) -> str:
    """``libcuda.so.1: cannot open``: what it says up to the second colon."""
    return ":".join(str(error).split(":")[:2])[:120]
