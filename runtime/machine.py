"""What the machine is: system, processor, memory, versions of what descant stands on."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from descant.runtime.provider_plugins import PLUGINS
from descant.runtime.receipt import package_version
from descant.runtime.tuning import available_cores

LIBRARIES = ("numpy", "onnxruntime", "onnxruntime-gpu", "faiss-cpu")
PLUGIN_WHEELS = tuple(name for plugin in PLUGINS.values() for name in plugin.distributions)
ENGINE_WHEELS = ("tensorrt-rtx-cu13", "tensorrt-cu13", "tensorrt")
FEATURES = (
    "avx2", "f16c", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16", "amx_tile",
    "amx_int8", "amx_bf16", "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve",
)  # fmt: skip
"""Instructions that ONNX Runtime's kernels make use of, as Linux spells them."""


def versions() -> dict[str, str]:
    """Return the versions of what is installed, by name; what is missing is left out."""
    found = {"descant": package_version(), "python": platform.python_version()}
    for name in (*LIBRARIES, *PLUGIN_WHEELS, *ENGINE_WHEELS):
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def system() -> dict[str, Any]:
    """Return system, processor and memory (MB of 10^6 bytes); None is what the system hides."""
    total, free = memory_mb()
    return {
        "os": platform.platform(terse=True),
        "machine": platform.machine(),
        "cpu": cpu_name(),
        "cores": available_cores(),
        "features": cpu_features(),
        "memory_mb": total,
        "free_mb": free,
    }


def cpu_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name as well as the system knows it."""
    name = ""
    if sys.platform == "win32":
        name = _windows_cpu()
    elif sys.platform == "darwin":
        name = _mac_cpu()
    else:
        with contextlib.suppress(OSError):
            lines = cpuinfo.read_text(errors="replace").splitlines()
            names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
            name = names[0] if names else ""
    # Marks of owners, and blanks that pad the name, help nobody.
    for mark in ("(R)", "(TM)", "(r)", "(tm)"):
        name = name.replace(mark, "")
    return " ".join(name.split()) or platform.processor() or platform.machine() or "unknown"


def _mac_cpu() -> str:
    command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=10
        ).stdout
    return ""


def _windows_cpu() -> str:
    if sys.platform == "win32":
        import winreg

        path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key,
        ):
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    return ""


def cpu_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> list[str] | None:
    """Return those of ``FEATURES`` that the processor has; None where only Linux would tell."""
    with contextlib.suppress(OSError):
        for line in cpuinfo.read_text().splitlines():
            if line.startswith(("flags", "Features")):
                words = set(line.partition(":")[2].split())
                return [name for name in FEATURES if name in words]
    return None


def memory_mb(meminfo: Path = Path("/proc/meminfo")) -> tuple[int | None, int | None]:
    """Return total memory and what a program may still take."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        rows = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
        kilobytes = [int(rows[name].split()[0]) for name in ("MemTotal", "MemAvailable")]
        return kilobytes[0] * 1024 // 10**6, kilobytes[1] * 1024 // 10**6
    if sys.platform == "win32":
        return _windows_memory_mb()
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 10**6, None
    return None, None


def _windows_memory_mb() -> tuple[int | None, int | None]:
    """Ask ``GlobalMemoryStatusEx``: length, load, then seven sizes, total and free first."""

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("sizes", ctypes.c_ulonglong * 7),
        )  # fmt: skip

    status = Status(length=ctypes.sizeof(Status))
    kernel: Any = ctypes.CDLL("kernel32")
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None, None
    return status.sizes[0] // 10**6, status.sizes[1] // 10**6
