"""A library after kills, damage, and with several programs at work on it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from descant.desktop.library import Library, TakeRecord
from descant.desktop.library.database import Database
from descant.desktop.library.schema import MIGRATIONS, migrate
from tests.desktop.library_kills import Promises, kill_once, problems, start_worker
from tests.desktop.takes import make_clip


def filled(folder: Path) -> list[TakeRecord]:
    """Make a library of three takes with all kinds of marks, and return what it says of them."""
    library = Library(folder)
    first = library.add(make_clip("one", notes=True))
    second = library.add(make_clip("two", seed=8), parent=first.id)
    third = library.add(make_clip("three", seed=9))
    library.rename(first.id, "A new name")
    library.set_favourite(second.id)
    library.set_tags(second.id, ["night", "boss fight"])
    library.delete(third.id)
    takes = everything(library)
    library.close()
    return takes


def everything(library: Library) -> list[TakeRecord]:
    """Return all takes, deleted ones too, with their outlines."""
    found = [*library.takes(sort="oldest"), *library.takes(sort="oldest", deleted=True)]
    for take in found:
        library.load_peaks(take.id)
    return [library.get(take.id) for take in found]


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:16384] = bytes(range(256)) * 48
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [garbage, cut, scribble])
def test_a_damaged_database_is_set_aside_and_built_again(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    before = filled(tmp_path)
    damage(tmp_path / "library.sqlite")
    library = Library(tmp_path)
    aside = library.found.set_aside
    assert aside is not None
    assert aside.name.startswith("library.sqlite.broken-2")
    assert aside.exists()
    assert everything(library) == before
    assert library.takes("boss")[0].title == "Two"
    assert library.add(make_clip("four")).id == 4
    library.close()
    garbage(tmp_path / "library.sqlite")
    again = Library(tmp_path)
    assert again.found.set_aside not in (None, aside)
    assert again.count() == 3
    again.close()


def test_a_lost_database_is_built_again(tmp_path: Path) -> None:
    before = filled(tmp_path)
    for path in tmp_path.glob("library.sqlite*"):
        path.unlink()
    library = Library(tmp_path)
    assert library.found.adopted == 3
    assert everything(library) == before
    library.close()


def test_receipts_alone_are_enough_to_find_the_takes(tmp_path: Path) -> None:
    before = filled(tmp_path)
    (tmp_path / "library.sqlite").unlink()
    for page in (tmp_path / "takes").glob("*.json"):
        page.unlink()
    library = Library(tmp_path)
    takes = library.takes(sort="oldest")
    assert [(t.id, t.seed, t.prompt, t.receipt, t.created) for t in takes] == [
        (t.id, t.seed, t.prompt, t.receipt, t.created) for t in before
    ]
    assert [t.title for t in takes] == ["One", "Two", "Three"]
    assert takes[1].parent == takes[0].id
    library.close()


def test_files_that_are_none_of_ours_stay(tmp_path: Path) -> None:
    filled(tmp_path)
    folder = tmp_path / "takes"
    (folder / "notes.txt").write_text("hello")
    (folder / "song.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    (folder / "other.json").write_text("[1]")
    (folder / ".x.wav.0123.part").write_bytes(b"half")
    (folder / "Gone 0009.json").write_text('{"id": 9}')
    library = Library(tmp_path)
    assert (library.found.adopted, library.found.swept) == (0, 2)
    left = {path.name for path in folder.iterdir()}
    assert {"notes.txt", "song.wav", "other.json"} <= left
    library.close()


def test_a_copy_of_a_take_becomes_a_take(tmp_path: Path) -> None:
    filled(tmp_path)
    shutil.copy(tmp_path / "takes" / "Two 0002.wav", tmp_path / "takes" / "copy.wav")
    library = Library(tmp_path)
    assert library.found.adopted == 1
    assert {t.id for t in library.takes("two")} == {2, 4}
    library.close()
    library = Library(tmp_path)
    assert library.found.adopted == 0
    library.close()


def test_an_older_format_is_led_to_the_new_one(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = sqlite3.connect(tmp_path / "library.sqlite", isolation_level=None)
    migrate(connection, [*MIGRATIONS, "ALTER TABLE takes ADD COLUMN bpm REAL;\nSELECT 1;\n"])
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert connection.execute("SELECT count(bpm), count(*) FROM takes").fetchone() == (0, 3)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [*MIGRATIONS, "", "CREATE TABLE a (b);\nCREATE TABLE a (b);\n"])
    assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'a'").fetchall() == []
    connection.close()


def test_a_writer_that_dies_leaves_the_lock(tmp_path: Path) -> None:
    promises = Promises()
    for seed in range(4):
        kill_once(tmp_path, promises, seed)
        assert problems(tmp_path, promises) == []
    assert promises.titles


def test_two_programs_on_one_folder(tmp_path: Path) -> None:
    workers = [start_worker(tmp_path, 15, seed) for seed in (0, 1000)]
    promises = Promises()
    for worker in workers:
        out, _ = worker.communicate(timeout=120)
        assert worker.returncode == 0
        for line in out.splitlines():
            promises.hear(line)
    assert len(promises.titles) == 30
    assert problems(tmp_path, promises) == []


def test_many_threads(tmp_path: Path) -> None:
    library = Library(tmp_path)
    failures: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for seed in range(first, first + 8):
                take = library.add(make_clip(f"tune {seed}", 0.1, seed))
                library.set_favourite(take.id)
                assert take.id in {t.id for t in library.takes(f"tune {seed}")}
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i * 100,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert library.count(favourites=True) == 32
    library.close()


def test_a_lock_that_is_never_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Library(tmp_path).close()
    monkeypatch.setattr("descant.desktop.library.database.BUSY_SECONDS", 0.1)
    library = Library(tmp_path)
    other = Database(tmp_path / "library.sqlite")
    with other.write(), pytest.raises(Exception, match="in use by another window"):
        library.add(make_clip())
    assert list((tmp_path / "takes").iterdir()) == []
    assert library.add(make_clip()).id == 1
    other.close()
    library.close()
