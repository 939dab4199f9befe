"""What computed: enough to compare machines, nothing that names its owner."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from descant.runtime.bench.nvml import find_gpus
from descant.runtime.bench.records import Machine
from descant.runtime.tuning import available_cores


def describe_machine(threads: int | None) -> Machine:
    """Ask the operating system.

    Args:
        threads: That each cell gets; all cores when None.
    """
    gpus, reason = find_gpus()
    cores = available_cores()
    return Machine(
        cpu=_cpu_name(),
        cores=cores,
        threads=threads or cores,
        memory_mb=_memory_mb(),
        os=_system(),
        python=platform.python_version(),
        onnxruntime=_version("onnxruntime"),
        numpy=_version("numpy"),
        gpus=gpus,
        gpu_reason=reason,
    )


def _cpu_name() -> str:
    name = ""
    if sys.platform == "win32":
        name = _windows_cpu()
    elif sys.platform == "darwin":
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            name = subprocess.run(
                ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"],
                capture_output=True, text=True, check=True, timeout=10,
            ).stdout  # fmt: skip
    else:
        with contextlib.suppress(OSError):
            lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
            names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
            name = names[0] if names else ""
    # Marks of owners, and blanks that pad the name, help nobody.
    for mark in ("(R)", "(TM)", "(r)", "(tm)"):
        name = name.replace(mark, "")
    return " ".join(name.split()) or platform.machine() or "unknown"


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


def _memory_mb() -> float | None:
    if sys.platform == "win32":
        return _windows_memory_mb()
    with contextlib.suppress(OSError, ValueError):
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6)
    return None


def _windows_memory_mb() -> float | None:
    import ctypes

    kib = ctypes.c_ulonglong(0)
    if not ctypes.CDLL("kernel32").GetPhysicallyInstalledSystemMemory(ctypes.byref(kib)):
        return None
    return round(kib.value * 1.024e-3)


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
