"""RoBERTa's tokens beside those of another implementation, and damaged files."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from descant.models.bpe import (
    SPECIAL,
    BpeTokenizer,
    VocabularyError,
    byte_symbols,
    merge,
    words,
)

tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed; it judges ours")

_NOTHING = ("Cn", "Cs", "Co")
"""Categories of unassigned, surrogate and private code points."""
CORPUS = [
    "calm piano in the rain, it's a slow waltz at 120 bpm!",
    "We've heard they'll play; don't  stop\n\nthe music...   ",
    "Ünïcödé 音楽 음악 مرحبا музыка 🎵🎶 x² ⅷ 12345",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Return ``vocab.json`` and ``merges.txt`` of a small vocabulary trained here."""
    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator(
        CORPUS * 4, vocab_size=420, min_frequency=2, special_tokens=list(SPECIAL)
    )
    folder: Path = tmp_path_factory.mktemp("bpe")
    trained.save_model(str(folder))
    return (folder / "vocab.json").read_bytes(), (folder / "merges.txt").read_bytes()


@pytest.fixture(scope="module")
def ours(files: tuple[bytes, bytes]) -> BpeTokenizer:
    """Return our tokenizer, which cuts at 24 tokens."""
    return BpeTokenizer.from_files(*files, max_tokens=24)


@pytest.fixture(scope="module")
def judge(files: tuple[bytes, bytes]) -> Any:
    """Return the published tokenizer's pipeline on the same files."""
    vocabulary = json.loads(files[0])
    lines = files[1].decode().splitlines()[1:]
    pipeline = tokenizers.Tokenizer(
        tokenizers.models.BPE(vocabulary, [tuple(line.split(" ")) for line in lines])
    )
    pipeline.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    pipeline.post_processor = tokenizers.processors.RobertaProcessing(
        ("</s>", vocabulary["</s>"]), ("<s>", vocabulary["<s>"])
    )
    marks = [tokenizers.AddedToken(mark, lstrip=mark == "<mask>") for mark in SPECIAL]
    pipeline.add_special_tokens(marks)
    pipeline.enable_truncation(24)
    return pipeline


_PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [*SPECIAL, "<s", "'s", "'re", "'LL", " '", "  ", "\t", "\n ", "\u3000", "\x1c"]
    ),
    st.sampled_from(" ".join(CORPUS).split(" ")),
)


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(_PIECES, max_size=12))
@example(pieces=["a", "\x1f", "<mask>"])
@example(pieces=["a \u2003\t", "<mask>", " b"])
def test_ids_are_those_of_the_other_implementation(
    ours: BpeTokenizer, judge: Any, pieces: list[str]
) -> None:
    text = "".join(pieces)
    assert ours.encode(text).ids == tuple(judge.encode(text).ids)


def test_every_character_is_split_as_by_the_other_implementation() -> None:
    split = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    # Both know the characters of Unicode 3.2; of later ones, each knows those of its own version.
    old = [c for c in range(0x110000) if unicodedata.ucd_3_2_0.category(chr(c)) not in _NOTHING]
    assert len(old) > 95_000
    for first in range(0, len(old), 128):
        text = "".join(f"a{chr(c)}b {chr(c)}1{chr(c)} " for c in old[first : first + 128])
        theirs = [text[begin:end] for _, (begin, end) in split.pre_tokenize_str(text)]
        assert list(words(text)) == theirs


def test_splitting_loses_nothing() -> None:
    for first in range(0, 0x110000, 0x1000):
        text = " ".join(map(chr, range(first, first + 0x1000)))
        assert "".join(words(text)) == text


def test_empty_text_is_begin_and_end(ours: BpeTokenizer, files: tuple[bytes, bytes]) -> None:
    vocabulary = json.loads(files[0])
    assert ours.encode("").ids == (vocabulary["<s>"], vocabulary["</s>"])
    assert not ours.encode("").truncated


def test_a_long_text_is_cut_and_reported(ours: BpeTokenizer) -> None:
    tokens = ours.encode("piano " * 40)
    assert tokens.truncated
    assert len(tokens.ids) == 24
    assert not ours.encode("piano").truncated


