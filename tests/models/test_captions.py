"""Captions say true things in many wordings, and keep some back for testing."""

from __future__ import annotations

import re
from random import Random

from descant.models.synthset import wording
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import compose
from descant.models.theory.words import GENRES, LEADS, MOODS, TEMPO_WORDS

TRUTHS = [compose(seed).truth for seed in range(30)]


def says(text: str, options: tuple[str, ...]) -> bool:
    return any(option.lower() in text.lower() for option in options)


def test_the_same_rng_says_the_same() -> None:
    truth = TRUTHS[0]
    assert caption(truth, Random(3), "train") == caption(truth, Random(3), "train")


def test_wordings_are_many() -> None:
    rng = Random(0)
    assert len({caption(TRUTHS[0], rng, "train") for _ in range(300)}) > 200


def test_most_captions_are_detailed() -> None:
    rng = Random(1)
    full = 0
    for truth in TRUTHS * 8:
        text = caption(truth, rng, "train")
        lead = says(text, wording.LEAD_WORDS.get(truth.lead, (truth.lead,)))
        genre = says(text, wording.GENRE_WORDS[truth.genre])
        tempo = str(round(truth.tempo_bpm)) in text or says(text, tuple(TEMPO_WORDS))
        key = re.search(r"\b[A-G]( ?#| ?b| sharp| flat)? ?(major|minor|m\b)", text, re.IGNORECASE)
        full += lead and genre and bool(tempo or key)
    assert full >= 0.6 * len(TRUTHS) * 5


def test_numbers_and_keys_in_captions_are_true() -> None:
    rng = Random(2)
    for truth in TRUTHS * 4:
        text = caption(truth, rng, "train", detail=3)
        for number in re.findall(r"(\d+) (?:bpm|beats)", text):
            assert int(number) == round(truth.tempo_bpm)
        if "major" in text.lower():
            assert truth.key.mode == "major"


def test_captions_are_well_formed() -> None:
    rng = Random(4)
    for truth in TRUTHS:
        for split in ("train", "test"):
            for detail in (0, 1, 2, 3):
                text = caption(truth, rng, split, detail)
                assert text
                assert "{" not in text
                assert "  " not in text
                assert not re.search(r"\b(\w+) \1\b", text), text
                assert not re.search(r"\ba [aeiou]", text), text


def test_short_captions_are_short() -> None:
    rng = Random(5)
    assert all(len(caption(t, rng, "train", detail=0).split()) <= 9 for t in TRUTHS)


def test_training_never_uses_the_words_kept_for_testing() -> None:
    rng = Random(6)
    kept = [entry[-1] for entry in wording.MOOD_WORDS.values()]
    texts = [caption(truth, rng, "train", detail=0).lower() for truth in TRUTHS * 10]
    allowed = {word for entry in wording.MOOD_WORDS.values() for word in entry[:-1]}
    hidden = [word for word in kept if word not in allowed]
    assert not any(re.search(rf"\b{word}\b", text) for text in texts for word in hidden)


def test_tables_cover_the_vocabulary() -> None:
    assert set(wording.GENRE_WORDS) == set(GENRES)
    assert set(wording.MOOD_WORDS) == set(MOODS) == set(wording.USE_MOODS)
    assert set(wording.LEAD_WORDS) <= set(LEADS)
