"""The health gate for clips that start from a recording: what is new in them is judged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; it breaks the tiny pack's graphs")

from descant.runtime import Clip, Engine, NumericalError, Request, replay
from tests.runtime import broken_graphs as broken
from tests.runtime.sounds import encoded

KINDS: list[dict[str, Any]] = [
    {"init": "OURS", "strength": 0.6},
    {"init": "OURS", "inpaint": (1.0, 3.0)},
    {"continues": "OURS", "seconds": 2.0},
    {"continues": "OURS", "seconds": 2.0, "joined": True},
]
NAMES = ["vary", "mend", "continue", "joined"]


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack, to be broken."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "broken"))


def make(pack: Path, ours: Path, wish: dict[str, Any], loop: bool | None = None) -> Clip:
    """Make a clip of a recording by an engine of its own."""
    asked: dict[str, Any] = {"steps": 2}
    asked |= {name: ours if value == "OURS" else value for name, value in wish.items()}
    with Engine.open(pack, threads=1, device_loop=loop) as engine:
        return engine.generate(Request(seed=1, **asked))


@pytest.mark.parametrize("wish", KINDS, ids=NAMES)
def test_another_guidance_may_heal(pack: Path, ours: Path, wish: dict[str, Any]) -> None:
    broken.times_when_guided(pack, "denoiser_step", "next_latents", np.nan)
    clip = make(pack, ours, wish)
    assert "denoiser_step returned NaN" in clip.receipt["retried"]["problems"][0]
    assert "made again with 3 steps and guidance 1" in clip.warnings[-1]
    with Engine.open(pack, threads=1) as engine:
        saved = clip.save(pack.parent / "a.wav")
        assert replay(saved, engine, inputs=[ours.parent]).verdict == "identical"
    clip = make(pack, ours, wish, loop=True)
    assert len(clip.receipt["retried"]["problems"]) == 2  # on the CPU, step by step, too


@pytest.mark.parametrize("wish", KINDS, ids=NAMES)
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda p: broken.vocode_as(p, broken.repeating(np.zeros(512))), "vocode: .* silent"),
        (broken.noisy, "vocode: .* noise"),
        (lambda p: broken.times(p, "vae_encoder", "latents", np.nan), "NaN"),
    ],
    ids=["silence", "noise", "encoder"],
)
def test_what_no_way_heals_is_refused(
    pack: Path, ours: Path, wish: dict[str, Any], damage: Callable[[Path], None], words: str
) -> None:
    damage(pack)
    for loop in (None, True):
        with pytest.raises(NumericalError, match=words) as refused:
            make(pack, ours, wish, loop)
        assert refused.value.hint


def test_a_rest_in_a_short_region_is_no_fault(pack: Path, ours: Path) -> None:
    broken.vocode_as(pack, broken.repeating(np.zeros(512)))
    clip = make(pack, ours, {"init": ours, "inpaint": (1.0, 1.5)})
    assert "retried" not in clip.receipt


def test_what_the_recording_has_too_is_no_fault(pack: Path, tmp_path: Path) -> None:
    broken.noisy(pack)
    rain = tmp_path / "rain.wav"
    noise = np.random.default_rng(0).normal(0.0, 0.1, 4 * 44100).astype(np.float32)
    rain.write_bytes(encoded(noise))
    for wish in KINDS:
        clip = make(pack, rain, {"prompt": "rain", **wish})
        assert "retried" not in clip.receipt
        assert any("noise" in warning for warning in clip.warnings)


@pytest.mark.parametrize("wish", KINDS, ids=NAMES)
def test_healthy_clips_pass_untouched(
    tiny_engine: Engine, tiny_pack: Path, ours: Path, wish: dict[str, Any]
) -> None:
    clip = make(tiny_pack, ours, wish)
    assert clip.warnings == ()
    assert "retried" not in clip.receipt
