"""How much of the music can be found by what a picture or a story knows, if it were read perfectly.

``python -m tests.bench_ceilings [--count 1000] [--cache DIR]`` lets a small network
learn from true attributes of composed pieces where their captions lie, and looks for the real audio
of held-out pieces by it: recall at 10, beside which that of the picture tower stands.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from descant.export.evaluation.cases import make_case
from descant.export.evaluation.real import Shelf
from descant.models.nets.clmp import contrastive_loss
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Piece, compose
from descant.models.synthset.gallery import scene_of
from descant.models.training.clmp import recall_at
from descant.runtime import Engine
from descant.runtime.engine_cache import cache_folder

FIRST_SEED, PIECES, CAPTIONS = 3_000_000, 6000, 3
"""Train pieces that the network learns from."""
STEPS, BATCH, HIDDEN = 500, 512, 512
KNOWN = {
    "place, hour, weather, mood": ("place", "time_of_day", "weather", "mood"),
    "all that the scene shows": (
        "place", "time_of_day", "weather", "mood", "palette", "style", "figure", "instrument",
        "prop",
    ),
    "genre and mood of the music": ("genre", "mood"),
    "genre, mood and lead of the music": ("genre", "mood", "lead"),
}  # fmt: skip
MEASURES = ("energy", "light", "abstractness")
"""Numbers that a scene shows; they go with all but the music's own words."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_ceilings")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--count", type=int, default=1000, help="held-out clips to search among")
    parser.add_argument("--cache", type=Path, default=cache_folder() / "eval")
    options = parser.parse_args(arguments)
    torch.manual_seed(0)
    train = [compose(FIRST_SEED + i, "train") for i in range(PIECES)]
    with Engine.open(options.pack, "cpu") as engine:
        target = _captions(engine, train)
        cases = [make_case(seed, "test") for seed in range(options.count)]
        shelf = Shelf(options.cache, "test")
        audio = np.stack([_audio(engine, shelf.mel(case)) for case in cases])
    found, held_out = [_facts(p) for p in train], [_facts(case.piece) for case in cases]
    print(f"{'what is known':36} R@10 of {options.count}")
    for name, words in KNOWN.items():
        table = _Table(found, words, "lead" not in words and "genre" not in words)
        recall = _recall(table(found), target, table(held_out), torch.from_numpy(audio))
        print(f"{name:36} {recall:.3f}")
    return 0


def _captions(engine: Engine, pieces: list[Piece]) -> Tensor:
    """(N, 512) mean place of each piece's captions, by way of the caption adapter."""
    rng = random.Random("ceilings")
    texts = [caption(p.truth, rng, "train") for p in pieces for _ in range(CAPTIONS)]
    places = engine.on_device(lambda pipeline: pipeline.space.texts(texts))
    rows = torch.from_numpy(places).view(len(pieces), CAPTIONS, -1)
    return functional.normalize(rows.mean(1), dim=-1)


def _audio(engine: Engine, mel: NDArray[np.float32]) -> NDArray[np.float32]:
    embedding: NDArray[np.float32] = engine.sessions["audio_encoder"].run(mel=mel[None])[
        "embedding"
    ][0]
    return embedding


def _facts(piece: Piece) -> dict[str, Any]:
    scene, truth = scene_of(piece), piece.truth
    shown = {name: getattr(scene, name) for name in (*KNOWN["all that the scene shows"], *MEASURES)}
    return {**shown, "genre": truth.genre, "lead": truth.lead}


class _Table:
    """Facts as rows of numbers: one column for each word that training knows."""

    def __init__(self, facts: list[dict[str, Any]], names: tuple[str, ...], measures: bool) -> None:
        words = sorted({(name, fact[name]) for fact in facts for name in names})
        self._columns = {word: i for i, word in enumerate(words)}
        self._names, self._measures = names, MEASURES if measures else ()

    def __call__(self, facts: list[dict[str, Any]]) -> Tensor:
        rows = torch.zeros(len(facts), len(self._columns) + len(self._measures))
        for row, fact in zip(rows, facts, strict=True):
            for name in self._names:
                column = self._columns.get((name, fact[name]))
                if column is not None:
                    row[column] = 1.0
            for i, name in enumerate(self._measures):
                row[len(self._columns) + i] = float(fact[name])
        return rows


def _recall(known: Tensor, target: Tensor, held_out: Tensor, audio: Tensor) -> float:
    """Learn ``target`` from what is known; return the recall of the held-out audio."""
    network = nn.Sequential(
        nn.Linear(known.shape[1], HIDDEN), nn.GELU(), nn.Dropout(0.3),
        nn.Linear(HIDDEN, target.shape[1]),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.05)
    for _ in range(STEPS):
        rows = torch.randint(len(known), (BATCH,))
        made = functional.normalize(network(known[rows]), dim=-1)
        loss = contrastive_loss([made, target[rows]], torch.tensor(20.0))
        loss = loss + 1.0 - (made * target[rows]).sum(-1).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        return recall_at(functional.normalize(network.eval()(held_out), dim=-1), audio, 10)


if __name__ == "__main__":
    sys.exit(main())
