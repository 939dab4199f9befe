"""The queue of wishes and the one thread that makes them come true: the window never waits."""

from __future__ import annotations

import dataclasses
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from descant.desktop.engine_holder import EngineHolder, describe
from descant.desktop.eta import PaceBook
from descant.desktop.queue_item import QueueItem
from descant.desktop.queue_list import Hold, QueueList
from descant.runtime import GenerationCancelled

if TYPE_CHECKING:
    from descant.desktop.take_maker import KeepClip
    from descant.runtime import Clip, Engine

EngineCall = Callable[["Engine"], Any]
OnResult = Callable[[Any], None]
OnError = Callable[[str], None]


class GenerationQueue(QueueList):
    """Makes the takes of one request after the other, on a thread of its own.

    Call it from the thread it was made on; all signals come on that thread too.
    """

    clips_ready = Signal(object, object)
    """The ``QueueItem`` and a tuple of clips, as soon as they are made."""
    take_kept = Signal(object, object)
    """The ``QueueItem`` and what ``keep`` returned for a clip."""
    engine_changed = Signal(str, str)
    """The device that computes from now on and the reason for it."""
    engine_failed = Signal(str)
    """The pack can't be opened on the device: why, and what to do."""

    def __init__(
        self,
        pack: str | Path = "starter",
        device: str = "auto",
        keep: KeepClip | None = None,
        paces: PaceBook | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Nothing is loaded before ``set_engine`` or ``add``."""
        super().__init__(parent)
        self._holder = EngineHolder(str(pack), device)
        self._keep = keep
        self._paces = paces or PaceBook(None)
        self._calls: deque[Callable[[], None]] = deque()
        self._open_wanted = self._closing = False
        self._thread = threading.Thread(target=self._run, name="descant-worker", daemon=True)
        self._thread.start()

    @property
    def engine(self) -> tuple[str, str] | None:
        """The device that computes and the reason for it; None until a pack is open."""
        return self._holder.told

    def set_engine(self, pack: str | Path, device: str = "auto") -> None:
        """Open another pack or device, after what is being made now."""
        with self._lock:
            self._holder.wish, self._open_wanted = (str(pack), device), True
            self._lock.notify()

    def engine_call(self, fn: EngineCall, on_result: OnResult, on_error: OnError) -> None:
        """Run ``fn(engine)`` on the worker, before the items that wait.

        ``on_result`` or ``on_error`` (a message for a person) is called on this thread.
        """
        with self._lock:
            self._calls.append(partial(self._call, fn, on_result, on_error))
            self._lock.notify()

    def close(self, timeout_s: float = 10.0) -> bool:
        """Cancel everything and free the engine; False when that takes longer than it may."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(timeout_s)
        self._events.clear()
        return not self._thread.is_alive()

    # What follows is for the worker's thread.
    def cancelled(self, item_id: int) -> bool:
        """Whether nobody waits for an item any more."""
        item = self.item(item_id)
        return self._closing or item is None or item.state == "cancelled"

    def report(self, item_id: int, **fields: Any) -> None:
        """Take note of new values of an item's fields."""
        self._update(item_id, **fields)

    def clip_ready(
        self, item: QueueItem, clips: tuple[Clip, ...], records: tuple[Any, ...]
    ) -> None:
        """Announce clips that are done, even of an item that was taken off meanwhile."""
        item = self.item(item.id) or item
        if clips:
            self._post(self.clips_ready, item, clips)
        for record in records:
            if record is not None:
                self._post(self.take_kept, item, record)

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()
        self._holder.close()

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            while not self._closing:
                if self._open_wanted:
                    self._open_wanted = False
                    return self._opened_or_held
                if self._calls:
                    return self._calls.popleft()
                waiting = (item for item in self._items if item.state == "waiting")
                if self._held is None and (item := next(waiting, None)) is not None:
                    return partial(self._make, item)
                self._lock.wait()
            return None

    def _make(self, item: QueueItem) -> None:
        from descant.desktop.take_maker import TakeMaker

        maker = TakeMaker(item, self, self._keep, self._paces)
        self._update(item.id, state="running", stage="open")
        try:
            maker.save_again()
            if maker.requests:
                if (engine := self._opened_or_held()) is None:
                    self._update(item.id, state="waiting", stage="")
                    return
                maker.run(engine)
        except GenerationCancelled:
            if not self._closing:  # what was not done is still to be seen in ``items``
                self._update(item.id, state="cancelled", eta_s=None)
        except Exception as error:  # noqa: BLE001 - the worker's edge: it must outlive a bad item
            self._fail(item.id, error)
        else:
            self._update(item.id, state="done", progress=1.0, stage="", eta_s=0.0)
        self._tell_device()

    def _fail(self, item_id: int, error: Exception) -> None:
        message, hint = describe(error)
        now = self.item(item_id)
        if now is not None and now.unsaved:  # the next one could not be saved either
            self._hold(Hold("save", f"{message} {hint}".strip()))
        self._update(item_id, state="failed", error=message, hint=hint, eta_s=None)

    def _call(self, fn: EngineCall, on_result: OnResult, on_error: OnError) -> None:
        try:
            result = fn(self._opened())
        except Exception as error:  # noqa: BLE001 - the worker's edge, as above
            self._post(_Answer(on_error), " ".join(filter(None, describe(error))))
        else:
            self._post(_Answer(on_result), result)

    def _opened(self) -> Engine:
        engine = self._holder.opened()
        if self._held is not None and self._held.kind == "engine":
            self._hold(None)
        self._tell_device()
        return engine

    def _opened_or_held(self) -> Engine | None:
        """Return the engine; where it can't be opened all that waits is held, and None comes."""
        try:
            return self._opened()
        except Exception as error:  # noqa: BLE001 - the worker's edge, as above
            message = " ".join(filter(None, describe(error)))
            if self._held is None or self._held.kind == "engine":
                self._hold(Hold("engine", message))
            self._post(self.engine_failed, message)
            return None

    def _tell_device(self) -> None:
        """Say where it computes, when that has changed: a device may be lost in between."""
        if (news := self._holder.news()) is not None:
            self._post(self.engine_changed, *news)


@dataclasses.dataclass
class _Answer:
    """Looks like a signal to ``_post``."""

    emit: Callable[[Any], None]
