"""Short names of cells, and where they fit."""

from __future__ import annotations

from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.records import Row
from descant.runtime.bench.svg import CHARACTER, Svg, ellipsised

MOST = 34
"""Characters of a name; a longer one loses the middle of its pack."""
SIZE = 13.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def cell_labels(rows: Sequence[Row], most: int = MOST) -> list[str]:
    """Return names of cells that say only what differs between them."""
    parts = [
        (row.pack, f"{row.seconds:g} s", f"{row.steps} steps", words.provider(row)) for row in rows
    ]
    varying = [i for i in range(4) if len({part[i] for part in parts}) > 1] or [0, 3]
    named = [[part[i] for i in varying] for part in parts]
    rest = max((len(", ".join(names[1:])) for names in named), default=0)
    room = max(most - rest - 2, 8)
    return [", ".join([middle_cut(names[0], room), *names[1:]]) for names in named]


def middle_cut(text: str, most: int) -> str:
    """Shorten a name in its middle, for both of its ends tell names apart."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail].rstrip(' -_.')}…{text[-tail:]}"


def width_of(text: str, size: float = SIZE) -> float:
    """Guess how wide a text is drawn."""
    return len(text) * size * CHARACTER


class Labels:
    """Places names beside points so that none covers another."""

    def __init__(self, svg: Svg, bounds: Box, points: Sequence[tuple[float, float]]) -> None:
        self._svg = svg
        self._bounds = bounds
        self._taken: list[Box] = [(x - 7, y - 7, x + 7, y + 7) for x, y in points]

    def place(self, x: float, y: float, text: str) -> None:
        """Write a name where there is room; without any it is left to the tip and the table."""
        words_there = ellipsised(text, self._bounds[2] - self._bounds[0])
        wide = width_of(words_there)
        for left, base in (
            (x + 10, y + 4.5), (x - 10 - wide, y + 4.5), (x - 4, y - 12), (x - 4, y + 22),
            (x - wide + 4, y - 12), (x - wide + 4, y + 22),
        ):  # fmt: skip
            box = (left, base - SIZE, left + wide, base + 4)
            if self._is_free(box):
                self._taken.append(box)
                self._svg.text(left, base, words_there, "point")
                return

    def _is_free(self, box: Box) -> bool:
        left, top, right, bottom = self._bounds
        inside = left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom
        return inside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in self._taken
        )
