"""Music that is there already is laid under a film."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import Laying, RequestError, lay_music, read_film
from tests.runtime.films import metadata, picture_packets, sound_samples, write_film
from tests.runtime.sounds import tone

RATE = 44100
Wave = NDArray[np.float32]
ALONE = Laying(mix_db=None, fade=0.2)


def laid(folder: Path, seconds: float, *, sound: bool = False, repeat: bool = False) -> Wave:
    """Return the (N,) sound of a film of three seconds with ``seconds`` of a tone."""
    film = write_film(folder / "in.mkv", 3.0, sound=sound)
    wave = tone(seconds, RATE, hertz=300.0)
    both = np.stack([wave, np.zeros_like(wave)])
    laying = Laying(mix_db=0.0, fade=0.2) if sound else ALONE
    out = folder / "out.mkv"
    assert lay_music(read_film(film), both, RATE, out, laying, repeat=repeat) == ()
    assert picture_packets(out) == picture_packets(film)
    return sound_samples(out)


def level(wave: Wave, begin: float, end: float) -> float:
    """Return the largest magnitude between two seconds."""
    return float(np.abs(wave[int(begin * RATE) : int(end * RATE)]).max())


def test_short_music_fades_out_and_leaves_the_rest(tmp_path: Path) -> None:
    wave = laid(tmp_path, 1.5)
    assert len(wave) == 3 * RATE
    assert level(wave, 0.5, 1.0) > 0.05
    assert level(wave, 1.45, 1.5) < 0.5 * level(wave, 0.5, 1.0)
    assert level(wave, 1.6, 3.0) == 0.0


def test_a_loop_goes_on(tmp_path: Path) -> None:
    wave = laid(tmp_path, 1.5, repeat=True)
    assert level(wave, 2.0, 2.7) == pytest.approx(level(wave, 0.5, 1.2), rel=0.5)


def test_long_music_is_cut_beside_the_films_own_sound(tmp_path: Path) -> None:
    wave = laid(tmp_path, 9.0, sound=True)
    power = np.abs(np.fft.rfft(wave)) ** 2
    places = np.fft.rfftfreq(len(wave), 1 / RATE)
    both = [power[np.abs(places - hertz) < 3].sum() for hertz in (300.0, 440.0)]
    assert min(both) > 0.1 * max(both)


def test_the_receipt_of_the_music_names_the_film(tmp_path: Path) -> None:
    film = write_film(tmp_path / "in.mkv", 1.0, sound=False)
    wave, out = tone(1.0, RATE)[None], tmp_path / "out.mp4"
    lay_music(read_film(film), wave, RATE, out, ALONE, receipt={"descant": "x", "seed": 3})
    receipt = json.loads(metadata(out)["comment"])
    assert receipt["seed"] == 3
    assert receipt["film"]["name"] == "in.mkv"


def test_no_music_at_all(tmp_path: Path) -> None:
    film = read_film(write_film(tmp_path / "in.mkv", 1.0))
    with pytest.raises(RequestError, match="no samples"):
        lay_music(film, np.zeros((1, 0), np.float32), RATE, tmp_path / "out.mkv")
    assert not (tmp_path / "out.mkv").exists()
