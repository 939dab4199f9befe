"""Takes are kept, found, changed, deleted and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.desktop.library import (
    Library,
    LibraryError,
    TakeNotFoundError,
)
from descant.desktop.library.request_json import request_from_json
from descant.runtime import Request, read_receipt
from tests.desktop.takes import RATE, make_clip, names


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Return an empty library."""
    found = Library(tmp_path / "music")
    yield found
    found.close()


def test_a_take_is_kept_with_all_that_is_known(library: Library) -> None:
    clip = make_clip(notes=True, tempo_bpm=100, key="D minor")
    take = library.add(clip, parent=None)
    assert take.title == "Calm piano in the rain"
    assert take.path.name == "Calm piano in the rain 0001.wav"
    assert (take.seconds, take.sample_rate, take.seed, take.device) == (1.0, RATE, 7, "cpu")
    assert take.receipt == clip.receipt
    assert library.get(take.id) == take
    samples, rate = library.load_samples(take.id)
    assert rate == RATE
    np.testing.assert_allclose(samples, clip.samples, atol=2**-22)
    details = library.load_details(take.id)
    assert details.notes is not None
    assert details.notes == library.load_notes(take.id)
    assert (details.notes.notes, details.notes.tempo_bpm) == (clip.notes, 100.0)
    assert clip.sheet is not None
    assert details.notes.melody == clip.sheet.notes
    assert (details.retrieved, details.warnings) == (clip.retrieved, clip.warnings)
    inside = read_receipt(take.path)
    assert inside is not None
    assert inside.pop("take")["id"] == take.id
    assert inside == clip.receipt


def test_a_request_comes_back_with_its_files(library: Library, tmp_path: Path) -> None:
    tune = tmp_path / "tune.mid"
    wish: dict[str, Any] = {
        "melody": str(tune),
        "images": (tmp_path / "a.png",),
        "key": "Bb",
        "inpaint": (1, 2),
    }
    take = library.add(make_clip(init=tmp_path / "x.wav", **wish))
    request = request_from_json(take.request)
    assert request == Request(
        prompt="calm piano in the rain",
        seed=7,
        melody=str(tune),
        images=(str(tmp_path / "a.png"),),
        key="Bb",
        inpaint=(1.0, 2.0),
        init=str(tmp_path / "x.wav"),
    )


def test_notes_of_a_melody_come_back(library: Library) -> None:
    notes = make_clip(notes=True).notes
    take = library.add(make_clip(melody=notes))
    request = request_from_json(take.request)
    assert request is not None
    assert request.melody == notes


def test_search_finds_beginnings_of_words(library: Library) -> None:
    rain = library.add(make_clip("Calm piano in the Rain"))
    waltz = library.add(make_clip("A waltz for strings"), title="Été")
    library.set_tags(waltz.id, ["boss fight", "#dance"])
    for words, found in {
        "pia": [rain],
        "rain calm": [rain],
        "ete": [waltz],
        "waltz": [waltz],
        "boss": [waltz],
        "DANCE": [waltz],
        "iano": [],
        "a calm waltz": [],
        '"; DROP TABLE takes --': [],
        "OR NOT NEAR(": [],
    }.items():
        assert [t.id for t in library.takes(words)] == [t.id for t in found], words
        assert library.count(words) == len(found)


def test_search_without_an_index_looks_everywhere(library: Library) -> None:
    take = library.add(make_clip("100% rain_drops"), title="雨の中の静かなピアノ")
    library.set_tags(take.id, ["夜"])
    library.add(make_clip("snow"))
    for words in ("静かな", "ピアノ", "夜"):
        assert [t.id for t in library.takes(words)] == [take.id], words
    library._db.full_text = False
    for words in ("ain", "100%", "rain_", "PIANO 夜"[6:]):
        assert [t.id for t in library.takes(words)] == [take.id], words
    assert library.takes("r%n") == []


def test_filters_sorts_and_pages(library: Library) -> None:
    ids = [library.add(make_clip(f"tune {i}", seconds=1 + i % 3 / 2)).id for i in range(7)]
    library.set_favourite(ids[2])
    library.set_tags(ids[3], ["Night", "night", " slow  one "])
    assert library.get(ids[3]).tags == ("night", "slow one")
    assert library.tags() == [("night", 1), ("slow one", 1)]
    assert [t.id for t in library.takes(favourites=True)] == [ids[2]]
    assert [t.id for t in library.takes(tag="NIGHT")] == [ids[3]]
    assert [t.id for t in library.takes(offset=2, limit=3)] == ids[::-1][2:5]
    assert [t.id for t in library.takes(sort="oldest")] == ids
    assert library.takes(sort="favourites")[0].id == ids[2]
    lengths = [t.seconds for t in library.takes(sort="longest")]
    assert lengths == sorted(lengths, reverse=True)


