"""CUDA graphs are used only after they have shown that a replay gives what a plain run gives."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import BackendError, NumericalError
from descant.runtime.loop_pool import Loop
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
LoopT = TypeVar("LoopT", bound=Loop)

TOLERANCE = 1e-3
"""Relative error that a replay may have; the same kernels run, but a library may choose others."""
SEEDS = (0, 0, 0, 1, 0)
"""Warm-up, recording, replay; another seed; and the first again, for state that is left behind."""


@contextmanager
def lend_loop(
    sessions: Sessions,
    graph: str,
    key: Hashable,
    make: Callable[[int | None], LoopT],
    trial: Callable[[LoopT, int], FloatArray],
) -> Iterator[LoopT]:
    """Lend a loop, recorded as CUDA graphs where that is asked for and works.

    Args:
        sessions: Of the pack.
        graph: The graph that the loop calls, which is what is recorded.
        key: Shapes and whatever else the loop's buffers depend on.
        make: Makes a loop of the session that there is: plain for None, else recorded under this
            number and the next.
        trial: Takes a few steps from the noise of a seed.
    """
    wanted = sessions.tuning.cuda_graphs and sessions.target.can_capture
    captured = wanted and _is_trusted(sessions, graph, key, make, trial)
    fresh = sessions.next_recording
    # Nothing else may run on a session while it records.
    alone = sessions.trust_lock if captured else nullcontext()
    with (
        alone,
        sessions.loops.borrow(
            graph, (key, captured), lambda: make(fresh() if captured else None)
        ) as loop,
    ):
        yield loop


def judge(plain: dict[int, FloatArray], made: list[FloatArray]) -> str | None:
    """Compare plain runs by seed with recorded runs of ``SEEDS``; return what is wrong, or None."""
    for seed, latents in zip(SEEDS, made, strict=True):
        scale = float(np.sqrt(np.mean(np.square(plain[seed])))) or 1.0
        error = float(np.sqrt(np.mean(np.square(latents - plain[seed])))) / scale
        if not error <= TOLERANCE:
            return f"a replay is {error:.1e} away from a plain run"
    if np.array_equal(made[SEEDS.index(0)], made[SEEDS.index(1)]):
        return "a replay does not change with the seed"
    return None


def _is_trusted(
    sessions: Sessions,
    graph: str,
    key: Hashable,
    make: Callable[[int | None], LoopT],
    trial: Callable[[LoopT, int], FloatArray],
) -> bool:
    """Check once per graph and shapes; the plain session goes before the recording one comes."""
    with sessions.trust_lock:
        known = sessions.trusted.get((graph, key))
        if known is not None:
            if known:
                sessions.capture(graph, True)
            return known
        sessions.capture(graph, False)
        loop = make(None)
        plain = {seed: trial(loop, seed) for seed in sorted(set(SEEDS))}
        del loop
        sessions.capture(graph, True)
        try:
            loop = make(sessions.next_recording())
            reason = judge(plain, [trial(loop, seed) for seed in SEEDS])
        except (BackendError, NumericalError) as error:
            reason = str(error)[:300]
        if reason is not None:
            sessions.warn(f"CUDA graphs of {graph} are switched off: {reason}")
            sessions.capture(graph, False)
        sessions.trusted[graph, key] = reason is None
        return reason is None
