"""Find the melody that a prompt asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.library import MelodyLibrary, unpack_library
from descant.models.theory.feelings import FEELINGS, quadrant_of
from descant.models.theory.notes import Mode
from descant.models.theory.sheet import LeadSheet
from descant.runtime.errors import PackFormatError
from descant.runtime.index_kinds import Hnsw
from descant.runtime.pack import Pack
from descant.runtime.vector_index import VectorIndex, VectorIndexError

NEIGHBOURS = 5
SEARCH_DEPTH = 64
"""Melodies looked at when the prompt states what transposing and re-timing can't give."""
TEMPO_REACH = 1.4
"""A melody is re-timed by this factor at most, if a similar one needs less."""
EF_SEARCH = 160
LIBRARY_INDEX = Hnsw(m=32, ef_construction=200, ef_search=64, half=True)
"""How a pack's index is built."""
LIBRARY_FRAMES = 864
"""Mel frames of a melody, from its beginning, that its embedding stands for: ten seconds."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One melody of the library, as found."""

    index: int
    """Its place in the library."""
    title: str
    similarity: float
    """Cosine to the prompt, -1 … 1."""
    genre: str | None = None
    """This and what follows is None where the pack knows the melody as a vector only."""
    mood: str | None = None
    lead: str | None = None
    key: str | None = None
    tempo_bpm: float | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a chosen melody should have from the start."""

    mode: Mode | None = None
    tempo_bpm: float | None = None
    beats_per_bar: int | None = None
    feeling: str | None = None
    """A word of ``feelings.QUADRANTS``."""


class MelodyIndex:
    """The pack's melodies with their search index."""

    def __init__(self, library: MelodyLibrary, index: VectorIndex) -> None:
        self.library = library
        self._index = index
        self._feelings = [quadrant_of(m) if m in FEELINGS else None for m in library.moods]

    def find(
        self, embedding: NDArray[np.float32], wishes: Wishes, count: int = NEIGHBOURS
    ) -> tuple[Neighbour, ...]:
        """Return the best melodies, best first.

        Melodies that fulfil more wishes come first, as long as they are among the
        ``SEARCH_DEPTH`` most similar ones; similarity orders the rest.

        Args:
            embedding: (512,) float32 unit vector.
            wishes: Unset ones are fulfilled by all.
            count: Melodies wanted; fewer when the library is smaller.
        """
        result = self._index.search(embedding[None], max(SEARCH_DEPTH, count), EF_SEARCH)
        pairs = zip(result.places[0].tolist(), result.similarity[0].tolist(), strict=True)
        found = [(i, s) for i, s in pairs if i >= 0]
        found.sort(key=lambda item: (-self._fulfilled(item[0], wishes), -item[1], item[0]))
        return tuple(self._neighbour(i, s) for i, s in found[:count])

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return a melody with its chords and bass."""
        return self.library[neighbour.index].sheet

    def _fulfilled(self, i: int, wishes: Wishes) -> int:
        """Metre weighs most: no tempo or key can make a waltz of four beats."""
        library = self.library
        points = 0
        if wishes.beats_per_bar is None or int(library.metres[i]) == wishes.beats_per_bar:
            points += 8
        if wishes.mode is None or bool(library.minor[i]) == (wishes.mode == "minor"):
            points += 4
        if wishes.feeling is None or self._feelings[i] == wishes.feeling:
            points += 2
        ratio = float(library.tempos[i]) / (wishes.tempo_bpm or float(library.tempos[i]))
        return points + (1 / TEMPO_REACH <= ratio <= TEMPO_REACH)

    def _neighbour(self, i: int, similarity: float) -> Neighbour:
        entry = self.library[i]
        return Neighbour(
            index=i,
            title=entry.title,
            similarity=round(similarity, 6),
            genre=entry.genre,
            mood=entry.mood,
            lead=entry.lead,
            key=str(entry.sheet.key),
            tempo_bpm=round(entry.sheet.tempo_bpm, 3),
            licence=self.library.licence,
        )


def load_index(pack: Pack) -> MelodyIndex:
    """Read a pack's library and its search index.

    Raises:
        PackIntegrityError: A file has changed since the pack was opened.
        PackFormatError: A file is not what its name says, or they don't fit together.
    """
    try:
        library = unpack_library(pack.read("files.library"))
    except ValueError as error:
        raise PackFormatError(f"{error}", hint="get the pack again") from error
    try:
        index = VectorIndex.from_bytes(pack.read("files.index"))
        index.check_fits(pack.spec.pipeline.clmp_dim, len(library))
    except VectorIndexError as error:
        raise PackFormatError(f"melody index: {error}", hint="get the pack again") from error
    if (index.kind, index.metric) != ("hnsw", "inner product"):
        raise PackFormatError(
            f"melody index: want HNSW by inner product, got {index.kind} by {index.metric}"
        )
    return MelodyIndex(library, index)
