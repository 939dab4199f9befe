"""Find the melody that a prompt asks for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.library import MelodyLibrary, unpack_library
from descant.models.theory.notes import Mode
from descant.models.theory.sheet import LeadSheet
from descant.runtime.errors import PackFormatError
from descant.runtime.pack import Pack

NEIGHBOURS = 5
SEARCH_DEPTH = 64
"""Melodies looked at when the prompt states what transposing and re-timing can't give."""
TEMPO_REACH = 1.4
"""A melody is re-timed by this factor at most, if a similar one needs less."""
EF_SEARCH = 160


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One melody of the library, as found."""

    index: int
    """Its place in the library."""
    title: str
    similarity: float
    """Cosine to the prompt, -1 … 1."""
    genre: str
    mood: str
    lead: str
    key: str
    tempo_bpm: float
    licence: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a chosen melody should have from the start."""

    mode: Mode | None = None
    tempo_bpm: float | None = None
    beats_per_bar: int | None = None


class MelodyIndex:
    """The pack's melodies with their search index."""

    def __init__(self, library: MelodyLibrary, index: Any) -> None:
        self.library = library
        self._index = index
        self._lock = threading.Lock()

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
        depth = min(max(SEARCH_DEPTH, count), len(self.library))
        with self._lock:  # efSearch is state of the index
            similarity, places = self._index.search(embedding[None], depth)
        found = [
            (int(i), float(s)) for i, s in zip(places[0], similarity[0], strict=True) if i >= 0
        ]
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
            points += 4
        if wishes.mode is None or bool(library.minor[i]) == (wishes.mode == "minor"):
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
    import faiss

    try:
        library = unpack_library(pack.read("files.library"))
    except ValueError as error:
        raise PackFormatError(f"{error}", hint="get the pack again") from error
    content = np.frombuffer(pack.read("files.index"), np.uint8)
    try:
        index = faiss.deserialize_index(content)  # downcast already; a second view would dangle
    except RuntimeError as error:
        raise PackFormatError(
            f"melody index is not readable: {str(error)[:120]}", hint="get the pack again"
        ) from error
    width = pack.spec.pipeline.clmp_dim
    if not isinstance(index, faiss.IndexHNSW):
        raise PackFormatError(f"melody index: want HNSW, got {type(index).__name__}")
    if index.d != width or index.ntotal != len(library):
        raise PackFormatError(
            f"melody index: want {len(library)} melodies of width {width}, "
            f"got {index.ntotal} of {index.d}"
        )
    if index.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise PackFormatError("melody index: want inner product as its metric")
    index.hnsw.efSearch = EF_SEARCH
    return MelodyIndex(library, index)
