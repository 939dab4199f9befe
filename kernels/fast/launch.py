"""Constants of the kernels that are known without Triton and without a GPU."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

MAX_WIDTH = 128
"""Of a head; wider ones spill registers."""
ONNX_DOMAIN, ONNX_VERSION = "ai.descant", 1
"""Of the functions that stand for the kernels in ONNX."""
PLUGIN_NAMESPACE, PLUGIN_NAME = "descant", "SynapseAttention"
"""Of the visual synapse in TensorRT, which allows no dot in a namespace."""
LOG2_E = math.log2(math.e)
COMPILER = {"enable_fp_fusion": True}
"""A product and a sum may be one instruction; Triton's own default is about to change."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """How large a piece of the visual synapse one program takes."""

    queries: int
    """Per block."""
    keys: int
    """Per block."""
    warps: int
    stages: int
    """Tiles that are on their way from memory while one is worked on."""

    def constants(self, width: int) -> dict[str, Any]:
        """Return the kernels' constants for heads of ``width``."""
        return {
            "WIDTH": width,
            "SCALE": LOG2_E / math.sqrt(width),
            "BLOCK_QUERIES": self.queries,
            "BLOCK_KEYS": self.keys,
            "BLOCK_WIDTH": block_width(width),
        }

    @property
    def options(self) -> dict[str, int]:
        """The compiler's options."""
        return {"num_warps": self.warps, "num_stages": self.stages, **COMPILER}


def block_width(width: int) -> int:
    """Return the power of two that holds a head; 16 is the least that a tensor core takes.

    Raises:
        ValueError: The head is wider than the kernels take.
    """
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"heads must be 1 … {MAX_WIDTH} wide, got {width}")
    return max(16, 1 << (width - 1).bit_length())


def forward_tiles(width: int, bytes_per_element: int) -> Tiles:
    """Return the forward pass's tiles: the largest tried that spill no register on any target.

    Raises:
        ValueError: The head is wider than the kernels take.
    """
    narrow = block_width(width) <= 64
    if bytes_per_element == 4:
        return Tiles(64, 32, 8, 1) if narrow else Tiles(32, 32, 8, 1)
    return Tiles(128, 64, 8, 2) if narrow else Tiles(128, 32, 8, 2)


def backward_tiles(width: int, bytes_per_element: int) -> Tiles:
    """Return the tiles of both backward kernels; rule and error are those of the forward pass."""
    narrow = block_width(width) <= 64
    if bytes_per_element == 4:
        return Tiles(32, 16, 8, 1) if narrow else Tiles(16, 16, 8, 1)
    return Tiles(64, 32, 4, 2) if narrow else Tiles(64, 32, 8, 2)
