"""Memory and energy of a graphics card, with a driver's library that the test plays."""

from __future__ import annotations

import ctypes
import time
from typing import Any, cast

import pytest

from descant.runtime.bench.card_watch import CardWatch, watch_card
from descant.runtime.bench.nvml import Nvml, NvmlError

NOT_SUPPORTED = 3


class Driver:
    """Answers as NVML does, of two cards."""

    def __init__(self) -> None:
        self.used = [1_000_000_000, 500_000_000]
        self.millijoules = [0, 10_000]
        self.energy_code = 0

    def nvmlInit_v2(self) -> int:
        return 0

    def nvmlShutdown(self) -> int:
        return 0

    def nvmlDeviceGetCount_v2(self, count: Any) -> int:
        count._obj.value = len(self.used)
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, device: ctypes.c_uint, handle: Any) -> int:
        handle._obj.value = device.value + 100
        return 0

    def nvmlDeviceGetMemoryInfo(self, handle: ctypes.c_void_p, memory: Any) -> int:
        memory._obj.total, memory._obj.used = 8_585_000_000, self.used[(handle.value or 0) - 100]
        return 0

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: ctypes.c_void_p, joules: Any) -> int:
        joules._obj.value = self.millijoules[(handle.value or 0) - 100]
        return self.energy_code

    def nvmlSystemGetDriverVersion(self, text: Any, size: ctypes.c_uint) -> int:
        text.value = b"581.29"
        return 0

    def nvmlDeviceGetName(self, handle: ctypes.c_void_p, text: Any, size: ctypes.c_uint) -> int:
        text.value = b"NVIDIA GeForce RTX 4070"
        return 0

    def nvmlDeviceGetCudaComputeCapability(self, handle: object, major: Any, minor: Any) -> int:
        major._obj.value, minor._obj.value = 8, 9
        return 0

    def nvmlDeviceGetClockInfo(self, handle: object, kind: object, clock: Any) -> int:
        return NOT_SUPPORTED


@pytest.fixture
def driver() -> Driver:
    """Return a driver with two cards."""
    return Driver()


@pytest.fixture
def nvml(driver: Driver) -> Nvml:
    """Return an open NVML of that driver."""
    return Nvml(cast("ctypes.CDLL", driver))


def test_a_card_is_described(nvml: Nvml) -> None:
    gpu = nvml.describe(1)
    assert gpu.name == "NVIDIA GeForce RTX 4070"
    assert (gpu.driver, gpu.compute_capability, gpu.memory_mb) == ("581.29", "8.9", 8585)
    assert gpu.clock_mhz is None


def test_the_card_whose_memory_grows_is_watched(nvml: Nvml, driver: Driver) -> None:
    card = CardWatch(nvml, "")
    driver.used[1] += 1_200_000_000
    card.find()
    assert card.used_mb == 1200
    with card.peak():
        driver.used[1] += 300_000_000
        deadline = time.monotonic() + 5
        while card.peak_mb != 1500 and time.monotonic() < deadline:
            time.sleep(0.005)
    driver.used[1] -= 400_000_000
    assert (card.used_mb, card.peak_mb) == (1100, 1500)


def test_energy_is_shared_out_among_clips(nvml: Nvml, driver: Driver) -> None:
    card = CardWatch(nvml, "")
    driver.used[1] += 1_000_000_000
    card.find()
    before = card.joules()
    driver.millijoules[1] += 90_000
    assert card.energy(before, 5.0, 30).joules_per_clip == 3.0


def test_energy_of_a_moment_is_not_told(nvml: Nvml, driver: Driver) -> None:
    card = CardWatch(nvml, "")
    driver.used[1] += 1_000_000_000
    card.find()
    energy = card.energy(card.joules(), 0.2, 5)
    assert energy.joules_per_clip is None
    assert "too short" in energy.reason


def test_a_card_that_does_not_count_energy(nvml: Nvml, driver: Driver) -> None:
    card = CardWatch(nvml, "")
    driver.used[0] += 1_000_000_000
    card.find()
    driver.energy_code = NOT_SUPPORTED
    energy = card.energy(card.joules(), 5.0, 5)
    assert energy.joules_per_clip is None
    assert "not supported" in energy.reason


def test_no_card_grows(nvml: Nvml) -> None:
    card = CardWatch(nvml, "")
    card.find()
    assert card.used_mb is None
    assert "not known" in card.energy(card.joules(), 5.0, 5).reason


def test_an_old_driver_is_named(driver: Driver) -> None:
    driver.nvmlInit_v2 = lambda: 18  # type: ignore[method-assign]
    with pytest.raises(NvmlError, match="different versions"):
        Nvml(cast("ctypes.CDLL", driver))


def test_the_cpu_has_no_card() -> None:
    with watch_card("cpu") as card:
        card.find()
        assert card.used_mb is None
        assert card.energy(card.joules(), 5.0, 5).joules_per_clip is None
        assert "CPU" in card.reason
