"""``descant export index``: a folder of MIDI files becomes a pack that searches them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from descant.export.midi_index import MAX_BARS, embed_sheet, make_entry
from descant.models.library import pack_library, unpack_library
from descant.models.theory.notes import Note
from descant.runtime.cli import main
from descant.runtime.midi import Melody
from descant.runtime.midi_writer import midi_bytes
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.retrieval import Wishes, load_index
from descant.runtime.sessions import Sessions
from tests.runtime.cli_helpers import Capture, refused
from tests.runtime.midi_files import HOSTILE, SCALE, tune


def falling(bars: int = 4, tempo_bpm: float = 60.0) -> bytes:
    """Return a file whose tune falls, in three-four time."""
    notes = [Note(float(i), 1.0, 84 - 2 * (i % 12), 90) for i in range(bars * 3)]
    return midi_bytes({"tune": notes}, tempo_bpm, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three tunes, in and out of subfolders, and other files."""
    folder = tmp_path / "tunes"
    (folder / "jazz" / "old").mkdir(parents=True)
    (folder / "a.mid").write_bytes(tune(tempo_bpm=150))
    (folder / "jazz" / "b.MIDI").write_bytes(falling())
    (folder / "jazz" / "old" / "c.mid").write_bytes(falling(tempo_bpm=100))
    (folder / "cut.mid").write_bytes(HOSTILE["cut_in_track"])
    (folder / "drums.mid").write_bytes(HOSTILE["drums"])
    (folder / "notes.txt").write_text("not music")
    return folder


def test_the_new_pack_searches_the_folder(
    folder: Path, tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "mine"
    words = ["export", "index", str(folder), "-o", str(output), "--pack", str(tiny_pack)]
    assert main([*words, "--licence", "CC-BY", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["file"] for row in report["melodies"]] == [
        "a.mid", "jazz/b.MIDI", "jazz/old/c.mid"
    ]  # fmt: skip
    assert [row["file"] for row in report["skipped"]] == ["cut.mid", "drums.mid"]
    assert "only drums" in report["skipped"][1]["reason"]

    with open_pack(output) as pack:
        assert pack.spec.id == "mine"
        index = load_index(pack)
        sessions = Sessions(pack, choose_provider("cpu"), 1)
        assert len(index.library) == 3
        for place in range(3):
            entry = index.library[place]
            query = embed_sheet(sessions, pack.spec.pipeline, entry.sheet)
            best = index.find(query, Wishes(), 1)[0]
            assert best.similarity == pytest.approx(1.0, abs=1e-3)
            assert best.licence == "CC-BY"
        titles = [index.library[place].title for place in range(3)]
    assert titles[0].startswith("fast tunes melody in ")
    assert [title.split(" melody")[0] for title in titles[1:]] == ["slow jazz", "steady jazz"]

    assert main(["melody", "search", "calm piano", "--pack", str(output), "-k", "3"]) == 0
    assert "jazz melody" in capsys.readouterr().out


def test_an_old_pack_is_replaced_and_the_way_is_told(
    folder: Path, tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    words = ["export", "index", str(folder), "-o", str(tmp_path / "mine"), "--pack", str(tiny_pack)]
    assert main(words) == 0
    (folder / "a.mid").unlink()
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].endswith("mine: 2 melodies, 2 files skipped")
    assert "skipped cut.mid" in err
    with open_pack(tmp_path / "mine") as pack:
        assert len(load_index(pack).library) == 2


def test_places_that_are_refused(
    folder: Path, tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "pack"))
    words = ["export", "index", str(folder), "--pack", str(pack), "-o"]
    refused(capsys, [*words, str(folder)], "other files")
    refused(capsys, [*words, str(pack)], "made of")
    refused(capsys, [*words, str(folder / "a.mid")], "is a file")
    assert (folder / "a.mid").read_bytes() == tune(tempo_bpm=150)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pack", "tunes"]


def test_folders_that_are_refused(tiny_pack: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ["export", "index", "-o", str(tmp_path / "mine"), "--pack", str(tiny_pack)]
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(capsys, [*words, str(tmp_path / "missing")], "not a folder")
    refused(capsys, [*words, str(empty)], "0 MIDI files")
    (empty / "drums.mid").write_bytes(HOSTILE["drums"])
    refused(capsys, [*words, str(empty)], "no file has a usable melody", "only drums")
    assert not (tmp_path / "mine").exists()


def test_a_long_melody_is_cut_so_that_the_library_can_hold_it() -> None:
    notes = tuple(Note(i * 0.5, 0.5, SCALE[i % 8]) for i in range(8000))
    endless = (*notes[:100], Note(50.0, 9000.0, 60))
    for melody in (Melody(notes, 120.0, 7), Melody(endless, 120.0, 4)):
        entry = make_entry(melody, "folk")
        assert entry.sheet.bars <= MAX_BARS
        library = unpack_library(pack_library([entry], "MIT"))
        assert library[0].sheet.notes == entry.sheet.notes
