"""Pictures to words to words for music: what each step says, and the two parts that say it.

After Mozart's Touch (arXiv 2405.02801): a captioner describes pictures, a bridge turns the
description into a prompt for music, and people see and change both.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

MAX_CHARACTERS = 200
"""Of a description and of a prompt for music, as published."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A picture, or one of a film's."""

    name: str
    """Of the file."""
    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB."""
    second: float | None = None
    """In the film; None for a picture."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What one picture shows, in words."""

    name: str
    """Of the file."""
    second: float | None
    """In the film; None for a picture."""
    text: str
    score: float
    """How sure the captioner is, on a scale of its own; more is surer."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a bridge is told."""

    description: str
    """In words; empty when there is no picture."""
    sights: tuple[Sight, ...] = ()
    """The pictures themselves; none when the description is a person's own."""
    story: str = ""
    prompt: str = ""
    """What the person asks for beside it."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A word for music and why it was chosen."""

    kind: str
    """Such as "mood"."""
    word: str
    score: float


@dataclass(frozen=True, slots=True)
class MusicPrompt:
    """What a bridge makes of a scene."""

    text: str
    """Up to ``MAX_CHARACTERS``."""
    tags: tuple[Tag, ...] = ()
    """Of bridges that choose words one by one."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole way from pictures to a prompt for music."""

    captions: tuple[Caption, ...]
    """One of each picture; none when a person's words stand in their place."""
    description: str
    """All of them as one."""
    music_prompt: str
    tags: tuple[Tag, ...] = ()
    captioner: str = ""
    """Who wrote the captions; empty if nobody did."""
    bridge: str = ""
    """Who wrote the prompt; empty if nobody did."""
    edited: tuple[str, ...] = ()
    """Of "caption" and "music_prompt", those that are a person's words."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "captions": [
                {"name": c.name, "second": c.second, "text": c.text, "score": round(c.score, 4)}
                for c in self.captions
            ],
            "description": self.description,
            "music_prompt": self.music_prompt,
            "tags": [
                {"kind": t.kind, "word": t.word, "score": round(t.score, 4)} for t in self.tags
            ],
            "captioner": self.captioner,
            "bridge": self.bridge,
            "edited": list(self.edited),
        }


class Captioner(Protocol):
    """Describes pictures."""

    name: str
    """For people."""
    suffices: bool
    """Whether its words may stand for the pictures, which a bridge then doesn't see."""

    def captions(self, sights: Sequence[Sight]) -> tuple[Caption, ...]:
        """Return a caption of each picture."""


class Bridge(Protocol):
    """Turns a scene into words for music."""

    name: str
    """For people."""

    def music_prompt(self, scene: Scene) -> MusicPrompt:
        """Return up to ``MAX_CHARACTERS`` of them, one at least."""


def one_line(text: str) -> str:
    """Return a text without line breaks, control characters and what is no text at all."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c for c in text)
    return " ".join("".join(kept).replace("\ufffd", " ").split())


def shortened(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Cut a text after its last sentence that fits, or else after its last word."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    head = line[: limit + 1]
    sentence = max((m.end(1) for m in re.finditer(r"([.!?])(?=\s|$)", head[:limit])), default=0)
    if sentence >= limit // 2:
        return head[:sentence]
    words = head.rpartition(" ")[0] or head[:limit]
    return words.rstrip(" ,;:-")


def merge_captions(captions: Sequence[Caption]) -> str:
    """Return one description of all pictures, in their order and without repetition.

    Where there is more than ``MAX_CHARACTERS``, what is seen most often stays.
    """
    order: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for text in (shortened(caption.text).rstrip(".") for caption in captions):
        if text:
            order.setdefault(text.lower(), text)
            seen[text.lower()] += 1
    kept: list[str] = []
    for key in sorted(order, key=lambda key: -seen[key]):  # of equals the earlier
        if len("; ".join(order[k] for k in (*kept, key))) <= MAX_CHARACTERS:
            kept.append(key)
    return "; ".join(text for key, text in order.items() if key in kept)
