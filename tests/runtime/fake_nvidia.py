"""A driver that is not there: NVIDIA's libraries, as far as the runtime asks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from descant.runtime.nvidia import CUDA_LIBRARY, NVML_LIBRARY, Load

GIGABYTE = 10**9


@dataclass
class FakeDriver:
    """What it is to say."""

    cuda: int | None = 13010
    """None for no driver at all."""
    init: int = 0
    cards: list[tuple[str, int]] = field(default_factory=lambda: [("RTX 4070", 89)])
    memory: int = 12 * GIGABYTE
    free: int = 9 * GIGABYTE
    nvml: bool = True

    def load(self) -> Load:
        """Return what takes the place of ``ctypes.CDLL``."""
        libraries: dict[str, Any] = {}
        if self.cuda is not None:
            libraries[CUDA_LIBRARY] = _Library(_cuda_calls(self))
            if self.nvml:
                libraries[NVML_LIBRARY] = _Library(_nvml_calls(self))

        def load(name: str) -> Any:
            if name not in libraries:
                raise OSError(f"{name}: cannot open shared object file: No such file or directory")
            return libraries[name]

        return load


class _Library:
    def __init__(self, calls: dict[str, Callable[..., int]]) -> None:
        self.__dict__.update(calls)


def _into(reference: Any, value: int) -> int:
    """Write through what ``ctypes.byref`` returned."""
    reference._obj.value = value
    return 0


def _cuda_calls(fake: FakeDriver) -> dict[str, Callable[..., int]]:
    def attribute(target: Any, which: int, device: Any) -> int:
        capability = fake.cards[device.value][1]
        return _into(target, capability // 10 if which == 75 else capability % 10)

    def name(target: Any, size: int, device: Any) -> int:
        target.value = fake.cards[device.value][0].encode()
        return 0

    def bus(target: Any, size: int, device: Any) -> int:
        target.value = b"0000:01:00.0"
        return 0

    return {
        "cuInit": lambda flags: fake.init,
        "cuDriverGetVersion": lambda target: _into(target, fake.cuda or 0),
        "cuDeviceGetCount": lambda target: _into(target, len(fake.cards)),
        "cuDeviceGet": _into,
        "cuDeviceGetName": name,
        "cuDeviceGetAttribute": attribute,
        "cuDeviceTotalMem_v2": lambda target, device: _into(target, fake.memory),
        "cuDeviceGetPCIBusId": bus,
    }


def _nvml_calls(fake: FakeDriver) -> dict[str, Callable[..., int]]:
    def memory(handle: Any, target: Any) -> int:
        target._obj[0], target._obj[1] = fake.memory, fake.free
        return 0

    def version(target: Any, size: int) -> int:
        target.value = b"580.65.06"
        return 0

    return {
        "nvmlInit_v2": lambda: 0,
        "nvmlShutdown": lambda: 0,
        "nvmlSystemGetDriverVersion": version,
        "nvmlDeviceGetHandleByPciBusId_v2": lambda bus, target: 0,
        "nvmlDeviceGetMemoryInfo": memory,
    }
