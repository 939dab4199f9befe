"""MeLFusion's visual synapse: attention whose keys and values are a blend of picture and music.

``softmax(Q (a K_image + (1 - a) K_music)^T / sqrt(D)) (a V_image + (1 - a) V_music)``

with one learned weight a per layer (Chowdhury et al. 2024, section 4). This is the reference; its
twins in ``descant.kernels.fast`` make the blends tile by tile and never write them to memory.

Letters: B batch, H heads, S queries, L keys, D width of a head.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]


def synapse_attention(
    query: NDArray[np.floating],
    image_key: NDArray[np.floating],
    image_value: NDArray[np.floating],
    music_key: NDArray[np.floating],
    music_value: NDArray[np.floating],
    weight: float,
) -> DoubleArray:
    """Attend to the blend of two sources, in float64.

    Args:
        query: (B, H, S, D), of the music.
        image_key: (B, H, L, D).
        image_value: (B, H, L, D).
        music_key: (B, H, L, D).
        music_value: (B, H, L, D).
        weight: a, the picture's share. Not held to 0 … 1: the published code's can be negative.

    Returns:
        (B, H, S, D) float64.

    Raises:
        ValueError: The shapes do not go together.
    """
    check_shapes(
        query.shape, image_key.shape, image_value.shape, music_key.shape, music_value.shape
    )
    key = blend(image_key, music_key, weight)
    value = blend(image_value, music_value, weight)
    scores = query.astype(np.float64) @ key.swapaxes(-1, -2) / query.shape[-1] ** 0.5
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    mixed: DoubleArray = shares @ value / shares.sum(-1, keepdims=True)
    return mixed


def blend(image: NDArray[np.floating], music: NDArray[np.floating], weight: float) -> DoubleArray:
    """Return a * image + (1 - a) * music in float64; at 0 and 1 it is one of them, bit by bit."""
    return weight * image.astype(np.float64) + (1.0 - weight) * music.astype(np.float64)


def check_shapes(query: tuple[int, ...], *sources: tuple[int, ...]) -> None:
    """Refuse what is not (B, H, S, D) beside keys and values that are all (B, H, L, D).

    Raises:
        ValueError: The shapes do not go together, or there are no keys.
    """
    source = sources[0]
    if len(query) != 4 or any(other != source for other in sources):
        raise ValueError(
            f"expected a query (B, H, S, D) and keys and values of one shape (B, H, L, D), "
            f"got {query} and {', '.join(map(str, sources))}"
        )
    if len(source) != 4 or (source[:2], source[3]) != (query[:2], query[3]):
        raise ValueError(f"keys {source} do not go with queries {query}: B, H and D are shared")
    if source[2] < 1:
        raise ValueError("there must be at least one key")
