"""Tiled decoding: exact for a local decoder, without seams for the real one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.runtime.errors import GenerationCancelled
from descant.runtime.pieces import drain
from descant.runtime.tiled_decode import OVERLAP, REACH, TILE, Decode, decode_tiled

FloatArray = NDArray[np.float32]
STRIDE = 4


def local_decoder(reach: int, calls: list[int] | None = None) -> Decode:
    """Return a decoder that sees ``reach`` frames, nothing beyond borders, and notes its calls."""
    kernel = np.linspace(0.2, 1.0, 2 * reach + 1)

    def decode(latents: FloatArray) -> FloatArray:
        if calls is not None:
            calls.append(latents.shape[2])
        padded = np.pad(latents, ((0, 0), (0, 0), (reach, reach), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=2)
        mixed = (windows * kernel).sum(-1).sum(1, keepdims=True)
        return np.repeat(np.repeat(mixed, STRIDE, 2), STRIDE, 3).astype(np.float32)

    return decode


@settings(deadline=None, max_examples=60)
@given(
    frames=st.integers(1, 160),
    reach=st.integers(0, 4),
    fade=st.integers(1, 8),
    more=st.integers(1, 30),
    seed=st.integers(0, 99),
)
def test_a_local_decoder_is_not_changed(
    frames: int, reach: int, fade: int, more: int, seed: int
) -> None:
    overlap = 2 * reach + fade
    tile = overlap + more
    latents = np.random.default_rng(seed).standard_normal((1, 2, frames, 3)).astype(np.float32)
    calls: list[int] = []
    decode = local_decoder(reach, calls)
    mel = drain(decode_tiled(decode, latents, tile=tile, overlap=overlap, reach=reach))
    np.testing.assert_allclose(mel, local_decoder(reach)(latents), atol=1e-4)
    assert set(calls) == {min(frames, tile)}
    assert len(calls) == 1 or sum(calls) >= frames + (len(calls) - 1) * overlap


def test_a_clip_within_one_tile_is_decoded_whole() -> None:
    calls: list[int] = []
    drain(decode_tiled(local_decoder(REACH, calls), np.zeros((1, 8, TILE, 1), np.float32)))
    assert calls == [TILE]


@pytest.mark.parametrize("shape", [(1, 8, 0, 16), (8, 10, 16)])
def test_other_axes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(B, C, F, W\)"):
        drain(decode_tiled(local_decoder(1), np.zeros(shape, np.float32)))


@pytest.mark.parametrize(("tile", "overlap"), [(128, 128), (128, 2 * REACH), (64, OVERLAP)])
def test_an_overlap_that_cannot_hide_the_borders_is_refused(tile: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap must be between"):
        drain(
            decode_tiled(
                local_decoder(1), np.zeros((1, 8, 9, 1), np.float32), tile=tile, overlap=overlap
            )
        )


def test_progress_is_told_and_may_stop_it() -> None:
    told: list[tuple[int, int]] = []
    latents = np.zeros((1, 8, 50, 1), np.float32)

    def on_tile(done: int, tiles: int) -> None:
        told.append((done, tiles))
        if done == 2:
            raise GenerationCancelled("stopped")

    with pytest.raises(GenerationCancelled):
        drain(decode_tiled(local_decoder(1), latents, tile=20, overlap=5, reach=1, on_tile=on_tile))
    assert told == [(0, 3), (1, 3), (2, 3)]


def rms_by_frame(difference: FloatArray) -> FloatArray:
    """(1, 1, T, M) -> (T,)."""
    values: FloatArray = np.sqrt(np.square(difference).mean((0, 1, 3)))
    return values


@pytest.mark.torch
@pytest.mark.usefixtures("torch_threads")
def test_the_real_decoder_shows_no_seams() -> None:
    """At a seam the mel is no further from that of one piece than anywhere else.

    Everywhere it differs a little, for the statistics of a tile are not those of the clip. Measured
    with four seeds: 1.0 to 1.1 times the difference elsewhere; cut hard, 3 to 5 times.
    """
    torch = pytest.importorskip("torch", reason="torch is not installed; it runs the decoder")
    from descant.models.ldm_spec import AutoencoderConfig
    from descant.models.nets.ldm.autoencoder import AutoencoderKL

    vae = AutoencoderKL(AutoencoderConfig(32, (1, 2), 1)).eval()
    stride, reach = vae.config.stride, vae.config.decoder_reach

    def decode(latents: FloatArray) -> FloatArray:
        with torch.no_grad():
            mel: FloatArray = vae.decode(torch.from_numpy(latents.copy())).numpy()
        return mel

    latents = np.random.default_rng(4).standard_normal((1, 8, 160, 8)).astype(np.float32)
    tiled = drain(decode_tiled(decode, latents, tile=96, overlap=2 * reach + 8, reach=reach))
    hard = np.concatenate([decode(latents[:, :, :80]), decode(latents[:, :, 80:])], 2)
    at_seam = np.zeros(160 * stride, bool)
    at_seam[(80 - reach) * stride : (80 + reach) * stride] = True
    ratios = []
    for mel in (tiled, hard):
        error = rms_by_frame(mel - decode(latents))
        ratios.append(float(error[at_seam].mean() / error[~at_seam].mean()))
    assert ratios[0] < 1.3
    assert ratios[1] > 2.0
