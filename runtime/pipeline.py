"""What the families of packs have in common."""

from __future__ import annotations

from typing import Protocol

from descant.models.theory.sheet import LeadSheet
from descant.runtime.clip import Clip
from descant.runtime.phrases import Embedder
from descant.runtime.pieces import Pieces
from descant.runtime.progress import OnProgress, WorkClock
from descant.runtime.request import Request
from descant.runtime.retrieval import Neighbour

Clips = tuple[Clip, ...]


class Pipeline(Protocol):
    """What a family of packs does its own way."""

    has_notes: bool
    """Whether clips come with the notes that sound in them."""

    @property
    def space(self) -> Embedder:
        """Where words and pictures are compared."""

    def search(self, text: str, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best."""

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the notes of a melody that was found."""

    def clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make all clips of a request, stopping between calls."""
