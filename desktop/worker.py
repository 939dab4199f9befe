"""The queue of wishes and the one thread that makes them come true: the window never waits."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from descant.desktop.engine_holder import EngineHolder, describe
from descant.desktop.eta import PaceBook
from descant.desktop.queue_item import QueueItem, title_of
from descant.runtime import GenerationCancelled

if TYPE_CHECKING:
    from descant.desktop.take_maker import KeepClip
    from descant.runtime import Clip, Engine, Request

EngineCall = Callable[["Engine"], Any]
OnResult = Callable[[Any], None]
OnError = Callable[[str], None]


class GenerationQueue(QObject):
    """Makes the takes of one request after the other, on a thread of its own.

    Call it from the thread it was made on; all signals come on that thread too.
    """

    item_added = Signal(object)
    """A new ``QueueItem``."""
    item_changed = Signal(object)
    """The ``QueueItem`` as it is now."""
    item_removed = Signal(int)
    order_changed = Signal()
    clips_ready = Signal(object, object)
    """The ``QueueItem`` and a tuple of clips, as soon as they are made."""
    take_kept = Signal(object, object)
    """The ``QueueItem`` and what ``keep`` returned for a clip."""
    engine_changed = Signal(str, str)
    """The device that computes from now on and the reason for it."""
    engine_failed = Signal(str)
    """The pack can't be opened on the device: why, and what to do."""
    _posted = Signal()

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
        self._ids = itertools.count(1)
        self._lock = threading.Condition()
        self._items: list[QueueItem] = []
        self._calls: deque[Callable[[], None]] = deque()
        self._events: deque[tuple[Any, tuple[Any, ...]]] = deque()
        self._open_wanted = self._closing = False
        self._posted.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name="descant-worker", daemon=True)
        self._thread.start()

    def items(self) -> list[QueueItem]:
        """Return all items, in the order in which they will be made."""
        with self._lock:
            return list(self._items)

    @property
    def engine(self) -> tuple[str, str] | None:
        """The device that computes and the reason for it; None until a pack is open."""
        return self._holder.told

    def item(self, item_id: int) -> QueueItem | None:
        """Return one item, or None when it is gone."""
        return next((item for item in self.items() if item.id == item_id), None)

    def add(self, request: Request, title: str = "", parent: int | None = None) -> QueueItem:
        """Put a request at the end of the queue."""
        item = QueueItem(next(self._ids), request, title or title_of(request), parent=parent)
        with self._lock:
            self._items.append(item)
            self._lock.notify()
        self.item_added.emit(item)
        return item

    def cancel(self, item_id: int) -> None:
        """Give an item up: it counts as cancelled at once, the engine stops within one step."""
        self._update(item_id, state="cancelled", eta_s=None)

    def move(self, item_id: int, index: int) -> None:
        """Move an item that waits to a place among those that wait, 0 being the next one made."""
        with self._lock:
            waiting = [item for item in self._items if item.state == "waiting"]
            moved = next((item for item in waiting if item.id == item_id), None)
            if moved is None:
                return
            waiting.remove(moved)
            waiting.insert(max(index, 0), moved)
            rest = [item for item in self._items if item.state != "waiting"]
            self._items = rest + waiting
        self.order_changed.emit()

    def remove(self, item_id: int) -> None:
        """Take an item off the list; one that is not over is cancelled."""
        self.cancel(item_id)
        with self._lock:
            before = len(self._items)
            self._items = [item for item in self._items if item.id != item_id]
            gone = len(self._items) < before
        if gone:
            self.item_removed.emit(item_id)

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

    # What follows is for the worker's thread, but for ``_update`` and ``_deliver``.
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
        self._post(self.clips_ready, item, clips)
        for record in records:
            if record is not None:
                self._post(self.take_kept, item, record)

    def _update(self, item_id: int, **fields: Any) -> bool:
        with self._lock:
            for place, item in enumerate(self._items):
                if item.id == item_id and not item.over:
                    self._items[place] = new = dataclasses.replace(item, **fields)
                    break
            else:
                return False
        self._post(self.item_changed, new)
        return True

    def _post(self, signal: Any, *arguments: Any) -> None:
        self._events.append((signal, arguments))
        self._posted.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._events:
            signal, arguments = self._events.popleft()
            signal.emit(*arguments)

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()
        self._holder.close()

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            while not self._closing:
                if self._open_wanted:
                    self._open_wanted = False
                    return self._open_quietly
                if self._calls:
                    return self._calls.popleft()
                for item in self._items:
                    if item.state == "waiting":
                        return partial(self._make, item)
                self._lock.wait()
            return None

    def _make(self, item: QueueItem) -> None:
        from descant.desktop.take_maker import TakeMaker

        self._update(item.id, state="running", stage="open")
        try:
            TakeMaker(self._opened(), item, self, self._keep, self._paces).run()
        except GenerationCancelled:
            self._update(item.id, state="cancelled", eta_s=None)
        except Exception as error:  # noqa: BLE001 - the worker's edge: it must outlive a bad item
            message, hint = describe(error)
            self._update(item.id, state="failed", error=message, hint=hint, eta_s=None)
        else:
            self._update(item.id, state="done", progress=1.0, stage="", eta_s=0.0)
        self._tell_device()

    def _call(self, fn: EngineCall, on_result: OnResult, on_error: OnError) -> None:
        try:
            result = fn(self._opened())
        except Exception as error:  # noqa: BLE001 - the worker's edge, as above
            self._post(_Answer(on_error), " ".join(filter(None, describe(error))))
        else:
            self._post(_Answer(on_result), result)

    def _opened(self) -> Engine:
        engine = self._holder.opened()
        self._tell_device()
        return engine

    def _open_quietly(self) -> None:
        self._call(lambda _: None, lambda _: None, self.engine_failed.emit)

    def _tell_device(self) -> None:
        """Say where it computes, when that has changed: a device may be lost in between."""
        if (news := self._holder.news()) is not None:
            self._post(self.engine_changed, *news)


@dataclasses.dataclass
class _Answer:
    """Looks like a signal to ``_post``."""

    emit: Callable[[Any], None]
