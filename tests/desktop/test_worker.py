"""The queue: takes are made one by one, in an order that a person may change, or given up."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.queue_item import QueueItem
from descant.desktop.worker import GenerationQueue
from descant.runtime import Clip, Engine, OutputError, Request

WAIT_MS = 20_000


def quick(**fields: Any) -> Request:
    """Return a request that takes the tiny pack no time."""
    return Request(**{"prompt": "calm piano", "seconds": 1.0, "seed": 7, **fields})


def hold(queue: GenerationQueue) -> threading.Event:
    """Keep the worker busy until the event is set, so that what is added waits."""
    free, busy = threading.Event(), threading.Event()

    def wait(_: Engine) -> None:
        busy.set()
        free.wait(10.0)

    queue.engine_call(wait, lambda _: None, lambda _: None)
    assert busy.wait(10.0)
    return free


def wait_over(qtbot: QtBot, queue: GenerationQueue, item_id: int) -> None:
    """Wait until an item is over."""
    qtbot.waitUntil(lambda: (item := queue.item(item_id)) is None or item.over, timeout=WAIT_MS)


def test_takes_come_one_by_one_and_are_kept(
    tiny_pack: Path, tiny_engine: Engine, qtbot: QtBot
) -> None:
    kept: list[tuple[Clip, str, int | None]] = []

    def keep(clip: Clip, title: str, parent: int | None) -> int:
        kept.append((clip, title, parent))
        return len(kept)

    queue = GenerationQueue(tiny_pack, "cpu", keep)
    heard: list[tuple[Clip, ...]] = []
    records: list[int] = []
    queue.clips_ready.connect(lambda _, clips: heard.append(clips))
    queue.take_kept.connect(lambda _, record: records.append(record))
    item = queue.add(quick(count=3), parent=4)
    wait_over(qtbot, queue, item.id)
    qtbot.waitUntil(lambda: len(records) == 3)
    queue.close()
    assert [len(clips) for clips in heard] == [1, 1, 1]
    assert [clip.seed for clip, _, _ in kept] == [7, 8, 9]
    assert {(title, parent) for _, title, parent in kept} == {("calm piano", 4)}
    together = tiny_engine.generate_many(quick(count=3))
    for (clip, _, _), other in zip(kept, together, strict=True):
        np.testing.assert_array_equal(clip.samples, other.samples)


def test_progress_goes_up_and_ends_at_one(context: AppContext, qtbot: QtBot) -> None:
    seen: list[QueueItem] = []
    context.queue.item_changed.connect(seen.append)
    item = context.queue.add(quick(count=2, steps=5))
    wait_over(qtbot, context.queue, item.id)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].over)
    shares = [found.progress for found in seen]
    assert shares == sorted(shares)
    assert (seen[-1].state, seen[-1].progress, seen[-1].takes) == ("done", 1.0, 2)


def test_what_waits_can_be_reordered_and_cancelled(context: AppContext, qtbot: QtBot) -> None:
    queue, started = context.queue, []
    free = hold(queue)
    first, second, third = (queue.add(quick(prompt=name)) for name in ("one", "two", "three"))
    queue.item_changed.connect(
        lambda item: started.append(item.title) if item.state == "running" else None
    )
    queue.move(third.id, 0)
    queue.move(first.id, 99)
    queue.cancel(second.id)
    assert [item.title for item in queue.items() if not item.over] == ["three", "one"]
    free.set()
    wait_over(qtbot, queue, first.id)
    wait_over(qtbot, queue, third.id)
    assert list(dict.fromkeys(started)) == ["three", "one"]
    cancelled = queue.item(second.id)
    assert cancelled is not None
    assert cancelled.state == "cancelled"


def test_a_running_item_is_cancelled_and_the_next_one_made(
    context: AppContext, qtbot: QtBot
) -> None:
    queue = context.queue
    made: list[int] = []
    queue.clips_ready.connect(lambda item, _: made.append(item.id))
    long = queue.add(quick(count=1000))
    after = queue.add(quick())
    qtbot.waitUntil(lambda: len(made) >= 2, timeout=WAIT_MS)
    queue.cancel(long.id)
    stopped = queue.item(long.id)
    assert stopped is not None
    assert stopped.state == "cancelled"
    assert stopped.takes < 1000
    ready = len(made)
    wait_over(qtbot, queue, after.id)
    done = queue.item(after.id)
    assert done is not None
    assert done.state == "done"
    assert made.count(long.id) <= ready + 1


def test_a_bad_item_fails_in_words_and_the_next_one_is_made(
    context: AppContext, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = context.queue.add(quick(audio=tmp_path / "gone.wav"))
    good = context.queue.add(quick())
    wait_over(qtbot, context.queue, good.id)
    failed = context.queue.item(bad.id)
    assert failed is not None
    assert failed.state == "failed"
    assert failed.error is not None
    assert "gone.wav" in failed.error
    assert failed.hint


def test_a_full_disk_is_told_and_the_take_can_be_heard(tiny_pack: Path, qtbot: QtBot) -> None:
    def full(*_: object) -> None:
        raise OutputError("can't write 'a.wav': the disk is full", hint="free some space")

    queue = GenerationQueue(tiny_pack, "cpu", full)
    with qtbot.waitSignal(queue.clips_ready, timeout=WAIT_MS):
        item = queue.add(quick())
    wait_over(qtbot, queue, item.id)
    failed = queue.item(item.id)
    assert failed is not None
    assert (failed.state, failed.hint) == ("failed", "Free some space.")
    queue.close()


def test_a_pack_that_is_removed_while_it_is_open_is_told(
    tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "pack"))
    queue = GenerationQueue(pack, "cpu")
    with qtbot.waitSignal(queue.engine_changed, timeout=WAIT_MS):
        queue.set_engine(pack, "cpu")
    shutil.rmtree(pack)
    item = queue.add(quick())
    wait_over(qtbot, queue, item.id)
    failed = queue.item(item.id)
    assert failed is not None
    assert failed.state == "failed"
    assert failed.error
    with qtbot.waitSignal(queue.engine_failed, timeout=WAIT_MS) as heard:
        queue.set_engine(pack / "other", "cpu")
    assert heard.args is not None
    assert "other" in heard.args[0]
    queue.set_engine(tiny_pack, "cpu")
    again = queue.add(quick())
    wait_over(qtbot, queue, again.id)
    done = queue.item(again.id)
    assert done is not None
    assert done.state == "done"
    queue.close()


def test_calls_answer_on_the_thread_of_the_window(context: AppContext, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    answers: list[str] = []

    def ask(engine: Engine) -> str:
        threads.append(threading.current_thread())
        return engine.pack.spec.id

    def fail(_: Engine) -> None:
        raise ValueError("no such thing")

    def take(answer: str) -> None:
        threads.append(threading.current_thread())
        answers.append(answer)

    context.queue.engine_call(ask, take, take)
    context.queue.engine_call(fail, take, take)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=WAIT_MS)
    main = threading.main_thread()
    assert threads[0] is not main
    assert threads[1] is threads[-1] is main
    assert answers[0]
    assert "no such thing" in answers[1]


def test_closing_in_the_middle_ends_the_thread(tiny_pack: Path, qtbot: QtBot) -> None:
    queue = GenerationQueue(tiny_pack, "cpu")
    with qtbot.waitSignal(queue.clips_ready, timeout=WAIT_MS):
        queue.add(quick(count=1000))
    assert queue.close()
