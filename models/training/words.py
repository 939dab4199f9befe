"""Texts as the text tower takes them: ids of its vocabulary, padded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from descant.models import packs
from descant.models.story_windows import split_story
from descant.models.tokenizer import Tokenizer

MAX_TOKENS = 64
STORY_WINDOWS = 10
"""Of a story that training sees; SynthSet's fit."""


@cache
def vocabulary() -> list[str]:
    """Return the pieces of words: the teacher's, less its unused slots and foreign letters."""
    path = Path(packs.__path__[0]) / "starter" / "vocab.txt"
    return path.read_text(encoding="utf-8").splitlines()


@cache
def tokenizer() -> Tokenizer:
    """Return the text tower's tokenizer."""
    return Tokenizer(vocabulary(), MAX_TOKENS)


def plain_words() -> list[str]:
    """Return the vocabulary's whole words."""
    return [w for w in vocabulary() if w.isalpha() and len(w) > 2]


def token_table(texts: Sequence[str]) -> NDArray[np.int16]:
    """(N, 64) ids of texts; 0, which no text holds, behind their ends."""
    table = np.zeros((len(texts), MAX_TOKENS), np.int16)
    for row, text in zip(table, texts, strict=True):
        ids = tokenizer().encode(text).ids
        row[: len(ids)] = ids
    return table


def story_table(story: str) -> NDArray[np.int16]:
    """(10, 64) ids of a story's windows; rows of zeros behind its end."""
    table = np.zeros((STORY_WINDOWS, MAX_TOKENS), np.int16)
    windows = split_story(story)[:STORY_WINDOWS]
    table[: len(windows)] = token_table(windows)
    return table


def ids_and_mask(table: Tensor) -> tuple[Tensor, Tensor]:
    """Turn (..., 64) ids of any integer type into int64 ids and the float mask of real tokens."""
    return table.long(), (table != 0).float()


def pad_tokens(texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return (B, S) int64 ids and the (B, S) float mask, S as the longest text needs."""
    table = token_table(texts)
    longest = int((table != 0).sum(1).max(initial=1))
    return ids_and_mask(torch.from_numpy(table[:, :longest]))
