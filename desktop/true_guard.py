"""A guard against a miscount in PySide6 that ends programs on Python 3.11."""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def guard_true() -> None:
    """Give ``True`` more references than can ever be lost.

    PySide6 6.12 returns ``True`` from every ``emit`` without counting the reference. From Python
    3.12 on it is immortal; before, some hundred signals use up its references and the interpreter
    aborts with "deallocating True or False". Can go with Python 3.11.
    """
    if sys.version_info < (3, 12) and sys.getrefcount(True) < _PLENTY:
        # The first word of an object is its count, in CPython up to 3.11.
        ctypes.c_ssize_t.from_address(id(True)).value += _PLENTY
