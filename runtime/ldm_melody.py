"""Melodies as MG2 knows them: vectors in CLMP space, found by similarity or made of a MIDI file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.models.melody_midi import midi_to_parts
from descant.models.melody_text import (
    MAX_IDS,
    MelodyTextError,
    Part,
    TimedNote,
    melody_counts,
    parts_to_text,
    text_to_ids,
)
from descant.models.theory.notes import Note
from descant.runtime.errors import PackFormatError, RequestError
from descant.runtime.midi import read_midi_bytes
from descant.runtime.pack import Pack
from descant.runtime.retrieval import EF_SEARCH, Neighbour
from descant.runtime.vector_index import VectorIndex, VectorIndexError, check_vectors

FloatArray = NDArray[np.float32]

MELODY_SECONDS = 10.0
"""The tower was trained on melodies of clips this long; of a longer clip's it hears more."""


class MelodyVectors:
    """A pack's melody embeddings with their search index."""

    def __init__(self, vectors: FloatArray, index: VectorIndex) -> None:
        self._vectors = vectors
        self._index = index

    def __len__(self) -> int:
        return len(self._vectors)

    def find(self, embedding: FloatArray, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies most similar to an embedding (D,), best first."""
        found = self._index.search(embedding[None], count, EF_SEARCH)
        pairs = zip(found.places[0].tolist(), found.similarity[0].tolist(), strict=True)
        return tuple(
            Neighbour(place, f"melody {place}", round(similarity, 6))
            for place, similarity in pairs
            if place >= 0
        )

    def vector(self, neighbour: Neighbour) -> FloatArray:
        """Return the embedding (D,) of a melody that was found."""
        vector: FloatArray = self._vectors[neighbour.index]
        return vector

    def nearest(self, embedding: FloatArray) -> FloatArray:
        """Return the melody embedding (D,) most similar to an embedding (D,)."""
        return self.vector(self.find(embedding, 1)[0])


def load_melodies(pack: Pack) -> MelodyVectors:
    """Read a pack's melody embeddings and their search index.

    Raises:
        PackIntegrityError: A file has changed since the pack was opened.
        PackFormatError: A file is not what its name says, or they don't fit together.
    """
    try:
        array = np.load(io.BytesIO(pack.read("files.melodies")), allow_pickle=False)
        if not isinstance(array, np.ndarray) or array.dtype != np.float32:
            raise ValueError("expected one array of float32")
        vectors = check_vectors(array)
        index = VectorIndex.from_bytes(pack.read("files.melody_index"))
        index.check_fits(pack.spec.pipeline.clmp_dim, len(vectors))
    except (VectorIndexError, ValueError, EOFError, OSError) as error:
        raise PackFormatError(f"melodies: {error}", hint="get the pack again") from error
    return MelodyVectors(vectors, index)


def melody_text(
    melody: str | Path | tuple[Note, ...], tempo_bpm: float, seconds: float
) -> tuple[str, list[str]]:
    """Write a given melody as the text of ``models.melody_text``; return it with warnings.

    Args:
        melody: A MIDI file, all of whose parts but drums count, or notes in beats.
        tempo_bpm: Of notes.
        seconds: Length of the clip; what begins later, or after ten seconds, is left out.

    Raises:
        RequestError: The file can't be read, or has no notes.
    """
    name = "melody"
    if isinstance(melody, tuple):
        beat = 60.0 / tempo_bpm
        timed = (TimedNote(n.pitch, n.start * beat, n.end * beat) for n in melody)
        parts: tuple[Part, ...] = (Part(tuple(sorted(timed, key=lambda note: note.end))),)
    else:
        name = f"melody {Path(melody).name!r:.200}"
        content = read_midi_bytes(Path(melody))
        try:
            parts = midi_to_parts(content)
        except MelodyTextError as error:
            raise RequestError(f"{name}: {error}", hint="choose another MIDI file") from error
    text = parts_to_text(_beginning(parts, max(seconds, MELODY_SECONDS)))
    if not text:
        kind = "only drums" if any(part.notes for part in parts) else "no notes"
        raise RequestError(f"{name} has {kind}", hint="choose a MIDI file with a tune in it")
    if len(text_to_ids(text)) <= MAX_IDS:
        return text, []
    return text, [f"{name} is long: only its first {MAX_IDS // 6} notes or so are heard"]


def text_counts(text: str) -> FloatArray:
    """(1, 655) input of the melody tower."""
    return melody_counts(text_to_ids(text))[None]


def _beginning(parts: tuple[Part, ...], seconds: float) -> list[Part]:
    """Keep the notes that begin within ``seconds`` of the first one."""
    starts = [note.start for part in parts if not part.is_drum for note in part.notes]
    end = min(starts, default=0.0) + seconds
    return [
        Part(tuple(note for note in part.notes if note.start < end), part.program, part.is_drum)
        for part in parts
    ]
