"""Byte-level BPE tokens as RoBERTa makes them, from plain ``vocab.json`` and ``merges.txt``.

A text is split into words by the rules of GPT-2 (Radford et al. 2019), each word becomes the
symbols of its UTF-8 bytes, and neighbours are merged in the order of the list of merges (Sennrich
et al. 2016, arXiv 1508.07909). The published implementations bring a hub client with them, which an
offline package must not.
"""

from __future__ import annotations

import heapq
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from descant.models.tokenizer import Tokens

BEGIN, PAD, END, UNKNOWN, MASK = SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
MAX_TOKENS = 512

_SPECIAL = re.compile("(" + "|".join(SPECIAL) + ")")
_CONTRACTION = re.compile("'(?:s|t|re|ve|m|ll|d)")
# Over the classes of the characters: L letter, N number, blank, _ other white space, x the rest.
# White space before a word leaves its last character to the word.
_WORD = re.compile(" ?(?:L+|N+|x+)|[ _]+(?![^ _])|[ _]+")
# Unicode's White_Space, which is less than what str.isspace accepts.
WHITE_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


class VocabularyError(ValueError):
    """A vocabulary or list of merges is damaged; the message names the place."""


class _Classes(dict[int, str]):
    """Class of each code point, found on first use."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)[0]
        if character == " " or category in "LN":
            found = " " if character == " " else category
        else:
            found = "_" if character in WHITE_SPACE else "x"
        self[code] = found
        return found


_CLASSES = _Classes()


def byte_symbols() -> tuple[str, ...]:
    """Return the visible character that stands for each byte.

    Printable Latin-1 stands for itself, the others for the characters from U+0100 on.
    """
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return tuple(chr(byte if byte in printable else next(others)) for byte in range(256))


_SYMBOLS = byte_symbols()


class BpeTokenizer:
    """Text to RoBERTa's ids."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        merges: Sequence[tuple[str, str]],
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        """Build from a vocabulary and the merges in order of precedence.

        Raises:
            VocabularyError: The two don't fit together, or a special token is missing.
            ValueError: ``max_tokens`` leaves no room for text.
        """
        if max_tokens < 3:
            raise ValueError(f"max_tokens must be at least 3, got {max_tokens}")
        check_merges(vocabulary, merges, SPECIAL)
        self.max_tokens = max_tokens
        self._ids = dict(vocabulary)
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._word_ids = lru_cache(maxsize=20000)(self._merge_word)

    @classmethod
    def from_files(
        cls, vocabulary: bytes, merges: bytes, max_tokens: int = MAX_TOKENS
    ) -> BpeTokenizer:
        """Build from the content of ``vocab.json`` and ``merges.txt``.

        Raises:
            VocabularyError: A file is damaged or of another kind.
        """
        return cls(parse_vocabulary(vocabulary), parse_merges(merges), max_tokens)

    def __len__(self) -> int:
        return len(self._ids)

    def encode(self, text: str) -> Tokens:
        """Turn a text into ids, with the begin and end tokens; what doesn't fit is cut.

        Special tokens that are written in the text are understood, as the published code does.
        """
        room = self.max_tokens - 2
        ids: list[int] = []
        for word in words(text):
            ids.extend([self._ids[word]] if word in SPECIAL else self._word_ids(word))
            if len(ids) > room:
                break
        truncated = len(ids) > room
        ids = ids[:room]
        unknown = ids.count(self._ids[UNKNOWN])
        return Tokens((self._ids[BEGIN], *ids, self._ids[END]), truncated, unknown)

    def _merge_word(self, word: str) -> tuple[int, ...]:
        symbols = [_SYMBOLS[byte] for byte in word.encode("utf-8", "replace")]
        unknown = self._ids[UNKNOWN]
        return tuple(self._ids.get(piece, unknown) for piece in merge(symbols, self._ranks))


