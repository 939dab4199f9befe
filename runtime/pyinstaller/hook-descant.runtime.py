"""For PyInstaller: modules that are loaded by name, the starter pack, and what is left out."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

_COMMANDS = ("descant.runtime.cli", "descant.runtime.bench", "descant.runtime.batch")
"""A frozen program has no Python to start them with."""


def _is_wanted(name: str) -> bool:
    return not name.startswith((*_COMMANDS, "descant.runtime.pyinstaller"))


hiddenimports = collect_submodules("descant.runtime", filter=_is_wanted)
datas = collect_data_files("descant.runtime", includes=["graphs/*.onnx"])
datas += collect_data_files("descant.models", includes=["packs/**/*"], excludes=["**/*.py"])
with suppress(PackageNotFoundError):  # from a checkout that is not installed
    datas += copy_metadata("descant")  # receipts name the version
excludedimports = [
    "descant.desktop", "descant.export", "descant.kernels.fast", "descant.models.nets",
    "descant.models.synthset", "descant.models.training", "matplotlib", "onnx", "onnxscript",
    "PySide6", "ray", "scipy", "tensorrt", "tensorrt_rtx", "torch", "triton",
]  # fmt: skip
