"""From clips that were heard to the figures of one kind of music."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import Case
from descant.export.evaluation.kinds import RISING, Kind, asked_mood, course_of
from descant.export.evaluation.report import KindFigures, Recall, Similarity
from descant.export.evaluation.scores import (
    frechet_distance,
    image_music_similarity,
    inception_score,
    mean_cosine,
    paired_divergence,
)
from descant.export.evaluation.studio import MadeClip, RealClip
from descant.export.evaluation.tempo import same_tempo
from descant.models.judge_spec import HEADS
from descant.models.metrics import ranks, recall_at_k
from descant.models.theory.feelings import quadrant_of

FloatArray = NDArray[np.float32]
REAL = Kind("real", "real music", lambda case, file: {}, names=("genre", "lead"), ears="tempo")
"""Real music among the kinds: it is not asked for, but measured alike."""
COMPARED = ("genre", "mood", "lead")
"""Heads over which clips are compared with the real ones, taken as independent."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Real music that everything is compared with."""

    cases: tuple[Case, ...]
    """(N,) pieces that are asked for."""
    real: tuple[RealClip, ...]
    """(N,) their real clips."""
    others: tuple[RealClip, ...]
    """Real clips of other pieces."""

    def views(self, name: str) -> FloatArray:
        """(N, 512) one view of the pieces."""
        return np.stack([clip.views[name] for clip in self.real])

    def moods(self, kind: Kind) -> list[str]:
        """Moods that a kind of request asks for."""
        return [asked_mood(kind, case) for case in self.cases]


def real_figures(ground: Ground) -> KindFigures:
    """Return what real music gets: the ceiling of most figures."""
    clips = [
        MadeClip(c.views["audio"], c.views["audio"], c.features, c.shares, c.ears, c.f1)
        for c in ground.real
    ]
    return kind_figures(REAL, clips, ground)


def kind_figures(kind: Kind, clips: Sequence[MadeClip], ground: Ground) -> KindFigures:
    """Return the figures of one kind of request, one clip for each piece of the ground."""
    asked = kind.name != REAL.name
    moods = ground.moods(kind)
    leads = [case.piece.truth.lead for case in ground.cases] if "lead" in kind.names else None
    genres = [case.piece.truth.genre for case in ground.cases] if "genre" in kind.names else None
    audio = np.stack([clip.audio for clip in clips])
    query = np.stack([clip.query for clip in clips])
    others = ground.others
    return KindFigures(
        title=kind.title,
        clips=len(clips),
        quadrant=_right("quadrant", [quadrant_of(m) for m in moods], clips),
        real_quadrant=_right("quadrant", [quadrant_of(m) for m in moods], ground.real),
        mood=_right("mood", moods, clips),
        real_mood=_right("mood", moods, ground.real),
        genre=None if genres is None else _right("genre", genres, clips),
        lead=None if leads is None else _right("lead", leads, clips),
        lead_of_three=None if leads is None else _right("lead", leads, clips, 3),
        tempo=_tempo(clips, ground.cases) if kind.ears == "tempo" else None,
        key=_key(clips, ground.cases) if kind.ears == "tempo" else None,
        melody_f1=_mean([c.f1.f1 for c in clips if c.f1 is not None]),
        own_melody_f1=_mean([c.own_f1.f1 for c in clips if c.own_f1 is not None]),
        intensity=_intensity(clips, ground.cases),
        query_score=mean_cosine(query, audio) if asked else None,
        real_query_score=mean_cosine(query, ground.views("audio")) if asked else None,
        clap_score=mean_cosine(ground.views("prompt"), audio),
        frechet_judge=frechet_distance(_features(clips), _features(others)),
        frechet_clmp=frechet_distance(audio, np.stack([c.views["audio"] for c in others])),
        divergence=_divergence(ground.real, clips if asked else [*clips[1:], clips[0]]),
        inception=inception_score(_shares("lead", clips)),
        imsm=_imsm(audio, ground),
        seconds_per_clip=float(np.mean([clip.seconds for clip in clips])) if asked else None,
    )


def retrieval(clips: Sequence[RealClip], names: Sequence[str]) -> dict[str, Recall]:
    """Return the recalls between each two views of real clips, in both directions."""
    views = {name: np.stack([clip.views[name] for clip in clips]) for name in names}
    found = {}
    for first, second in permutations(names, 2):
        places = ranks(views[first], views[second])
        shares = (recall_at_k(places, k) for k in (1, 5, 10))
        found[f"{first}_to_{second}"] = Recall(*shares)
    return found


def judge_figures(cases: Sequence[Case], clips: Sequence[RealClip]) -> dict[str, float]:
    """Return the judge's shares of right answers on real clips, by head."""
    truths = [case.piece.truth for case in cases]
    answers: dict[str, list[str]] = {
        "quadrant": [quadrant_of(truth.mood) for truth in truths],
        "mood": [truth.mood for truth in truths],
        "genre": [truth.genre for truth in truths],
        "lead": [truth.lead for truth in truths],
        "mode": [str(truth.key.mode) for truth in truths],
        "drums": [HEADS["drums"][truth.has_drums] for truth in truths],
    }
    return {head: _right(head, asked, clips) for head, asked in answers.items()}


def _right(
    head: str, asked: Sequence[str], clips: Sequence[MadeClip | RealClip], first: int = 1
) -> float:
    """Share of clips whose asked class is among the judge's ``first`` likeliest."""
    hits = [
        HEADS[head].index(name) in np.argsort(-clip.shares[head], kind="stable")[:first]
        for name, clip in zip(asked, clips, strict=True)
    ]
    return sum(hits) / len(hits)


def _tempo(clips: Sequence[MadeClip], cases: Sequence[Case]) -> float:
    hits = [
        clip.ears is not None and same_tempo(clip.ears.tempo_bpm, case.piece.truth.tempo_bpm)
        for clip, case in zip(clips, cases, strict=True)
    ]
    return sum(hits) / len(hits)


def _key(clips: Sequence[MadeClip], cases: Sequence[Case]) -> float:
    hits = [
        clip.ears is not None and clip.ears.key == str(case.piece.truth.key)
        for clip, case in zip(clips, cases, strict=True)
    ]
    return sum(hits) / len(hits)


def _intensity(clips: Sequence[MadeClip], cases: Sequence[Case]) -> float | None:
    """Share of clips whose level moves as it was asked to."""
    return _mean(
        [
            float((clip.rise_db > 0) == (course_of(case) == RISING))
            for clip, case in zip(clips, cases, strict=True)
            if clip.rise_db is not None
        ]
    )


def _divergence(real: Sequence[RealClip], clips: Sequence[MadeClip]) -> float:
    pairs = ((_shares(head, real), _shares(head, clips)) for head in COMPARED)
    return sum(paired_divergence(*pair) for pair in pairs)


def _imsm(audio: FloatArray, ground: Ground) -> Similarity | None:
    if any("picture" not in clip.views for clip in ground.real):
        return None
    pictures, texts = ground.views("picture"), ground.views("prompt")
    value, chance = image_music_similarity(pictures, audio, texts)
    real, _ = image_music_similarity(pictures, ground.views("audio"), texts)
    return Similarity(len(audio), value, real, chance)


def _features(clips: Sequence[MadeClip | RealClip]) -> FloatArray:
    return np.stack([clip.features for clip in clips])


def _shares(head: str, clips: Sequence[MadeClip | RealClip]) -> FloatArray:
    return np.stack([clip.shares[head] for clip in clips])


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