def test_delete_restore_and_purge(library: Library) -> None:
    child_of, child = library.add(make_clip("one")), library.add(make_clip("two"), parent=1)
    assert child.parent == child_of.id
    library.delete(child_of.id)
    assert [t.id for t in library.takes()] == [child.id]
    assert library.takes("one") == []
    assert [t.id for t in library.takes(deleted=True)] == [child_of.id]
    assert library.restore(child_of.id).deleted is None
    assert library.count() == 2
    library.delete(child_of.id)
    assert library.purge_deleted(older_than_s=3600) == 0
    assert library.purge_deleted() == 1
    assert library.get(child.id).parent is None
    assert names(library.folder) == {"Two 0002.wav", "Two 0002.json"}
    with pytest.raises(TakeNotFoundError):
        library.restore(child_of.id)
    assert library.add(make_clip("three")).id == 3  # a number is never used twice


def test_rename_keeps_the_file_and_hands_out_another_name(library: Library) -> None:
    take = library.add(make_clip("one"))
    assert library.named_file(take.id) == take.path
    renamed = library.rename(take.id, "  Boss \n fight: part 2/3 ")
    assert (renamed.title, renamed.path) == ("Boss fight: part 2/3", take.path)
    handed = library.named_file(take.id)
    assert handed.name == "Boss fight part 2 3 0001.wav"
    assert handed.read_bytes() == take.path.read_bytes()
    assert library.named_file(take.id) == handed
    with pytest.raises(LibraryError, match="empty"):
        library.rename(take.id, " \n ")


def test_second_names_go_with_their_take(library: Library) -> None:
    for prompt in ("one", "two", "three"):
        take = library.add(make_clip(prompt))
        library.rename(take.id, "Night")
        library.named_file(take.id)
    library.rename(2, "Day")
    library.named_file(2)
    (library.named_folder / "Mine 2024.wav").write_bytes(b"")  # nobody's take
    library.delete(1)
    library.delete(3)
    assert library.purge_deleted(numbers=[1, 2]) == 1
    assert library.count(deleted=True) == 1
    second = {"Night 0002.wav", "Day 0002.wav", "Mine 2024.wav"}
    assert {path.name for path in library.named_folder.iterdir()} == second | {"Night 0003.wav"}
    library.takes_folder.joinpath("Three 0003.wav").unlink()  # a deleted one is gone then
    Library(library.folder).close()
    assert {path.name for path in library.named_folder.iterdir()} == second


def test_without_second_names_a_take_is_handed_out_as_it_is(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr("os.link", refuse)
    take = library.rename(library.add(make_clip("one")).id, "Night")
    assert library.named_file(take.id) == take.path
    assert not list(library.named_folder.glob("*"))


@pytest.mark.parametrize(
    ("title", "name"),
    [("CON", "Take CON 0001"), ("...", "Take 0001"), ("a/b\\c:*?", "a b c 0001"),
     ("夜 の 曲", "夜 の 曲 0001"), ("x" * 300, "x" * 60 + " 0001")],
)  # fmt: skip
def test_names_that_every_system_takes(library: Library, title: str, name: str) -> None:
    assert library.add(make_clip(), title=title).path.stem == name


def test_titles_that_nobody_gave(library: Library) -> None:
    long = "a slow and very quiet piece for piano and strings in the evening by the sea"
    assert library.add(make_clip(long)).title == (
        "A slow and very quiet piece for piano and strings in the…"
    )
    assert library.add(make_clip("", hum="/tmp/my tune.wav")).title == "my tune"
    assert library.add(make_clip("", melody=make_clip(notes=True).notes)).title == "Untitled"


def test_outlines_are_worked_out_once(library: Library) -> None:
    take = library.add(make_clip())
    assert len(take.peaks) == 128
    assert max(take.peaks) == pytest.approx(127, abs=2)
    with library._db.write() as connection:
        connection.execute("UPDATE takes SET peaks = x''")
    assert library.load_peaks(take.id) == take.peaks
    take.path.unlink()
    assert library.load_peaks(take.id) == take.peaks


def test_listeners_hear_of_changes(library: Library) -> None:
    heard: list[int] = []
    stop = library.subscribe(heard.append)
    before = library.version()
    take = library.add(make_clip())
    library.set_favourite(take.id)
    assert heard == [take.id, take.id]
    assert library.version() > before
    stop()
    library.delete(take.id)
    assert len(heard) == 2
