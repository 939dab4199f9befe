"""Melodies for the pack's library: composed, embedded by the melody tower, indexed by FAISS."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from descant.models.library import LibraryEntry
from descant.models.metrics import intersection_rate
from descant.models.nets.clmp import MelodyEncoder, melody_roll
from descant.models.spec import AudioSpec
from descant.models.synthset.compose import compose
from descant.models.theory.control import control_track
from descant.runtime.index_kinds import Flat
from descant.runtime.retrieval import LIBRARY_FRAMES, LIBRARY_INDEX
from descant.runtime.vector_index import VectorIndex

FIRST_SEED = 50_000_000
"""Library pieces come from seeds that neither training nor test clips use."""
BARS = 16


def compose_library(count: int) -> list[LibraryEntry]:
    """Compose ``count`` lead sheets of 16 bars."""
    entries = []
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        piece = compose(seed, "train")
        sheet = piece.sheet.window(0, min(BARS, piece.sheet.bars))
        truth = piece.truth
        entries.append(LibraryEntry(sheet, truth.genre, truth.mood, truth.lead))
    return entries


@torch.no_grad()
def embed_library(entries: list[LibraryEntry], tower: MelodyEncoder) -> NDArray[np.float32]:
    """Return (N, 512) unit embeddings of the first ten seconds of each melody."""
    frame_rate = AudioSpec().frame_rate
    rows = []
    for begin in range(0, len(entries), 128):
        tracks = []
        for entry in entries[begin : begin + 128]:
            sheet = entry.sheet
            bars = int(np.ceil(LIBRARY_FRAMES / frame_rate / sheet.seconds * sheet.bars)) + 1
            tracks.append(control_track(sheet.window(0, bars), LIBRARY_FRAMES, frame_rate))
        rolls = melody_roll(torch.from_numpy(np.stack(tracks)))
        rows.append(tower.eval()(rolls).numpy())
    return np.concatenate(rows).astype(np.float32)


def build_index(embeddings: NDArray[np.float32]) -> bytes:
    """Return a serialized HNSW index by inner product, vectors kept in fp16.

    Args:
        embeddings: (N, 512) float32, unit length.
    """
    return VectorIndex.build(embeddings, LIBRARY_INDEX).to_bytes()


def recall_at_10(index_bytes: bytes, embeddings: NDArray[np.float32]) -> float:
    """Share of the exact ten nearest neighbours that the index finds, over 500 probes."""
    noise = np.random.default_rng(0).standard_normal((500, embeddings.shape[1]))
    probes = embeddings[:: max(len(embeddings) // 500, 1)][:500]
    probes = probes + 0.5 * noise[: len(probes)] / np.sqrt(embeddings.shape[1])
    exact, found = (
        index.search(probes.astype(np.float32), 10).places
        for index in (VectorIndex.build(embeddings, Flat()), VectorIndex.from_bytes(index_bytes))
    )
    return intersection_rate(exact, found)
