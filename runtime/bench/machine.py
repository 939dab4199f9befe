"""What computed: enough to compare machines, nothing that names its owner."""

from __future__ import annotations

import contextlib
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from descant.runtime.bench.nvml import find_gpus
from descant.runtime.bench.records import Machine
from descant.runtime.machine import cpu_name, memory_mb
from descant.runtime.tuning import available_cores


def describe_machine(threads: int | None) -> Machine:
    """Ask the operating system.

    Args:
        threads: That each cell gets; all cores when None.
    """
    gpus, reason = find_gpus()
    cores = available_cores()
    return Machine(
        cpu=cpu_name(),
        cores=cores,
        threads=threads or cores,
        memory_mb=memory_mb()[0],
        os=_system(),
        python=platform.python_version(),
        onnxruntime=_version("onnxruntime"),
        numpy=_version("numpy"),
        gpus=gpus,
        gpu_reason=reason,
    )


def _system() -> str:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return platform.freedesktop_os_release()["PRETTY_NAME"]
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.release()}"


def _version(package: str) -> str:
    # onnxruntime also comes as onnxruntime-gpu and others, which have one version.
    for name in (package, f"{package}-gpu", f"{package}-directml"):
        with contextlib.suppress(PackageNotFoundError):
            return version(name)
    return "unknown"
