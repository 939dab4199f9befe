"""How seamless loops are: on a ring, beside a plain cut and cross-fades of the same music.

``python -m tests.bench_loops [--count 60] [--pack starter] [--pictures FOLDER]``

Loops of 2 to 8 bars of any genre are made by random requests. The other ways take the same lead
sheet, which goes on with its first bar after its last one, and the same seed. ``score`` is a
clip's seam score (see ``descant.runtime.loop_seam``), ``spectral`` and ``phase`` are the two
distances that it is the geometric mean of, ``click`` is the error of a linear prediction across
the joint; each is over the median of the same at the bar lines inside the loop. The last row is
what the bar lines inside the circular loops are over the others of their loop: so much differ bar
lines that nobody made. These three are medians; ``similarity`` is the mean cosine of clip and
prompt in CLMP space. ``--pictures`` draws spectrograms of the joint: circular, plain cut, the
two cross-fades and OGG from top to bottom.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.runtime.loop_seam import bar_lines, phase_distance, spectral_distance
from descant.runtime.pack import open_pack
from descant.runtime.pieces import drain
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.bench.loop_sound import clicks, draw_joints
from tests.bench.loop_ways import Loop, LoopMaker, random_request

INSIDE = "bar lines inside"
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
NEAR = 0.1
PICTURES = 6

Rows = dict[str, list[list[float]]]
"""By way: spectral, phase and click of each loop, over the median inside it; similarity."""


def distances(loop: Loop, way: str, sample_rate: int) -> NDArray[np.float64]:
    """(3, P) spectral, phase and click at all bar lines, the joint first."""
    ring = loop.ways[way]
    places = bar_lines(len(ring), loop.bars)
    return np.stack([
        spectral_distance(ring, sample_rate, places),
        phase_distance(ring, sample_rate, places),
        clicks(ring, places),
    ])  # fmt: skip


def note(rows: Rows, loop: Loop, sample_rate: int) -> None:
    """Add a loop's lines to the table."""
    for way in loop.ways:
        found = distances(loop, way, sample_rate)
        similarity = loop.similarity[way]
        rows.setdefault(way, []).append([*_beside(found, 0), similarity])
        if way == "circular":
            places = range(found.shape[1] - 1) if loop.bars > 2 else ()
            inside = [[*_beside(found[:, 1:], i), similarity] for i in places]
            rows.setdefault(INSIDE, []).extend(inside)


def _beside(found: NDArray[np.float64], place: int) -> list[float]:
    others = np.delete(found, place, axis=1)
    ratios: list[float] = (found[:, place] / np.maximum(np.median(others, axis=1), 1e-9)).tolist()
    return ratios


def table(rows: Rows) -> str:
    """Return the distributions in text."""
    head = " ".join(f"{f'{100 * share:.0f} %':>6}" for share in SHARES)
    lines = [f"{'score':22} {head}  within 10 %   spectral   phase   click  similarity"]
    for way in (*[name for name in rows if name != INSIDE], INSIDE):
        if not rows.get(way):
            continue  # loops of two bars have one bar line inside, and nothing to compare it with
        values = np.array(rows[way])
        score = np.sqrt(values[:, 0] * values[:, 1])
        spread = " ".join(f"{q:6.2f}" for q in np.quantile(score, SHARES))
        near = (np.abs(score - 1) <= NEAR).mean()
        medians = " ".join(f"{m:7.2f}" for m in np.median(values[:, :3], axis=0))
        similarity = f"{values[:, 3].mean():8.3f}"
        lines.append(f"{way:22} {spread}  {100 * near:9.0f} %    {medians}   {similarity}")
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=60, metavar="N", help="loops")
    parser.add_argument("--pack", default="starter", metavar="PACK")
    parser.add_argument("--threads", type=int, default=2, metavar="N")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    rows: Rows = {}
    with open_pack(options.pack) as pack:
        maker = LoopMaker(Sessions(pack, choose_provider("cpu"), options.threads))
        rate = pack.spec.pipeline.audio.sample_rate
        for seed in range(options.count):
            loop = drain(maker.make(random_request(seed)))
            note(rows, loop, rate)
            if options.pictures is not None and seed < PICTURES:
                options.pictures.mkdir(parents=True, exist_ok=True)
                draw_joints(loop.ways.values(), rate, options.pictures / f"joint{seed}.png")
    sys.stdout.write(table(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
