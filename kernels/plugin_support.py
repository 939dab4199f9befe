"""Whether data-centre TensorRT can take the visual synapse as a plug-in; loads no library."""

from __future__ import annotations

import importlib.util
from pathlib import Path

NEEDED = {
    "tensorrt": "the data-centre library; tensorrt_rtx has no plug-ins",
    "triton": "it compiles the kernel",
    "torch": "the kernel's launch constants come with it",
}


def plugin_support() -> tuple[bool, str]:
    """Return whether the plug-in can be registered, and what is missing or what is there.

    Without it an engine is built from the body of the ONNX function, which is the same mathematics
    in standard operators.
    """
    for name, purpose in NEEDED.items():
        if importlib.util.find_spec(name) is None:
            return False, f"{name} is not installed ({purpose}): the ONNX function's body is used"
    spec = importlib.util.find_spec("tensorrt")
    folders = spec.submodule_search_locations if spec is not None else None
    # asking for the spec of tensorrt.plugin itself would load TensorRT
    if not any((Path(folder) / "plugin").is_dir() for folder in folders or ()):
        return False, "this tensorrt has no plug-in module: the ONNX function's body is used"
    return True, "tensorrt.plugin and triton are installed"
