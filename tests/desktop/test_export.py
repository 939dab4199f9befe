"""Takes leave the library as audio, notes and film music; a refusal says what to do."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from descant.desktop.export import Export, export_take
from descant.desktop.exporter import Exporter
from descant.desktop.library import Library, TakeNotFoundError
from descant.runtime import Laying, OutputError, RequestError, read_receipt
from tests.desktop.takes import RATE, make_clip, names


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Return a library with a take of a second."""
    found = Library(tmp_path / "music")
    found.add(make_clip(notes=True))
    yield found
    found.close()


@pytest.mark.parametrize(
    ("suffix", "depth", "subtype"),
    [("wav", 24, "PCM_24"), ("wav", 16, "PCM_16"), ("flac", 24, "PCM_24"), ("flac", 16, "PCM_16"),
     ("ogg", 24, "VORBIS")],
)  # fmt: skip
def test_audio(library: Library, tmp_path: Path, suffix: str, depth: int, subtype: str) -> None:
    target = tmp_path / f"out.{suffix}"
    assert export_take(library, Export(1, target, depth)).path == target
    assert soundfile.info(str(target)).subtype == subtype
    heard, rate = soundfile.read(str(target), dtype="float32", always_2d=True)
    kept, _ = library.load_samples(1)
    assert rate == RATE
    assert np.abs(heard.T - kept).max() < (0.1 if suffix == "ogg" else 2 ** (2 - depth))
    receipt = read_receipt(target)
    assert receipt is not None
    assert receipt["seed"] == 7


def test_midi(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "out.mid"
    export_take(library, Export(1, target))
    tracks = mido.MidiFile(target).tracks
    notes = [m.note for m in tracks[1] if m.type == "note_on"]
    assert notes == [60, 64]
    assert [t.name for t in tracks[1:]] == ["clip", "melody"]


def test_refusals(library: Library, tmp_path: Path) -> None:
    own = library.get(1).path
    plain = library.add(make_clip())
    before, files = own.read_bytes(), names(library.folder)
    with pytest.raises(OutputError, match="own file"):
        export_take(library, Export(1, own))
    with pytest.raises(OutputError, match="own file"):
        export_take(library, Export(1, own, 16))
    with pytest.raises(OutputError, match="which notes sound"):
        export_take(library, Export(plain.id, tmp_path / "a.mid"))
    with pytest.raises(OutputError, match="unknown audio format"):
        export_take(library, Export(1, tmp_path / "a.mp3"))
    with pytest.raises(OutputError, match="does not exist"):
        export_take(library, Export(1, tmp_path / "no" / "a.flac"))
    with pytest.raises(OutputError, match="without a film"):
        export_take(library, Export(1, tmp_path / "a.mp4"))
    with pytest.raises(TakeNotFoundError):
        export_take(library, Export(99, tmp_path / "a.wav"))
    own.unlink()
    with pytest.raises(TakeNotFoundError):
        export_take(library, Export(1, tmp_path / "a.wav"))
    own.write_bytes(before)
    assert names(library.folder) == files
    assert {path.name for path in tmp_path.iterdir()} == {"music"}


@pytest.mark.parametrize("loop", [False, True])
def test_a_film_gets_the_music_that_is_there(tmp_path: Path, loop: bool) -> None:
    pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
    from tests.runtime.films import metadata, picture_packets, sound_samples, write_film

    library = Library(tmp_path / "music")
    take = library.add(dataclasses.replace(make_clip(seconds=2.0), loop=loop))
    film = write_film(tmp_path / "in.mkv", 5.0, sound=False)
    target = tmp_path / "out.mkv"
    laying = Laying(mix_db=None, fade=0.5)
    result = export_take(library, Export(take.id, target, film=film, laying=laying))
    assert result.path == target
    assert picture_packets(target) == picture_packets(film)
    sound = sound_samples(target)
    assert len(sound) == pytest.approx(5.0 * 44100, rel=0.01)
    late = float(np.abs(sound[int(3.0 * 44100) : int(4.0 * 44100)]).max())
    assert (late > 0.1) == loop
    receipt = json.loads(
        metadata(target)["COMMENT" if "COMMENT" in metadata(target) else "comment"]
    )
    assert (receipt["seed"], receipt["film"]["name"]) == (7, "in.mkv")
    with pytest.raises(OutputError, match="the film itself"):
        export_take(library, Export(take.id, film, film=film))
    with pytest.raises(RequestError, match="film"):
        export_take(library, Export(take.id, target, film=take.path))
    library.close()


def test_exports_in_the_background(library: Library, tmp_path: Path, qtbot: QtBot) -> None:
    exporter = Exporter(library)
    heard: list[Any] = []
    exporter.progressed.connect(lambda wanted, stage, share: heard.append((stage, share)))
    exporter.failed.connect(lambda wanted, message, hint: heard.append((message, hint)))
    with qtbot.waitSignal(exporter.finished, timeout=10_000) as done:
        exporter.start(Export(1, tmp_path / "a.flac"))
        waiting = exporter.targets
    assert done.args[1].path == tmp_path / "a.flac"
    assert heard == [("read", 0.0), ("write", 0.3)]
    with qtbot.waitSignal(exporter.failed, timeout=10_000):
        exporter.start(Export(1, tmp_path / "a.xyz"))
    assert heard[-1] == (
        f"Can't write '{tmp_path / 'a.xyz'}': unknown audio format '.xyz'.",
        "End the name in .wav, .flac, .ogg.",
    )
    assert (waiting, exporter.targets) == ((tmp_path / "a.flac",), ())
    exporter.close()
