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
    """Makes the takes of one item that are not done yet."""

    def __init__(
        self, item: QueueItem, listener: Listener, keep: KeepClip | None, paces: PaceBook
    ) -> None:
        self._item, self._listener = item, listener
        self._keep, self._paces = keep, paces
        rest = item.rest()
        self.requests = [] if rest is None else single_requests(rest)
        """What is to be made."""
        self._each = 1 if item.request.candidates is None else item.request.count
        self._done = item.takes
        self._begin = 0.0

    def save_again(self) -> None:
        """Keep the clips that could not be kept before.

        Raises:
            DescantError: They still can't be kept.
        """
        if self._item.unsaved:
            self._listener.report(self._item.id, stage="save")
            self._save(self._item.unsaved, ())

    def run(self, engine: Engine) -> None:
        """Make all takes.

        Raises:
            GenerationCancelled: It is not wanted any more.
            DescantError: What made it fail; the takes before are kept.
        """
        self._engine = engine
        for request in self.requests:
            self._begin = time.monotonic()
            clips = self._make(request)
            self._listener.report(self._item.id, stage="save")
            self._learn(clips)
            self._done += len(clips)
            self._save(clips, clips)

    def _save(self, clips: tuple[Clip, ...], new: tuple[Clip, ...]) -> None:
        """Keep clips; what can't be kept stays with the item, and can be heard all the same."""
        records: list[Any] = []
        try:
            for clip in clips:
                records.append(self._store(clip))  # those before a failure count
        finally:
            self._listener.report(
                self._item.id, takes=self._done, progress=self._share(0.0),
                unsaved=clips[len(records) :],
            )  # fmt: skip
            self._listener.clip_ready(self._item, new, tuple(records))

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
        return min((self._done + within * self._each) / self._item.request.count, 1.0)

    def _on_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        left = remaining_s(self._predicted_s(), now - self._begin, progress.fraction)
        if left is not None:
            each = left + now - self._begin
            left += each * max(self._item.request.count - self._done - self._each, 0) / self._each
        self._listener.report(
            self._item.id,
            stage="save" if progress.stage == "done" else progress.stage,
            progress=self._share(progress.fraction),
            eta_s=left,
        )

    def _predicted_s(self) -> float | None:
        """Return how long a request takes; None while its length or the pace is not known."""
        pace = self._paces.get(self._engine.pack.spec.id, self._engine.device)
        seconds, defaults = self._seconds(), self._engine.pack.spec.defaults
        if pace is None or seconds is None:
            return None
        candidates = self._item.request.candidates or defaults.candidates
        return pace.total_s(seconds, self._steps(), max(candidates, self._each))

    def _seconds(self) -> float | None:
        """Return the length of a clip; None where a file or the music's tempo decides it."""
        request = self._item.request
        if request.seconds is not None:
            return request.seconds
        by_itself = (request.video, request.bars, request.init, request.continues)
        if request.loop or any(each is not None for each in by_itself):
            return None
        return self._engine.pack.spec.defaults.seconds

    def _steps(self) -> int:
        return self._item.request.steps or self._engine.pack.spec.defaults.steps

    def _learn(self, clips: tuple[Clip, ...]) -> None:
        clip = clips[0]
        if len(clips) == 1 and clip.timings_ms:
            pace = measured(clip.timings_ms, clip.seconds, self._steps())
            self._paces.learn(self._engine.pack.spec.id, clip.device, pace)
