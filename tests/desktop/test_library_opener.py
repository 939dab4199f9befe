"""A library that can't be used: takes go elsewhere, and come back when it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop.library import Library
from descant.desktop.library_opener import LibraryOpener
from descant.runtime import DescantError, OutputError
from tests.desktop.takes import make_clip

WAIT_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the chosen folder, in whose place is a file."""
    path = tmp_path / "Music"
    path.write_text("no folder")
    return path


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "library"


def open_library(qtbot: QtBot, folder: Path, spare: Path) -> tuple[LibraryOpener, list[str]]:
    """Open, and return what a person was told."""
    opener, told = LibraryOpener(folder, spare), list[str]()
    for signal in (opener.spared, opener.failed, opener.taken_in):
        signal.connect(told.append)
    opener.start()
    opener._thread.join()
    qtbot.wait(1)
    return opener, told


@pytest.fixture
def filled_spare(folder: Path, spare: Path, qtbot: QtBot) -> Path:
    """Return the spare folder with three takes of a time when the library was away."""
    opener, told = open_library(qtbot, folder, spare)
    assert len(told) == 1
    assert "Music" in told[0]
    assert str(spare) in told[0]
    first = opener.keep(make_clip("one", notes=True), "One", None)
    opener.keep(make_clip("two", seed=8), "Two", first.id)
    library = opener.wait()
    library.set_tags(first.id, ["night"])
    library.delete(opener.keep(make_clip("three", seed=9), "Three", None).id)
    opener.close()
    folder.unlink()
    return spare


def test_takes_that_were_kept_elsewhere_come_back(
    filled_spare: Path, folder: Path, qtbot: QtBot
) -> None:
    before = Library(folder)
    own = [before.add(make_clip(f"own {number}", seed=20 + number)) for number in range(4)]
    before.close()
    opener, told = open_library(qtbot, folder, filled_spare)
    assert told == ["Takes that were kept elsewhere are in the library now: 3"]
    library = opener.wait()
    *rest, two, one = library.takes()
    assert [take.id for take in rest] == [take.id for take in reversed(own)]
    assert (one.title, one.tags, two.title, two.parent) == ("One", ("night",), "Two", one.id)
    assert library.load_details(one.id).notes is not None
    assert one.path.parent == folder / "takes"
    assert one.path.exists()
    assert [take.title for take in library.takes(deleted=True)] == ["Three"]
    opener.close()
    left = {path.name for path in filled_spare.rglob("*") if path.is_file()}
    assert not left
    opener, told = open_library(qtbot, folder, filled_spare)
    assert (told, len(opener.wait().takes())) == ([], 6)
    opener.close()


@pytest.mark.parametrize("step", ["write_label", "insert_take", "remove_take"])
def test_a_kill_on_the_way_loses_and_doubles_nothing(
    filled_spare: Path, folder: Path, step: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    class Kill(BaseException):
        """Not caught, as a kill is not."""

    def die(*_: object) -> None:
        raise Kill

    place = "library" if step == "remove_take" else "adoption"
    library = Library(folder)
    with monkeypatch.context() as patched:
        patched.setattr("descant.desktop.library.adoption.remove_take", lambda _: None)
        patched.setattr(f"descant.desktop.library.{place}.{step}", die)
        with pytest.raises(Kill):
            library.take_in(filled_spare)
    library.close()
    opener, _ = open_library(qtbot, folder, filled_spare)
    found = opener.wait()
    titles = [take.title for take in (*found.takes(), *found.takes(deleted=True))]
    assert sorted(titles) == ["One", "Three", "Two"]
    opener.close()


def test_a_full_disk_leaves_what_was_not_copied(
    filled_spare: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def full(*_: object) -> None:
        raise OutputError("can't write it: the disk is full", hint="free some space")

    with monkeypatch.context() as patched:
        patched.setattr("descant.desktop.library.adoption.write_label", full)
        opener, told = open_library(qtbot, folder, filled_spare)
    assert "the disk is full" in told[0].lower()
    assert opener.wait().takes() == []
    opener.close()
    opener, told = open_library(qtbot, folder, filled_spare)
    assert len(opener.wait().takes()) == 2
    opener.close()


def test_another_folder_can_be_chosen_when_none_can_be_used(
    folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    spare = tmp_path / "settings"
    spare.write_text("no folder either")
    opener, told = open_library(qtbot, folder, spare / "library")
    assert "Music" in told[0]
    assert "settings" in told[0]
    with pytest.raises(DescantError, match="settings"):
        opener.keep(make_clip(), "One", None)
    with qtbot.waitSignal(opener.opened, timeout=WAIT_MS):
        opener.try_again(tmp_path / "other")
    assert opener.keep(make_clip(), "One", None).path.parent == tmp_path / "other" / "takes"
    opener.close()
