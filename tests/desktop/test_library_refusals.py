"""A library that can't do what is asked says so, and keeps nothing by halves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from descant.desktop.library import Library, LibraryError, LibraryVersionError, TakeNotFoundError
from descant.runtime import OutputError
from tests.desktop.takes import make_clip, names


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Return an empty library."""
    found = Library(tmp_path / "music")
    yield found
    found.close()


def test_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    Library(tmp_path).close()
    path = tmp_path / "library.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LibraryVersionError, match="its format is 99") as caught:
        Library(tmp_path)
    assert "update descant" in caught.value.hint
    assert path.read_bytes() == before


def fill(library: Library) -> None:
    """Add takes without end."""
    while True:
        library.add(make_clip("many words " * 90, seconds=0.01))


def test_a_full_disk_keeps_nothing_by_halves(library: Library) -> None:
    kept = library.add(make_clip("one"))
    with library._db.read() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match="the disk is full") as caught:
            fill(library)
        assert "free some space" in caught.value.hint
        connection.execute("PRAGMA max_page_count = 100000")
    assert len(names(library.folder)) == 2 * library.count()
    assert library.get(kept.id) == kept
    assert library.add(make_clip("after")).title == "After"


def test_files_that_can_not_be_written(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = library.add(make_clip("one"))
    files = names(library.folder)

    def full(_path: object, _content: object) -> None:
        raise OutputError("can't write: the disk is full", hint="free some space")

    monkeypatch.setattr("descant.runtime.clip.write_atomically", full)
    with pytest.raises(OutputError):
        library.add(make_clip("two"))
    monkeypatch.setattr("descant.desktop.library.take_files.write_atomically", full)
    with pytest.raises(OutputError):
        library.rename(kept.id, "new")
    assert library.get(kept.id) == kept
    assert library.takes("new") == []
    assert names(library.folder) == files
    assert library.count() == 1


def test_a_folder_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="can't use the folder") as caught:
        Library(tmp_path / "file" / "music")
    assert "choose a folder" in caught.value.hint


def test_a_database_that_can_not_be_opened(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").mkdir()
    with pytest.raises(LibraryError, match="can't be opened") as caught:
        Library(tmp_path)
    assert "choose a folder" in caught.value.hint
    assert (tmp_path / "library.sqlite").is_dir()


def test_a_database_that_can_not_be_written(library: Library) -> None:
    kept = library.add(make_clip("one"))
    with library._db.read() as connection:
        connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LibraryError, match="read-only"):
        library.add(make_clip("two"))
    with pytest.raises(LibraryError, match="read-only"):
        library.rename(kept.id, "new")
    assert library.takes() == [kept]
    assert len(names(library.folder)) == 2


def test_an_audio_file_that_is_gone(tmp_path: Path) -> None:
    library = Library(tmp_path)
    take = library.add(make_clip())
    parked = tmp_path / take.path.name
    take.path.rename(parked)
    with pytest.raises(TakeNotFoundError, match="can't be read"):
        library.load_samples(take.id)
    library.close()
    library = Library(tmp_path)
    assert library.found.missing == 1
    assert library.get(take.id).missing
    library.close()
    parked.rename(take.path)
    library = Library(tmp_path)
    assert not library.get(take.id).missing
    assert json.loads(take.path.with_suffix(".json").read_text())["id"] == take.id
    library.close()


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.count()
