"""What the judge of music tells apart, without PyTorch: its heads, their classes, its card.

The judge is a classifier that learns from renderings of SynthSet alone and has nothing to do with
the networks of a pack, so that it can say what their music is like.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

from descant.models.spec import GraphSpec
from descant.models.theory.feelings import QUADRANTS, quadrant_of
from descant.models.theory.notes import PITCH_NAMES, Key, Mode
from descant.models.theory.words import GENRES, LEADS, MOODS

JUDGE_FORMAT = 1
EMBEDDING_DIM = 128
"""Width of the features before the heads, in which distances between sets of clips are taken."""

TEMPO_STEPS = 16
"""Classes of tempo per octave, 4.4 % wide, as in Schreiber & Müller (ISMIR 2018)."""
SLOWEST_BPM, TEMPO_CLASSES = 50.0, 33
"""Centre of the first class; the last one's is 200."""

HEADS: dict[str, tuple[str, ...]] = {
    "quadrant": QUADRANTS,
    "mood": MOODS,
    "genre": GENRES,
    "lead": tuple(LEADS),
    "tonic": PITCH_NAMES,
    "mode": get_args(Mode),
    "tempo": tuple(
        f"{SLOWEST_BPM * 2 ** (step / TEMPO_STEPS):.1f}" for step in range(TEMPO_CLASSES)
    ),
    "drums": ("without", "with"),
}
"""Names of the classes of each head."""


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """The card beside the judge's graph."""

    format: int
    licence: str
    training_data: str
    hardware: str
    graph: GraphSpec
    metrics: dict[str, float]
    """Of the training's held-out clips: share of right answers by head, minutes, steps."""


def tempo_class(tempo_bpm: float) -> int:
    """Return the class whose centre is nearest on a logarithmic scale."""
    step = round(TEMPO_STEPS * math.log2(tempo_bpm / SLOWEST_BPM))
    return min(max(step, 0), TEMPO_CLASSES - 1)


def true_classes(text: dict[str, Any]) -> tuple[int, ...]:
    """Return the class of a clip in each of ``HEADS``, from what its composer says of it.

    Args:
        text: ``genre``, ``mood``, ``lead``, ``key``, ``tempo_bpm`` and ``has_drums``.
    """
    key = Key.parse(text["key"])
    answers = {
        "quadrant": quadrant_of(text["mood"]),
        "mood": text["mood"],
        "genre": text["genre"],
        "lead": text["lead"],
        "tonic": PITCH_NAMES[key.tonic],
        "mode": key.mode,
        "drums": HEADS["drums"][bool(text["has_drums"])],
    }
    return tuple(
        tempo_class(text["tempo_bpm"]) if head == "tempo" else names.index(answers[head])
        for head, names in HEADS.items()
    )
