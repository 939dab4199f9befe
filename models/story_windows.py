"""A long text in windows that a text tower reads whole; training and runtime split alike."""

from __future__ import annotations

import re
from itertools import pairwise

WINDOW_WORDS = 40
"""What a text tower reads whole, some sixty pieces of words."""
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”\u2019»)\]])\s+|(?<=[\u3002\uff01\uff1f])|\n"
)
"""After a mark and perhaps a closing quote; Chinese and Japanese marks need no space."""


def split_story(text: str) -> tuple[str, ...]:
    """Return windows of whole sentences, as many as fit; a longer sentence is cut into even parts.

    Args:
        text: With a word at least.
    """
    windows: list[list[str]] = [[]]
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        count = -(-len(words) // WINDOW_WORDS)
        edges = [len(words) * i // max(count, 1) for i in range(count + 1)]
        for part in (words[a:b] for a, b in pairwise(edges)):
            if windows[-1] and len(windows[-1]) + len(part) > WINDOW_WORDS:
                windows.append([])
            windows[-1] += part
    return tuple(" ".join(window) for window in windows)
