"""Say in words what a piece is, from two words to a paragraph, as a person would ask for it."""

from __future__ import annotations

import re
from random import Random

from descant.models.synthset import wording
from descant.models.synthset.compose import Truth
from descant.models.synthset.wording import pick, with_article
from descant.models.theory.words import tempo_words

_TEMPLATES: dict[int, tuple[str, ...]] = {
    0: (
        "{mood} {lead}",
        "{mood} {genre}",
        "{genre} {lead}",
        "{lead} {genre}, {mood}",
        "{mood} {genre} {lead}",
        "{tempo} {genre}",
        "{mood} music",
    ),
    1: (
        "{mood} {genre} with {lead}",
        "{tempo} {genre} with {lead}, {key}",
        "{genre} {lead} at {bpm} bpm",
        "a {mood} {lead} melody, {genre}, {bpm} bpm",
        "{genre} in {key} with {lead}",
        "{lead}, {genre}, {key}, {bpm} bpm",
        "{mood} {genre}, {lead} melody, {tempo}",
        "{lead} playing {genre} in {key}, {mood}",
        "{mood} {lead} for {place}",
        "{lead} solo in {genre} style, {key}",
        "play {mood} {genre} with the {lead} as main instrument",
        "{genre}, the tune on {lead}, {bpm} bpm",
    ),
    2: (
        "A {mood} {genre} track in {key} with {lead} lead, {bpm} bpm",
        "{tempo} {mood} {genre} with a {lead} melody over {others}",
        "A {mood} {genre} piece led by {lead}, {tempo}, in {key}",
        "{genre} music with {lead} and {others}, {bpm} bpm, {mood} mood",
        "{mood} {genre} in {key}, {lead} and {others}, {use}",
        "{lead} {genre} tune, {tempo} tempo, {mood} feeling, {place}",
        "A {tempo} {genre} tune where {lead} plays the melody, {key}",
        "{mood} {lead} {genre} for {place} {time}, {bpm} bpm",
        "{genre}, {mood}, {lead}, {others}, {key}, {bpm} bpm",
        "{mood} {genre} with {others} in the background and a {lead} on top",
        "The tune is on {lead}, {others} below it: {tempo} {genre}, {mood}",
        "{genre} where {others} back a {lead} solo, {mood}, {bpm} bpm",
        "Let the {lead} take the tune while {others} keep it company, {mood} {genre} in {key}",
    ),
    3: (
        "A {mood} {genre} track in {key} at {bpm} bpm with a {lead} lead over {others}, "
        "for {place} {time}",
        "{tempo} {genre} piece in {key}, {bpm} beats per minute: a {mood} {lead} melody {over} "
        "{others}, {use}",
        "{mood} {genre} for {place} {time}, {lead} as the main instrument with {others}, in {key}, "
        "{tempo}",
        "This is a {mood} {genre} piece. A {lead} plays the tune over {others}. It is in {key} at "
        "{bpm} bpm",
        "The {lead} carries the melody of this {mood}, {tempo} {genre} tune in {key}; {others} "
        "accompany, {drums}",
        "{genre} at {bpm} bpm in {key}, {mood} {lead} theme, {others}, {drums}, like {place} "
        "{time}",
        "{genre} in {key}, {bpm} bpm. {Others} lay down the backing and the {lead} takes the "
        "solo. {Mood}, {use}",
        "Make me a {tempo} {genre} song for {place}: the {lead} has the melody, {others} stay in "
        "the back, {mood}, {key}",
        "I'd like {mood} {genre} {use}. The melody belongs to the {lead}, with {others} around "
        "it at {bpm} bpm in {key}",
        "{Place} {time}. {Genre}, {tempo}, {mood}: {others} play under a {lead} theme in {key}",
        "{Others} open, then comes the {lead} with the theme: {mood} {genre}, {bpm} beats per "
        "minute, {key}",
    ),
}
_TEST_TEMPLATES: dict[int, tuple[str, ...]] = {
    0: ("some {mood} {lead}", "{lead}, {mood}", "{genre}, {mood}", "a {mood} {genre}"),
    1: (
        "I want {mood} {genre} played on {lead}",
        "something {mood}, {genre} style, {lead}, {bpm} bpm",
        "{genre} melody on the {lead} in {key}",
        "{lead} over a {tempo} {genre} backing in {key}",
    ),
    2: (
        "Give me {mood} {genre} in {key} around {bpm} bpm, melody on {lead}",
        "A {lead} sings over {others}: {tempo} {genre}, {mood}",
        "{key} {genre}, {tempo}, {mood}, featuring {lead} and {others}",
        "Music {use}: {mood} {genre} with {lead} at {bpm} bpm",
    ),
    3: (
        "Picture {place} {time}: {mood} {genre} in {key}, {lead} up front, {others} behind it, "
        "about {bpm} bpm",
        "I need a {tempo} {genre} cue in {key} ({bpm} bpm) {use}, with {lead} leading {others}, "
        "{mood} in tone",
        "In {key} and at {bpm} bpm, a {lead} tells a {mood} story; {genre} with {others}, {drums}",
    ),
}


