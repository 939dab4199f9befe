"""Execution providers that come as wheels of their own, beside the plain ``onnxruntime``."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Plugin:
    """A wheel with a provider in it."""

    module: str
    """Its ``get_library_path()`` names the library to register."""
    provider: str
    """ONNX Runtime's name of it."""
    distributions: tuple[str, ...]
    """Wheels that bring the module, for its version."""
    extra: str
    """Of descant, that installs it."""


PLUGINS = {
    "trt-rtx": Plugin(
        "onnxruntime_ep_nv_tensorrt_rtx",
        "NvTensorRTRTXExecutionProvider",
        ("onnxruntime-ep-nv-tensorrt-rtx-cu13", "onnxruntime-ep-nv-tensorrt-rtx-cu12"),
        "gpu",
    ),
    "openvino": Plugin(
        "onnxruntime_ep_openvino",
        "OpenVINOExecutionProvider",
        ("onnxruntime-ep-openvino",),
        "openvino",
    ),
}
"""By device."""

_lock = threading.Lock()


def plugin_folder(device: str) -> Path | None:
    """Return where a plug-in's files lie, without loading it; None when it is not installed."""
    spec = find_spec(PLUGINS[device].module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def plugin_version(device: str) -> str | None:
    """Return the version of an installed plug-in."""
    for name in PLUGINS[device].distributions:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def library_version(device: str, stem: str) -> str | None:
    """Return the version in the name of a library that a plug-in brings.

    ``libtensorrt_rtx.so.1.7.1`` is 1.7.1; on Windows ``tensorrt_rtx_1_7.dll`` is 1.7.
    """
    folder = plugin_folder(device)
    names = [] if folder is None else sorted(path.name for path in folder.iterdir())
    pattern = re.compile(rf"(?:lib)?{re.escape(stem)}(?:\.so\.|_)(\d+(?:[._]\d+)+)(?:\.dll)?")
    found = [match[1].replace("_", ".") for match in map(pattern.fullmatch, names) if match]
    return max(found, key=len, default=None)


def plugin_devices(device: str) -> tuple[Any, ...]:
    """Register a plug-in, once per process, and return what it can compute on.

    Raises:
        ImportError: It is not installed, or can't be loaded.
        Exception: ONNX Runtime can't load its library; the message says which part is missing.
    """
    import onnxruntime

    plugin = PLUGINS[device]
    with _lock:
        devices = registered_devices(plugin.provider)
        if not devices:
            module = import_module(plugin.module)
            path = module.get_library_path()
            onnxruntime.register_execution_provider_library(plugin.provider, path)
            devices = registered_devices(plugin.provider)
    return devices


def registered_devices(provider: str) -> tuple[Any, ...]:
    """Return what a provider that is registered already computes on, by ONNX Runtime's name."""
    import onnxruntime

    return tuple(found for found in onnxruntime.get_ep_devices() if found.ep_name == provider)
