"""Loops that keep their buffers from one clip to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from descant.runtime.errors import GenerationCancelled


class Loop(Protocol):
    """Buffers, and graphs that are bound to them."""

    def close(self) -> None:
        """Let go of what memory alone does not free."""


LoopT = TypeVar("LoopT", bound=Loop)


class LoopPool:
    """One idle loop per graph: that of the shapes used last. A loop is lent to one thread."""

    def __init__(self) -> None:
        self._idle: dict[str, tuple[Hashable, Any]] = {}
        self._given = 0
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, graph: str, key: Hashable, make: Callable[[], LoopT]) -> Iterator[LoopT]:
        """Lend the loop of a graph and shapes; a new one when it is lent already or others are.

        A loop in which something failed is not kept; one that was cancelled is.

        Args:
            graph: Whose loop it is.
            key: Shapes and whatever else its buffers depend on.
            make: Makes a new one.
        """
        with self._lock:
            have, loop = self._idle.pop(graph, (None, None))
            given = self._given
        if loop is None or have != key:
            if loop is not None:
                loop.close()
            loop = None  # before another takes memory
            loop = make()
        try:
            yield loop
        except GenerationCancelled:
            self._keep(graph, key, loop, given)
            raise
        self._keep(graph, key, loop, given)

    def _keep(self, graph: str, key: Hashable, loop: Loop, given: int) -> None:
        with self._lock:
            if given == self._given:  # else its graph may have been released meanwhile
                self._idle[graph] = (key, loop)

    def drop(self, graph: str) -> None:
        """Free the loop of a graph."""
        with self._lock:
            self._given += 1
            self._idle.pop(graph, None)

    def clear(self) -> None:
        """Free all."""
        with self._lock:
            self._given += 1
            self._idle.clear()
