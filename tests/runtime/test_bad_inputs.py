"""Files that are damaged, hostile or odd, handed to the command: refused in a line, or played."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
import av
from PIL import Image, PngImagePlugin

from descant.runtime.cli import main
from tests.runtime import picture_files, sounds
from tests.runtime.cli_helpers import OLD, Capture, refused
from tests.runtime.films import write_film

BAD_PICTURES = {
    **picture_files.HOSTILE,
    "50000 x 50000": picture_files.png_of(50_000, 50_000, bytes(1000)),
    "bomb": picture_files.png_of(20_000, 20_000, bytes(10_000_000)),
}


def bomb_of_words() -> bytes:
    """Return a PNG with a comment of 200 MB in 200 kB."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "x" * 200_000_000, zip=True)
    return picture_files.saved(Image.new("RGB", (8, 8)), "PNG", pnginfo=words)


def refused_whole(capsys: Capture, words: list[str], folder: Path, option: str, bad: Path) -> None:
    """Hold that a command refuses a file by its name and leaves all files as they were."""
    target = folder / "a.wav"
    target.write_bytes(OLD)
    before = sorted(folder.iterdir())
    refused(capsys, [*words, option, str(bad)], bad.name)
    assert target.read_bytes() == OLD
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_pictures(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(BAD_PICTURES[name])
    refused_whole(capsys, words, tmp_path, "--image", bad)


def test_a_picture_with_a_bomb_of_words(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(bomb_of_words())
    assert bad.stat().st_size < 300_000
    refused_whole(capsys, words, tmp_path, "--image", bad)


@pytest.mark.parametrize("name", sounds.HOSTILE)
def test_hummed(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(sounds.HOSTILE[name])
    refused_whole(capsys, words, tmp_path, "--hum", bad)


def film_without_frames(path: Path) -> Path:
    """Write a film whose stream of pictures is there and empty."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        film.start_encoding()
    return path


def bad_film(name: str, folder: Path) -> Path:
    """Write one of the films that can't have music."""
    path = folder / "bad.mp4"
    if name == "no frames":
        return film_without_frames(folder / "bad.mkv")
    if name == "ten hours":
        return write_film(path, times=[i * 1800.0 for i in range(21)], sound=False)
    content = {
        "a sound": sounds.encoded(sounds.tone(1.0)),
        "text": b"This is no film.\n" * 50,
        "empty": b"",
        "header only": write_film(path, 1.0).read_bytes()[:600],
    }
    path.write_bytes(content[name])
    return path


FILMS = ("no frames", "ten hours", "a sound", "text", "empty", "header only")


@pytest.mark.parametrize("name", FILMS)
def test_films(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    bad = bad_film(name, tmp_path)
    refused_whole(capsys, words, tmp_path, "--video", bad)
    pack = words[words.index("--pack") + 1]
    refused(capsys, ["score", str(bad), "-o", str(tmp_path / "b.mkv"), "--pack", pack], bad.name)
    assert not (tmp_path / "b.mkv").exists()


@pytest.mark.parametrize("name", ["no sound", "uneven frames"])
def test_odd_films_have_music(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    times = [0.0, 0.03, 0.4, 0.41, 1.3, 1.8] if name == "uneven frames" else None
    film = write_film(tmp_path / "a.mp4", 2.0, times=times, sound=False)
    assert main([*words, "--video", str(film), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inputs"]["video"]["name"] == "a.mp4"


def test_odd_sounds_have_music(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    wide = tmp_path / "wide.wav"
    samples = np.stack([sounds.tone(1.5, 192_000)] * 8, 1)
    wide.write_bytes(sounds.encoded(samples, 192_000))
    cut = sounds.mp3(tmp_path / "cut.mp3", 10.0, 0.5)
    for option in ("--audio", "--hum"):
        assert main([*words, option, str(wide), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["inputs"]
        assert main([*words, option, str(cut), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)["warnings"]
        assert any("damaged" in warning for warning in told)


@pytest.mark.parametrize("option", ["--image", "--video", "--hum"])
@pytest.mark.parametrize("path", ["/no/such", ".", "https://a.example/b", "/dev/zero"])
def test_no_file(capsys: Capture, words: list[str], option: str, path: str) -> None:
    refused(capsys, [*words, f"{option}={path}"], path)
