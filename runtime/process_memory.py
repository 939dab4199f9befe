"""How much memory this process holds, as its operating system counts."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

KIB = 1.024e-3
"""MB of 10^6 bytes."""


def peak_rss_mb() -> float | None:
    """Most memory that this process has held, in MB (10^6 bytes); None where unknown."""
    if sys.platform == "win32":
        return _windows()[0]
    if (linux := _linux("VmHWM:")) is not None:
        return linux
    with contextlib.suppress(ImportError):
        import resource  # macOS: in bytes

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1)
    return None


def rss_mb() -> float | None:
    """Memory that this process holds now, in MB (10^6 bytes); None where unknown."""
    return _windows()[1] if sys.platform == "win32" else _linux("VmRSS:")


def _linux(key: str) -> float | None:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(key):
                return round(int(line.split()[1]) * KIB, 1)
    return None


class _Counters(ctypes.Structure):
    """``PROCESS_MEMORY_COUNTERS`` of Windows."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        *((name, ctypes.c_size_t) for name in ("peak", "now", *"abcdef")),
    )


def _windows() -> tuple[float | None, float | None]:
    """Return the peak and the present working set."""
    counters = _Counters(cb=ctypes.sizeof(_Counters))
    kernel = ctypes.CDLL("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    if not kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb):
        return None, None
    return round(counters.peak / 1e6, 1), round(counters.now / 1e6, 1)
