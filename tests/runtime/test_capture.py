"""CUDA graphs are believed only when a replay is what a plain run is, and changes with the seed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.runtime import Engine, Request
from descant.runtime.capture import SEEDS, judge, lend_loop
from descant.runtime.errors import BackendError
from descant.runtime.loop_pool import LoopPool
from descant.runtime.provider_target import Target
from descant.runtime.tuning import Tuning
from tests.runtime.fake_device import install

FloatArray = NDArray[np.float32]
Replay = Callable[[int, int], FloatArray]
"""Number of the call and seed to latents."""


def latents(seed: int) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((1, 4, 8), np.float32)


@dataclass
class Loop:
    """Made of a plain session or of one that records."""

    recording: int | None
    replay: Replay
    calls: int = 0

    def trial(self, seed: int) -> FloatArray:
        self.calls += 1
        return latents(seed) if self.recording is None else self.replay(self.calls - 1, seed)

    def close(self) -> None:
        """Nothing to let go of."""


class Fake:
    """As much of ``Sessions`` as recording asks for."""

    def __init__(self, replay: Replay, wanted: bool = True, device: str = "cuda") -> None:
        self.tuning = Tuning(1, cuda_graphs=wanted)
        self.target = Target(device, "CUDAExecutionProvider")
        self.loops = LoopPool()
        self.trusted: dict[Any, bool] = {}
        self.trust_lock = threading.Lock()
        self.capturing = False
        self.switches: list[bool] = []
        self.warnings: list[str] = []
        self._numbers = count(1, 2)
        self._replay = replay

    def next_recording(self) -> int:
        return next(self._numbers)

    def capture(self, name: str, on: bool) -> None:
        self.capturing = on
        self.switches.append(on)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def make(self, recording: int | None) -> Loop:
        assert self.capturing is (recording is not None)
        return Loop(recording, self._replay)

    def lend(self, key: int = 0) -> int | None:
        """Borrow a loop and return under which number it records."""
        with lend_loop(self, "unet", key, self.make, Loop.trial) as loop:  # type: ignore[arg-type]
            return loop.recording


def good(call: int, seed: int) -> FloatArray:
    return latents(seed)


def test_good_replays_are_used_and_checked_once_per_shape() -> None:
    fake = Fake(good)
    first = fake.lend()
    assert first is not None
    assert fake.warnings == []
    assert fake.capturing
    assert fake.lend() == first  # the same loop
    other = fake.lend(1)
    assert other is not None
    assert other > first  # other buffers, another recording
    assert fake.trusted == {("unet", 0): True, ("unet", 1): True}


@pytest.mark.parametrize(
    ("replay", "words"),
    [
        (lambda call, seed: latents(0), "away from a plain run"),
        (lambda call, seed: latents(seed) + np.float32(call > 1), "away from a plain run"),
        (lambda call, seed: latents(seed) + np.float32(call == 4), "away from a plain run"),
        (lambda call, seed: np.full((1, 4, 8), np.nan, np.float32), "away from a plain run"),
    ],
    ids=["stuck seed", "wrong replay", "state left behind", "NaN"],
)
def test_bad_replays_are_switched_off(replay: Replay, words: str) -> None:
    fake = Fake(replay)
    assert fake.lend() is None
    assert not fake.capturing
    (warning,) = fake.warnings
    assert "CUDA graphs of unet are switched off" in warning
    assert words in warning
    switched = len(fake.switches)
    assert fake.lend() is None  # it is not tried again
    assert len(fake.switches) == switched


def test_a_graph_that_can_not_be_recorded() -> None:
    def fail(call: int, seed: int) -> FloatArray:
        raise BackendError("operation not permitted when stream is capturing")

    fake = Fake(fail)
    assert fake.lend() is None
    assert "stream is capturing" in fake.warnings[0]


def test_only_where_asked_for_and_offered() -> None:
    for fake in (Fake(good, wanted=False), Fake(good, device="openvino")):
        assert fake.lend() is None
        assert fake.switches == []


def test_a_seed_that_changes_nothing() -> None:
    same = {seed: latents(0) for seed in set(SEEDS)}
    assert judge(same, [latents(0)] * len(SEEDS)) == "a replay does not change with the seed"
    plain = {seed: latents(seed) for seed in set(SEEDS)}
    assert judge(plain, [latents(seed) for seed in SEEDS]) is None


@pytest.mark.parametrize(
    ("device", "option"),
    [
        ("cuda", "enable_cuda_graph"),
        ("trt-rtx", "enable_cuda_graph"),
        ("tensorrt", "trt_cuda_graph_enable"),
    ],
)
def test_option_of_the_provider(device: str, option: str) -> None:
    target = Target(device, "x", options={"a": "b"})
    assert target.capturing().options == {"a": "b", option: "1"}
    assert target.options == {"a": "b"}


@pytest.mark.parametrize("family", ["tiny_pack", "tiny_mg2"])
def test_an_engine_that_records(
    family: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = request.getfixturevalue(family)
    wish = Request(prompt="calm piano", seconds=1.5, seed=0)
    with Engine.open(pack, "cpu", 1) as engine:
        wanted = [engine.generate(each).samples.tobytes() for each in (wish, longer(wish))]
    fake = install(monkeypatch, "cuda")
    monkeypatch.setattr(Target, "memory", "host")
    with Engine.open(pack, "cuda", 1, device_loop=True, cuda_graphs=True) as engine:
        for each in (wish, longer(wish), wish):
            clip = engine.generate(each)
            assert clip.samples.tobytes() in wanted
            assert clip.warnings == ()
        assert list(engine.sessions.trusted.values()) == [True, True]
    steps = [name for _, name in fake.opened if name in ("unet", "denoiser_step")]
    assert len(steps) == 4  # a plain one and one that records, for either length


def longer(wish: Request) -> Request:
    """Return the same for a longer clip."""
    return dataclasses.replace(wish, seconds=3.0)
