"""The starter's solver with its latents on the device: see ``sampling.sample`` for what it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from descant.runtime.conditioning import Condition
from descant.runtime.device_buffers import Buffer
from descant.runtime.graph import Graph
from descant.runtime.health import check_finite
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.sampling import OnStep

FloatArray = NDArray[np.float32]


class FlowLoop:
    """Two buffers of latents between which the step graph goes back and forth.

    Between steps two times are written, and the condition where it changes.
    """

    def __init__(
        self,
        graph: Graph,
        shape: tuple[int, ...],
        condition: Condition,
        recording: int | None = None,
    ) -> None:
        """Allocate and bind everything.

        Args:
            graph: ``denoiser_step``.
            shape: Of the latents, (1, C, F).
            condition: Any of those that it is to be run with; they are alike in their shapes.
            recording: Number of the first of two CUDA graphs to record; None for none.
        """
        target = graph.target
        self._piece = Piece(graph.name, int(np.prod(shape)))
        self._latents = [Buffer(target, shape) for _ in range(2)]
        self._inputs = {
            name: Buffer.holding(target, array) for name, array in condition.feeds().items()
        }
        for name in ("time", "next_time", "guidance_scale"):
            self._inputs[name] = Buffer(target, (1,))
        self._steps = [
            graph.bind(
                {**self._inputs, "latents": self._latents[i]},
                {"next_latents": self._latents[1 - i]},
                None if recording is None else recording + i,
            )
            for i in range(2)
        ]

    def close(self) -> None:
        """Forget what was recorded."""
        for step in self._steps:
            step.close()

    def run(
        self,
        noise: FloatArray,
        conditions: Sequence[Condition],
        times: FloatArray,
        guidance_scale: float,
        on_step: OnStep,
    ) -> Pieces[FloatArray]:
        """Follow the flow; arguments, result and errors as of ``sampling.sample``."""
        steps = len(times) - 1
        self._latents[0].write(noise)
        self._inputs["guidance_scale"].write(np.array([guidance_scale], np.float32))
        last: Condition | None = None
        on_step(0, steps)
        for i, condition in zip(range(steps), conditions, strict=True):
            if condition is not last:
                for name, array in condition.feeds().items():
                    self._inputs[name].write(array)
                last = condition
            self._inputs["time"].write(times[i : i + 1])
            self._inputs["next_time"].write(times[i + 1 : i + 2])
            yield self._piece
            self._steps[i % 2]()
            on_step(i + 1, steps)
        latents: FloatArray = self._latents[steps % 2].read()
        check_finite(latents, "the denoiser")
        return latents
