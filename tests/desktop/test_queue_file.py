"""The queue outlives the window: what was not done is offered again, whatever the file is like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.queue_file import QueueFile, read_queue
from descant.desktop.queue_item import QueueItem
from descant.desktop.queue_list import QueueList
from descant.desktop.worker import GenerationQueue
from descant.runtime import Note, Request
from tests.desktop.test_worker import WAIT_MS, hold, quick, wait_over

ASKED = Request(
    prompt="jazz", melody=(Note(0.0, 1.0, 60), Note(1.0, 1.0, 62)), bars=8, key="D minor", seed=5
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "settings"


@pytest.fixture
def left(context: AppContext, folder: Path) -> Iterator[GenerationQueue]:
    """Return a queue that is kept; what is added waits."""
    file = QueueFile(context.queue, folder)
    free = hold(context.queue)
    yield context.queue
    free.set()
    context.queue.close()
    file.close()


def test_what_waits_is_written_at_once_and_offered_by_the_next_window(
    left: GenerationQueue, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    left.add(ASKED, "A tune", parent=3)
    second = left.add(quick(prompt="second", images=(tmp_path / "a.png",)))
    left.move(second.id, 0)
    path = folder / "queue-1.json"
    order = ["second", "A tune"]
    qtbot.waitUntil(
        lambda: [item.title for item in read_queue(path)] == order, timeout=WAIT_MS
    )  # a kill may come now
    path.rename(path.with_name("queue-3.json"))  # of a window that is gone
    other = QueueList()
    file = QueueFile(other, folder)
    first, last = other.items()
    assert (first.title, str(first.request.images[0])) == ("second", str(tmp_path / "a.png"))
    assert (last.request, last.title, last.parent) == (ASKED, "A tune", 3)
    assert other.held is not None
    assert other.held.kind == "before"
    file.close()
    assert len(read_queue(folder / "queue-2.json")) == 2  # this window's own
    assert not (folder / "queue-3.json").exists()


def test_nothing_of_an_earlier_run_is_made_before_somebody_says_so(
    tiny_pack: Path, folder: Path, qtbot: QtBot
) -> None:
    folder.mkdir()
    rows = [
        {"request": {"prompt": "calm", "seconds": 1.0, "seed": 7}, "title": "calm"},
        {"request": {"prompt": "bad", "seconds": 1.0}, "title": "bad", "error": "No.", "hint": ""},
        {"request": {"prompt": "x", "seconds": -1}},
        "nonsense",
    ]
    (folder / "queue-1.json").write_text(json.dumps(rows))
    queue = GenerationQueue(tiny_pack, "cpu")
    file = QueueFile(queue, folder)
    with qtbot.waitSignal(queue.engine_changed, timeout=WAIT_MS):
        queue.set_engine(tiny_pack, "cpu")
    assert [item.state for item in queue.items()] == ["waiting", "failed"]
    queue.go_on()
    wait_over(qtbot, queue, queue.items()[0].id)
    queue.close()
    file.close()
    (again,) = read_queue(folder / "queue-1.json")
    assert (again.title, again.state, again.error) == ("bad", "failed", "No.")


def test_a_take_that_is_cut_off_is_offered_with_what_is_left_of_it(
    tiny_pack: Path, folder: Path, qtbot: QtBot
) -> None:
    queue = GenerationQueue(tiny_pack, "cpu")
    file = QueueFile(queue, folder)
    ready: list[QueueItem] = []
    queue.clips_ready.connect(lambda item, _: ready.append(item))
    queue.add(quick(count=1000))
    qtbot.waitUntil(lambda: len(ready) >= 2, timeout=WAIT_MS)
    assert queue.close()
    (item,) = queue.items()
    file.close()
    (again,) = read_queue(folder / "queue-1.json")
    assert again.request == quick(count=1000 - item.takes, seed=7 + item.takes)


def test_when_everything_is_done_there_is_no_file(
    tiny_pack: Path, folder: Path, qtbot: QtBot
) -> None:
    queue = GenerationQueue(tiny_pack, "cpu")
    file = QueueFile(queue, folder)
    item = queue.add(quick())
    wait_over(qtbot, queue, item.id)
    queue.close()
    file.close()
    assert not list(folder.iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    content=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["request", "title", "error", "prompt"]), inner)
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps([value]).encode())
)
def test_a_spoiled_file_is_no_reason_not_to_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "queue-1.json"
    path.write_bytes(content)
    assert all(item.request for item in read_queue(path))
