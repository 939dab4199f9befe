"""Films as cameras and cutting programs leave them: hidden pictures, turned ones, single ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

import av

from descant.runtime import Engine, Laying, OutputError, Request, RequestError, lay_music, read_film
from descant.runtime.film_edits import Hidden, needed, where_hidden
from descant.runtime.film_scan import check_length
from descant.runtime.film_sound import read_film_sound
from descant.runtime.score import film_request, score_film
from tests.runtime.film_parts import (
    changing_sound,
    copied,
    shown,
    shown_seconds,
    trimmed,
    turned,
)
from tests.runtime.films import metadata, picture_packets, write_film
from tests.runtime.sounds import tone

ALONE = Laying(mix_db=None, fade=0.1)
GROUPS = {"g": "20", "bf": "2", "sc_threshold": "0"}
"""A key frame every two seconds, and pictures that build on later ones."""


def laid(path: Path, target: Path) -> Path:
    """Lay a tone into a film."""
    lay_music(read_film(path), tone(2.0)[None], 44100, target, ALONE)
    return target


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of four seconds that grows light."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    return write_film(path, 4.0, light=lambda t: 0.2 + 0.15 * t, options=GROUPS)


@pytest.mark.parametrize(("begin", "end"), [(1.3, None), (1.3, 2.0), (1.3, 2.4), (0.0, 1.1)])
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_what_was_cut_off_stays_hidden(
    tmp_path: Path, long: Path, begin: float, end: float | None, suffix: str
) -> None:
    path = trimmed(long, tmp_path / "a.mp4", begin, end)
    film = read_film(path)
    assert film.seconds == pytest.approx((end or 4.0) - begin, abs=0.01)
    out = laid(path, tmp_path / f"b{suffix}")
    pictures = shown(path)
    assert len(pictures) == round(10 * ((end or 4.0) - begin))
    assert len(shown(out)) == len(pictures)
    for ours, theirs in zip(shown(out), pictures, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_allclose(shown_seconds(out), shown_seconds(path), atol=0.002)


def test_a_film_whose_only_key_frame_is_hidden(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "whole.mp4", 2.0, options={"g": "99"})
    film = read_film(trimmed(whole, tmp_path / "a.mp4", 1.5))
    assert film.seconds == pytest.approx(0.5, abs=0.01)
    assert film.frames[0].second == pytest.approx(0.0, abs=0.01)


def test_containers_that_hide_nothing(tmp_path: Path, long: Path) -> None:
    path = trimmed(long, tmp_path / "a.mp4", 1.3)
    with pytest.raises(OutputError, match="can't hide what was cut off") as refused:
        laid(path, tmp_path / "b.mkv")
    assert ".mov" in refused.value.hint
    assert list(tmp_path.iterdir()) == [path]
    at_key = trimmed(long, tmp_path / "c.mp4", 2.0)
    assert len(shown(laid(at_key, tmp_path / "b.mkv"))) == 20


def test_needed_packets() -> None:
    def kept(order: str, stamps: list[int]) -> str:
        """Capitals are key frames, h and H hidden."""
        hidden, keys = [c in "hH" for c in order], [c.isupper() for c in order]
        keep = needed(hidden, keys, stamps)
        where = where_hidden(hidden, keep, stamps)
        return "".join("x" if k else "." for k in keep) + f" {where.name}"

    assert kept("KpKp", [0, 1, 2, 3]) == "xxxx NOWHERE"
    assert kept("HhHhp", [0, 1, 2, 3, 4]) == "..xxx BEFORE"
    assert kept("HhKp", [0, 1, 2, 3]) == "..xx NOWHERE"
    assert kept("KpHh", [0, 1, 2, 3]) == "xx.. NOWHERE"
    assert kept("Khph", [0, 3, 1, 2]) == "xxx. AFTER"
    assert kept("KphpKp", [0, 1, 2, 3, 4, 5]) == "xxxxxx BETWEEN"
    assert kept("HhKhp", [0, 1, 4, 3, 5]) == "..x.x NOWHERE"
    assert kept("HhKpp", [0, 1, 4, 3, 5]) == "xxxxx BEFORE"


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_shown_packets_are_always_kept(packets: list[tuple[bool, bool]]) -> None:
    hidden, keys = [h for h, _ in packets], [True, *(k for _, k in packets[1:])]
    keep = needed(hidden, keys, list(range(len(packets))))
    for i, (unseen, kept) in enumerate(zip(hidden, keep, strict=True)):
        assert kept or unseen
        if kept and not keys[i]:
            assert keep[i - 1]
    assert not keep[-1] or not hidden[-1]
    if not all(hidden):
        assert where_hidden(hidden, keep, list(range(len(packets)))) is not Hidden.AFTER


def test_a_turned_film_is_seen_upright(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", 1.0)
    flat = read_film(path).frames[0].image
    film = read_film(turned(path))
    assert film.frames[0].image.shape == (96, 64, 3)
    change = film.frames[0].image.astype(int) - np.rot90(flat, -1)
    assert np.abs(change).max() <= 2
    again = read_film(laid(path, tmp_path / "b.mp4")).frames[0].image
    np.testing.assert_array_equal(again, film.frames[0].image)


def test_a_film_with_wide_pixels_is_seen_wide(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", 1.0, aspect=2)
    assert read_film(path).frames[0].image.shape == (64, 192, 3)


def test_one_picture_without_a_length(tmp_path: Path) -> None:
    def first(packet: Any) -> bool:
        packet.duration = 0
        return bool(packet.pts == 0)

    path = copied(write_film(tmp_path / "a.mkv", 1.0, sound=False), tmp_path / "b.mkv", first)
    film = read_film(path)
    assert 0.01 < film.seconds <= 0.2
    assert film.levels
    assert len(shown(laid(path, tmp_path / "c.mkv"))) == 1


def test_ten_minutes_may_end_with_a_picture(tmp_path: Path) -> None:
    check_length(tmp_path / "a.mp4", 600.033)
    with pytest.raises(RequestError, match=r"lasts 600\.6 s, the limit is 600"):
        check_length(tmp_path / "a.mp4", 600.6)
    path = write_film(tmp_path / "a.avi", 600.4, fps=5, motion=lambda _: 0.0)
    film = read_film(path)
    assert 600.0 < film.seconds < 600.5
    assert film_request(Request(prompt="calm"), film, sees=False).seconds == 600.0
    out = tmp_path / "b.mkv"
    lay_music(film, tone(600.0, 8000)[None], 8000, out, ALONE)
    assert read_film(out).seconds == pytest.approx(film.seconds, abs=0.1)


def test_sound_that_changes_midway(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mkv", 2.0, sound=False)
    film = read_film(changing_sound(path, tmp_path / "b.mkv"))
    sound = read_film_sound(film, 44100)
    assert sound is not None
    for second in (0, 1):
        part = sound[0, second * 44100 + 8000 :][:30000]
        power = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        assert np.argmax(power) * 44100 / len(part) == pytest.approx(440.0, abs=2.0)


def test_one_channel_keeps_its_level(tmp_path: Path) -> None:
    path = changing_sound(write_film(tmp_path / "a.mkv", 2.0, sound=False), tmp_path / "b.mkv")
    sound = read_film_sound(read_film(path), 44100)
    assert sound is not None
    np.testing.assert_array_equal(sound[0, :30000], sound[1, :30000])
    mono, stereo = (float(sound[0, begin:][:30000].std()) for begin in (8000, 52000))
    assert mono == pytest.approx(stereo, rel=0.05)


def test_texts_are_copied_and_what_is_left_out_is_told(tmp_path: Path) -> None:
    source, path = write_film(tmp_path / "a.mkv", 2.0), tmp_path / "b.mkv"
    with av.open(str(source)) as film, av.open(str(path), "w") as out:
        out.metadata.update({"title": "Holiday", "comment": "old", "artist": "Ada"})
        unit = Fraction(1, 1000)
        out.set_chapters(
            [
                {
                    "id": i,
                    "start": 1000 * i,
                    "end": 1000 * i + 1000,
                    "time_base": unit,
                    "metadata": {},
                }
                for i in range(2)
            ]
        )
        streams = [film.streams.video[0], film.streams.audio[0], film.streams.audio[0]]
        copies = [out.add_stream_from_template(stream) for stream in streams]
        for packet in film.demux():
            if packet.size:
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    for target in (tmp_path / "c.mp4", tmp_path / "c.mkv"):
        told = lay_music(read_film(path), tone(2.0)[None], 44100, target, ALONE)
        assert told == ("of the film are left out: further sound tracks",)
        texts = metadata(target)
        assert (texts["title"], texts["artist"]) == ("Holiday", "Ada")
        assert texts["comment"] != "old"
        with av.open(str(target)) as out:
            kept = out.chapters()
        assert [float(part["start"] * (part["time_base"] or 0)) for part in kept] == [0.0, 1.0]


def test_pictures_that_do_not_fit_are_refused_before_the_music(
    tiny_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "generate", None)
    path = write_film(tmp_path / "a.mp4")
    with pytest.raises(OutputError, match="can't hold") as refused:
        score_film(tiny_engine, read_film(path), tmp_path / "b.webm", Request(prompt="calm"))
    assert ".mkv" in refused.value.hint


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
def test_av1(tmp_path: Path, suffix: str) -> None:
    codec = next((c for c in ("libsvtav1", "libaom-av1") if c in av.codecs_available), None)
    if codec is None:
        pytest.skip("FFmpeg has no encoder for AV1 here")
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for i in range(10):
            image = np.full((64, 96, 3), 20 * i, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert picture_packets(laid(path, tmp_path / f"b{suffix}")) == picture_packets(path)
    assert len(shown(tmp_path / f"b{suffix}")) == 10


def test_gif(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "a.gif"
    pictures = [Image.new("RGB", (64, 48), (40 * i, 90, 20)) for i in range(5)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=200)
    with pytest.raises(OutputError, match="can't hold") as refused:
        laid(path, tmp_path / "b.mkv")
    assert ".mov" in refused.value.hint
    assert len(shown(laid(path, tmp_path / "b.mov"))) == len(pictures)
