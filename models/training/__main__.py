"""Train one phase, or all: ``python -m descant.models.training PHASE --minutes N [--resume]``.

``recipe`` renders the data and trains every phase but ``text``, side by side where they can be.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from descant.models.training.parallel import run_together
from descant.models.training.recipe import Recipe, RecipeOptions
from descant.models.training.run import PHASES, RunOptions, run_phase, say


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    given = vars(_parser().parse_args(arguments))
    processes, shards, workers = (given.pop(name) for name in ("processes", "shards", "workers"))
    if given["phase"] == "data":
        from descant.models.training.data import compose_shards

        compose_shards(given["folder"] / "data", given["minutes"], shards, say, workers)
    elif given["phase"] == "scene_data":
        from descant.models.training.data import compose_scenes

        compose_scenes(given["folder"] / "scenes", given["minutes"], shards, say, workers)
    elif given["phase"] == "recipe":
        names = ("folder", "minutes", "device", "start")
        options = RecipeOptions(**{n: given[n] for n in names}, workers=workers, shards=shards)
        return min(Recipe(options, say).run(), 1)
    elif given["phase"] == "hum_data":
        from descant.models.training.hum_data import compose_hum_shards

        compose_hum_shards(given["folder"] / "hum", given["minutes"], shards, workers, say)
    else:
        run_together(processes, partial(run_phase, RunOptions(**given)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m descant.models.training", description=__doc__)
    parser.add_argument("phase", choices=["recipe", "data", "scene_data", "hum_data", *PHASES])
    parser.add_argument("--minutes", type=float, required=True, help="time limit of this run")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--start",
        type=Path,
        help="checkpoint whose fitting tensors begin the run; of the recipe, a folder of them",
    )
    parser.add_argument("--peak", type=float, default=1.0, help="share of the learning rate")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--evaluate-every", type=float, default=180.0, help="seconds")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of each process")
    parser.add_argument(
        "--processes", type=int, default=1, help="CPU processes that train together"
    )
    parser.add_argument("--shards", type=int, default=200, help="data: how many to make at most")
    parser.add_argument("--workers", type=int, default=2, help="data: processes that render")
    parser.add_argument("--folder", type=Path, default=Path("build/training"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
