"""CLIP's tokens, held against another implementation."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from descant.models.bpe import VocabularyError, byte_symbols
from descant.models.clip_bpe import BEGIN, END, ClipTokenizer

MERGES = [
    ("t", "h"), ("th", "e</w>"), ("c", "at</w>"), ("a", "t</w>"), ("'", "s</w>"), ("a", "a"),
    ("aa", "a</w>"), ("Ã", "©</w>"), ("!", "!"), ("!!", "!</w>"),
]  # fmt: skip
PIECES = [
    *byte_symbols(), *(f"{symbol}</w>" for symbol in byte_symbols()),
    *dict.fromkeys("".join(pair) for pair in MERGES), BEGIN, END,
]  # fmt: skip
VOCABULARY = {piece: number for number, piece in enumerate(PIECES)}
PAD = VOCABULARY["!"]


@pytest.fixture(scope="module", name="theirs")
def their_tokenizer() -> object:
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed")
    from tokenizers import Regex, models, normalizers, pre_tokenizers

    model = models.BPE(
        vocab=VOCABULARY, merges=MERGES, end_of_word_suffix="</w>", unk_token=END
    )  # fmt: skip
    whole = tokenizers.Tokenizer(model)
    whole.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    words = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    whole.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(words), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return whole


def ours(max_tokens: int = 77) -> ClipTokenizer:
    return ClipTokenizer(VOCABULARY, MERGES, PAD, max_tokens)


ALPHABET = st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"])


@given(st.text(ALPHABET | st.sampled_from("the cat's 12!é\t\n"), max_size=40))
@example("The cat's   aaa\n\u3000cafe\u0301 don't 2026!!!")
@example("")
def test_the_same_ids(theirs: object, text: str) -> None:
    wanted = theirs.encode(text).ids  # type: ignore[attr-defined]
    found = ours(400).encode(text)
    assert not found.truncated
    assert len(found.ids) == 400
    assert found.ids[0] == VOCABULARY[BEGIN]
    assert list(found.ids[1 : 1 + len(wanted)]) == wanted
    assert found.ids[1 + len(wanted)] == VOCABULARY[END]
    assert set(found.ids[2 + len(wanted) :]) <= {PAD}


def test_what_is_too_long_is_cut() -> None:
    found = ours(5).encode("the cat the cat")
    words = [VOCABULARY["the</w>"], VOCABULARY["cat</w>"]]
    assert found.truncated
    assert found.ids == (VOCABULARY[BEGIN], *words, words[0], VOCABULARY[END])


def test_files_that_do_not_fit_are_refused() -> None:
    text = "\n".join(" ".join(pair) for pair in MERGES)
    files = json.dumps(VOCABULARY).encode(), f"#version\n{text}\n".encode()
    assert ClipTokenizer.from_files(*files, PAD).encode("cat") == ours().encode("cat")
    for vocabulary, pad, message in (
        ({"a": 0}, 0, "lacks"), (VOCABULARY, -1, "pad token"), (VOCABULARY, 10**6, "pad token"),
    ):  # fmt: skip
        with pytest.raises(VocabularyError, match=message):
            ClipTokenizer(vocabulary, [] if len(vocabulary) == 1 else MERGES, pad)
    with pytest.raises(ValueError, match="max_tokens"):
        ours(2)
