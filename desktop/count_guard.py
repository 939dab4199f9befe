"""A guard against a miscount in PySide6 that ends programs on Python 3.11."""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def guard_constants() -> None:
    """Give ``None``, ``True`` and ``False`` more references than can ever be lost.

    PySide6 6.12 hands out ``None`` from every call without a result, and ``True`` from every
    ``emit``, without counting the reference. From Python 3.12 on they are immortal; before, some
    hundred signals or some thousand calls use their references up, and the interpreter aborts
    with "deallocating True or False". Can go with Python 3.11.
    """
    if sys.version_info >= (3, 12):
        return
    for constant in (None, True, False):
        count = ctypes.c_ssize_t.from_address(id(constant))
        if abs(count.value - sys.getrefcount(constant)) < 100:  # where this build keeps it
            count.value += _PLENTY
