"""Ctrl-C that is not lost on its way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_HEARD = threading.Event()


def take_interrupt() -> None:
    """Let a Ctrl-C be an answer, such as that a take from the microphone is done."""
    _HEARD.clear()


@contextmanager
def heard_interrupt() -> Iterator[threading.Event]:
    """Give an event that is set when Ctrl-C is pressed meanwhile; it is raised as ever.

    A library in C that is being loaded may turn the ``KeyboardInterrupt`` into an error of its
    own: NumPy makes it "ImportError: initialization failed". Then only this tells why.
    """
    _HEARD.clear()
    before = signal.getsignal(signal.SIGINT)
    plain = before is signal.default_int_handler  # another handler is its owner's business
    if not plain or threading.current_thread() is not threading.main_thread():
        yield _HEARD
        return

    def hear(number: int, frame: object) -> None:
        _HEARD.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear)
    try:
        yield _HEARD
    finally:
        signal.signal(signal.SIGINT, before)
