"""What a pack sees in drawn pictures of the test split, by how much of an instrument they show.

``python -m tests.bench_sight [--pack starter] [--count 1000] [--cache DIR]`` prints for each
group of pictures how often the real music of the same piece is among the ten nearest of all, and
how often place, hour and weather are read right. A player is near or far, or an instrument stands
still by itself; abstract pictures show no place. Pictures and music are those of ``descant eval``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import FIRST_SEED, make_case
from descant.export.evaluation.real import Shelf
from descant.models.synthset.gallery import scene_of
from descant.models.synthset.scenery import SceneTruth
from descant.models.synthset.settings import ABSTRACT
from descant.models.theory.scene_words import PLACES, TIMES, WEATHERS
from descant.runtime import Engine
from descant.runtime.engine_cache import cache_folder
from descant.runtime.pictures import read_picture

FloatArray = NDArray[np.float32]
NO_INSTRUMENT = "no instrument"


@dataclass(frozen=True, slots=True)
class Look:
    """A picture, and what the pack made of it."""

    scene: SceneTruth
    place: FloatArray
    """(512,) where it lies."""
    audio: FloatArray
    """(512,) where its music lies."""
    read: dict[str, str]
    """Likeliest place, time and weather."""

    @property
    def group(self) -> str:
        return self.scene.view if self.scene.instrument else NO_INSTRUMENT


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_sight")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--count", type=int, default=1000, help="held-out pieces")
    parser.add_argument("--cache", type=Path, default=cache_folder() / "eval")
    options = parser.parse_args(arguments)
    with Engine.open(options.pack, "cpu") as engine:
        looks = list(_look(engine, Shelf(options.cache, "test"), options.count))
    found = _found(looks)
    print(f"{'pictures':16}{'count':>6}{'R@10':>7}{'place':>7}{'hour':>7}{'weather':>9}")
    for name in ("near", "still", "far", NO_INSTRUMENT, "all"):
        rows = [i for i, look in enumerate(looks) if name in (look.group, "all")]
        shown = [looks[i] for i in rows if looks[i].scene.style not in ABSTRACT]
        shares = [_right(shown, kind) for kind in ("place", "time_of_day", "weather")]
        texts = f"{shares[0]:7.3f}{shares[1]:7.3f}{shares[2]:9.3f}"
        print(f"{name:16}{len(rows):6}{found[rows].mean():7.3f}{texts}")
    return 0


def _look(engine: Engine, shelf: Shelf, count: int) -> Iterator[Look]:
    words = {"place": list(PLACES), "time_of_day": list(TIMES), "weather": list(WEATHERS)}
    for number in range(count):
        case = make_case(FIRST_SEED + number, "test")
        pixels = read_picture(shelf.picture(case)).pixels
        space = engine.on_device(lambda pipeline: pipeline.space)
        told = space.scene_words(pixels)
        assert told is not None, "this pack doesn't tell what it sees"
        likeliest = [int(np.argmax(told[kind])) for kind in ("places", "times", "weathers")]
        read = {kind: words[kind][i] for kind, i in zip(words, likeliest, strict=True)}
        audio = engine.sessions["audio_encoder"].run(mel=shelf.mel(case)[None])["embedding"][0]
        yield Look(scene_of(case.piece), space.picture(pixels), audio, read)


def _found(looks: list[Look]) -> NDArray[np.bool_]:
    """(N,) whether the music of a picture is among the ten that lie nearest."""
    fit = np.stack([look.place for look in looks]) @ np.stack([look.audio for look in looks]).T
    better: NDArray[np.bool_] = (fit > fit.diagonal()[:, None]).sum(1) < 10
    return better


def _right(looks: list[Look], kind: str) -> float:
    right = [look.read[kind] == getattr(look.scene, kind) for look in looks]
    return float(np.mean(right)) if right else float("nan")


if __name__ == "__main__":
    sys.exit(main())
