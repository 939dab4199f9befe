"""The driver is asked, and each way in which it can't be used has words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from descant.runtime.nvidia import Card, free_memory_mb, read_driver
from tests.runtime.fake_nvidia import FakeDriver

NOTHING = Path("/nowhere")


@pytest.fixture
def pci(tmp_path: Path) -> Path:
    """Return a bus with an NVIDIA card and something else on it."""
    for name, vendor, kind in (("a", "0x8086", "0x020000"), ("b", "0x10de", "0x030200")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(f"{vendor}\n")
        (tmp_path / name / "class").write_text(f"{kind}\n")
    return tmp_path


def test_cards_are_read() -> None:
    found = read_driver(FakeDriver(cards=[("RTX 4070", 89), ("RTX 5090", 120)]).load(), NOTHING)
    assert found.cards[0] == Card("RTX 4070", 89, 12_000, "0000:01:00.0")
    assert found.cards[1].capability == 120
    assert (found.cuda, found.version, found.reason) == (13010, "580.65.06", "")
    assert found.is_card_present


def test_no_driver(pci: Path) -> None:
    load = FakeDriver(cuda=None).load()
    found = read_driver(load, NOTHING)
    assert found.reason == (
        "no NVIDIA driver: libcuda.so.1: cannot open shared object file"
    ).replace("libcuda.so.1", found.reason.split(": ")[1])
    assert not found.is_card_present
    idle = read_driver(load, pci)
    assert idle.is_card_present
    assert "card is there but no driver" in idle.reason


@pytest.mark.parametrize(
    ("code", "words", "present"),
    [
        (100, "finds no card", False),
        (35, "too old", True),
        (804, "too old", True),
        (803, "restart", True),
        (999, "error 999", True),
    ],
)
def test_driver_that_does_not_start(code: int, words: str, present: bool) -> None:
    found = read_driver(FakeDriver(init=code).load(), NOTHING)
    assert words in found.reason
    assert found.cards == ()
    assert found.is_card_present is present


def test_driver_without_cards() -> None:
    found = read_driver(FakeDriver(cards=[]).load(), NOTHING)
    assert "finds no card" in found.reason
    assert not found.is_card_present


def test_free_memory() -> None:
    card = Card("RTX 4070", 89, 12_000, "0000:01:00.0")
    assert free_memory_mb(card, FakeDriver(free=4_500_000_000).load()) == 4500
    assert free_memory_mb(card, FakeDriver(nvml=False).load()) is None


def test_version_is_unknown_without_nvml() -> None:
    assert read_driver(FakeDriver(nvml=False).load(), NOTHING).version is None
