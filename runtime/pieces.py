"""Work that stops between calls: a generator that says before each piece what comes next.

The whole way of a request is written so. ``Engine.generate`` drains it; a job of ``Engine.begin``
takes as many pieces at a time as fit into a frame of a game.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import NDArray

if TYPE_CHECKING:
    from descant.runtime.sessions import Sessions

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is computed from here to the next stop."""

    name: str
    """Of a graph, or of what NumPy does."""
    size: int = 0
    """What it takes longer with, such as how many numbers go in; 0 where it does not matter."""


Pieces = Generator[Piece, None, Result]
"""Yields each piece before it is computed, and returns the result.

Nothing that another job could need, such as a lock, may be held where it stops: it may go on a
long time later, or never.
"""


def drain(pieces: Pieces[Result]) -> Result:
    """Do all the work at once."""
    while True:
        try:
            next(pieces)
        except StopIteration as stopped:
            result: Result = stopped.value
            return result


def call(sessions: Sessions, name: str, **inputs: NDArray[Any]) -> Pieces[dict[str, NDArray[Any]]]:
    """Run a graph; loading it is a piece of its own.

    Args:
        sessions: Of the pack.
        name: Of the graph.
        inputs: Of the graph.

    Returns:
        All outputs by name. Raises as ``Graph.run`` and ``Sessions``.
    """
    yield from load(sessions, name)
    yield Piece(name, sum(value.size for value in inputs.values()))
    return sessions[name].run(**inputs)


def load(sessions: Sessions, name: str) -> Pieces[None]:
    """Load a graph, unless it is; the sessions keep it, so that a budget of memory may free it."""
    if name not in sessions.loaded:
        yield Piece(f"load {name}")
        sessions[name]


def ready(value: Result) -> Pieces[Result]:
    """Return what is there already, for whoever wants it in pieces."""
    yield from ()
    return value
