"""Turn a template into a sentence: choices, slots and verbs that agree.

A template holds ``[this|that]`` choices, ``{slots}`` and ``<verbs>``. A verb agrees with the
story's main person; ``<verb.s>`` is in the third person singular, ``<verb.p>`` in the plural.
Training never sees the last of three or more choices, nor the last three tenths of a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from descant.models.synthset.piece import Split
from descant.models.synthset.stories.verbs import conjugate
from descant.models.synthset.wording import with_article

T = TypeVar("T")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"{(\w+)}")
_VERB = re.compile(r"<(\w+)(?:\.([sp]))?>")


@dataclass(frozen=True, slots=True)
class Teller:
    """Whom a story is about, and how it is told."""

    split: Split
    person: str
    """"I" or "s", as ``verbs.conjugate`` takes it."""
    tense: str
    slots: Mapping[str, str]
    """Words by slot; those of ``s`` are drawn from ``calls``."""
    calls: tuple[str, ...]
    """What the main person is called in the course of the story."""


def held_out(table: Sequence[T], split: Split) -> Sequence[T]:
    """Return the split's own part of a table: the last three tenths are for testing."""
    kept = max(1, round(0.3 * len(table)))
    return table[-kept:] if split == "test" else table[:-kept]


def pick(rng: Random, table: Sequence[T], split: Split, always: bool = False) -> T:
    """Choose an entry; a test story takes half, or all, from those kept for it."""
    if split == "test" and not always and rng.random() < 0.5:
        return rng.choice(held_out(table, "train"))
    return rng.choice(held_out(table, split))


def sentence(template: str, teller: Teller, rng: Random) -> str:
    """Return the sentence that a template stands for."""
    text = template
    while match := _CHOICE.search(text):
        chosen = _choose(match.group(1).split("|"), teller.split, rng)
        text = text[: match.start()] + chosen + text[match.end() :]
    text = _SLOT.sub(lambda found: _fill(found.group(1), teller, rng), text)
    text = _VERB.sub(
        lambda found: conjugate(found.group(1), found.group(2) or teller.person, teller.tense), text
    )
    return _capitals(with_article(re.sub(r" +", " ", text)))


def _choose(options: list[str], split: Split, rng: Random) -> str:
    if len(options) < 3:
        return rng.choice(options)
    if split == "test" and rng.random() < 0.5:
        return options[-1]
    return rng.choice(options[:-1])


def _fill(name: str, teller: Teller, rng: Random) -> str:
    if name[0].isupper():
        text = _fill(name.lower(), teller, rng)
        return text[0].upper() + text[1:]
    if name == "s":
        return rng.choice(teller.calls)
    return teller.slots[name]


def _capitals(text: str) -> str:
    """Begin every sentence with a capital letter."""
    return re.sub(
        r'(^"?|[.!?] "?|\n)([a-z])', lambda found: found.group(1) + found.group(2).upper(), text
    )
