"""ONNX Runtime sessions: made on first use, checked against their spec, shared by threads."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import GraphSpec, TensorSpec
from descant.runtime.errors import (
    BackendError,
    DeviceMemoryError,
    GraphMismatchError,
    NumericalError,
    PackFormatError,
)
from descant.runtime.onnx_guard import check_onnx
from descant.runtime.pack import Pack
from descant.runtime.providers import Choice

if TYPE_CHECKING:
    import onnxruntime

Arrays = dict[str, NDArray[Any]]

_DTYPES = {"float32": "tensor(float)", "float16": "tensor(float16)", "int64": "tensor(int64)"}


class Graph:
    """One loaded graph."""

    def __init__(self, name: str, spec: GraphSpec, session: onnxruntime.InferenceSession) -> None:
        self.name = name
        self._session = session
        self._outputs = tuple(spec.outputs)
        _check_side(name, "input", spec.inputs, session.get_inputs())
        _check_side(name, "output", spec.outputs, session.get_outputs())

    def run(self, **inputs: NDArray[Any]) -> Arrays:
        """Compute all outputs, by name.

        Raises:
            NumericalError: An output is NaN or infinite.
            BackendError: ONNX Runtime failed.
        """
        try:
            values = self._session.run(list(self._outputs), inputs)
        except _ort_errors() as error:
            if "allocate memory" in str(error) or "bad_alloc" in str(error):
                raise DeviceMemoryError(
                    f"{self.name} needs more memory than there is", hint="ask for fewer seconds"
                ) from error
            raise BackendError(f"{self.name} failed: {str(error)[:300]}") from error
        except MemoryError as error:
            raise DeviceMemoryError(
                f"{self.name} needs more memory than there is", hint="ask for fewer seconds"
            ) from error
        for name, value in zip(self._outputs, values, strict=True):
            if not np.isfinite(value).all():
                raise NumericalError(
                    f"{self.name} returned NaN or infinity in {name}",
                    hint="try another seed, or a lower guidance",
                )
        return dict(zip(self._outputs, values, strict=True))


class Sessions:
    """All graphs of a pack."""

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._pack = pack
        self._choice = choice
        self._threads = threads or available_cores()
        self._graphs: dict[str, Graph] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Graph:
        """Return a graph, loading it first when nobody has asked for it yet.

        Raises:
            PackIntegrityError: Its file has changed since the pack was opened.
            PackFormatError: It is not a graph, or reaches outside the pack.
            GraphMismatchError: It differs from its spec.
        """
        with self._lock:
            if name not in self._graphs:
                self._graphs[name] = self._load(name)
            return self._graphs[name]

    def close(self) -> None:
        """Free all sessions."""
        with self._lock:
            self._graphs.clear()

    def _load(self, name: str) -> Graph:
        import onnxruntime

        spec = self._pack.spec.graphs[name]
        content = self._pack.read(f"graphs.{name}")
        try:
            check_onnx(content, spec.weights.file if spec.weights else None)
        except ValueError as error:
            raise PackFormatError(f"graph {name!r}: {error}", hint="get the pack again") from error
        options = self._options()
        if spec.weights is not None:
            weights = self._pack.read(f"graphs.{name}.weights")
            options.add_external_initializers_from_files_in_memory(
                [spec.weights.file], [weights], [len(weights)]
            )
        try:
            session = onnxruntime.InferenceSession(
                content, options, providers=[self._choice.provider]
            )
        except _ort_errors() as error:
            raise GraphMismatchError(
                f"graph {name!r} can't be loaded: {str(error)[:300]}", hint="get the pack again"
            ) from error
        return Graph(name, spec, session)

    def _options(self) -> onnxruntime.SessionOptions:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        # Threads that spin between calls would take the cores that NumPy's stages need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return options


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


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


def _ort_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises: exceptions of its own without a base class, and for missing inputs
    ``ValueError``."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = (
        "Fail", "InvalidArgument", "NoSuchFile", "NoModel", "EngineError", "RuntimeException",
        "InvalidProtobuf", "ModelLoaded", "NotImplemented", "InvalidGraph", "EPFail",
    )  # fmt: skip
    return (ValueError, *(getattr(state, name) for name in names if hasattr(state, name)))
