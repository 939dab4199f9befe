"""One wish in the queue, as everybody sees it: a frozen picture of how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from descant.runtime import Clip, Request

State = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A request with its fate so far; a later report is another ``QueueItem`` of the same id."""

    id: int
    request: Request
    title: str
    state: State = "waiting"
    progress: float = 0.0
    """0 … 1."""
    stage: str = ""
    """``open``, ``prepare``, ``picture``, ``sample``, ``decode`` or ``save``; empty while it
    waits."""
    eta_s: float | None = None
    """Seconds until it is done; None while nobody can say."""
    takes: int = 0
    """How many of ``request.count`` are done."""
    unsaved: tuple[Clip, ...] = field(default=(), compare=False)
    """Clips that are done and could not be kept."""
    error: str | None = None
    """What went wrong."""
    hint: str = ""
    """What a person can do about it."""
    parent: int | None = None
    """The take that this one was made from."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed", "cancelled")

    def again(self) -> QueueItem:
        """Return the item as one that waits once more; what is done of it stays done."""
        return replace(self, state="waiting", stage="", eta_s=None, error=None, hint="")

    def rest(self, kept_only: bool = False) -> Request | None:
        """Return the request of the takes that are not done, None when all are.

        Args:
            kept_only: Count what is done and could not be kept as not done.
        """
        done = self.takes - (len(self.unsaved) if kept_only else 0)
        left, seed = self.request.count - done, self.request.seed
        if left < 1:
            return None
        if done == 0 or self.request.candidates is not None:  # the best are chosen among all
            return self.request
        return replace(self.request, count=left, seed=None if seed is None else seed + done)


def title_of(request: Request, longest: int = 60) -> str:
    """Return a name for what a request makes: its words, or else the name of its first file."""
    for text in (request.prompt, request.music_prompt, request.caption, request.story):
        words = " ".join(text.split())
        if words:
            return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
    files = (request.hum, request.melody, request.audio, *request.images, request.video)
    for file in files:
        if isinstance(file, (str, Path)):
            return Path(file).stem[:longest]
    return "…"
