"""What an evaluation found, as plain values with a fixed meaning; docs/eval.md explains each."""

from __future__ import annotations

from dataclasses import dataclass

EVALUATION_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of queries whose own item is among the first 1, 5 and 10."""

    r1: float
    r5: float
    r10: float


@dataclass(frozen=True, slots=True)
class Similarity:
    """IMSM of N pairs of picture and music."""

    clips: int
    value: float
    real: float
    """Of the pictures and the real music that goes with them."""
    chance: float
    """Mean over the pairs that don't belong together."""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Music asked for in one way, or real music; None where nothing of the kind was asked.

    Shares are 0 … 1; ``real_*`` is the figure of the real clips of the same pieces.
    """

    title: str
    clips: int
    quadrant: float
    """Clips that the judge puts into the asked quarter of moods."""
    real_quadrant: float
    mood: float
    """The same of the 18 moods."""
    real_mood: float
    genre: float | None
    lead: float | None
    lead_of_three: float | None
    """The lead is among the judge's three likeliest."""
    tempo: float | None
    """Within 4 %, octaves allowed, by librosa's beat tracker."""
    key: float | None
    """Tonic and mode, by chroma."""
    melody_f1: float | None
    """Top line heard by Basic Pitch against the given melody; None without it."""
    own_melody_f1: float | None
    """The same of the clip's own notes."""
    intensity: float | None
    """Clips that get louder when they should, or softer."""
    query_score: float | None
    """Mean cosine of what was asked and what was made, in the pack's space."""
    real_query_score: float | None
    clap_score: float
    """Mean cosine of the piece's detailed caption and the music, in the pack's space."""
    frechet_judge: float
    """To other real clips, in the judge's features: the analogue of FAD."""
    frechet_clmp: float
    """The same in the pack's audio embeddings."""
    divergence: float
    """KL to the piece's real clip over the judge's genres, moods and leads, in nats; of real music
    to the next piece's, which is what music for nobody's wish gets."""
    inception: float
    """Inception score over the judge's leads."""
    imsm: Similarity | None
    seconds_per_clip: float | None
    """To make 10 s on one thread, beside the others that work."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be measured."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class PackLine:
    """Which pack it was."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A whole evaluation."""

    format: int
    descant: str
    pack: PackLine
    judge: dict[str, float]
    """Share of right answers by head on the real clips of the catalogue."""
    judge_sha256: str
    split: str
    seed: int
    clips: int
    catalogue: int
    retrieval: dict[str, Recall]
    """By direction, such as ``caption_to_audio``."""
    retrieval_chance: float
    """Of recall at 10."""
    quadrant_chance: float
    """Share of the commonest quarter among the pieces."""
    kinds: dict[str, KindFigures]
    """``real`` and the kinds of request."""
    picture_points: dict[str, float]
    """Percentage points that tempo, key and lead gain by a picture beside the same prompt."""
    left_out: tuple[LeftOut, ...]
