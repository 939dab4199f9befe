"""A serialized engine, read back as the runtime will read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from descant.export.engine_builder import data_type, make_logger
from descant.export.engine_library import Library
from descant.export.errors import ExportError
from descant.models.spec import GraphSpec
from descant.runtime.engine_cache import ShapeRange

NO_CARD = ("Cuda Runtime", "cudaError", "CUDA driver")
"""Of the first message about a sound plan where no card or driver is; what is wrong with a plan
itself is said before that."""


def read_back(
    library: Library,
    name: str,
    plan: memoryview | bytes,
    contract: GraphSpec,
    profile: Mapping[str, ShapeRange],
) -> bool:
    """Deserialize an engine and hold it against the graph's contract.

    Without a card the library reads a plan's header and structure, and then asks for the card.

    Returns:
        Whether names, dtypes and shapes were read too, which takes a card.

    Raises:
        ExportError: It is damaged, of another version, or has another contract.
    """
    trt = library.module
    logger = make_logger(trt)
    runtime = trt.Runtime(logger)
    engine = runtime.deserialize_cuda_engine(plan)
    if engine is not None:
        _check_tensors(trt, name, engine, contract, profile)
        return True
    first = logger.errors[0] if logger.errors else "no reason given"
    if any(sign in first for sign in NO_CARD):
        return False
    raise ExportError(
        f"the engine of graph {name!r} can't be read back: {first[:300]}", hint="build it again"
    )


def _check_tensors(
    trt: Any, name: str, engine: Any, contract: GraphSpec, profile: Mapping[str, ShapeRange]
) -> None:
    have = {
        key: engine.get_tensor_dtype(key)
        for key in map(engine.get_tensor_name, range(engine.num_io_tensors))
    }
    want = {
        key: data_type(trt, tensor.dtype)
        for key, tensor in {**contract.inputs, **contract.outputs}.items()
    }
    spans = {
        key: ShapeRange(*(tuple(shape) for shape in engine.get_tensor_profile_shape(key, 0)))
        for key in profile if key in have
    }  # fmt: skip
    if have != want or spans != dict(profile):
        raise ExportError(f"the engine of graph {name!r} has other inputs, outputs or shapes")
