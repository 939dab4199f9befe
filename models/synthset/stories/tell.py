"""Tell a story of a scene: a voice, a person, and what shows place, hour, mood and pace."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from descant.models.synthset import wording
from descant.models.synthset.piece import Split, Truth
from descant.models.synthset.scenery import SceneTruth
from descant.models.synthset.settings import SETTINGS
from descant.models.synthset.stories.grammar import Teller, pick, sentence
from descant.models.synthset.stories.tables import table
from descant.models.theory.words import tempo_words

SHORTEST, LONGEST = 30, 300
"""Words of a story."""
VOICES = (
    "memory", "fairy", "news", "film", "diary", "letter", "poem", "nature", "noir", "children",
)  # fmt: skip
_HEARD_SHARE = 0.75
"""Of stories, those in which somebody hears the music; the shortest end before it."""
_NO_WINDOWS = ("space", "underwater", "dance club", "dungeon", "bar", "game level")
_ORDERS = (
    ("event", "seen", "genre", "air", "event", "pace", "aside", "figure", "seen", "event"),
    ("event", "genre", "seen", "figure", "event", "aside", "air", "pace", "event", "seen"),
)
_MORE = ("aside", "seen", "event", "air", "pace", "seen", "event", "aside", "genre", "event")
_WATCHING = ("seen", "event", "air", "figure", "seen", "genre", "pace", "aside", "seen", "air")
"""What a nature writer puts down first."""


def tell(
    truth: Truth, scene: SceneTruth, rng: Random, split: Split, voice: str | None = None
) -> str:
    """Tell a story of 30 to 300 words.

    Place, time, weather, figure and mood are the scene's, so that a picture and a story belong
    together; pace and genre are the music's. The genre shows in what people do, and
    three stories in four name an instrument or the genre.

    Args:
        truth: What is true of the music.
        scene: What the picture shows.
        rng: Chooses everything else.
        split: "test" stories open, end and are populated with what training never sees, and
            take half of their other sentences from there.
        voice: A name of ``VOICES``; None draws one.
    """
    voice = voice or rng.choice(VOICES)
    rules = table("voices")[voice]
    teller = _teller(truth, scene, rng, split, rules)
    opening = sentence(pick(rng, rules["openings"], split, always=True), teller, rng)
    length = round(SHORTEST * (285 / SHORTEST) ** rng.random())
    ending = pick(rng, table("moods")[scene.mood]["endings"], split, always=True)
    tail = [sentence(ending, teller, rng)]
    if voice == "letter" or (length > 60 and rng.random() < 0.75):
        tail.append(sentence(pick(rng, rules["closings"], split, always=True), teller, rng))
    around = sum(_count(text) for text in (opening, *tail))
    body = _body(truth, scene, rng, teller, voice, (length - around, SHORTEST - around))
    return _lay_out([opening, *body, *tail], voice, rng)


def _count(text: str) -> int:
    return len(text.split())


def _lay_out(sentences: list[str], voice: str, rng: Random) -> str:
    """Join sentences: verses to lines, long prose to paragraphs."""
    if voice == "poem":
        lines = "\n".join(sentences)
        return re.sub(r", (?=\w+ \w+)", lambda _: ",\n" if rng.random() < 0.5 else ", ", lines)
    text = ""
    since = 0
    for place, part in enumerate(sentences):
        joint = "\n" if text and (voice == "letter" and place == len(sentences) - 1) else " "
        if text and since > 4 and rng.random() < 0.35:
            joint, since = "\n", 0
        text += (joint if text else "") + part
        since += 1
    return text


def _body(
    truth: Truth, scene: SceneTruth, rng: Random, teller: Teller, voice: str, words: tuple[int, int]
) -> list[str]:
    """Return what stands between opening and ending, given how many words it should and must have.

    An event is always among it.
    """
    order = [*(_WATCHING if voice == "nature" else rng.choice(_ORDERS)), *_MORE]
    if rng.random() < _HEARD_SHARE:
        order.insert(rng.choice((1, 1, 2)), "named")
    said: set[str] = set()
    parts: list[tuple[str, str]] = []
    total = 0
    for kind in order:
        choices = [t for t in _templates(kind, truth, scene, voice, rng) if t not in said]
        if not choices:
            continue
        template = pick(rng, choices, teller.split) if len(choices) > 1 else choices[0]
        text = sentence(template, teller, rng)
        said.add(template)
        if parts and total + _count(text) > LONGEST - 75:
            break
        parts.append((kind, text))
        total += _count(text)
        if total >= words[0] and total >= words[1]:
            break
    return _arrange(parts, rng)


def _arrange(parts: list[tuple[str, str]], rng: Random) -> list[str]:
    """Set the scene first, then let things happen; the last event comes last."""
    early = [text for kind, text in parts if kind in ("air", "seen")][:3]
    late = [text for kind, text in parts if text not in early]
    events = [text for kind, text in parts if kind == "event"]
    rng.shuffle(early)
    rng.shuffle(late)
    if events:
        late.remove(events[-1])
        late.append(events[-1])
    return early + late


def _templates(kind: str, truth: Truth, scene: SceneTruth, voice: str, rng: Random) -> list[str]:
    """Return the sentences of one kind that are true here."""
    if kind == "event":
        found: Any = table("moods")[scene.mood]["events"]
    elif kind == "seen":
        found = table("places")[scene.place]["seen"]
    elif kind == "aside":
        found = table("voices")[voice]["asides"]
    elif kind == "figure":
        found = table("air")["figures"][scene.figure]
    elif kind == "genre":
        found = table("sounds")["genres"][truth.genre]
    elif kind == "named":
        found = table("sounds")["named"]
    elif kind == "pace":
        found = table("sounds")["pace"][_pace(truth.tempo_bpm)]
    else:
        found = _air(scene, rng)
    return list(found)


def _pace(tempo_bpm: float) -> str:
    return "slow" if tempo_bpm < 88 else "medium" if tempo_bpm < 124 else "fast"


def _air(scene: SceneTruth, rng: Random) -> list[str]:
    """Return what can be said of hour or weather where there is a sky or a window."""
    if scene.place in _NO_WINDOWS:
        return []
    air = table("air")
    side = "in" if SETTINGS[scene.place].indoors else "out"
    if scene.weather not in ("clear", "clouds") or rng.random() < 0.4:
        return list(air["weathers"][scene.weather][side])
    return list(air["times"][scene.time_of_day])


def _teller(
    truth: Truth, scene: SceneTruth, rng: Random, split: Split, rules: dict[str, Any]
) -> Teller:
    names = table("names")
    person = rules["person"]
    cast = names.get(person, names["people"])
    name, pronoun = pick(rng, cast, split, always=True)
    friend = pick(rng, [entry for entry in cast if entry[0] != name], split, always=True)[0]
    place = table("places")[scene.place]
    time = pick(rng, table("air")["phrases"][scene.time_of_day], split)
    if scene.place == "space":
        time = table("air")["ship_times"][scene.time_of_day]
    hero = name
    if person == "news":
        hero = f"{rng.randrange(19, 79)}-year-old {pick(rng, names['trades'], split)} {name}"
    first = person == "I"
    feminine = pronoun == "she"
    slots = {
        "at": pick(rng, place["at"], split),
        "the": pick(rng, place["the"], split),
        "time": time,
        "name": name,
        "hero": hero,
        "friend": re.sub(r"^a ", "the ", friend),
        "pen": pick(rng, names["people"], split, always=True)[0],
        "initial": name[0],
        "thing": pick(rng, names["things"], split, always=True),
        "o": "me" if first else "her" if feminine else "him",
        "p": "my" if first else "her" if feminine else "his",
        "r": "myself" if first else "herself" if feminine else "himself",
        **_music_words(truth, rng, split),
    }
    known = re.sub(r"^a ", "the ", name)
    calls = ("I",) if first else (pronoun, pronoun, pronoun, known)
    return Teller(split, "I" if first else "s", rules["tense"], slots, calls)


def _music_words(truth: Truth, rng: Random, split: Split) -> dict[str, str]:
    leads = wording.LEAD_WORDS.get(truth.lead, (truth.lead,))
    others = rng.sample(truth.instruments, min(2, len(truth.instruments))) or ["soft chords"]
    return {
        "lead": wording.pick(rng, leads, split),
        "genre": wording.pick(rng, wording.GENRE_WORDS[truth.genre], split).removesuffix(" music"),
        "others": " and ".join(others),
        "tempo": rng.choice(tempo_words(truth.tempo_bpm) or ["fast"]),
    }
