"""A device that fails in the middle of its work: freed, replaced, and said; or raised by name."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from descant.runtime import (
    BackendError,
    DeviceLostError,
    DeviceMemoryError,
    Engine,
    NumericalError,
    Request,
)
from descant.runtime.ort_errors import as_ours
from descant.runtime.providers import AUTO
from tests.runtime.fake_device import install

REQUEST = Request(prompt="calm piano", seconds=1.5, seed=0)
FAILURES = {
    "CUDA failure 2: out of memory; GPU=0": DeviceMemoryError,
    "Failed to allocate memory for requested buffer of size 1048576": DeviceMemoryError,
    "CUDA error cudaErrorIllegalAddress: an illegal memory access was encountered": DeviceLostError,
    "CUDA failure 719: unspecified launch failure": DeviceLostError,
}


@pytest.mark.parametrize("message", FAILURES)
def test_words_of_the_libraries(message: str) -> None:
    made = as_ours("unet", RuntimeError(message))
    assert type(made) is FAILURES[message]
    assert made.hint
    assert type(as_ours("unet", RuntimeError("bad axis"))) is BackendError


@pytest.mark.parametrize("message", FAILURES)
@pytest.mark.parametrize("graph", ["text_encoder", "denoiser_step", "vocoder"])
def test_the_next_device_makes_the_same_clip(
    message: str, graph: str, tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tiny_engine.generate(REQUEST)
    fake = install(monkeypatch, "cuda")
    fake.fails = lambda name: message if name == graph else None
    with Engine.open(tiny_engine.pack.path, "auto", 1, device_loop=False) as engine:
        assert engine.device == "cuda"
        before = weakref.ref(engine.sessions)
        clip = engine.generate(REQUEST)
        assert engine.device == clip.device == clip.receipt["device"] == "cpu"
        gc.collect()
        assert before() is None  # nothing of the failed device is held any more
        again = engine.generate(REQUEST)
    assert clip.samples.tobytes() == again.samples.tobytes() == wanted.samples.tobytes()
    (warning,) = clip.warnings
    assert "cuda failed" in warning
    assert "cpu has made this instead" in warning
    assert [skipped.provider for skipped in engine.choice.skipped] == list(AUTO[:-1])
    assert "it failed" in engine.choice.skipped[1].reason


@pytest.mark.parametrize("message", FAILURES)
def test_a_named_device_raises(
    message: str, tiny_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = install(monkeypatch, "cuda")
    fake.fails = lambda name: message
    with Engine.open(tiny_pack, "cuda", 1, device_loop=False) as engine:
        with pytest.raises(FAILURES[message]):
            engine.generate(REQUEST)
        assert engine.device == "cuda"
    assert {device for device, _ in fake.opened} == {"cuda"}


def test_other_errors_are_no_reason_to_change(
    tiny_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = install(monkeypatch, "cuda")
    fake.fails = lambda name: "an axis is wrong"
    with Engine.open(tiny_pack, "auto", 1, device_loop=False) as engine:
        with pytest.raises(BackendError, match="an axis is wrong") as raised:
            engine.generate(REQUEST)
        assert not isinstance(raised.value, NumericalError)
        assert engine.device == "cuda"


def test_search_falls_back_too(tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tiny_engine.search("sad waltz")
    fake = install(monkeypatch, "trt-rtx", "cuda")
    fake.fails = lambda name: "device lost"
    with Engine.open(tiny_engine.pack.path, "auto", 1, device_loop=False) as engine:
        assert engine.search("sad waltz") == wanted
        assert len(engine.choice.warnings) == 2  # both have failed


def test_the_last_device_raises(tiny_pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with Engine.open(tiny_pack, "auto", 1, memory_budget_mb=1) as engine:
        assert engine.device == "cpu"
        monkeypatch.setattr("descant.runtime.graph_source.MEMORY_FACTOR", 1e6)
        with pytest.raises(DeviceMemoryError, match="the budget is 1 MB"):
            engine.generate(REQUEST)
