"""The figures of an evaluation as one table: for a model card, or for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from descant.export.evaluation.report import Evaluation, KindFigures

HEADINGS = ("figure", "measured", "beside it")


class Row(NamedTuple):
    """One figure."""

    figure: str
    measured: str
    beside: str


def rows(found: Evaluation) -> list[Row]:
    """Return all figures in words."""
    listed = [*_retrieval(found), *_moods(found)]
    for kind in found.kinds.values():
        listed += _adherence(kind, found.kinds["real"])
    if found.picture_points:
        changed = ", ".join(f"{n} {v:+.1f}" for n, v in found.picture_points.items())
        listed.append(
            Row("what a picture changes beside the same prompt, points", changed, "limit ±5")
        )
    listed += [*_similarities(found), *_distances(found), *_times(found)]
    return listed


def markdown(listed: Sequence[Row]) -> str:
    """Return a table in Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *listed]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(listed: Sequence[Row]) -> str:
    """Return a table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(HEADINGS, *listed, strict=True)]
    lines = [HEADINGS, tuple("-" * width for width in widths), *listed]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in lines
    )


def _retrieval(found: Evaluation) -> Iterator[Row]:
    for name, there in found.retrieval.items():
        first, second = name.split("_to_")
        if first > second:  # both directions stand in one row
            continue
        back = found.retrieval[f"{second}_to_{first}"]
        yield Row(
            f"{first}→{second} and back, R@1 / 5 / 10 among {found.catalogue}",
            " · ".join(f"{r.r1:.3f} / {r.r5:.3f} / {r.r10:.3f}" for r in (there, back)),
            f"chance {found.retrieval_chance:.3f} at 10",
        )


def _moods(found: Evaluation) -> Iterator[Row]:
    chance = f"chance {_percent(found.quadrant_chance)}"
    for name, kind in found.kinds.items():
        if name == "real":
            judged = ", ".join(f"{n} {_percent(v)}" for n, v in found.judge.items())
            yield Row(f"the judge on {found.catalogue} real clips", judged, "")
            continue
        real = f"real {_percent(kind.real_quadrant)}, {chance}"
        yield Row(f"mood quadrant as asked: {kind.title}", _percent(kind.quadrant), real)


def _adherence(kind: KindFigures, real: KindFigures) -> Iterator[Row]:
    names = {
        "tempo": "tempo within 4 %, octaves allowed",
        "key": "key and mode",
        "genre": "genre, by the judge",
        "lead": "lead instrument, by the judge",
        "lead_of_three": "lead among the judge's three likeliest",
        "melody_f1": "given melody followed, note F1 by Basic Pitch",
        "own_melody_f1": "given melody followed, F1 of the clip's own notes",
        "intensity": "louder or softer as asked",
    }
    if kind is real:
        return
    for field, name in names.items():
        value, beside = getattr(kind, field), getattr(real, field)
        if value is None:
            continue
        score = "f1" in field
        write = (lambda share: f"{share:.3f}") if score else _percent
        real_text = "" if beside is None else f"real {write(beside)}"
        yield Row(f"{name}: {kind.title}", write(value), real_text)


def _similarities(found: Evaluation) -> Iterator[Row]:
    real = found.kinds["real"]
    for kind in found.kinds.values():
        if kind.imsm is not None and kind is not real:
            yield Row(
                f"IMSM, N = {kind.imsm.clips}, seed {found.seed}: {kind.title}",
                f"{kind.imsm.value:.3f}",
                f"real {kind.imsm.real:.3f}, chance {kind.imsm.chance:.3f}",
            )
    for kind in found.kinds.values():
        if kind is real:
            continue
        yield Row(
            f"CLAP score in CLMP space: {kind.title}",
            f"{kind.clap_score:.3f}",
            f"real {real.clap_score:.3f}",
        )
        if kind.query_score is not None and kind.real_query_score is not None:
            yield Row(
                f"cosine of the whole query and the music: {kind.title}",
                f"{kind.query_score:.3f}",
                f"real {kind.real_query_score:.3f}",
            )


def _distances(found: Evaluation) -> Iterator[Row]:
    real = found.kinds["real"]
    for kind in found.kinds.values():
        if kind is not real:
            yield Row(
                f"FAD / KL / IS analogues by the judge, Fréchet in CLMP: {kind.title}",
                " / ".join(_distance_cells(kind)),
                "real " + " / ".join(_distance_cells(real)),
            )


def _distance_cells(kind: KindFigures) -> tuple[str, ...]:
    values = (kind.frechet_judge, kind.divergence, kind.inception, kind.frechet_clmp)
    return tuple(f"{value:.3f}" for value in values)


def _times(found: Evaluation) -> Iterator[Row]:
    times = {k.title: k.seconds_per_clip for k in found.kinds.values() if k.seconds_per_clip}
    yield Row(
        "seconds to make 10 s, one thread",
        ", ".join(f"{title} {seconds:.2f}" for title, seconds in times.items()),
        f"{found.clips} clips of each kind",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
