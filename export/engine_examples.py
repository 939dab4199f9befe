"""Inputs of the usual kind for any graph of a pack, by the name that says what an input is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import GraphSpec
from descant.runtime.engine_cache import ShapeRange

Draw = Callable[[np.random.Generator, tuple[int, ...]], NDArray[Any]]
SEED = 20


def example_inputs(
    contract: GraphSpec, profile: Mapping[str, ShapeRange]
) -> dict[str, NDArray[Any]]:
    """Return inputs of the smallest shapes of a profile.

    Args:
        contract: Of the graph.
        profile: By input.

    Returns:
        By input, in the contract's dtypes; the same at every call.
    """
    rng = np.random.default_rng(SEED)
    return {
        name: _DRAWS.get(name, _noise)(rng, profile[name].min).astype(tensor.dtype)
        for name, tensor in contract.inputs.items()
    }


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    return rng.standard_normal(shape)


def _constant(value: float) -> Draw:
    return lambda _, shape: np.full(shape, value)


def _unit(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    rows = rng.standard_normal(shape)
    unit: NDArray[Any] = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit


def _sparse(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    return rng.random(shape) > 0.95


def _angles(shape: tuple[int, ...]) -> NDArray[Any]:
    """Two inputs are cosine and sine of the same angles."""
    return np.random.default_rng(SEED).uniform(0.0, 2.0 * np.pi, shape)


_DRAWS: dict[str, Draw] = {
    "control": _sparse,
    "counts": lambda rng, shape: rng.integers(0, 5, shape),
    "embedding": _unit,
    "excitation_cos": lambda _, shape: np.cos(_angles(shape)),
    "excitation_sin": lambda _, shape: np.sin(_angles(shape)),
    "feature": _unit,
    "guidance_scale": _constant(3.0),
    "image_strength": _constant(1.0),
    "mask": _constant(1.0),
    "mel": lambda rng, shape: 1.5 * rng.standard_normal(shape) - 1.0,
    "next_time": _constant(0.6),
    "picture": lambda rng, shape: rng.uniform(-1.0, 1.0, shape),
    "query": _unit,
    "query_present": _constant(1.0),
    "reference": _unit,
    "reference_present": _constant(1.0),
    "roll": _sparse,
    "samples": lambda rng, shape: 0.1 * rng.standard_normal(shape),
    "text": _unit,
    "time": _constant(0.7),
    "timesteps": _constant(501.0),
    "tokens": lambda rng, shape: rng.integers(5, 200, shape),
    "windows": _unit,
}
