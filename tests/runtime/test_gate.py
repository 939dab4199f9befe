"""The health gate: packs with broken graphs, what is tried instead, and what is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnx", reason="onnx is not installed; it breaks the tiny pack's graphs")

from descant.runtime import Clip, Engine, NumericalError, Request, UnhealthyClipError, replay
from descant.runtime.careful import PLAIN
from descant.runtime.fingerprints import REMEMBERED, Fingerprints, fingerprint
from descant.runtime.flow_loop import FlowLoop
from descant.runtime.pieces import Pieces, ready
from tests.runtime import broken_graphs as broken

SQUARE = broken.repeating(np.where(np.arange(512) < 256, 0.2, -0.2))
LIFTED = broken.repeating(0.2 + 0.1 * np.sin(np.arange(512) * 2 * np.pi / 64))


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack, to be broken."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "broken"))


def make(pack: Path, seed: int = 0, **wish: float) -> Clip:
    """Make a short clip by an engine of its own."""
    with Engine.open(pack, threads=1) as engine:
        return engine.generate(
            Request(prompt="calm piano", seconds=1.5, seed=seed, **wish)  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        (lambda p: broken.times(p, "denoiser_step", "next_latents", np.nan), NumericalError,
         "denoiser_step returned NaN"),
        (lambda p: broken.times(p, "vocoder", "real", np.inf), NumericalError, "vocoder returned"),
        (lambda p: broken.vocode_as(p, SQUARE * 0), UnhealthyClipError, "vocode: .* silent"),
        (lambda p: broken.vocode_as(p, SQUARE), UnhealthyClipError, "vocode: .* clipped"),
        (lambda p: broken.vocode_as(p, LIFTED), UnhealthyClipError, "vocode: .* offset"),
        (broken.noisy, UnhealthyClipError, "vocode: .* noise"),
    ],
    ids=["NaN", "infinity", "silence", "clipping", "offset", "noise"],
)  # fmt: skip
def test_what_no_way_heals_is_refused_by_the_stage(
    damage: Callable[[Path], None], error: type[NumericalError], words: str, pack: Path
) -> None:
    damage(pack)
    with pytest.raises(error, match=words) as raised:
        make(pack)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("factor", "problem"),
    [(np.nan, "denoiser_step returned NaN"), (0.0, "vocode: the clip is silent")],
)
def test_another_guidance_may_heal(factor: float, problem: str, pack: Path) -> None:
    """The pack's own guidance is what breaks it: without, the clip is whole."""
    broken.times_when_guided(pack, "denoiser_step", "next_latents", factor)
    clip = make(pack)
    (warning,) = clip.warnings
    assert problem in warning
    assert "made again with 3 steps and guidance 1" in warning
    assert problem in clip.receipt["retried"]["problems"][0]
    assert clip.receipt["request"]["guidance_scale"] == 1.0
    again = make(pack, guidance_scale=1.0, steps=3)  # what the receipt says, at once
    assert again.samples.tobytes() == clip.samples.tobytes()
    assert "retried" not in again.receipt
    assert again.warnings == ()
    with Engine.open(pack, threads=1) as engine:
        assert replay(clip.save(pack.parent / "a.wav"), engine).verdict == "identical"


def test_a_seed_that_does_nothing(pack: Path) -> None:
    broken.deaf_to_noise(pack)
    with Engine.open(pack, threads=1) as engine:
        wish = Request(prompt="calm piano", seconds=1.5, seed=0)
        first = engine.generate(wish)
        assert engine.generate(wish).samples.tobytes() == first.samples.tobytes()  # the same seed
        with pytest.raises(UnhealthyClipError, match="seed 1 gives the same clip as seed 0"):
            engine.generate(Request(prompt="calm piano", seconds=1.5, seed=1))
        with pytest.raises(UnhealthyClipError, match="sample: seed"):
            engine.generate_many(Request(prompt="other words", seconds=1.5, seed=1, count=2))


def test_a_loop_of_the_device_that_is_stuck(
    tiny_pack: Path, tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a recorded CUDA graph replays one seed for ever: the plain loop takes over."""
    shape = (1, tiny_engine.pack.spec.pipeline.latents.channels, 18)
    stuck = np.random.default_rng(0).standard_normal(shape).astype(np.float32)

    def run(self: FlowLoop, *_: object) -> Pieces[NDArray[np.float32]]:
        return ready(stuck.copy())

    monkeypatch.setattr(FlowLoop, "run", run)
    wishes = [Request(prompt="calm piano", seconds=1.5, seed=seed) for seed in (0, 1)]
    with Engine.open(tiny_pack, threads=1, device_loop=True) as engine:
        engine.generate(wishes[0])
        clip = engine.generate(wishes[1])
        job = engine.begin(Request(prompt="calm piano", seconds=1.5, seed=2))
        while not job.advance(1.0):
            pass
        spare = engine.sessions.spare
        assert spare is not None
        assert spare.loaded
        engine.free()
        assert spare.loaded == ()
    wanted = tiny_engine.generate(wishes[1])
    assert clip.samples.tobytes() == wanted.samples.tobytes()
    assert clip.receipt["retried"]["made"] == PLAIN
    assert "made again on the CPU, step by step" in clip.warnings[-1]
    assert job.result().receipt["retried"]["made"] == PLAIN


def test_healthy_clips_pass_untouched(tiny_engine: Engine) -> None:
    wish = Request(prompt="calm piano", seconds=1.5, seed=0, count=4)
    for clip in tiny_engine.generate_many(wish):
        assert clip.warnings == ()
        assert "retried" not in clip.receipt


def test_fingerprints() -> None:
    rng = np.random.default_rng(0)
    wish, other = Request(prompt="a"), Request(prompt="b")
    wave = rng.standard_normal((1, 50_000)).astype(np.float32)
    known = Fingerprints()
    known.keep(wish, 3, wave)
    assert np.linalg.norm(fingerprint(wave)) == pytest.approx(1.0)
    assert known.same_as(wish, 4, wave * np.float32(0.5)) == 3  # louder or not
    assert known.same_as(wish, 3, wave) is None  # itself
    assert known.same_as(other, 4, wave) is None
    assert known.same_as(Request(prompt="a", seed=9, count=2), 4, wave) == 3
    assert known.same_as(wish, 4, wave[:, ::-1]) is None
    nearly = wave + np.float32(0.1) * rng.standard_normal(wave.shape).astype(np.float32)
    assert known.same_as(wish, 4, nearly) is None
    for seed in range(REMEMBERED):
        known.keep(other, seed, wave)
    assert known.same_as(wish, 4, wave) is None  # forgotten
    assert fingerprint(np.zeros((1, 10), np.float32)).tolist() == [0.0] * 10