def test_an_endless_word_is_cut_in_time(ours: BpeTokenizer) -> None:
    word = "".join(chr(97 + i * i % 23) for i in range(200_000))
    for text in (word, " " * 200_000 + "x", "<mask" * 40_000):
        assert len(ours.encode(text).ids) <= 24


def test_half_a_surrogate_pair_is_text_too(ours: BpeTokenizer) -> None:
    assert ours.encode("a\ud800b").ids == ours.encode("a?b").ids


def test_a_missing_symbol_is_unknown(files: tuple[bytes, bytes]) -> None:
    vocabulary = {token: i for i, token in enumerate((*SPECIAL, "a", "b", "ab"))}
    tokens = BpeTokenizer(vocabulary, [("a", "b")]).encode("abc")
    assert tokens.ids == (0, 7, 3, 2)
    assert tokens.unknown == 1


def _merge_by_passes(symbols: Sequence[str], ranks: dict[tuple[str, str], int]) -> list[str]:
    """Follow the definition: each pass joins one pair, left to right, wherever it occurs."""
    pieces = list(symbols)
    while known := [ranks[pair] for pair in pairwise(pieces) if pair in ranks]:
        rank, joined, i = min(known), [], 0
        while i < len(pieces):
            here = tuple(pieces[i : i + 2])
            hit = len(here) == 2 and ranks.get((here[0], here[1])) == rank
            joined.append("".join(here) if hit else pieces[i])
            i += 2 if hit else 1
        pieces = joined
    return pieces


_SYMBOL = st.text("abc", min_size=1, max_size=3)


@settings(max_examples=300, deadline=None)
@given(
    word=st.text("abc", max_size=24),
    pairs=st.lists(st.tuples(_SYMBOL, _SYMBOL), max_size=20, unique=True),
)
def test_merging_follows_the_definition(word: str, pairs: list[tuple[str, str]]) -> None:
    ranks = {pair: rank for rank, pair in enumerate(pairs)}
    assert merge(list(word), ranks) == _merge_by_passes(list(word), ranks)


def test_each_byte_has_a_visible_symbol() -> None:
    symbols = byte_symbols()
    assert len(set(symbols)) == 256
    assert all(symbol.isprintable() and not symbol.isspace() for symbol in symbols)


@pytest.mark.parametrize(
    ("vocabulary", "merges", "complaint"),
    [
        (b"\xff", b"", "not JSON"),
        (b"[" * 100_000, b"", "not JSON"),
        (b"[1]", b"", "expected an object"),
        (b'{"<s>": 0.5}', b"", "has the id 0.5"),
        (b'{"<s>": true}', b"", "has the id True"),
        (b'{"<s>": 0}', b"", "lacks <pad>"),
        (None, b"a b c\n", "line 1 is not a pair"),
        (None, b"#version: 0.2\n\na\n", "line 3 is not a pair"),
        (None, b"\xffa b\n", "not UTF-8"),
        (None, b"a b\na b\n", "occurs twice"),
        (None, b"a b\nab b\n", "number 2 has 'abb'"),
    ],
)
def test_damaged_files_are_refused(vocabulary: bytes | None, merges: bytes, complaint: str) -> None:
    good = json.dumps({token: i for i, token in enumerate((*SPECIAL, "a", "b", "ab"))}).encode()
    with pytest.raises(VocabularyError, match=complaint):
        BpeTokenizer.from_files(good if vocabulary is None else vocabulary, merges)


def test_ids_with_a_gap_are_refused() -> None:
    vocabulary = {token: 2 * i for i, token in enumerate(SPECIAL)}
    with pytest.raises(VocabularyError, match="each once"):
        BpeTokenizer(vocabulary, [])
    with pytest.raises(ValueError, match="max_tokens"):
        BpeTokenizer({}, [], max_tokens=2)


@settings(max_examples=100, deadline=None)
@given(vocabulary=st.binary(max_size=60), merges=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(vocabulary: bytes, merges: bytes) -> None:
    with pytest.raises(VocabularyError):
        BpeTokenizer.from_files(vocabulary, merges)


def test_windows_line_ends_make_no_difference(files: tuple[bytes, bytes]) -> None:
    windows = BpeTokenizer.from_files(files[0], files[1].replace(b"\n", b"\r\n"))
    assert windows.encode(CORPUS[0]).ids == BpeTokenizer.from_files(*files).encode(CORPUS[0]).ids
