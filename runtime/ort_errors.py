"""ONNX Runtime's exceptions -> ours: out of memory, device lost, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from descant.runtime.errors import BackendError, DeviceLostError, DeviceMemoryError

_NO_MEMORY = (
    "allocate memory", "bad_alloc", "out of memory", "out_of_memory", "outofmemory",
    "not enough memory", "cudaerrormemoryallocation", "error code 2:",
)  # fmt: skip
_LOST = (
    "device lost", "device-lost", "device_lost", "device removed", "device_removed",
    "cudaerrorunknown", "cuda_error_unknown", "illegal memory access", "illegaladdress",
    "illegal_address", "unspecified launch failure", "launch_failed", "launchfailure",
    "uncorrectable ecc", "ecc_uncorrectable", "context is destroyed", "context_is_destroyed",
    "cudaerrordevicesunavailable", "device not available", "devices unavailable",
    "has fallen off the bus", "system_driver_mismatch", "unspecified driver error",
)  # fmt: skip
"""In small letters, as ONNX Runtime, CUDA and TensorRT word them."""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what ONNX Runtime raises inside into an error of ours.

    Args:
        what: Subject of the sentence, such as the graph's name.

    Raises:
        DeviceMemoryError: There was not enough memory.
        DeviceLostError: The device does not answer any more.
        BackendError: Anything else.
    """
    try:
        yield
    except ort_errors() as error:
        raise as_ours(what, error) from error
    except MemoryError as error:
        raise _no_memory(what) from error


def as_ours(what: str, error: Exception) -> BackendError:
    """Return the error that stands for what ONNX Runtime says."""
    text = str(error).lower()
    if any(words in text for words in _NO_MEMORY):
        return _no_memory(what)
    if any(words in text for words in _LOST):
        return DeviceLostError(
            f"{what}: the device was lost: {str(error)[:300]}",
            hint="start again; if it keeps happening, use device 'cpu'",
        )
    return BackendError(f"{what} failed: {str(error)[:300]}")


def ort_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises: exceptions of its own without a base class, and for missing inputs
    ``ValueError``, for failing allocations ``RuntimeError``."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = (
        "Fail", "InvalidArgument", "NoSuchFile", "NoModel", "EngineError", "RuntimeException",
        "InvalidProtobuf", "ModelLoaded", "NotImplemented", "InvalidGraph", "EPFail",
    )  # fmt: skip
    known = (getattr(state, name) for name in names if hasattr(state, name))
    return (ValueError, RuntimeError, *known)


def _no_memory(what: str) -> DeviceMemoryError:
    return DeviceMemoryError(
        f"{what} needs more memory than there is", hint="ask for fewer seconds"
    )
