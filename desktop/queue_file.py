"""Keeps what waits in the queue in a file, so that it outlives the window, and a kill."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject

from descant.desktop.background import Background
from descant.desktop.queue_item import QueueItem, title_of
from descant.desktop.queue_list import QueueList
from descant.runtime import DescantError, write_atomically

_LOG = logging.getLogger(__name__)
_KEPT = ("waiting", "running", "failed")
_WINDOWS = 8
"""So many windows at once have a file of their own."""


class QueueFile(QObject):
    """Follows a queue; at the start it gives back what earlier runs have left.

    Each window that is open writes a file of its own, which its lock marks; what a window has
    left whose lock is free belongs to the next one that starts.
    """

    def __init__(self, queue: QueueList, folder: Path, parent: QObject | None = None) -> None:
        """Put what is found in ``folder`` into the queue; a damaged file counts as empty."""
        super().__init__(parent)
        self._queue = queue
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self._known: object = None
        self._background = Background("descant-queue-file", self)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._take_over([folder / f"queue-{number}.json" for number in range(1, _WINDOWS + 1)])
        for signal in (
            queue.item_added, queue.item_changed, queue.item_removed, queue.order_changed
        ):  # fmt: skip
            signal.connect(lambda *_: self._follow())

    def close(self) -> None:
        """Write what was not done; call it when the queue is closed."""
        self._follow()
        self._background.close()
        if self._lock is not None:
            self._lock.unlock()

    def _take_over(self, paths: Sequence[Path]) -> None:
        """Have the first file that no other window has, with what all such files hold."""
        found: list[QueueItem] = []
        others: list[tuple[Path, QLockFile]] = []
        for path in paths:
            if self._path is not None and not path.exists():
                continue
            lock = QLockFile(str(path.with_suffix(".lock")))
            lock.setStaleLockTime(0)  # only that of a process that is gone
            if not lock.tryLock(0):
                continue
            found += read_queue(path)
            if self._path is None:
                self._path, self._lock = path, lock
            else:
                others.append((path, lock))
        self._queue.restore(found)
        if self._path is not None and (not others or write_queue(self._path, found)):
            for path, _ in others:
                path.unlink(missing_ok=True)
        for _, lock in others:
            lock.unlock()

    def _follow(self) -> None:
        """Write the queue if what it would make has changed."""
        items = [item for item in self._queue.items() if item.state in _KEPT]
        now = [(item.id, item.takes, len(item.unsaved), item.state == "failed") for item in items]
        if self._path is not None and now != self._known:
            self._known = now
            self._background.run(partial(write_queue, self._path, items), lambda _: None)


def write_queue(path: Path, items: Sequence[QueueItem]) -> bool:
    """Keep what of some items was not done; False when the file can't be written."""
    rows = [row for item in items if (row := _row(item)) is not None]
    try:
        if rows:
            write_atomically(path, json.dumps(rows, ensure_ascii=False).encode())
        else:
            path.unlink(missing_ok=True)
    except (DescantError, OSError) as error:
        _LOG.warning("the queue could not be kept: %s", error)
        return False
    return True


def read_queue(path: Path) -> list[QueueItem]:
    """Return what ``write_queue`` has kept, as far as it makes sense."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    found = [_item(row) for row in rows] if isinstance(rows, list) else []
    return [item for item in found if item is not None]


def _row(item: QueueItem) -> dict[str, Any] | None:
    from descant.desktop.library.request_json import request_to_json  # brings SQLite along

    request = item.rest(kept_only=True)
    if request is None:
        return None
    row = {
        "request": request_to_json(request),
        "title": item.title,
        "parent": item.parent,
        "error": item.error,
        "hint": item.hint,
    }
    try:
        json.dumps(row)
    except (TypeError, ValueError):
        return None  # sound that is not in a file: nothing that the app asks for
    return row


def _item(row: Any) -> QueueItem | None:
    from descant.desktop.library.request_json import request_from_json

    if not isinstance(row, dict) or not isinstance(row.get("request"), dict):
        return None
    request = request_from_json(row["request"])
    if request is None:
        return None
    title, parent, error, hint = (row.get(name) for name in ("title", "parent", "error", "hint"))
    return QueueItem(
        0,
        request,
        title[:200] if isinstance(title, str) and title else title_of(request),
        "failed" if isinstance(error, str) else "waiting",
        error=error if isinstance(error, str) else None,
        hint=hint if isinstance(hint, str) else "",
        parent=parent if isinstance(parent, int) else None,
    )
