"""Nearest phrases: the captioner and the bridge that need no language model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.synthset.genres import MOODS as COMPOSED_MOODS
from descant.models.synthset.scenes import TIMES as COMPOSED_TIMES
from descant.models.synthset.settings import SETTINGS
from descant.models.synthset.settings import WEATHERS as COMPOSED_WEATHERS
from descant.models.theory.feelings import FEELINGS
from descant.models.theory.scene_words import (
    MUSIC_TAGS,
    NO_PLACE,
    PLACES,
    SCENE_PHRASES,
    TIMES,
    WEATHERS,
    tempos_of,
)
from descant.models.theory.words import TEMPO_WORDS
from descant.runtime.captions import MAX_CHARACTERS, Scene, Sight
from descant.runtime.phrases import NearestCaptioner, PhraseBank, TagBridge, elect, sentence

FloatArray = NDArray[np.float32]
ALL = [p for kinds in (SCENE_PHRASES, MUSIC_TAGS) for texts in kinds.values() for p in texts]


class Axes:
    """A space in which every phrase has an axis of its own."""

    def texts(self, texts: Sequence[str], tale: bool = False) -> FloatArray:
        """Unit vectors."""
        return np.stack([self.place(text) for text in texts])

    def picture(self, pixels: NDArray[np.uint8]) -> FloatArray:
        """A picture's first pixel says which phrases it shows."""
        return self.place(*(ALL[i] for i in pixels[0, 0]))

    def scene_words(self, pixels: NDArray[np.uint8]) -> dict[str, FloatArray] | None:
        """Nobody tells."""
        return None

    def scene(self, description: str, story: str) -> FloatArray:
        """Where the words are that are phrases."""
        said = f"{description} {story}"
        return self.place(*(phrase for phrase in ALL if phrase in said))

    def place(self, *phrases: str) -> FloatArray:
        """Mean of phrases' axes."""
        rows = np.zeros(len(ALL), np.float32)
        for phrase in phrases:
            rows[ALL.index(phrase)] = 1.0
        return rows / max(float(np.linalg.norm(rows)), 1e-12)


def sight(*phrases: str) -> Sight:
    """Return a picture of three phrases."""
    indices = [ALL.index(phrase) for phrase in phrases]
    return Sight("a.png", np.array([[indices]], np.uint8))


def test_a_caption_is_the_nearest_phrase_of_each_kind() -> None:
    (found,) = NearestCaptioner(Axes()).captions(
        [sight("a deep forest", "at night", "in the rain")]
    )
    assert found.text == "a deep forest at night in the rain"
    assert found.score > 0.4


class Told(Axes):
    """A space whose pictures tell what they show."""

    def __init__(self, place: float, time: float, weather: float) -> None:
        self.sure = {"places": place, "times": time, "weathers": weather}

    def scene_words(self, pixels: NDArray[np.uint8]) -> dict[str, FloatArray] | None:
        """The second phrase of each kind, so surely."""
        told = {}
        for kind, words in SCENE_PHRASES.items():
            told[kind] = np.zeros(len(words), np.float32)
            told[kind][1] = self.sure[kind]
        return told


@pytest.mark.parametrize(
    ("sure", "text"),
    [
        ((0.9, 0.8, 0.7), "a deep forest in the morning under clouds"),
        ((0.9, 0.2, 0.7), "a deep forest under clouds"),
        ((0.9, 0.2, 0.2), "a deep forest"),
        ((0.3, 0.9, 0.9), NO_PLACE),
    ],
)
def test_what_is_told_is_said_as_far_as_it_is_sure(
    sure: tuple[float, float, float], text: str
) -> None:
    (found,) = NearestCaptioner(Told(*sure)).captions([sight("calm", "jazz", "flute")])
    assert found.text == text
    assert found.score == pytest.approx(max(sure[0], 1.0 - sure[0]))


