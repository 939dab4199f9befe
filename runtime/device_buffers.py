"""Arrays that stay on the device, and graphs that are bound to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.ort_errors import translated
from descant.runtime.provider_target import Target

_GRAPH_ID_KEYS = ("gpu_graph_id", "cuda_graph_annotation_id")
"""Which recording a run makes or replays: ONNX Runtime's word for it and TensorRT-RTX's."""


class Buffer:
    """An array on the device, at one address for as long as it lives."""

    def __init__(self, target: Target, shape: tuple[int, ...], dtype: Any = np.float32) -> None:
        """Allocate it; what is in it is undefined.

        Raises:
            DeviceMemoryError: There is no room.
        """
        import onnxruntime

        self.shape, self.dtype = shape, dtype
        self._is_plugin = target.allocator is not None
        self._array: NDArray[Any] | None = None
        """What the value lies in, when that is the memory of the host."""
        with translated("a buffer"):
            if target.memory == "host":
                self._array = np.zeros(shape, dtype)
                self.value = onnxruntime.OrtValue.ortvalue_from_numpy(self._array)
            else:
                self.value = _allocate(target, shape, dtype)

    @classmethod
    def holding(cls, target: Target, array: NDArray[Any]) -> Buffer:
        """Allocate a copy of an array."""
        made = cls(target, array.shape, array.dtype)
        made.write(array)
        return made

    def write(self, array: NDArray[Any]) -> None:
        """Copy an array of the same shape and dtype to the device."""
        import onnxruntime

        if array.shape != self.shape or array.dtype != self.dtype:
            raise ValueError(f"want {self.shape} {self.dtype}, got {array.shape} {array.dtype}")
        with translated("copying to the device"):
            if self._array is not None:
                np.copyto(self._array, array)
            elif self._is_plugin:
                source = onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))
                onnxruntime.copy_tensors([source], [self.value])
            else:
                self.value.update_inplace(np.ascontiguousarray(array))

    def read(self) -> NDArray[Any]:
        """Copy it back."""
        import onnxruntime

        with translated("copying from the device"):
            if not self._is_plugin or self._array is not None:
                return np.array(self.value.numpy())
            array = np.empty(self.shape, self.dtype)
            target = onnxruntime.OrtValue.ortvalue_from_numpy(array)
            onnxruntime.copy_tensors([self.value], [target])
            return array


class Bound:
    """A graph bound to buffers: a call reads and writes them and moves nothing else."""

    def __init__(
        self,
        name: str,
        session: Any,
        inputs: Mapping[str, Buffer],
        outputs: Mapping[str, Buffer],
        recording: int | None = None,
    ) -> None:
        """Bind all inputs and outputs of a session.

        Args:
            name: Of the graph, for messages.
            session: Of ONNX Runtime.
            inputs: By name.
            outputs: By name.
            recording: Number of the CUDA graph that a call records or replays; None for none.
        """
        import onnxruntime

        self._name, self._session = name, session
        self._inputs, self._outputs = dict(inputs), dict(outputs)  # they must outlive the binding
        self._options = onnxruntime.RunOptions()
        self._recording = recording
        if recording is not None:
            for key in _GRAPH_ID_KEYS:
                self._options.add_run_config_entry(key, str(recording))
        with translated(name):
            self._binding = session.io_binding()
            for key, buffer in outputs.items():
                self._binding.bind_ortvalue_output(key, buffer.value)

    def __call__(self) -> None:
        """Compute; done when it returns, so that a graph of another session may read the result.

        Raises:
            DeviceMemoryError: There is not enough memory.
            DeviceLostError: The device does not answer.
            BackendError: ONNX Runtime failed otherwise.
        """
        with translated(self._name):
            for key, buffer in self._inputs.items():
                # Each time: where a provider wants an input elsewhere (OpenVINO: at addresses that
                # NumPy's arrays don't have), binding copies, and what is written later is not seen.
                self._binding.bind_ortvalue_input(key, buffer.value)
            self._session.run_with_iobinding(self._binding, self._options)

    def close(self) -> None:
        """Forget what was recorded, where ONNX Runtime can."""
        release = getattr(self._session, "release_captured_graph", None)
        if self._recording is not None and release is not None:
            with translated(self._name):
                release(self._recording)


def _allocate(target: Target, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return a value in the memory of a card."""
    import onnxruntime

    make = onnxruntime.OrtValue.ortvalue_from_shape_and_type
    if target.allocator is not None:
        kind = onnxruntime.OrtDeviceMemoryType.DEFAULT
        return make(shape, dtype, memory_info=target.allocator.memory_info(kind))
    return make(shape, dtype, "cuda", 0)
