"""Which graphs a clip of the starter takes, so that they can be there before time counts."""

from __future__ import annotations

from descant.runtime import hearing, sight, story_pool
from descant.runtime.families import ATTRIBUTES, FAMILIES, IMAGE_BRANCH
from descant.runtime.pieces import Pieces, load
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions


def needed_graphs(request: Request, sessions: Sessions) -> tuple[str, ...]:
    """Return the names of the pack's graphs that a request runs, whatever it takes of them."""
    names = set(FAMILIES["starter"].graphs)
    if request.melody is None and request.hum is None:
        names.add(ATTRIBUTES)
    if request.hum is not None:
        names.add(hearing.GRAPH)
    if request.audio is not None:
        names.add("audio_encoder")
    if request.images or request.video is not None:
        names |= {sight.TOWER, sight.ADAPTER, IMAGE_BRANCH}
    if request.story:
        names.add(story_pool.ADAPTER)
    return tuple(name for name in sessions.pack.spec.graphs if name in names)


def load_needed(request: Request, sessions: Sessions) -> Pieces[None]:
    """Load what a request runs of the pack.

    Nothing under a budget of memory, which may not hold all of it at a time.
    """
    if sessions.tuning.memory_budget_mb is not None:
        return
    for name in needed_graphs(request, sessions):
        yield from load(sessions, name)
