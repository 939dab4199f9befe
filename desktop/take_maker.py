"""What the worker does for one item of the queue: its takes one by one, with progress and ETA."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any, Protocol

from descant.desktop.eta import PaceBook, measured, remaining_s
from descant.desktop.queue_item import QueueItem
from descant.runtime import Clip, Engine, GenerationCancelled, Progress, Request

KeepClip = Callable[[Clip, str, "int | None"], Any]
"""Stores a clip with its title and the take it came from, and returns the record of it."""

_PIECE_MS = 40.0


class Listener(Protocol):
    """Hears of an item while it is made, on the worker's thread."""

    def cancelled(self, item_id: int) -> bool:
        """Whether it is still wanted."""

    def report(self, item_id: int, **fields: Any) -> None:
        """Take note of new values of the item's fields."""

    def clip_ready(
        self, item: QueueItem, clips: tuple[Clip, ...], records: tuple[Any, ...]
    ) -> None:
        """Take clips, and the records of them when they were stored."""


def single_requests(request: Request) -> list[Request]:
    """Return one request for each take, so that every take is kept as soon as it is made.

    Seeds go up by one, as those of ``count`` do. Where the best of many candidates are wanted
    they have to be made together.
    """
    if request.count == 1 or request.candidates is not None:
        return [request]
    first = request.first_seed()
    return [
        dataclasses.replace(request, count=1, seed=first + number)
        for number in range(request.count)
    ]


class TakeMaker:
    """Makes the takes of one item."""

    def __init__(
        self, engine: Engine, item: QueueItem, listener: Listener, keep: KeepClip | None,
        paces: PaceBook,
    ) -> None:  # fmt: skip
        self._engine, self._item, self._listener = engine, item, listener
        self._keep, self._paces = keep, paces
        self._requests = single_requests(item.request)
        self._done = 0
        self._begin = 0.0

    def run(self) -> None:
        """Make all takes.

        Raises:
            GenerationCancelled: It is not wanted any more.
            DescantError: What made it fail; the takes before are kept.
        """
        for request in self._requests:
            self._begin = time.monotonic()
            clips = self._make(request)
            self._listener.report(self._item.id, stage="save")
            self._learn(clips)
            try:
                records = tuple(self._store(clip) for clip in clips)
            except Exception:
                self._listener.clip_ready(self._item, clips, ())  # it can be heard all the same
                raise
            self._done += len(clips)
            self._listener.report(self._item.id, takes=self._done, progress=self._share(0.0))
            self._listener.clip_ready(self._item, clips, records)

    def _make(self, request: Request) -> tuple[Clip, ...]:
        """Make the clips of one request, piece by piece: between two it can be given up."""
        job = self._engine.begin(request)
        while not job.advance(_PIECE_MS):
            if self._listener.cancelled(self._item.id):
                job.cancel()
                break
            self._on_progress(job.progress)
        clips = job.clips()
        if self._listener.cancelled(self._item.id):  # a short clip is done in one go
            raise GenerationCancelled("the take is not wanted any more")
        return clips

    def _store(self, clip: Clip) -> Any:
        if self._keep is None:
            return None
        return self._keep(clip, self._item.title, self._item.parent)

    def _share(self, within: float) -> float:
        """Return the share of the whole item that is done, ``within`` (0 … 1) of a request."""
        whole = len(self._requests)
        return min(((self._done if whole > 1 else 0) + within) / whole, 1.0)

    def _on_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        left = remaining_s(self._predicted_s(), now - self._begin, progress.fraction)
        if left is not None and len(self._requests) > 1:
            each = left + now - self._begin
            left += each * (len(self._requests) - self._done - 1)
        self._listener.report(
            self._item.id,
            stage="save" if progress.stage == "done" else progress.stage,
            progress=self._share(progress.fraction),
            eta_s=left,
        )

    def _predicted_s(self) -> float | None:
        pace = self._paces.get(self._engine.pack.spec.id, self._engine.device)
        if pace is None:
            return None
        seconds, steps = self._expected()
        return pace.total_s(seconds, steps)

    def _expected(self) -> tuple[float, int]:
        """Return the length and steps that the request will have, as far as it says."""
        request, defaults = self._item.request, self._engine.pack.spec.defaults
        return request.seconds or defaults.seconds, request.steps or defaults.steps

    def _learn(self, clips: tuple[Clip, ...]) -> None:
        clip, steps = clips[0], self._expected()[1]
        if len(clips) == 1 and clip.timings_ms:
            pace = measured(clip.timings_ms, clip.seconds, steps)
            self._paces.learn(self._engine.pack.spec.id, clip.device, pace)
