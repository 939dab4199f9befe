"""What the composer knows of an example, as classes."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from descant.models.nets.clmp import KEYS, TEMPO_EDGES
from descant.models.theory.words import GENRES, LEADS, MOODS

LEAD_GROUP = 2
"""Place of the lead among the groups."""


def labels_of(text: dict[str, Any]) -> list[int]:
    """Return the class of an example in each of ``nets.clmp.GROUPS``."""
    return [
        GENRES.index(text["genre"]),
        MOODS.index(text["mood"]),
        list(LEADS).index(text["lead"]),
        KEYS.index(text["key"]),
        bisect_right(TEMPO_EDGES, text["tempo_bpm"]),
    ]
