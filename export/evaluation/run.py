"""Evaluate a pack: render and hear real music, ask for music in every way, hear it, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from descant.export.errors import ExportInputError
from descant.export.evaluation import transcribe
from descant.export.evaluation.cases import FIRST_SEED, make_case
from descant.export.evaluation.figures import (
    Ground,
    judge_figures,
    kind_figures,
    real_figures,
    retrieval,
)
from descant.export.evaluation.kinds import KINDS, PICTURE_GRAPHS, Kind, missing_graphs
from descant.export.evaluation.report import (
    EVALUATION_FORMAT,
    Evaluation,
    KindFigures,
    LeftOut,
    PackLine,
)
from descant.export.evaluation.studio import MadeClip, RealClip, Setup
from descant.export.evaluation.work import Job, OnDone, work
from descant.export.judge import Judge
from descant.models.spec import PackSpec
from descant.models.synthset.piece import Split
from descant.models.synthset.render import find_soundfont
from descant.models.theory.feelings import quadrant_of
from descant.runtime import Pack, open_pack
from descant.runtime.receipt import package_version

FEWEST_CLIPS = 2
MOST_CLIPS = 10_000
VIEWS = ("caption", "story", "picture", "melody", "audio")


@dataclass(frozen=True, slots=True)
class Options:
    """How much to measure, and where."""

    cache: Path
    """Folder that keeps the real music."""
    clips: int = 100
    """Of each kind of request."""
    catalogue: int = 1000
    """Real clips among which retrieval searches; at least twice ``clips``."""
    split: Split = "test"
    seed: int = 0
    """Of the generated clips; the pieces are always the same."""
    workers: int = 1
    """Processes, each on one thread."""
    judge: Path | None = None
    """Folder of another judge than that which ships with descant."""
    kinds: tuple[str, ...] = ()
    """Kinds of request to measure; all when empty."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            ExportInputError: With the option, its value and the limit.
        """
        _check("clips", self.clips, FEWEST_CLIPS, MOST_CLIPS)
        _check("catalogue", self.catalogue, 2 * self.clips, 10 * MOST_CLIPS)
        _check("workers", self.workers, 1, 256)
        _check("seed", self.seed, 0, 2**32)
        known = [kind.name for kind in KINDS]
        for name in self.kinds:
            if name not in known:
                raise ExportInputError(
                    f"kinds must be of {', '.join(known)}, got {name!r:.60}",
                    hint="leave it out to measure all",
                )


def evaluate(pack_name: str, options: Options, on_done: OnDone) -> Evaluation:
    """Measure a pack.

    Everything but ``seconds_per_clip`` follows from pack, options and versions alone.

    Args:
        pack_name: Name, folder or file of a pack of the family "starter".
        options: How much.
        on_done: Called while it works.

    Raises:
        ExportInputError: The pack is of another family, or judge, renderer or soundfont is missing.
        PackError: The pack is missing or damaged.
    """
    with open_pack(pack_name) as pack:
        _check_family(pack)
        spec, line = pack.spec, PackLine(pack.spec.id, pack.spec.version, pack.sha256)
    judge = Judge(options.judge, 1)
    _check_renderer()
    setup = Setup(pack_name, options.cache, options.split, options.seed, options.judge)
    wanted = [kind for kind in KINDS if kind.name in (options.kinds or [k.name for k in KINDS])]
    kinds = [kind for kind in wanted if not missing_graphs(kind, spec)]
    seeds = range(FIRST_SEED, FIRST_SEED + options.catalogue)
    pictures = all(name in spec.graphs for name in PICTURE_GRAPHS)
    jobs = _jobs(kinds, seeds, options.clips, pictures)
    results = work(setup, jobs, options.workers, on_done)
    real: list[RealClip] = results[: options.catalogue]
    cases = [make_case(seed, options.split) for seed in seeds]
    asked = slice(0, options.clips)
    ground = Ground(tuple(cases[asked]), tuple(real[asked]), tuple(real[options.clips :]))
    figures = {"real": real_figures(ground)}
    made: Iterator[MadeClip] = iter(results[options.catalogue :])
    for kind in kinds:
        figures[kind.name] = kind_figures(kind, list(islice(made, options.clips)), ground)
    views = [name for name in VIEWS if pictures or name != "picture"]
    return Evaluation(
        format=EVALUATION_FORMAT,
        descant=package_version(),
        pack=line,
        judge=judge_figures(cases, real),
        judge_sha256=judge.spec.graph.sha256,
        split=options.split,
        seed=options.seed,
        clips=options.clips,
        catalogue=options.catalogue,
        retrieval=retrieval(real, views),
        retrieval_chance=10 / options.catalogue,
        quadrant_chance=_commonest(ground),
        kinds=figures,
        picture_points=_picture_points(figures),
        left_out=_left_out(spec, wanted),
    )


def _jobs(kinds: Sequence[Kind], seeds: Sequence[int], clips: int, pictures: bool) -> list[Job]:
    real: list[Job] = [
        ("hear_real", (seed, pictures, place < clips)) for place, seed in enumerate(seeds)
    ]
    return real + [("make", (kind.name, seed)) for kind in kinds for seed in seeds[:clips]]


def _commonest(ground: Ground) -> float:
    """Share of the commonest quarter of moods: what a constant answer gets."""
    quadrants = Counter(quadrant_of(case.piece.truth.mood) for case in ground.cases)
    return max(quadrants.values()) / len(ground.cases)


def _picture_points(figures: dict[str, KindFigures]) -> dict[str, float]:
    """Return what a picture changes in how a prompt is followed, in percentage points."""
    alone, both = figures.get("prompt"), figures.get("prompt_picture")
    if alone is None or both is None:
        return {}
    pairs = {"tempo": (alone.tempo, both.tempo), "key": (alone.key, both.key)}
    pairs["lead"] = (alone.lead, both.lead)
    return {
        name: 100.0 * (after - before)
        for name, (before, after) in pairs.items()
        if before is not None and after is not None
    }


def _left_out(spec: PackSpec, wanted: Sequence[Kind]) -> tuple[LeftOut, ...]:
    found = []
    for kind in KINDS:
        missing = missing_graphs(kind, spec)
        if kind not in wanted:
            found.append(LeftOut(kind.title, "it was not asked for"))
        elif missing:
            found.append(LeftOut(kind.title, f"the pack has no {' and no '.join(missing)}"))
    if transcribe.model_path() is None:
        found.append(LeftOut("melody F1 by ear", "basic-pitch is not installed"))
    return tuple(found)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ExportInputError(
            f"{name} must be a whole number from {low} to {high}, got {value}",
            hint="clips are of each kind; the catalogue has at least twice as many",
        )


def _check_family(pack: Pack) -> None:
    if pack.spec.family != "starter" or "audio_encoder" not in pack.spec.graphs:
        raise ExportInputError(
            f"{pack.spec.id} can't be evaluated: it is of the family {pack.spec.family}, "
            "or has no audio tower",
            hint="give a pack of the family starter",
        )


def _check_renderer() -> None:
    """Fail early when real music can't be rendered."""
    hint = "real music is played with it: pip install --no-deps tinysoundfont"
    if find_spec("tinysoundfont") is None:
        raise ExportInputError("tinysoundfont is not installed", hint=hint)
    try:
        find_soundfont()
    except FileNotFoundError as error:
        raise ExportInputError(str(error), hint="real music is played with it") from error
