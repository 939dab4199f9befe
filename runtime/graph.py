"""One loaded graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import GraphSpec, TensorSpec
from descant.runtime.device_buffers import Bound, Buffer
from descant.runtime.engine_cache import ShapeRange
from descant.runtime.errors import GraphMismatchError, NumericalError
from descant.runtime.ort_errors import translated
from descant.runtime.provider_target import Target

Arrays = dict[str, NDArray[Any]]
Ranges = Mapping[str, ShapeRange]
"""Shapes of each input that an engine takes."""

_DTYPES = {"float32": "tensor(float)", "float16": "tensor(float16)", "int64": "tensor(int64)"}


class Graph:
    """A session that has been checked against its spec. Threads may share it."""

    def __init__(
        self,
        name: str,
        spec: GraphSpec,
        session: Any,
        target: Target,
        ranges: Ranges | None = None,
        plain: Callable[[], Graph] | None = None,
    ) -> None:
        """Check a session of ONNX Runtime.

        Args:
            name: Of the graph.
            spec: Its contract.
            session: That computes it.
            target: Where.
            ranges: Of an engine that was built ahead of time: the shapes it takes.
            plain: Of an engine: gives the graph that takes all others.

        Raises:
            GraphMismatchError: The session has other inputs or outputs.
        """
        self.name = name
        self.target = target
        self._session = session
        self._outputs = tuple(spec.outputs)
        self._ranges, self._plain = ranges, plain
        _check_side(name, "input", spec.inputs, session.get_inputs())
        _check_side(name, "output", spec.outputs, session.get_outputs())

    @property
    def is_engine(self) -> bool:
        """Whether it was built ahead of time."""
        return self._ranges is not None

    def taking(self, shapes: Mapping[str, tuple[int, ...]]) -> Graph:
        """Return this graph, or if it is an engine for other lengths, the plain one."""
        if self._ranges is None or self._plain is None:
            return self
        fits = all(
            len(shape) == len(self._ranges[name].min)
            and all(
                low <= size <= high
                for low, size, high in zip(
                    self._ranges[name].min, shape, self._ranges[name].max, strict=True
                )
            )
            for name, shape in shapes.items()
            if name in self._ranges
        )
        return self if fits else self._plain()

    def run(self, **inputs: NDArray[Any]) -> Arrays:
        """Compute all outputs, by name.

        Raises:
            NumericalError: An output is NaN or infinite.
            DeviceMemoryError: There is not enough memory.
            DeviceLostError: The device does not answer.
            BackendError: ONNX Runtime failed otherwise.
        """
        if self.is_engine:
            other = self.taking({name: array.shape for name, array in inputs.items()})
            if other is not self:
                return other.run(**inputs)
        with translated(self.name):
            values = self._session.run(list(self._outputs), inputs)
        for name, value in zip(self._outputs, values, strict=True):
            if not np.isfinite(value).all():
                raise NumericalError(
                    f"{self.name} returned NaN or infinity in {name}",
                    hint="try another seed, or a lower guidance",
                )
        return dict(zip(self._outputs, values, strict=True))

    def bind(
        self,
        inputs: Mapping[str, Buffer],
        outputs: Mapping[str, Buffer],
        recording: int | None = None,
    ) -> Bound:
        """Return this graph bound to buffers on its device; see ``Bound``."""
        return Bound(self.name, self._session, inputs, outputs, recording)


def _check_side(name: str, side: str, wanted: dict[str, TensorSpec], given: list[Any]) -> None:
    """Compare names, dtypes, ranks and fixed sizes."""
    have = {node.name: node for node in given}
    if set(have) != set(wanted):
        raise GraphMismatchError(
            f"graph {name!r}: {side}s: want {sorted(wanted)}, got {sorted(have)}",
            hint="get the pack again",
        )
    for key, spec in wanted.items():
        node = have[key]
        if node.type != _DTYPES[spec.dtype]:
            raise GraphMismatchError(
                f"graph {name!r}: {side} {key!r}: want {spec.dtype}, got {node.type}"
            )
        same = len(node.shape) == len(spec.shape) and all(
            want == got
            for want, got in zip(spec.shape, node.shape, strict=False)
            if isinstance(want, int) and isinstance(got, int)
        )
        if not same:
            raise GraphMismatchError(
                f"graph {name!r}: {side} {key!r}: want shape {list(spec.shape)}, got {node.shape}"
            )
