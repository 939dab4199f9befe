"""Clips that are longer than a pack makes in one piece."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from descant.kernels.stft import InverseStft, istft, stft
from descant.runtime import Engine, GenerationCancelled, Progress, Request, RequestError
from descant.runtime import loudness as loudness_module
from descant.runtime import true_peak as peak_module
from descant.runtime.conditioning import Condition
from descant.runtime.loudness import integrated_loudness, normalise
from descant.runtime.pieces import Pieces, drain, ready
from descant.runtime.sampling import initial_noise
from descant.runtime.schedule import flow_times
from descant.runtime.true_peak import true_peak
from descant.runtime.windows import (
    OVERLAP,
    WINDOW,
    sample_windows,
    seam_score,
    window_spans,
    window_weights,
)


@pytest.mark.parametrize("frames", [1, 100, WINDOW, WINDOW + 1, 700, 1293, 6461])
def test_windows_cover_everything_once(frames: int) -> None:
    spans, weights = window_spans(frames), window_weights(frames)
    total = np.zeros(frames)
    for (begin, end), weight in zip(spans, weights, strict=True):
        assert 0 <= begin < end <= frames
        assert end - begin <= WINDOW
        total[begin:end] += weight
    np.testing.assert_allclose(total, 1.0, atol=1e-6)
    for (_, end), (begin, _) in pairwise(spans):
        assert end - begin >= OVERLAP
    for first, second in pairwise(weights):
        assert first[-1] < 0.01
        assert second[0] < 0.01


def move(**inputs: Any) -> Pieces[dict[str, Any]]:
    """Step towards the control latents, each frame for itself."""
    share = (inputs["time"] - inputs["next_time"]) / inputs["time"]
    target = inputs["control_latents"][:1] * inputs["guidance_scale"]
    return ready({"next_latents": inputs["latents"] + (target - inputs["latents"]) * share})


@pytest.mark.parametrize("frames", [50, 1000])
def test_what_is_local_does_not_notice_windows(frames: int) -> None:
    rng = np.random.default_rng(0)
    control = rng.standard_normal((2, 8, frames), np.float32)
    empty = np.zeros((2, 1), np.float32)
    condition = Condition(empty, empty[:, None], empty, control)
    conditions = [[condition.part(*span)] * 4 for span in window_spans(frames)]
    steps: list[tuple[int, int]] = []
    noise, times = initial_noise(3, 8, frames), flow_times(4)
    latents = drain(
        sample_windows(move, noise, conditions, times, 2.0, lambda *done: steps.append(done))
    )
    np.testing.assert_allclose(latents, control[:1] * 2.0, atol=1e-5)
    assert steps[0] == (0, 4)
    assert steps[-1] == (4, 4)
    assert steps == sorted(steps)


def test_seam_score_hears_a_jump() -> None:
    rng = np.random.default_rng(0)
    frames = 900 * 8
    steady = np.cumsum(rng.standard_normal((16, frames), np.float32) * 0.1, axis=1)
    assert seam_score(steady[:, : 8 * WINDOW], 8) is None
    assert seam_score(steady, 8) == pytest.approx(1.0, abs=0.2)
    border = window_spans(900)[1][0] * 8
    steady[:, border:] += 5.0
    score = seam_score(steady, 8)
    assert score is not None
    assert score > 2.0


def test_a_long_clip(tiny_engine: Engine) -> None:
    request = Request(prompt="calm piano", seconds=65, seed=0)
    reports: list[Progress] = []
    clip = tiny_engine.generate(request, reports.append)
    assert clip.samples.shape == (1, 65 * 44100)
    assert clip.seam_score == pytest.approx(1.0, abs=0.5)
    assert clip.sheet is not None
    assert clip.sheet.seconds >= 65
    assert [r.fraction for r in reports] == sorted(r.fraction for r in reports)
    assert tiny_engine.generate(request).samples.tobytes() == clip.samples.tobytes()
    assert tiny_engine.generate(Request(prompt="calm piano", seconds=2)).seam_score is None


def test_a_long_clip_can_be_stopped(tiny_engine: Engine) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "sample":
            raise GenerationCancelled("enough")

    with pytest.raises(GenerationCancelled):
        tiny_engine.generate(Request(prompt="calm piano", seconds=600), stop)


def test_other_packs_keep_their_limit(mg2: Engine) -> None:
    with pytest.raises(RequestError, match="seconds must be between"):
        mg2.generate(Request(prompt="piano", seconds=61))


def test_intensity_reaches_the_bars(tiny_engine: Engine) -> None:
    request = Request(
        prompt="calm piano", seconds=20, tempo_bpm=120, seed=0, intensity=(0.2, 0.2, 0.9, 0.9)
    )
    clip = tiny_engine.generate(request)
    assert clip.sheet is not None
    bar = clip.sheet.beats_per_bar * 0.5
    levels = clip.sheet.intensity
    assert levels[0] == pytest.approx(0.2)
    assert levels[int(19 / bar)] == pytest.approx(0.9)
    assert list(levels) == sorted(levels)
    assert clip.receipt["request"]["intensity"] == [0.2, 0.2, 0.9, 0.9]


def test_inverse_in_pieces_is_the_inverse(rng: np.random.Generator) -> None:
    samples = rng.standard_normal(512 * 40, np.float32)
    spectrum = stft(samples, 2048, 512)
    inverse = InverseStft(40, 2048, 512)
    for begin, end in ((0, 1), (1, 20), (20, 40)):
        inverse.add(spectrum[:, begin:end])
    np.testing.assert_allclose(inverse.samples(), istft(spectrum, 2048, 512), atol=1e-6)


def test_loudness_in_pieces_is_the_loudness(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = rng.standard_normal((2, 8000 * 12), np.float32) * np.float32(0.05)
    samples[:, 50_000] = 0.9
    whole = normalise(samples, 8000)
    for module in (loudness_module, peak_module):
        monkeypatch.setattr(module, "PIECE", 1 << 22)
    np.testing.assert_allclose(normalise(samples, 8000), whole, atol=1e-4)
    assert integrated_loudness(whole, 8000) == pytest.approx(-14, abs=0.2)
    assert true_peak(whole) <= 10 ** (-1 / 20)
