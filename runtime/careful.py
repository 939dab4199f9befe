"""A clip and the gate: made as it was asked for, judged, made again in another way, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from descant.models.spec import DefaultsSpec
from descant.runtime.clip import Clip
from descant.runtime.errors import NumericalError, UnhealthyClipError
from descant.runtime.fingerprints import Fingerprints
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.plan import Plan
from descant.runtime.starter_making import Made

PLAIN = "on the CPU, step by step"


class _SameClipError(UnhealthyClipError):
    """The seed has no effect."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a clip can be made."""

    words: str
    """What is another in it; empty for that which was asked for."""
    make: Callable[[], Pieces[Made]]
    is_as_asked: bool = True
    """Whether steps and guidance are; with others a clip is another one, whatever the seed."""


def first_healthy(ways: Iterable[Way], seed: int, known: Fingerprints) -> Pieces[Clip]:
    """Take one way after the other until a clip passes the gate.

    Args:
        ways: That which was asked for, then those that are safer.
        seed: Of the clip.
        known: The last clips; a clip that passes is added.

    Returns:
        The clip; when it is not that of the first way its warnings and receipt say why.

    Raises:
        NumericalError: The last way led to NaN; names the graph.
        UnhealthyClipError: No clip passed; names the stage.
    """
    problems: list[str] = []
    failure: NumericalError | None = None
    for way in ways:
        if isinstance(failure, _SameClipError) and not way.is_as_asked:
            continue
        try:
            made = yield from way.make()
        except NumericalError as error:
            failure = error
        else:
            yield Piece("compare with other seeds", made.clip.samples.size)
            failure = _judged(made, seed, known)
        if failure is None:
            known.keep(made.clip.request, seed, made.clip.samples)
            return made_again(made.clip, problems, way.words) if problems else made.clip
        problems.append(str(failure))
    assert failure is not None, "there is a way at least"
    raise failure


def made_again(clip: Clip, problems: list[str], words: str) -> Clip:
    """Say of a clip that it is not that of the first try."""
    told = tuple(f"{problem}; the clip was made again {words}" for problem in problems[:1])
    retried = {"problems": problems, "made": words}
    return replace(
        clip,
        warnings=(*clip.warnings, *told),
        receipt={**clip.receipt, "retried": retried},
    )


def gentler(plan: Plan, defaults: DefaultsSpec) -> tuple[Plan, str]:
    """Return a plan with at least the usual steps and another guidance, and what is said of it."""
    steps = max(plan.settled.steps, defaults.steps)
    usual = plan.settled.guidance_scale == defaults.guidance_scale
    guidance = 1.0 if usual else defaults.guidance_scale
    settled = replace(plan.settled, steps=steps, guidance_scale=guidance)
    return replace(plan, settled=settled), f"with {steps} steps and guidance {guidance:g}"


def _judged(made: Made, seed: int, known: Fingerprints) -> UnhealthyClipError | None:
    """Return what is wrong with a clip, if anything is."""
    if made.findings:
        finding = made.findings[0]
        what, _, hint = finding.text.partition(": ")
        return UnhealthyClipError(
            f"{finding.stage}: {what}", hint=hint or "try another seed, or get the pack again"
        )
    other = known.same_as(made.clip.request, seed, made.clip.samples)
    if other is None:
        return None
    return _SameClipError(
        f"sample: seed {seed} gives the same clip as seed {other}",
        hint="get the pack again, or use another device",
    )