def caption(truth: Truth, rng: Random, split: str, detail: int | None = None) -> str:
    """Describe a piece.

    Args:
        truth: What is true of it.
        rng: Chooses the wording.
        split: "train" or "test"; test uses templates that training never sees, and words that it
            never sees half of the time.
        detail: 0 (two or three words) … 3 (everything); None draws one, mostly 1 to 3.
    """
    if detail is None:
        detail = rng.choices((0, 1, 2, 3), (14, 24, 34, 28))[0]
    table = _TEST_TEMPLATES if split == "test" else _TEMPLATES
    text = _fill(rng.choice(table[detail]), truth, rng, split)
    if rng.random() < 0.35:
        text = text.lower()
    elif rng.random() < 0.5:
        text = text[0].upper() + text[1:]
    return text + "." if detail == 3 and rng.random() < 0.5 else text


def _fill(template: str, truth: Truth, rng: Random, split: str) -> str:
    names = dict.fromkeys(re.findall(r"{(\w+)}", template))
    text = template.format(**{name: _word(name, truth, rng, split) for name in names})
    text = with_article(text)
    return re.sub(r"\b(\w+)( \1\b)+", r"\1", re.sub(r"\s+", " ", text)).strip(" ,")


def _word(name: str, truth: Truth, rng: Random, split: str) -> str:
    if name[0].isupper():
        text = _word(name.lower(), truth, rng, split)
        return text[0].upper() + text[1:]
    if name == "genre":
        return pick(rng, wording.GENRE_WORDS[truth.genre], split)
    if name == "mood":
        return pick(rng, wording.MOOD_WORDS[truth.mood], split)
    if name == "lead":
        return pick(rng, wording.LEAD_WORDS.get(truth.lead, (truth.lead,)), split)
    if name == "key":
        return _key_words(truth, rng)
    if name == "bpm":
        return str(round(truth.tempo_bpm))
    if name == "tempo":
        return rng.choice(tempo_words(truth.tempo_bpm) or ["fast"])
    if name == "place":
        return pick(rng, wording.PLACE_WORDS[truth.place], split)
    if name == "time":
        return pick(rng, wording.TIME_WORDS[truth.time_of_day], split)
    if name == "over":
        return rng.choice(("over", "above", "with"))
    if name == "use":
        return pick(rng, wording.USES[wording.USE_MOODS[truth.mood]], split)
    if name == "drums":
        return rng.choice(("drums keep time", "with a beat") if truth.has_drums else ("no drums",))
    return _others(truth, rng)


def _key_words(truth: Truth, rng: Random) -> str:
    text = str(truth.key)
    if rng.random() < 0.15:
        text = text.replace("#", " sharp").replace("b ", " flat ")
    if truth.key.mode == "minor" and rng.random() < 0.12:
        return text.replace(" minor", "m") if "sharp" not in text and "flat" not in text else text
    return text


def _others(truth: Truth, rng: Random) -> str:
    """Name one to three of the other instruments."""
    names = list(truth.instruments) or ["a soft accompaniment"]
    count = min(len(names), rng.choice((1, 2, 2, 3)))
    chosen = [name for name in names if name in rng.sample(names, count)][:3] or names[:1]
    return chosen[0] if len(chosen) == 1 else ", ".join(chosen[:-1]) + " and " + chosen[-1]