def merge(symbols: Sequence[str], ranks: Mapping[tuple[str, str], int]) -> list[str]:
    """Join neighbours, the pair of the lowest rank first and everywhere, until no rank is left.

    Takes O(n log n), so that one endless word does not hang the program.
    """
    pieces = [*symbols, ""]  # an empty piece pairs with nothing
    after = list(range(1, len(pieces) + 1))
    before = list(range(-1, len(pieces) - 1))
    heap: list[tuple[int, int]] = []

    def offer(i: int) -> None:
        if i >= 0 and (pieces[i], pieces[after[i]]) in ranks:
            heapq.heappush(heap, (ranks[pieces[i], pieces[after[i]]], i))

    for i in range(len(symbols)):
        offer(i)
    while heap:
        rank = heap[0][0]
        joined: list[int] = []
        # New pairs wait until this pair is joined everywhere, even if their rank is lower.
        while heap and heap[0][0] == rank:
            i = heapq.heappop(heap)[1]
            right = after[i]
            if ranks.get((pieces[i], pieces[right])) == rank:  # else it has changed since
                pieces[i] += pieces[right]
                pieces[right] = ""
                after[i] = after[right]
                before[after[i]] = i
                joined.append(i)
        for i in joined:
            offer(before[i])
            offer(i)
    return [piece for piece in pieces if piece]


def words(text: str) -> Iterator[str]:
    """Split at special tokens, and the rest into words; a word owns the blank before it.

    Nothing is lost but the white space before ``<mask>``.
    """
    spans = [*_SPECIAL.split(text), ""]
    for i, (span, special) in enumerate(pairwise(spans)):
        if i % 2:
            yield span
            continue
        if special == MASK:  # it takes the white space before it
            span = span.rstrip(WHITE_SPACE)
        classes = span.translate(_CLASSES)
        begin = 0
        while begin < len(span):
            match = _CONTRACTION.match(span, begin) or _WORD.match(classes, begin)
            assert match is not None, "every class is covered"
            yield span[begin : match.end()]
            begin = match.end()


def check_merges(
    vocabulary: Mapping[str, int], merges: Sequence[tuple[str, str]], special: Sequence[str]
) -> None:
    """Refuse a vocabulary and merges that don't fit together.

    Raises:
        VocabularyError: They don't, or one of the ``special`` tokens is missing.
    """
    missing = [token for token in special if token not in vocabulary]
    if missing:
        raise VocabularyError(f"vocabulary lacks {', '.join(missing)}")
    if sorted(vocabulary.values()) != list(range(len(vocabulary))):
        raise VocabularyError(f"vocabulary: ids are not 0 … {len(vocabulary) - 1}, each once")
    if len(set(merges)) != len(merges):
        raise VocabularyError("merges: a pair occurs twice")
    for number, (left, right) in enumerate(merges, 1):
        for piece in (left, right, left + right):
            if piece not in vocabulary:
                raise VocabularyError(
                    f"merges: number {number} has {piece!r:.40}, not in vocabulary"
                )


def parse_vocabulary(content: bytes) -> dict[str, int]:
    """Return the tokens' ids, from ``vocab.json``.

    Raises:
        VocabularyError: It is something else.
    """
    try:
        vocabulary = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise VocabularyError(f"vocabulary is not JSON: {error}") from error
    if not isinstance(vocabulary, dict):
        raise VocabularyError(f"vocabulary: expected an object, got {type(vocabulary).__name__}")
    for token, i in vocabulary.items():
        if not isinstance(i, int) or isinstance(i, bool):
            raise VocabularyError(f"vocabulary: {token!r:.40} has the id {i!r:.40}")
    return vocabulary


def parse_merges(content: bytes) -> list[tuple[str, str]]:
    """Return the pairs of ``merges.txt``.

    Raises:
        VocabularyError: It is something else.
    """
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"merges are not UTF-8: {error}") from error
    merges: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        pair = line.removesuffix("\r").split(" ")
        if pair == [""] or (number == 1 and line.startswith("#version")):
            continue
        if len(pair) != 2 or not all(pair):
            raise VocabularyError(f"merges: line {number} is not a pair of symbols: {line!r:.60}")
        merges.append((pair[0], pair[1]))
    return merges
