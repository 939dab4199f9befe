"""CLIP's tokens (Radford et al. 2021) from plain ``vocab.json`` and ``merges.txt``.

Byte-level BPE like RoBERTa's, but of lower-case text, with the end of a word marked and the blanks
between words dropped. A word is a run of letters, a single digit or a run of other signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from descant.models.bpe import (
    WHITE_SPACE,
    VocabularyError,
    byte_symbols,
    check_merges,
    merge,
    parse_merges,
    parse_vocabulary,
)
from descant.models.tokenizer import Tokens

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
_LAST = "</w>"
_SYMBOLS = byte_symbols()
_CONTRACTION = re.compile("'(?:s|t|re|ve|m|ll|d)")
_BLANKS = re.compile(f"[{WHITE_SPACE}]+")
_WORD = re.compile("L+|N|x+")
"""Over the classes of the characters."""


class ClipTokenizer:
    """Text to ids of a fixed number."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        merges: Sequence[tuple[str, str]],
        pad_token: int,
        max_tokens: int = 77,
    ) -> None:
        """Build from a vocabulary and the merges in order of precedence.

        Args:
            vocabulary: Piece -> id.
            merges: Pairs, the first first.
            pad_token: Id that fills up after the end.
            max_tokens: Length of every result.

        Raises:
            VocabularyError: They don't fit together, or a special token is missing.
            ValueError: ``max_tokens`` leaves no room for text.
        """
        if max_tokens < 3:
            raise ValueError(f"max_tokens must be at least 3, got {max_tokens}")
        check_merges(vocabulary, merges, (BEGIN, END))
        if not 0 <= pad_token < len(vocabulary):
            raise VocabularyError(f"pad token {pad_token} is not in the vocabulary")
        self.pad_token, self.max_tokens = pad_token, max_tokens
        self._ids = dict(vocabulary)
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._word_ids = lru_cache(maxsize=20000)(self._merge_word)

    @classmethod
    def from_files(
        cls, vocabulary: bytes, merges: bytes, pad_token: int, max_tokens: int = 77
    ) -> ClipTokenizer:
        """Build from the content of ``vocab.json`` and ``merges.txt``; raises alike."""
        return cls(parse_vocabulary(vocabulary), parse_merges(merges), pad_token, max_tokens)

    def __len__(self) -> int:
        return len(self._ids)

    def encode(self, text: str) -> Tokens:
        """Turn a text into ``max_tokens`` ids: begin, text, end, padding; what is over is cut."""
        room = self.max_tokens - 2
        ids: list[int] = []
        for word in clip_words(text):
            ids.extend(self._word_ids(word))
            if len(ids) > room:
                break
        truncated = len(ids) > room
        ids = ids[:room]
        padding = (self.pad_token,) * (room - len(ids))
        whole = (self._ids[BEGIN], *ids, self._ids[END], *padding)
        return Tokens(whole, truncated, ids.count(self._ids[END]))

    def _merge_word(self, word: str) -> tuple[int, ...]:
        symbols = [_SYMBOLS[byte] for byte in word.encode("utf-8", "replace")]
        symbols[-1] += _LAST
        unknown = self._ids[END]  # the published tokenizer's unknown token
        return tuple(self._ids.get(piece, unknown) for piece in merge(symbols, self._ranks))


def clip_words(text: str) -> Iterator[str]:
    """Split a text into words, composed (NFC) and in small letters, without white space."""
    for span in _BLANKS.split(unicodedata.normalize("NFC", text).lower()):
        classes = "".join(_class(character) for character in span)
        begin = 0
        while begin < len(span):
            match = _CONTRACTION.match(span, begin) or _WORD.match(classes, begin)
            assert match is not None, "every class is covered"
            yield span[begin : match.end()]
            begin = match.end()


def _class(character: str) -> str:
    """L letter, N number, x the rest."""
    category = unicodedata.category(character)[0]
    return category if category in "LN" else "x"
