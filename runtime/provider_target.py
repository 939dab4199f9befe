"""A device -> how a session of ONNX Runtime is made for it, and where its memory is."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from descant.runtime.errors import GraphMismatchError, ProviderUnavailableError
from descant.runtime.ort_errors import as_ours, ort_errors
from descant.runtime.provider_plugins import PLUGINS, plugin_devices, registered_devices

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    **{device: plugin.provider for device, plugin in PLUGINS.items()},
}
"""ONNX Runtime's names, by device."""
CAPTURING = ("cuda", "trt-rtx", "tensorrt")
"""Devices whose provider can record a graph's kernels once and replay them as one."""
_CAPTURE_OPTIONS = {"tensorrt": "trt_cuda_graph_enable"}
_HEAVY = {
    "Attention", "Conv", "ConvTranspose", "FusedConv", "FusedMatMul", "Gemm", "MatMul",
    "MatMulInteger", "MultiHeadAttention", "QLinearConv", "QLinearMatMul",
}  # fmt: skip
"""Operators that the time goes into."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Where sessions are made."""

    device: str
    provider: str
    """ONNX Runtime's name."""
    devices: tuple[Any, ...] = ()
    """What a plug-in computes on; empty when the provider goes by its name."""
    options: dict[str, str] = field(default_factory=dict)
    """Of the provider."""
    allocator: Any = None
    """The plug-in's device whose memory buffers are in; None: go by the kind of memory."""

    @property
    def memory(self) -> Literal["host", "cuda"]:
        """Where inputs and outputs lie."""
        return "cuda" if self.device in CAPTURING else "host"

    @property
    def can_capture(self) -> bool:
        """Whether the provider offers CUDA graphs."""
        return self.device in CAPTURING

    def capturing(self) -> Target:
        """Return the same with CUDA graphs."""
        option = _CAPTURE_OPTIONS.get(self.device, "enable_cuda_graph")
        options = {**self.options, option: "1"}
        return replace(self, options=options)


def make_target(device: str, cache: Path | None = None) -> Target:
    """Return how sessions are made for a device, loading its plug-in if it is one.

    Args:
        device: Name, not ``auto``.
        cache: Folder for what a provider compiles and would compile again the next time.

    Raises:
        ProviderUnavailableError: A plug-in is missing or can't be loaded, or finds no device.
    """
    options: dict[str, str] = {}
    if device == "openvino":
        # Its own choice is bfloat16 where the CPU has it: 1e-3 to 6e-3 off on the starter's
        # decoder, against 5e-7 in float32.
        options["load_config"] = json.dumps({"CPU": {"INFERENCE_PRECISION_HINT": "f32"}})
    if device == "trt-rtx" and cache is not None:
        options["nv_runtime_cache_path"] = str(cache)
    if device == "tensorrt" and cache is not None:
        options.update(trt_engine_cache_enable="1", trt_engine_cache_path=str(cache))
    if device in PLUGINS:
        found = _plugin_device(device)
        return Target(device, PROVIDERS[device], found, options, found[0])
    if device not in ("cuda", "tensorrt"):
        return Target(device, PROVIDERS[device], (), options)
    preload_cuda()
    # Newer builds of onnxruntime-gpu register CUDA as a plug-in of their own.
    cuda = registered_devices(PROVIDERS["cuda"])[:1]
    allocator = cuda[0] if cuda else None
    return Target(device, PROVIDERS[device], cuda if device == "cuda" else (), options, allocator)


def _plugin_device(device: str) -> tuple[Any, ...]:
    try:
        devices = plugin_devices(device)
    except (ImportError, OSError) as error:
        raise _unusable(str(error)) from error
    except ort_errors() as error:
        # What is missing stands at the end of ONNX Runtime's long message.
        raise _unusable(" ".join(str(error).split()).rpartition("with error: ")[2]) from error
    if not devices:
        raise _unusable(f"the plug-in of {device} finds no device")
    return devices[:1]


def _unusable(reason: str) -> ProviderUnavailableError:
    return ProviderUnavailableError(reason[:300], hint="see: descant doctor")


def preload_cuda() -> None:
    """Let ONNX Runtime find CUDA's libraries in the wheels that bring them."""
    import onnxruntime

    if hasattr(onnxruntime, "preload_dlls"):
        # What it can't find it prints; a session says the same, and to the right place.
        with contextlib.redirect_stdout(io.StringIO()):
            onnxruntime.preload_dlls()


def open_session(model: bytes | str, options: Any, target: Target, name: str) -> Any:
    """Make a session that computes where it was told to, or fail.

    Args:
        model: Content of the graph, or path of an engine's wrapper.
        options: ``SessionOptions``; the target is added to it.
        target: Where.
        name: Of the graph, for messages.

    Raises:
        DeviceMemoryError: There is not enough memory.
        DeviceLostError: The device does not answer.
        GraphMismatchError: It is no graph that ONNX Runtime takes.
        ProviderUnavailableError: The provider did not take the graph.
    """
    import onnxruntime

    providers: list[Any] | None = None
    if target.devices:
        options.add_provider_for_devices(list(target.devices), target.options)
    else:
        providers = [(target.provider, target.options)]
        if target.device == "tensorrt":
            providers.append(PROVIDERS["cuda"])  # takes what TensorRT leaves
    on_cpu = target.device == "cpu"
    if not on_cpu:
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    try:
        # Without this ONNX Runtime prints to stdout and computes on the CPU when a provider fails.
        session = onnxruntime.InferenceSession(model, options, providers, enable_fallback=0)
    except ort_errors() as error:
        ours = as_ours(f"loading graph {name!r}", error)
        if type(ours).__name__ != "BackendError":
            raise ours from error
        if on_cpu:
            raise GraphMismatchError(
                f"graph {name!r} can't be loaded: {str(error)[:300]}", hint="get the pack again"
            ) from error
        raise _not_taken(name, target, str(error)[:300]) from error
    if target.provider not in session.get_providers():
        raise _not_taken(name, target, "ONNX Runtime could not start it")
    return session


def check_taken(session: Any, target: Target, name: str) -> str | None:
    """Return a warning when a provider left heavy operators to the CPU, or None.

    Raises:
        ProviderUnavailableError: It left all of them.
    """
    if target.device == "cpu":
        return None
    taken, left = 0, []
    for part in session.get_provider_graph_assignment_info():
        heavy = [node.op_type for node in part.get_nodes() if node.op_type in _HEAVY]
        if part.ep_name == "CPUExecutionProvider":
            left += heavy
        else:
            taken += len(part.get_nodes())
    if not taken:
        raise _not_taken(name, target, "it took none of the graph's operators")
    if not left:
        return None
    return (
        f"{len(left)} operators of {name} run on the CPU, because {target.device} does not take "
        f"them: {', '.join(sorted(set(left)))}"
    )


def _not_taken(name: str, target: Target, why: str) -> ProviderUnavailableError:
    return ProviderUnavailableError(
        f"device {target.device!r} can't run graph {name!r}: {why}",
        hint="use device 'auto' or 'cpu', and see: descant doctor",
    )
