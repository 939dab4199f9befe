"""A story: long text, read sentence by sentence, pooled to one place in CLMP space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.models.story_windows import WINDOW_WORDS, split_story
from descant.runtime.errors import RequestError
from descant.runtime.input_file import open_input
from descant.runtime.pieces import Pieces
from descant.runtime.request import MAX_STORY_CHARACTERS, MAX_STORY_WORDS

FloatArray = NDArray[np.float32]

MAX_WINDOWS = 2 * MAX_STORY_WORDS // WINDOW_WORDS
"""As many as the longest story of common words has."""
_MAX_BYTES = 4 * MAX_STORY_CHARACTERS + 3
_HINT = "give a text file in UTF-8"


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A story that has been read."""

    embedding: FloatArray
    """(D,) of the whole, unit length."""
    gist: str
    """The part that is nearest to the whole."""
    is_whole: bool = True
    """Whether all of it was read."""


def read_story(
    text: str,
    encode: Callable[[str], Pieces[FloatArray]],
    pool: Callable[[FloatArray, tuple[str, ...]], Pieces[FloatArray]] | None = None,
    fits: Callable[[str], bool] = lambda _: True,
) -> Pieces[Story]:
    """Read a story in windows and bring them together: their mean, or what ``pool`` makes of them.

    Among the music of 400 held-out pieces, three stories of one of them in a row found it within
    ten by windows of 40 words in 64 % of cases; the mean of single sentences did in 41 %, and
    weights by their similarity to the mean made that worse (34 to 40 %), because the sentences
    that say nothing about music are the ones that are alike. Weights by the similarity to the
    nearest melody of the library gain one percent or none.

    Args:
        text: With a word at least.
        encode: Text of up to ``WINDOW_WORDS`` words to its (D,) embedding.
        pool: (N, D) unit vectors and the N windows to the (D,) embedding of the whole.
        fits: Whether a tower reads a window whole. Those of plain English fit as they are; others
            are cut into halves, as long words and scripts without spaces need.
    """
    parts = [part for window in split_story(text) for part in _fitting(window, fits)]
    windows = tuple(parts[:MAX_WINDOWS])
    places = []
    for window in windows:
        places.append((yield from encode(window)))
    rows = np.stack(places)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    mean = rows.mean(0)
    mean /= max(float(np.linalg.norm(mean)), 1e-12)
    whole = mean.astype(np.float32)
    if pool is not None:
        whole = yield from pool(rows, windows)
    return Story(whole, windows[int(np.argmax(rows @ mean))], len(parts) <= MAX_WINDOWS)


def _fitting(window: str, fits: Callable[[str], bool]) -> list[str]:
    """Halve a window between words, or inside its only one, until all parts of it fit."""
    if fits(window) or len(window) == 1:
        return [window]
    words = window.split()
    middle = len(words) // 2
    halves = (" ".join(words[:middle]), " ".join(words[middle:]))
    if not middle:
        halves = (window[: len(window) // 2], window[len(window) // 2 :])
    return [part for half in halves for part in _fitting(half, fits)]


def read_story_file(path: str | Path) -> str:
    """Read a text file.

    Raises:
        RequestError: It is missing, too large, or not text in UTF-8.
    """
    with open_input(path, "story", _HINT, _MAX_BYTES) as stream:
        content = stream.read(_MAX_BYTES + 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(f"story {str(path)!r:.200} is not text in UTF-8", hint=_HINT) from error
