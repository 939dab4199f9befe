"""The captioner and the bridge that need no language model: nearest phrases in CLMP space."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.scene_words import (
    MUSIC_TAGS,
    NO_PLACE,
    SCENE_PHRASES,
    UNSAID,
    tempos_of,
)
from descant.runtime.captions import Caption, MusicPrompt, Scene, Sight, Tag, shortened

FloatArray = NDArray[np.float32]

NAME = "nearest phrases"
SURE = 0.5
"""Probability from which a phrase is said. Of 600 drawn scenes a place was below it in 49 % of the
abstract ones and in 1 % of the others."""
KINSHIP = 0.5
"""Weight of an instrument's nearness to the genre. With it, the instrument was one that the genre
has in 71 % of 600 drawn scenes, without in 47 %; it was the music's own in 4 to 5 % either way."""


class Embedder(Protocol):
    """Brings words and pictures to CLMP space."""

    def texts(self, texts: Sequence[str], tale: bool = False) -> FloatArray:
        """(B, D) unit vectors of short texts, of music or of what a tale tells."""

    def picture(self, pixels: NDArray[np.uint8]) -> FloatArray:
        """(D,) unit vector of (H, W, 3) sRGB."""

    def scene_words(self, pixels: NDArray[np.uint8]) -> dict[str, FloatArray] | None:
        """Probabilities of the phrases of each kind of ``SCENE_PHRASES``, if they can be told."""

    def scene(self, description: str, story: str) -> FloatArray:
        """(D,) unit vector of what is said; one of both may be empty."""


class PhraseBank:
    """Phrases of several kinds, of which the nearest of each kind are looked up."""

    def __init__(
        self, embedder: Embedder, phrases: Mapping[str, tuple[str, ...]], tale: bool = False
    ) -> None:
        """Embed all phrases at once, as words for music or of a tale.

        A kind's mean is taken off its phrases: what they share, being about places or about music,
        says nothing about which of them is meant.
        """
        self._phrases = dict(phrases)
        rows = embedder.texts([text for texts in phrases.values() for text in texts], tale)
        self._rows: dict[str, FloatArray] = {}
        begin = 0
        for kind, texts in phrases.items():
            own = rows[begin : begin + len(texts)]
            begin += len(texts)
            self._rows[kind] = _unit(own - own.mean(0))

    def scores(self, place: FloatArray) -> dict[str, FloatArray]:
        """Return the similarity of (D,) to each phrase of each kind, -1 … 1."""
        return {kind: rows @ place for kind, rows in self._rows.items()}

    def kinship(self, kind: str, other: str) -> FloatArray:
        """Return the similarity of each phrase of one kind to each of another."""
        return self._rows[kind] @ self._rows[other].T

    def nearest(self, place: FloatArray) -> tuple[Tag, ...]:
        """Return the best phrase of each kind."""
        return best_of(self._phrases, self.scores(place))


class NearestCaptioner:
    """Says which place, time of day and weather a picture is most like."""

    name = NAME
    suffices = False

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @cached_property
    def _bank(self) -> PhraseBank:
        return PhraseBank(self._embedder, SCENE_PHRASES, tale=True)

    def captions(self, sights: Sequence[Sight]) -> tuple[Caption, ...]:
        """Put a caption together of each picture's nearest phrases."""
        return tuple(self._caption(sight) for sight in sights)

    def _caption(self, sight: Sight) -> Caption:
        scores = self._embedder.scene_words(sight.pixels)
        if scores is None:
            found = self._bank.nearest(self._embedder.picture(sight.pixels))
            return Caption(sight.name, sight.second, phrase(found), found[0].score)
        place, *others = best_of(SCENE_PHRASES, scores)
        if place.score < SURE:
            return Caption(sight.name, sight.second, NO_PLACE, 1.0 - place.score)
        told = [tag for tag in others if tag.score >= SURE]
        return Caption(sight.name, sight.second, phrase([place, *told]), place.score)


class TagBridge:
    """Puts a prompt together of the mood, genre, instrument and tempo that are nearest."""

    name = NAME

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @cached_property
    def _bank(self) -> PhraseBank:
        return PhraseBank(self._embedder, MUSIC_TAGS)

    def music_prompt(self, scene: Scene) -> MusicPrompt:
        """Let pictures and words vote; what the person's own prompt says is left to it."""
        places = [self._embedder.picture(sight.pixels) for sight in scene.sights]
        if scene.story.strip() or not places:
            said = "" if places else scene.description
            places.append(self._embedder.scene(said, scene.story))
        votes = [self._bank.scores(place) for place in places]
        tags = elect(votes, self._bank.kinship("genre", "lead"))
        tags = tuple(tag for tag in tags if not _is_said(tag.kind, scene.prompt))
        return MusicPrompt(sentence(tags), tags)


def best_of(
    phrases: Mapping[str, tuple[str, ...]], scores: Mapping[str, FloatArray]
) -> tuple[Tag, ...]:
    """Return the phrase of each kind that has the highest score."""
    best = {kind: int(np.argmax(scores[kind])) for kind in phrases}
    return tuple(Tag(k, phrases[k][i], float(scores[k][i])) for k, i in best.items())


def phrase(found: Sequence[Tag]) -> str:
    """Return phrases of a scene as one, without those that go without saying."""
    return " ".join(tag.word for tag in found if tag.word not in UNSAID)


def elect(votes: Sequence[Mapping[str, FloatArray]], kinship: FloatArray) -> tuple[Tag, ...]:
    """Return the word of each kind that most pictures are nearest to; of equals the closest.

    A tempo must agree with the mood, and an instrument that is near to the genre is preferred.

    Args:
        votes: Of each picture, the similarity to each word of each kind of ``MUSIC_TAGS``.
        kinship: (genres, leads) similarity of the words themselves.
    """
    chosen: dict[str, Tag] = {}
    for kind, words in MUSIC_TAGS.items():
        favour = np.zeros(len(words), np.float32)
        if kind == "tempo":
            agreeing = tempos_of(chosen["mood"].word)
            favour = np.array([0.0 if word in agreeing else -np.inf for word in words], np.float32)
        elif kind == "lead":
            favour = KINSHIP * kinship[MUSIC_TAGS["genre"].index(chosen["genre"].word)]
        firsts: dict[int, list[float]] = defaultdict(list)
        for vote in votes:
            best = int(np.argmax(vote[kind] + favour))
            firsts[best].append(float(vote[kind][best]))
        winner = max(firsts, key=lambda i: (len(firsts[i]), sum(firsts[i])))
        chosen[kind] = Tag(kind, words[winner], float(np.mean(firsts[winner])))
    return tuple(chosen.values())


def sentence(tags: Sequence[Tag]) -> str:
    """Return tags as words that a person could have asked with."""
    words = {tag.kind: tag.word for tag in tags}
    text = f"{words.get('mood', '')} {words.get('genre', 'music')}".strip()
    if "lead" in words:
        text += f" with {words['lead']}"
    if "tempo" in words:
        text += f", {words['tempo']} tempo"
    return shortened(text)


def _is_said(kind: str, prompt: str) -> bool:
    """Whether a prompt names a word of that kind itself."""
    lowered = prompt.lower()
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lowered) for word in MUSIC_TAGS[kind])


def _unit(rows: FloatArray) -> FloatArray:
    scaled: FloatArray = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return scaled
