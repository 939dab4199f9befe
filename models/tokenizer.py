"""WordPiece tokens as BERT makes them, from a plain vocabulary file.

The published implementations bring a hub client with them, which an offline package must not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

PAD, UNKNOWN, CLS, SEP = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
MAX_WORD_CHARACTERS = 64
MAX_TEXT_CHARACTERS = 4096
"""More can't reach the encoder: it is cut before any work is spent on it."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenized text."""

    ids: tuple[int, ...]
    """With [CLS] first and [SEP] last."""
    truncated: bool
    """Whether the text had more than fits."""
    unknown: int
    """How many of the ids are [UNK]."""


class Tokenizer:
    """Lower-cased WordPiece with greedy longest match."""

    def __init__(self, vocabulary: Iterable[str], max_tokens: int = 64) -> None:
        """Build from the vocabulary's entries in order of id.

        Raises:
            ValueError: A special token is missing or ``max_tokens`` leaves no room for text.
        """
        self._ids = {piece: i for i, piece in enumerate(vocabulary)}
        missing = [t for t in (PAD, UNKNOWN, CLS, SEP) if t not in self._ids]
        if missing:
            raise ValueError(f"vocabulary lacks {', '.join(missing)}")
        if max_tokens < 3:
            raise ValueError(f"max_tokens must be at least 3, got {max_tokens}")
        self.max_tokens = max_tokens
        self._pieces = lru_cache(maxsize=20000)(self._split_word)

    def __len__(self) -> int:
        return len(self._ids)

    def encode(self, text: str) -> Tokens:
        """Turn a text into ids; what doesn't fit is cut and reported."""
        room = self.max_tokens - 2
        clipped = text[:MAX_TEXT_CHARACTERS]
        ids: list[int] = []
        for word in _words(clipped):
            ids.extend(self._pieces(word))
            if len(ids) > room:
                break
        truncated = len(ids) > room or len(text) > MAX_TEXT_CHARACTERS
        ids = ids[:room]
        unknown = ids.count(self._ids[UNKNOWN])
        return Tokens((self._ids[CLS], *ids, self._ids[SEP]), truncated, unknown)

    def _split_word(self, word: str) -> tuple[int, ...]:
        unknown = (self._ids[UNKNOWN],)
        if len(word) > MAX_WORD_CHARACTERS:
            return unknown
        ids: list[int] = []
        begin = 0
        while begin < len(word):
            end = len(word)
            while end > begin and (("##" if begin else "") + word[begin:end]) not in self._ids:
                end -= 1
            if end == begin:
                return unknown
            ids.append(self._ids[("##" if begin else "") + word[begin:end]])
            begin = end
        return tuple(ids)


def _words(text: str) -> list[str]:
    """Lower-case, strip accents, and split at spaces, punctuation and CJK characters."""
    plain = unicodedata.normalize("NFD", text.lower())
    characters: list[str] = []
    for character in plain:
        category = unicodedata.category(character)
        if category == "Mn" or (category in ("Cc", "Cf", "Co") and not character.isspace()):
            continue
        if character.isspace():
            characters.append(" ")
        elif _stands_alone(character, category):
            characters.append(f" {character} ")
        else:
            characters.append(character)
    return "".join(characters).split()


def _stands_alone(character: str, category: str) -> bool:
    code = ord(character)
    ascii_mark = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_mark or category.startswith("P") or 0x4E00 <= code <= 0x9FFF
