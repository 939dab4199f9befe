"""How often the embedded captioner and bridge are right about drawn scenes of the test split.

``python -m tests.bench_explain --pack starter --count 500`` prints, for each kind of word, how
often the nearest is the scene's, how often it is among three, and how often the most frequent one
is right; and how often the music prompt's mood, and its quadrant of valence and arousal, are those
of the music.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from numpy.typing import NDArray

from descant.models.synthset.compose import Piece, compose
from descant.models.synthset.gallery import picture, scene_of
from descant.models.synthset.genres import GENRES
from descant.models.synthset.settings import ABSTRACT
from descant.models.theory.feelings import FEELINGS
from descant.models.theory.scene_words import (
    MUSIC_TAGS,
    NO_PLACE,
    PLACES,
    SCENE_PHRASES,
    TIMES,
    WEATHERS,
)
from descant.models.theory.words import tempo_words
from descant.runtime import Engine
from descant.runtime.captions import Sight
from descant.runtime.phrases import NearestCaptioner, PhraseBank, elect

FloatArray = NDArray[np.float32]
SIZE = (128, 128)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_explain")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    pieces = [compose(seed, "test") for seed in range(options.seed, options.seed + options.count)]
    pictures = [np.asarray(picture(piece, SIZE).convert("RGB")) for piece in pieces]
    with Engine.open(options.pack, "cpu") as engine:
        space = engine.on_device(lambda pipeline: pipeline.space)
        captions = NearestCaptioner(space).captions([Sight("", p) for p in pictures])
        bank, scenes = PhraseBank(space, MUSIC_TAGS), PhraseBank(space, SCENE_PHRASES, tale=True)
        votes = []
        for pixels in pictures:
            place = space.picture(pixels)
            told = space.scene_words(pixels) or scenes.scores(place)
            votes.append({**told, **bank.scores(place)})
    truths = [_truth(piece) for piece in pieces]
    print(f"{'kind':9} {'of':>4} {'first':>7} {'three':>7} {'usual':>7}")
    for kind, words in {**SCENE_PHRASES, **MUSIC_TAGS}.items():
        _print_kind(kind, words, votes, truths)
    right = [
        caption.text.startswith(truth.get("places", NO_PLACE))
        for caption, truth in zip(captions, truths, strict=True)
    ]
    print(f"captions that name the place, or none of abstract pictures: {np.mean(right):.1%}")
    _print_prompts(votes, bank.kinship("genre", "lead"), pieces)
    return 0


def _truth(piece: Piece) -> dict[str, str]:
    """Return the right phrase of each kind that there is one of."""
    scene, music = scene_of(piece), piece.truth
    found = {"mood": music.mood, "genre": music.genre, "lead": music.lead}
    found |= {"tempo": tempo} if (tempo := _tempo(music.tempo_bpm)) else {}
    if scene.style not in ABSTRACT:
        found |= {"places": PLACES[scene.place], "times": TIMES[scene.time_of_day]}
        found["weathers"] = WEATHERS[scene.weather]
    return found


def _tempo(tempo_bpm: float) -> str:
    """Return the tag that fits a tempo, if one does."""
    return next((word for word in tempo_words(tempo_bpm) if word in MUSIC_TAGS["tempo"]), "")


def _print_kind(
    kind: str,
    words: tuple[str, ...],
    votes: list[dict[str, FloatArray]],
    truths: list[dict[str, str]],
) -> None:
    pairs = [(vote[kind], truth[kind]) for vote, truth in zip(votes, truths, strict=True)
             if kind in truth]  # fmt: skip
    ranks = np.array([int((scores > scores[words.index(right)]).sum()) for scores, right in pairs])
    usual = max(np.unique([right for _, right in pairs], return_counts=True)[1]) / len(pairs)
    print(
        f"{kind:9} {len(words):4} {np.mean(ranks == 0):7.1%} {np.mean(ranks < 3):7.1%} {usual:7.1%}"
    )


def _print_prompts(
    votes: list[dict[str, FloatArray]], kinship: FloatArray, pieces: list[Piece]
) -> None:
    """Say how good the prompts are."""
    prompts = [{tag.kind: tag.word for tag in elect([vote], kinship)} for vote in votes]
    moods = [words["mood"] for words in prompts]
    suits = np.mean([words["lead"] in GENRES[words["genre"]].leads for words in prompts])
    wanted = [piece.truth.mood for piece in pieces]
    exact = np.mean([a == b for a, b in zip(moods, wanted, strict=True)])
    quadrant = np.mean([_quadrant(a) == _quadrant(b) for a, b in zip(moods, wanted, strict=True)])
    usual = max(np.unique([_quadrant(m) for m in wanted], return_counts=True)[1]) / len(wanted)
    print(f"prompt's mood {exact:.1%}, its quadrant {quadrant:.1%} (most frequent {usual:.1%})")
    different = len(set(map(str, prompts)))
    print(f"instruments that the genre has {suits:.1%}; different prompts {different}")


def _quadrant(mood: str) -> int:
    valence, arousal = FEELINGS[mood]
    return 2 * (valence >= 0.0) + (arousal >= 0.0)


if __name__ == "__main__":
    sys.exit(main())
