"""A clip by a given time: as many steps of the solver as fit, by what stages have cost so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from descant.runtime.clip import Clip
from descant.runtime.costs import Costs
from descant.runtime.errors import DescantError
from descant.runtime.pieces import Piece
from descant.runtime.plan import Plan
from descant.runtime.request import Request
from descant.runtime.windows import OVERLAP

FIXED_STAGES = ("condition", "decode", "vocode", "finish")
"""Of a clip, whatever the steps."""
MARGIN, SPARE_SECONDS = 1.1, 0.003
"""That estimates are multiplied by, and that are kept besides."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Seconds that a clip takes."""

    before: float
    """Ahead of the first step."""
    step: float
    """Each."""
    after: float
    """After the last step."""

    def steps(self, seconds: float) -> int:
        """Return how many steps fit, 0 when the rest alone does not."""
        left = (seconds - SPARE_SECONDS) / MARGIN - self.before - self.after
        return max(int(left / self.step), 0) if self.step > 0 else 0


class TooLateError(DescantError):
    """What is left to do takes longer than there is time for."""


class Deadline:
    """The end of the time that a request has."""

    def __init__(
        self, milliseconds: float, clock: Callable[[], float], seconds: float | None = None
    ) -> None:
        """Begin now.

        Args:
            milliseconds: That were asked for.
            clock: Seconds.
            seconds: That are left of them; all when None.
        """
        self._clock = clock
        self._end = clock() + (milliseconds / 1000.0 if seconds is None else seconds)
        self.milliseconds = milliseconds

    @property
    def left(self) -> float:
        """Seconds; negative when it has passed."""
        return self._end - self._clock()

    def share(self, clips: int) -> Deadline:
        """Return the deadline of the next of so many clips."""
        return Deadline(self.milliseconds, self._clock, max(self.left, 0.0) / clips)


def given_deadline(request: Request, clock: Callable[[], float]) -> Deadline | None:
    """Begin the time that a request has, if it has a deadline."""
    return None if request.deadline_ms is None else Deadline(float(request.deadline_ms), clock)


def learn(costs: Costs, plan: Plan, timings_ms: Mapping[str, float]) -> None:
    """Note what the stages of a clip have taken."""
    for stage in (*FIXED_STAGES, "sample"):
        seconds = timings_ms.get(stage, 0.0) / 1000.0
        costs.add(_stage(stage, plan), seconds / (plan.settled.steps if stage == "sample" else 1))


def needed(costs: Costs, plan: Plan) -> Needed | None:
    """Estimate what a clip takes, or return None when none was made yet."""
    seconds = {stage: _cost(costs, stage, plan) for stage in (*FIXED_STAGES, "sample")}
    known = {stage: cost for stage, cost in seconds.items() if cost is not None}
    if len(known) < len(seconds):
        return None
    after = sum(known[stage] for stage in FIXED_STAGES[1:])
    return Needed(known["condition"], known["sample"], after)


def check_time(costs: Costs, plan: Plan, deadline: Deadline | None) -> None:
    """Refuse to go on from the latents when a clip can't be there in time.

    Raises:
        TooLateError: It can't.
    """
    need = needed(costs, plan) if deadline else None
    if deadline is not None and need is not None and deadline.left < need.after:
        raise TooLateError(f"the music: {plan.settled.steps} steps took longer than they mostly do")


def check_whole(costs: Costs, plan: Plan, deadline: Deadline | None) -> None:
    """Refuse to make a clip again when it can't be there in time.

    Raises:
        TooLateError: It can't.
    """
    need = needed(costs, plan) if deadline else None
    if deadline is not None and need is not None and need.steps(deadline.left) < plan.settled.steps:
        raise TooLateError("the music: it failed, and there was no time to make it again")


def given_up(clip: Clip, deadline: Deadline | None, gave_up: tuple[str, ...]) -> Clip:
    """Say of a clip what its deadline has cost."""
    if deadline is None:
        return clip
    told = [
        f"for the deadline of {deadline.milliseconds:g} ms it gave up {what}" for what in gave_up
    ]
    if deadline.left < 0.0 and deadline.milliseconds:
        told.append(f"the deadline was missed by {-1000.0 * deadline.left:.0f} ms")
    receipt = {**clip.receipt, "gave_up": list(gave_up)} if gave_up else clip.receipt
    warnings = (*clip.warnings, *told)
    return replace(clip, gave_up=gave_up, warnings=warnings, receipt=receipt)


def in_time(plan: Plan, seconds: float, need: Needed | None) -> tuple[Plan | None, tuple[str, ...]]:
    """Return a plan that takes no longer than ``seconds``, and what it gives up; None for none."""
    asked = plan.settled.steps
    # Unknown where every clip has to load its graphs: it is tried.
    steps = asked if need is None else min(need.steps(seconds), asked)
    if steps < 1 or seconds <= 0.0:
        return None, (f"the music: there was no time for one of {asked} steps",)
    if steps == asked:
        return plan, ()
    return replace(plan, settled=replace(plan.settled, steps=steps)), (
        f"{asked - steps} of {asked} steps",
    )


def _stage(stage: str, plan: Plan, ring: bool | None = None) -> Piece:
    kind = "loop" if (plan.ring is not None if ring is None else ring) else "clip"
    return Piece(f"stage {stage} of a {kind}", plan.latent_frames)


def _cost(costs: Costs, stage: str, plan: Plan) -> float | None:
    cost = costs.cautious(_stage(stage, plan))
    if cost is None and plan.ring is not None:  # before the first loop: as of a clip around it
        piece = _stage(stage, plan, ring=False)
        cost = costs.cautious(replace(piece, size=piece.size + OVERLAP))
    return cost
