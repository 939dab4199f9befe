"""Films: every format and length, damaged ones, and how much goes on in them."""

from __future__ import annotations

import builtins
import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import BackendError, RequestError
from descant.runtime.film import MAX_FRAMES, read_film
from descant.runtime.film_arc import film_words
from descant.runtime.film_scan import MAX_LOOKS
from tests.runtime.films import CODECS, write_film
from tests.runtime.sounds import encoded, tone


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of two seconds."""
    return write_film(tmp_path_factory.mktemp("films") / "short.mkv")


@pytest.mark.parametrize("suffix", CODECS)
def test_every_format(tmp_path: Path, suffix: str) -> None:
    film = read_film(write_film(tmp_path / f"a{suffix}"))
    assert film.seconds == pytest.approx(2.0, abs=0.1)
    assert film.has_sound == bool(CODECS[suffix][1])
    assert 1 <= len(film.frames) <= MAX_FRAMES
    assert film.frames[0].image.shape == (64, 96, 3)
    assert film.frames[0].second == pytest.approx(0.0, abs=0.01)
    assert all(0 <= level <= 1 for level in film.levels)
    assert not film.warnings
    assert not film.cuts


def test_variable_frame_rate(tmp_path: Path) -> None:
    times = np.cumsum([0.03, 0.4, 0.01, 1.3, 0.05] * 4).tolist()
    film = read_film(write_film(tmp_path / "a.mkv", times=times, sound=False))
    assert film.seconds == pytest.approx(times[-1] - times[0], abs=0.2)
    assert film.first_second == pytest.approx(0.03, abs=0.002)


def test_music_follows_motion(tmp_path: Path) -> None:
    film = read_film(
        write_film(tmp_path / "a.mp4", 24.0, motion=lambda t: 6.0 if 8 < t < 16 else 0.2)
    )
    third = len(film.levels) // 3
    calm, wild, after = (np.mean(film.levels[i * third : (i + 1) * third]) for i in range(3))
    assert wild > calm + 0.2
    assert wild > after + 0.2


def test_key_frames_far_apart(tmp_path: Path) -> None:
    path = write_film(
        tmp_path / "a.mp4", 24.0, motion=lambda t: 0.2 if t < 12 else 6.0,
        options={"g": "9999", "sc_threshold": "0"},
    )  # fmt: skip
    film = read_film(path)
    assert len(film.frames) > 10
    half = len(film.levels) // 2
    assert np.mean(film.levels[half:]) > np.mean(film.levels[:half]) + 0.2


def test_cuts_and_words(tmp_path: Path) -> None:
    still = write_film(tmp_path / "a.mp4", 10.0, motion=lambda _: 0.0, light=lambda _: 0.2)
    calm = read_film(still)
    assert not calm.cuts
    assert np.ptp(calm.levels) < 0.1
    assert "mysterious" in film_words(calm.frames, calm.cuts, calm.seconds)
    quick = write_film(tmp_path / "b.avi", 10.0, light=lambda t: (0.3, 0.95)[int(t / 2) % 2])
    film = read_film(quick)
    assert [round(cut) for cut in film.cuts] == [2, 4, 6, 8]
    words = film_words(film.frames, film.cuts, film.seconds)
    assert "fast" in words
    assert "slow" in film_words(calm.frames, calm.cuts, calm.seconds)


def test_a_still_film_of_ten_minutes_is_quick(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.avi", 600.0, fps=5, motion=lambda _: 0.0)
    begin = time.perf_counter()
    film = read_film(path)
    assert film.seconds == pytest.approx(600, abs=0.3)
    assert len(film.frames) <= MAX_FRAMES < MAX_LOOKS
    assert time.perf_counter() - begin < 20


def test_ten_hours_are_refused_at_once(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", times=[i * 1800.0 for i in range(21)], sound=False)
    with pytest.raises(RequestError, match=r"lasts 3\d{4}\.\d s, the limit is 600"):
        read_film(path)


def test_ten_hours_without_a_length_are_refused(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.ts", times=[i * 100.0 for i in range(20)], sound=False)
    with pytest.raises(RequestError, match="the limit is 600"):
        read_film(path)


def test_a_sound_is_no_film(tmp_path: Path) -> None:
    for kind in ("WAV", "MP3", "OGG"):
        path = tmp_path / f"a.{kind}"
        path.write_bytes(encoded(tone(1.0), kind=kind))
        with pytest.raises(RequestError, match=r"no film|no pictures"):
            read_film(path)


@pytest.mark.parametrize("text", [b"", b"no film at all\n" * 99, b"\0" * 5000])
def test_no_film(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(text)
    with pytest.raises(RequestError, match="film") as refused:
        read_film(path)
    assert refused.value.hint


@pytest.mark.parametrize(
    "path", ["https://a.example/b.mp4", "rtsp://a.example/b", "/no/such.mp4", ".", "/dev/zero"]
)
def test_no_file(path: str) -> None:
    with pytest.raises(RequestError, match="film"):
        read_film(path)


def test_a_playlist_opens_no_other_file(tmp_path: Path, short: Path) -> None:
    listed = shutil.copy(short, tmp_path / "b.mkv")
    for name, text in (
        ("a.m3u8", f"#EXTM3U\n#EXTINF:2,\n{listed}\n"),
        ("a.txt", f"ffconcat version 1.0\nfile {listed}\n"),
        ("a.mp4", f"ffconcat version 1.0\nfile {listed}\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(RequestError, match="can't be read"):
            read_film(tmp_path / name)


def test_a_film_that_was_cut_short_says_so(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "a.mkv", 8.0).read_bytes()
    path = tmp_path / "b.mkv"
    path.write_bytes(whole[: len(whole) // 2])
    film = read_film(path)
    assert film.seconds < 6
    assert "promises" in film.warnings[0]


def read_or_refused(content: bytes) -> bool:
    """Read a film of these bytes; whatever they are, no other error comes than a refusal."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mkv"
        path.write_bytes(content)
        try:
            film = read_film(path)
        except RequestError as error:
            return bool(error.hint)
        return film.seconds >= 0 and all(np.isfinite(film.levels))


@settings(max_examples=60, deadline=None)
@given(
    head=st.sampled_from([b"", b"\0\0\0\x18ftypisom", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"G"]),
    noise=st.binary(max_size=900),
)
def test_random_bytes_are_refused(head: bytes, noise: bytes) -> None:
    assert read_or_refused(head + noise)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 40), share=st.floats(0.02, 1))
@example(seed=6809, count=29, share=1.0)  # the codec's name is damaged
def test_a_damaged_film_is_read_or_refused(
    short: Path, seed: int, count: int, share: float
) -> None:
    content = bytearray(short.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, len(content), count):
        content[place] = rng.integers(0, 256)
    assert read_or_refused(bytes(content[: max(int(len(content) * share), 1)]))


def test_without_pyav(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_av(name: str, *rest: Any) -> Any:
        if name == "av":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_av)
    with pytest.raises(BackendError, match="PyAV") as refused:
        read_film(short)
    assert "descant[media]" in refused.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(RequestError, match="pipe"):
        read_film(tmp_path / "pipe.mp4")
