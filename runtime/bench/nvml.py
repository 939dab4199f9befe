"""What NVIDIA's driver tells of its cards, through its library NVML, without any package."""

from __future__ import annotations

import ctypes
import sys
from types import TracebackType

from descant.runtime.bench.records import Gpu

SM_CLOCK = 1
"""``NVML_CLOCK_SM``."""
TEXT_BYTES = 96
"""As many as NVML's longest names."""
ERRORS = {
    1: "NVML is not initialised",
    3: "not supported by this card",
    4: "no permission",
    6: "not found",
    9: "the driver is not loaded",
    15: "the card has fallen off the bus",
    18: "library and driver have different versions",
    999: "unknown error of the driver",
}


class NvmlError(Exception):
    """NVML is missing or has refused; the message says why."""


class _Memory(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_ulonglong) for name in ("total", "free", "used"))


class Nvml:
    """An open NVML; devices are numbered as it numbers them."""

    def __init__(self, library: ctypes.CDLL | None = None) -> None:
        """Load the driver's library, if none is given, and start it.

        Raises:
            NvmlError: There is no driver, or it can't be talked to.
        """
        self._library = library or _load()
        self._call("nvmlInit_v2")

    def close(self) -> None:
        """Let go of the driver."""
        self._library.nvmlShutdown()

    def __enter__(self) -> Nvml:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def count(self) -> int:
        """Cards that there are."""
        found = ctypes.c_uint(0)
        self._call("nvmlDeviceGetCount_v2", ctypes.byref(found))
        return int(found.value)

    def used_mb(self, device: int) -> float:
        """Memory that all programs together use on a card, in MB (10^6 bytes)."""
        return float(self._memory(device).used) / 1e6

    def energy_joules(self, device: int) -> float:
        """Energy used since the driver was loaded.

        Raises:
            NvmlError: The card doesn't count it.
        """
        millijoules = ctypes.c_ulonglong(0)
        handle = self._handle(device)
        self._call("nvmlDeviceGetTotalEnergyConsumption", handle, ctypes.byref(millijoules))
        return float(millijoules.value) / 1000.0

    def describe(self, device: int) -> Gpu:
        """Return what a report says of a card."""
        handle, version = self._handle(device), ctypes.create_string_buffer(TEXT_BYTES)
        self._call("nvmlSystemGetDriverVersion", version, ctypes.c_uint(TEXT_BYTES))
        name = ctypes.create_string_buffer(TEXT_BYTES)
        self._call("nvmlDeviceGetName", handle, name, ctypes.c_uint(TEXT_BYTES))
        return Gpu(
            name=name.value.decode("utf-8", "replace"),
            memory_mb=round(float(self._memory(device).total) / 1e6),
            driver=version.value.decode("utf-8", "replace"),
            compute_capability=self._capability(handle),
            clock_mhz=self._clock(handle),
        )

    def _memory(self, device: int) -> _Memory:
        memory = _Memory()
        self._call("nvmlDeviceGetMemoryInfo", self._handle(device), ctypes.byref(memory))
        return memory

    def _capability(self, handle: ctypes.c_void_p) -> str | None:
        major, minor = ctypes.c_int(0), ctypes.c_int(0)
        try:
            self._call(
                "nvmlDeviceGetCudaComputeCapability",
                handle, ctypes.byref(major), ctypes.byref(minor),
            )  # fmt: skip
        except NvmlError:
            return None
        return f"{major.value}.{minor.value}"

    def _clock(self, handle: ctypes.c_void_p) -> int | None:
        clock = ctypes.c_uint(0)
        try:
            self._call(
                "nvmlDeviceGetClockInfo", handle, ctypes.c_int(SM_CLOCK), ctypes.byref(clock)
            )
        except NvmlError:
            return None
        return int(clock.value)

    def _handle(self, device: int) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        self._call("nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(device), ctypes.byref(handle))
        return handle

    def _call(self, name: str, *arguments: object) -> None:
        try:
            function = getattr(self._library, name)
        except AttributeError as error:
            raise NvmlError(f"the driver is too old: it has no {name}") from error
        code = int(function(*arguments))
        if code:
            raise NvmlError(ERRORS.get(code, f"the driver answers {code} to {name}"))


def find_gpus() -> tuple[tuple[Gpu, ...], str]:
    """Return all NVIDIA cards, or none and the reason."""
    try:
        with Nvml() as nvml:
            return tuple(nvml.describe(i) for i in range(nvml.count)), ""
    except NvmlError as error:
        return (), str(error)


def _load() -> ctypes.CDLL:
    name = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise NvmlError("no NVIDIA driver is installed") from error
