"""The weight rule of the conformance vectors: a tensor follows from its key and its shape alone.

No weights are stored. ``x`` is standard normal, drawn in float64 by a Philox generator whose key is
the CRC-32 of the tensor's name, and rounded to float32 once, after the rule.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, ...]
Drawn = NDArray[np.float64]
Rule = Callable[[Drawn, Shape], Drawn]

KEPT = re.compile(
    r"(^|\.)(num_batches_tracked|relative_position_index|attn_mask|position_ids|token_type_ids)$"
    r"|stft\.conv_(real|imag)\.weight$|logmel_extractor\.melW$"
)
"""Keys whose tensor has a true value that follows from the architecture; they are not drawn."""

_SCALARS = {
    "logit_scale_a": math.log(1 / 0.07),
    "logit_scale_t": math.log(1 / 0.07),
    "scale_factor": 0.9,
}
# The first match wins. Products stay in this order: another one rounds differently.
_BY_NAME: tuple[tuple[str, Rule], ...] = (
    (r"(^|\.)bn0\.running_mean$", lambda x, s: 5.0 * x - 20.0),
    (r"(^|\.)bn0\.running_var$", lambda x, s: 60.0 * (1.0 + 0.1 * np.abs(x))),
    (r"melody_embbedding_weight\.weight$", lambda x, s: 10.0 * x),
    (r"(word|position|token_type)_embeddings\.weight$", lambda x, s: 0.5 * x),
    (r"relative_position_bias_table$", lambda x, s: 0.5 * x),
    (r"(^|\.)film_emb\.weight$", lambda x, s: x),
    (r"(^|\.)ups\.\d+\.weight(_v)?$", lambda x, s: x / math.sqrt(s[0])),
    (r"(^|\.)conv_post\.weight$", lambda x, s: 0.01 * x / math.sqrt(s[1] * s[2])),
    (r"(^|\.)conv_post\.weight_g$", lambda x, s: 0.5 + 0.05 * x),
    (r"\.weight_g$", lambda x, s: 1.0 + 0.1 * x),
    (r"(^|\.)running_var$", lambda x, s: 1.0 + 0.1 * np.abs(x)),
    (r"(^|\.)running_mean$", lambda x, s: 0.1 * x),
)


def draw(name: str, shape: Shape) -> Drawn:
    """Return the standard normal numbers that belong to a name."""
    key = zlib.crc32(name.encode())
    return np.random.Generator(np.random.Philox(key=key)).standard_normal(shape)


def golden_tensor(key: str, shape: Shape, salt: str = "") -> NDArray[np.float32]:
    """Return the weights of one state-dict key.

    Args:
        key: Without a checkpoint's prefix.
        shape: Of the tensor.
        salt: Distinguishes sets of vectors; drawn weights depend on it.

    Raises:
        KeyError: The key keeps its true value, or no rule covers it.
    """
    if KEPT.search(key):
        raise KeyError(f"{key} keeps its true value and is not drawn")
    if not shape:
        return np.array(_SCALARS[key.rsplit(".", 1)[-1]], np.float32)
    x = draw(salt + key, shape)
    for pattern, rule in _BY_NAME:
        if re.search(pattern, key):
            return rule(x, shape).astype(np.float32)
    return _by_shape(key, x).astype(np.float32)


def _by_shape(key: str, x: Drawn) -> Drawn:
    """Norms are near one, biases small, and every other matrix keeps the variance of its input."""
    if x.ndim > 1:
        return x / math.sqrt(math.prod(x.shape[1:]))
    leaf = key.rsplit(".", 1)[-1]
    if leaf == "weight":
        return 1.0 + 0.1 * x
    if leaf == "bias":
        return 0.1 * x
    raise KeyError(f"no rule for {key} {x.shape}")
