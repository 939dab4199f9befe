"""Stories are long enough, grammatical, varied and true, and keep wordings for testing."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.synthset.compose import Split, Truth, compose
from descant.models.synthset.scenery import SceneTruth, imagine
from descant.models.synthset.scenes import TIMES
from descant.models.synthset.settings import FIGURES, SETTINGS, WEATHERS
from descant.models.synthset.stories.grammar import Teller, held_out, sentence
from descant.models.synthset.stories.tables import NAMES, table
from descant.models.synthset.stories.tell import VOICES, tell
from descant.models.synthset.stories.verbs import conjugate
from descant.models.synthset.wording import LEAD_WORDS
from descant.models.theory.words import GENRES, MOODS

SPLITS: tuple[Split, Split] = ("train", "test")


@lru_cache(maxsize=1)
def truths() -> tuple[Truth, ...]:
    return tuple(compose(seed).truth for seed in range(100))


@lru_cache(maxsize=2)
def stories(split: Split) -> tuple[tuple[SceneTruth, Truth, str, str], ...]:
    found = []
    for k in range(600):
        truth = truths()[k % 100]
        scene, voice = imagine(truth, k, split), VOICES[k % len(VOICES)]
        found.append((scene, truth, voice, tell(truth, scene, Random(k), split, voice)))
    return tuple(found)


def every_template() -> list[str]:
    """Return every string of every table."""

    def walk(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        items = value.values() if isinstance(value, dict) else value
        assert isinstance(items, list) or hasattr(items, "__iter__")
        return list(chain.from_iterable(walk(item) for item in items))

    return list(chain.from_iterable(walk(table(name)) for name in NAMES))


def fragments(template: str, least: int = 14) -> list[str]:
    """Return what a template says whatever is filled in, its pieces that are long enough."""
    fixed = re.split(r"\[[^\]]*\]|{\w+}|<[\w.]+>", template)
    return [piece.strip(" ,.") for piece in fixed if len(piece.strip(" ,.")) >= least]


def says(text: str, templates: list[str], least: int = 14) -> int:
    return sum(any(piece in text for piece in fragments(t, least)) for t in templates)


def test_tables_cover_the_vocabulary() -> None:
    assert set(table("places")) == set(SETTINGS)
    assert set(table("moods")) == set(MOODS)
    assert set(table("sounds")["genres"]) == set(GENRES)
    assert set(table("voices")) == set(VOICES)
    air = table("air")
    assert set(air["times"]) == set(air["phrases"]) == set(air["ship_times"]) == set(TIMES)
    assert set(air["weathers"]) == set(WEATHERS)
    assert set(air["figures"]) == {*FIGURES, "player"}


def test_templates_are_well_formed() -> None:
    slots = "s o p r at the time name hero friend pen initial thing lead genre others tempo"
    for template in every_template():
        assert template.count("[") == template.count("]")
        assert template.count("<") == template.count(">")
        assert {name.lower() for name in re.findall(r"{(\w+)}", template)} <= set(slots.split())
        assert template == template.strip()
    long = [template for template in every_template() if len(template) > 12]
    assert len(set(long)) == len(long)


def test_verbs_are_conjugated() -> None:
    assert [conjugate("be", person, "past") for person in ("I", "s", "p")] == ["was", "was", "were"]
    assert conjugate("carry", "s", "present") == "carries"
    assert conjugate("carry", "p", "past") == "carried"
    assert conjugate("go", "s", "present") == "goes"
    assert conjugate("have", "s", "present") == "has"
    assert conjugate("can", "s", "past") == "could"
    assert conjugate("play", "I", "past") == "played"
    assert conjugate("hum", "s", "past") == "hummed"


def test_no_verb_of_the_tables_lacks_its_doubled_consonant() -> None:
    verbs = {verb for text in every_template() for verb in re.findall(r"<(\w+)", text)}
    assert len(verbs) > 150
    for verb in verbs:
        syllables = len(re.findall(r"[aeiouy]+", verb))
        if syllables == 1 and re.search(r"[^aeiou][aeiou][bdgklmnprtv]$", verb):
            assert not conjugate(verb, "s", "past").endswith(f"{verb}ed"), verb


@pytest.mark.parametrize("split", SPLITS)
def test_stories_have_30_to_300_words_of_clean_prose(split: Split) -> None:
    lengths = []
    for _, _, voice, text in stories(split):
        lengths.append(len(text.split()))
        assert not re.search(r"[{}<>\[\]|]|  | [,.;]|\.\.|,,", text), text
        assert not re.search(r"\b(\w+) \1\b", text.replace("had had", "")), text
        assert not re.search(r"\b[Aa] [aeio]", text), text
        assert text[0].isupper() or text[0] in "\"'0123456789", text
        assert text.rstrip()[-1] in '.!?")', text
        assert not re.search(r"[.!?] [a-z]", text), text
        assert voice != "poem" or text.count("\n") >= 2
    assert min(lengths) >= 30
    assert max(lengths) <= 300
    assert sum(length > 150 for length in lengths) > 100
    assert sum(length < 60 for length in lengths) > 100


@settings(deadline=None, max_examples=80)
@given(seed=st.integers(0, 2**40), split=st.sampled_from(SPLITS), piece=st.integers(0, 99))
def test_any_story_keeps_the_limits_and_repeats_itself(seed: int, split: Split, piece: int) -> None:
    truth = truths()[piece]
    scene = imagine(truth, seed, split)
    text = tell(truth, scene, Random(seed), split)
    assert 30 <= len(text.split()) <= 300
    assert text == tell(truth, scene, Random(seed), split)


def test_no_two_stories_are_alike() -> None:
    texts = [text for _, _, _, text in stories("train")]
    assert len(set(texts)) == len(texts)
    grams: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        words = text.lower().split()
        grams.update(tuple(words[i : i + 8]) for i in range(len(words) - 7))
    assert len(grams) > 0.75 * grams.total()  # measured 0.82
    openings = Counter(text[:40] for text in texts)
    assert openings.most_common(1)[0][1] < 0.05 * len(texts)


@pytest.mark.parametrize("split", SPLITS)
def test_a_story_tells_of_its_own_mood_and_place(split: Split) -> None:
    moods = {name: [*m["events"], *m["endings"]] for name, m in table("moods").items()}
    places = {name: [*p["seen"], *p["at"], *p["the"]] for name, p in table("places").items()}
    right = 0
    for scene, _, _, text in stories(split)[:200]:
        told = {mood: says(text, templates) for mood, templates in moods.items()}
        assert told[scene.mood] == max(told.values())
        shown = {place: says(text, templates) for place, templates in places.items()}
        right += shown[scene.place] == max(shown.values())
    assert right >= 180


def test_the_pace_is_that_of_the_music() -> None:
    pace = table("sounds")["pace"]
    fast = [text for _, truth, _, text in stories("train") if truth.tempo_bpm >= 124]
    slow = [text for _, truth, _, text in stories("train") if truth.tempo_bpm < 88]
    assert sum(says(text, pace["fast"]) for text in fast) > len(fast) / 5
    assert not any(says(text, pace["slow"]) for text in fast)
    assert not any(says(text, pace["fast"]) for text in slow)


def test_genre_is_mostly_implied_and_the_instrument_mostly_heard() -> None:
    named = sum(truth.genre in text.lower() for _, truth, _, text in stories("train"))
    assert 0.01 < named / len(stories("train")) < 0.35
    heard = sum(
        any(word in text.lower() for word in LEAD_WORDS.get(truth.lead, (truth.lead,)))
        for _, truth, _, text in stories("train")
    )
    assert 0.5 < heard / len(stories("train")) < 0.9


def test_training_never_uses_what_is_kept_for_testing() -> None:
    voices = table("voices")
    for _, _, voice, text in stories("train"):
        for part in ("openings", "closings"):
            assert not says(text, list(held_out(voices[voice][part], "test")), 20), text
        names = [name for name, _ in held_out(table("names")["people"], "test")]
        assert not any(re.search(rf"\b{name}\b", text) for name in names), text
        assert not any(thing in text for thing in held_out(table("names")["things"], "test"))
    opened = 0
    for _, _, voice, text in stories("test"):
        opened += says(text, list(held_out(voices[voice]["openings"], "test")), 20) > 0
        assert not says(text, list(held_out(voices[voice]["openings"], "train")), 20), text
    assert opened > 0.7 * len(stories("test"))  # some openings are all slots


def test_the_last_of_three_choices_is_for_testing() -> None:
    teller = Teller("train", "s", "past", {"p": "her"}, ("she",))
    rng = Random(0)
    found = {sentence("{s} <lift> {p} [hat|cup|axe].", teller, rng) for _ in range(60)}
    assert found == {"She lifted her hat.", "She lifted her cup."}
    tester = Teller("test", "I", "present", {"p": "my"}, ("I",))
    found = {sentence("{s} <lift> a [hat|cup|axe].", tester, rng) for _ in range(60)}
    assert found == {"I lift a hat.", "I lift a cup.", "I lift an axe."}
