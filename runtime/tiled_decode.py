"""Decode latents of any length with a decoder whose memory grows with the square of the length.

AudioLDM's VAE attends from every latent to every other. Up to ``TILE`` frames a clip is decoded in
one piece, which is exact. A longer one is decoded in tiles that overlap. The convolutions' view of
a tile's border is cut off, so that no frame of the result has seen a border that the clip doesn't
have. What still differs from one piece is what the decoder takes over a whole tile: the statistics
of its norms and its attention. Tiles are cross-faded, so this never becomes a step; it shrinks as
tiles grow (in tiles of 128, 256 and 512 of 640 frames, with the conformance vectors' weights:
0.05, 0.03 and 0.01 of the mel's spread for noise, 0.29, 0.18 and 0.06 for latents that drift).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]
Decode = Callable[[FloatArray], FloatArray]
"""(B, C, F, W) latents -> (B, 1, n * F, M) mel."""
OnTile = Callable[[int, int], None]
"""Called with (tiles done, tiles); raises ``GenerationCancelled`` to stop."""

TILE = 1024
"""Latent frames, 41 s; at most 16,384 positions, whose scores take 67 MB per frequency bin."""
OVERLAP = 96
"""Latent frames that two tiles share: the borders' reach twice, and 62 (2.5 s) to cross-fade."""
REACH = 17
"""Latent frames to either side that the published decoder's convolutions see."""


def decode_tiled(
    decode: Decode,
    latents: FloatArray,
    *,
    tile: int = TILE,
    overlap: int = OVERLAP,
    reach: int = REACH,
    on_tile: OnTile | None = None,
) -> Pieces[FloatArray]:
    """Decode latents in tiles of one length, cross-fading where they overlap; stop before each.

    Args:
        decode: The decoder.
        latents: (B, C, F, W) float32. Not modified.
        tile: Latent frames per call; up to so many are decoded in one piece.
        overlap: Latent frames that neighbours share at least.
        reach: See ``REACH``; of another decoder ``AutoencoderConfig.decoder_reach``.
        on_tile: Called before the first and after each tile.

    Returns:
        (B, 1, n * F, M) float32, natural-log mel.

    Raises:
        ValueError: ``latents`` have other axes, or the overlap leaves nothing to fade over or
            nothing to go on by.
    """
    if latents.ndim != 4 or latents.shape[2] == 0:
        raise ValueError(f"latents: expected (B, C, F, W), got {latents.shape}")
    if not 2 * reach < overlap < tile:
        raise ValueError(f"overlap must be between {2 * reach} and {tile} frames, got {overlap}")
    starts = tile_starts(latents.shape[2], tile, overlap)
    report = on_tile or (lambda done, tiles: None)
    report(0, len(starts))
    yield Piece("vae_decoder", latents[:, :, :tile].size)
    mel = decode(latents[:, :, :tile])
    report(1, len(starts))
    stride = mel.shape[2] // min(tile, latents.shape[2])
    for done, start in enumerate(starts[1:], 2):
        yield Piece("vae_decoder", latents[:, :, :tile].size)
        part = decode(latents[:, :, start : start + tile])
        mel = _join(mel, part, start * stride, reach * stride)
        report(done, len(starts))
    return mel


def tile_starts(frames: int, tile: int, overlap: int) -> list[int]:
    """Where tiles begin; spread evenly, so that neighbours share ``overlap`` frames or more."""
    more = math.ceil(max(frames - tile, 0) / (tile - overlap))
    return [round(i * (frames - tile) / more) if i else 0 for i in range(more + 1)]


def _join(mel: FloatArray, part: FloatArray, start: int, reach: int) -> FloatArray:
    """Put ``part`` at frame ``start`` of what is there, fading over all but both borders."""
    shared = mel.shape[2] - start
    places = np.arange(shared) + 0.5
    gain = np.clip((places - reach) / (shared - 2 * reach), 0.0, 1.0).astype(np.float32)[:, None]
    fade = mel[:, :, start:] * (1.0 - gain) + part[:, :, :shared] * gain
    return np.concatenate([mel[:, :, :start], fade, part[:, :, shared:]], axis=2)