def test_the_bridge_reads_words_where_there_is_no_picture() -> None:
    scene = Scene("a sad waltz", story="for cello and slow steps")
    found = TagBridge(Axes()).music_prompt(scene)
    assert found.text == "sad waltz with cello, slow tempo"
    assert [tag.kind for tag in found.tags] == ["mood", "genre", "lead", "tempo"]


def test_most_pictures_decide() -> None:
    pictures = (sight("calm", "jazz", "flute"),) * 2 + (sight("epic", "metal", "harp"),)
    found = TagBridge(Axes()).music_prompt(Scene("", pictures))
    assert found.text.startswith("calm jazz with flute")


def test_what_the_prompt_says_is_left_to_it() -> None:
    pictures = (sight("calm", "jazz", "flute"),)
    found = TagBridge(Axes()).music_prompt(Scene("", pictures, prompt="Metal, fast!"))
    assert found.text == "calm music with flute"
    everything = Scene("", pictures, prompt="calm jazz with flute, slow")
    assert TagBridge(Axes()).music_prompt(everything).text == "music"


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_tempo_agrees_with_the_mood(random: object) -> None:
    rng = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    sizes = {kind: len(words) for kind, words in MUSIC_TAGS.items()}
    votes = [
        {kind: rng.standard_normal(size).astype(np.float32) for kind, size in sizes.items()}
        for _ in range(3)
    ]
    kinship = np.zeros((sizes["genre"], sizes["lead"]), np.float32)
    tags = elect(votes, kinship)
    words = {tag.kind: tag.word for tag in tags}
    assert words["tempo"] in tempos_of(words["mood"])
    assert all(words[kind] in sentence(tags) for kind in MUSIC_TAGS)
    assert len(sentence(tags)) <= MAX_CHARACTERS


def test_of_two_instruments_the_one_that_suits_the_genre() -> None:
    vote = {kind: np.zeros(len(words), np.float32) for kind, words in MUSIC_TAGS.items()}
    leads = MUSIC_TAGS["lead"]
    vote["genre"][2] = 1.0
    vote["lead"][leads.index("harp")], vote["lead"][leads.index("trumpet")] = 0.3, 0.2
    kinship = np.zeros((len(MUSIC_TAGS["genre"]), len(leads)), np.float32)
    assert elect([vote], kinship)[2].word == "harp"
    kinship[2, leads.index("trumpet")] = 1.0
    found = elect([vote], kinship)[2]
    assert found.word == "trumpet"
    assert found.score == pytest.approx(0.2)


def test_tempos_go_with_how_stirred_a_mood_is() -> None:
    for mood, (_, arousal) in FEELINGS.items():
        allowed = tempos_of(mood)
        assert "medium" in allowed
        assert ("fast" in allowed) == (arousal > -0.5)
        assert ("slow" in allowed) == (arousal < 0.5)
    assert set(MUSIC_TAGS["tempo"]) <= set(TEMPO_WORDS)


def test_the_words_are_those_of_the_scenes_and_music_that_are_learned() -> None:
    assert set(MUSIC_TAGS["mood"]) == set(COMPOSED_MOODS) == set(FEELINGS)
    assert (tuple(PLACES), tuple(TIMES)) == (tuple(SETTINGS), tuple(COMPOSED_TIMES))
    assert tuple(WEATHERS) == tuple(COMPOSED_WEATHERS)


def test_what_phrases_share_says_nothing() -> None:
    class Leaning(Axes):
        """All phrases lean the same way, one of them most of all."""

        def texts(self, texts: Sequence[str], tale: bool = False) -> FloatArray:
            rows = super().texts(texts, tale)
            leaning: FloatArray = (rows + 3.0 * rows.mean(0)) / 4.0
            return leaning

    bank = PhraseBank(Leaning(), {"mood": ("sad", "happy", "calm")})
    (tag,) = bank.nearest(Axes().place("happy"))
    assert tag.word == "happy"
    assert tag.score == pytest.approx(np.sqrt(2 / 3), abs=1e-5)
