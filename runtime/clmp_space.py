"""A starter pack's CLMP space, as far as words and pictures need it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.scene_words import SCENE_PHRASES
from descant.models.tokenizer import Tokenizer
from descant.runtime.errors import PackFormatError
from descant.runtime.inputs import no_eyes
from descant.runtime.pieces import drain, ready
from descant.runtime.sessions import Sessions
from descant.runtime.sight import can_see, embed_pictures, picture_features
from descant.runtime.sound import unit_mean
from descant.runtime.story import read_story
from descant.runtime.story_pool import story_pool

FloatArray = NDArray[np.float32]

WORDS = "picture_words"
BATCH = 32
"""Texts that are embedded at a time; they are padded to the longest."""


class ClmpSpace:
    """Brings short texts and pictures to where music is."""

    def __init__(self, sessions: Sessions, tokenizer: Tokenizer) -> None:
        self._sessions = sessions
        self._tokenizer = tokenizer

    def texts(self, texts: Sequence[str], tale: bool = False) -> FloatArray:
        """(B, D) unit vectors, by way of the caption adapter or the story adapter, if there is one.

        Of 600 drawn scenes, 36 % were nearest to their own place as a story tells it, and 12 % to
        it as a caption of music does.
        """
        batches = (texts[begin : begin + BATCH] for begin in range(0, len(texts), BATCH))
        return np.concatenate([self._texts(batch, tale) for batch in batches])

    def picture(self, pixels: NDArray[np.uint8]) -> FloatArray:
        """(D,) unit vector of (H, W, 3) sRGB.

        Raises:
            RequestError: The pack has no eyes.
        """
        if not can_see(self._sessions):
            raise no_eyes(self._sessions.pack.spec.id)
        place: FloatArray = drain(embed_pictures(self._sessions, [pixels]))[0]
        return place

    def scene_words(self, pixels: NDArray[np.uint8]) -> dict[str, FloatArray] | None:
        """Probabilities of places, times and weathers; None if the pack doesn't tell them.

        Raises:
            PackFormatError: It tells others than are known here.
        """
        if not can_see(self._sessions) or WORDS not in self._sessions.pack.spec.graphs:
            return None
        feature = drain(picture_features(self._sessions, [pixels]))
        found = self._sessions[WORDS].run(feature=feature)
        if any(found[kind].shape[1] != len(words) for kind, words in SCENE_PHRASES.items()):
            raise PackFormatError(
                f"graph {WORDS!r} tells other places, times or weathers than are known here",
                hint="get the pack again, or a newer descant",
            )
        return {kind: rows[0] for kind, rows in found.items()}

    def scene(self, description: str, story: str) -> FloatArray:
        """(D,) unit vector of a description and a story, of which one may be empty."""
        if not story.strip():
            only: FloatArray = self.texts([description])[0]
            return only
        pool = story_pool(self._sessions, self._tokenizer)
        # a pool of the pack's own knows the text tower as it is
        encode = self.texts if pool is None else self._plain
        told = drain(
            read_story(
                story,
                lambda piece: ready(encode([piece])[0]),
                pool,
                lambda piece: not self._tokenizer.encode(piece).truncated,
            )
        ).embedding
        return unit_mean([told, *self.texts([description])]) if description.strip() else told

    def _texts(self, texts: Sequence[str], tale: bool) -> FloatArray:
        embedding = self._plain(texts)
        pool = story_pool(self._sessions, self._tokenizer) if tale else None
        if pool is not None:
            rows = zip(embedding, texts, strict=True)
            return np.stack([drain(pool(row[None], (text,))) for row, text in rows])
        if "caption_adapter" in self._sessions.pack.spec.graphs:
            embedding = self._sessions["caption_adapter"].run(embedding=embedding)["adapted"]
        return embedding

    def _plain(self, texts: Sequence[str]) -> FloatArray:
        """(B, D) of the text tower itself."""
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros(ids.shape, np.float32)
        for row, own in enumerate(tokens):
            ids[row, : len(own)], mask[row, : len(own)] = own, 1.0
        embedding: FloatArray = self._sessions["text_encoder"].run(tokens=ids, mask=mask)[
            "embedding"
        ]
        return embedding


class WordSpace:
    """A space where there are no pictures."""

    def __init__(self, embed: Callable[[str], FloatArray], pack: str) -> None:
        """Take a text tower, which returns (D,), and the pack's name."""
        self._embed = embed
        self._pack = pack

    def texts(self, texts: Sequence[str], tale: bool = False) -> FloatArray:
        """(B, D) unit vectors; one tower is for all."""
        return np.stack([unit_mean([self._embed(text)[None]])[0] for text in texts])

    def picture(self, pixels: NDArray[np.uint8]) -> FloatArray:
        """Refuse.

        Raises:
            RequestError: Always.
        """
        raise no_eyes(self._pack)

    def scene_words(self, pixels: NDArray[np.uint8]) -> dict[str, FloatArray] | None:
        """Return none."""
        return None

    def scene(self, description: str, story: str) -> FloatArray:
        """(D,) unit vector of a description and a story, of which one may be empty."""
        text = f"{description}\n{story}"
        return drain(read_story(text, lambda piece: ready(self._embed(piece)))).embedding
