"""The desktop app: a window over the public names of ``descant.runtime``."""

from __future__ import annotations

import ctypes
import sys


def _keep_none() -> None:
    """Make None live for ever, as Python 3.12 and later do.

    PySide6 6.12.0 gives a reference to None back too many whenever a method returns nothing; on
    Python 3.11 the process is aborted after some thousands of them, a minute of painting. To go
    when 3.11 does, or 6.12.0 is not met any more.
    """
    if sys.version_info >= (3, 12):
        return
    count = ctypes.c_ssize_t.from_address(id(None))
    if abs(count.value - sys.getrefcount(None)) < 100:  # where this build keeps it
        count.value += 1 << 40


_keep_none()
