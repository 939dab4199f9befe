"""Films with music: pictures as they were, sound as asked, whole files or none."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import Engine, OutputError, Request, RequestError
from descant.runtime.cli import main
from descant.runtime.film import read_film
from descant.runtime.film_sound import lay
from descant.runtime.loudness import integrated_loudness
from descant.runtime.score import Laying, score_film
from descant.runtime.true_peak import true_peak
from tests.runtime.cli_helpers import OLD, Capture, refused
from tests.runtime.films import (
    metadata,
    picture_packets,
    picture_seconds,
    sound_samples,
    write_film,
)
from tests.runtime.sounds import tone

RATE = 44100
WISH = Request(prompt="calm piano", seed=0)


def score(engine: Engine, path: Path, output: Path, **laying: Any) -> Path:
    """Score a film with a quick request."""
    return score_film(engine, read_film(path), output, WISH, Laying(**laying)).path


@pytest.mark.parametrize(
    ("source", "target"),
    [(".mp4", ".mp4"), (".mp4", ".mkv"), (".mov", ".mov"), (".webm", ".webm"), (".webm", ".mkv"),
     (".mkv", ".mkv"), (".avi", ".mkv"), (".avi", ".mov")],
)  # fmt: skip
def test_pictures_are_copied(tiny_engine: Engine, tmp_path: Path, source: str, target: str) -> None:
    path = write_film(tmp_path / f"in{source}", 2.0)
    before = path.read_bytes()
    out = score(tiny_engine, path, tmp_path / f"out{target}")
    assert path.read_bytes() == before
    assert picture_packets(out) == picture_packets(path)
    np.testing.assert_allclose(picture_seconds(out), picture_seconds(path), atol=0.002)
    rate = 48000 if target == ".webm" else RATE
    assert len(sound_samples(out)) == pytest.approx(2.0 * rate, rel=0.04)
    assert read_film(out).seconds == pytest.approx(2.0, abs=0.06)
    assert {p.name for p in tmp_path.iterdir()} == {path.name, out.name}


def test_variable_frame_rate_and_a_late_start(tiny_engine: Engine, tmp_path: Path) -> None:
    times = [0.5, 0.53, 0.93, 0.94, 1.9, 2.2]
    path = write_film(tmp_path / "a.mkv", times=times, sound=False)
    out = score(tiny_engine, path, tmp_path / "b.mp4")
    assert picture_packets(out) == picture_packets(path)
    np.testing.assert_allclose(sorted(picture_seconds(out)), np.array(times) - 0.5, atol=0.002)


def test_sound_is_exactly_as_long_as_the_film(tiny_engine: Engine, tmp_path: Path) -> None:
    for seconds in (0.5, 3.7):
        path = write_film(tmp_path / "a.avi", seconds)
        out = score(tiny_engine, path, tmp_path / "b.mkv")
        assert len(sound_samples(out)) == round(read_film(path).seconds * RATE)


def heard(samples: Any, hertz: float) -> float:
    """Share of the power that lies near a frequency."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    places = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[np.abs(places - hertz) < 3].sum() / power.sum())


def test_mix_and_replace(tiny_engine: Engine, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mkv", 4.0)
    shares = [
        heard(sound_samples(score(tiny_engine, path, tmp_path / "b.mkv", mix_db=mix)), 440.0)
        for mix in (-30.0, -6.0, 20.0, None)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.95
    assert shares[3] < 0.2 * shares[1]


def test_laying_keeps_the_films_own_level() -> None:
    music, own = tone(4.0, hertz=300.0)[None] * 3, np.stack([tone(4.0)] * 2) * 0.3
    mixed = lay(music, own.copy(), RATE, (0.5,), -40.0, 0.0)
    np.testing.assert_allclose(mixed, own, atol=0.005)
    louder = lay(music, own.copy(), RATE, (0.5,), 6.0, 0.0)
    gain = integrated_loudness(louder, RATE) - integrated_loudness(own, RATE)
    assert gain == pytest.approx(10 * np.log10(1 + 10**0.6), abs=0.5)


def test_laying_fades_swells_and_never_clips() -> None:
    music = tone(20.0)[None]
    alone = lay(music, None, RATE, (0.2, 0.2, 0.9, 0.9), 0.0, 2.0)
    power = [float(np.square(part).mean()) for part in np.split(alone[0], 20)]
    assert 10 * np.log10(power[14] / power[5]) == pytest.approx(6.0 * 0.7, abs=0.3)
    assert power[0] < 0.3 * power[3]
    assert power[-1] < 0.3 * power[-4]
    assert abs(alone[0, 0]) < 1e-6
    loud = np.stack([tone(20.0, hertz=300.0)] * 2) * 3.2
    assert true_peak(lay(music, loud, RATE, (0.5,), 0.0, 2.0)) <= 10 ** (-1 / 20)


def test_receipt_is_in_the_file(tiny_engine: Engine, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4")
    for suffix in (".mp4", ".mov", ".mkv"):
        out = score(tiny_engine, path, tmp_path / f"b{suffix}")
        receipt = json.loads(metadata(out)["comment"])
        assert receipt["film"]["name"] == "a.mp4"
        assert receipt["film"]["sha256"] == read_film(path).sha256
        assert receipt["seed"] == 0
        assert receipt["request"]["prompt"] == "calm piano"


def test_same_seed_same_file(tiny_engine: Engine, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4")
    for suffix in (".mp4", ".mkv"):
        files = [score(tiny_engine, path, tmp_path / f"{n}{suffix}").read_bytes() for n in "bc"]
        assert files[0] == files[1]


def test_pictures_that_do_not_fit_the_container(tiny_engine: Engine, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4")
    (tmp_path / "b.webm").write_bytes(OLD)
    with pytest.raises(OutputError, match="can't hold") as wrong:
        score(tiny_engine, path, tmp_path / "b.webm")
    assert ".mkv" in wrong.value.hint
    assert (tmp_path / "b.webm").read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 2


def test_full_disk(tiny_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_film(tmp_path / "a.mp4")
    (tmp_path / "b.mp4").write_bytes(OLD)

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        score(tiny_engine, path, tmp_path / "b.mp4")
    assert (tmp_path / "b.mp4").read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_disk_that_fills_up(tmp_path: Path, tiny_engine: Engine) -> None:
    import av

    from descant.runtime import film_writer

    with pytest.raises(OutputError, match="No space left"), film_writer.told(tmp_path / "a.mp4"):
        raise av.error.OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("wish", [{"mix_db": 41.0}, {"mix_db": float("nan")}, {"fade": -1.0}])
def test_laying_refuses(wish: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=r"mix|fade"):
        Laying(**wish)


def test_several_clips_are_refused(tiny_engine: Engine, tmp_path: Path) -> None:
    film = read_film(write_film(tmp_path / "a.mp4"))
    with pytest.raises(RequestError, match="count"):
        score_film(tiny_engine, film, tmp_path / "b.mp4", Request(prompt="x", count=2))


def test_command(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4")
    words = ["score", str(path), "-o", str(tmp_path / "b.mp4"), "--pack", str(tiny_pack)]
    assert main([*words, "--seed", "3", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["seconds"] == pytest.approx(2.0, abs=0.05)
    assert (report["seed"], report["warnings"], report["prompt"]) == (3, [], "")
    assert report["frames"] == [look.second for look in read_film(path).frames]
    assert main(words) == 0
    assert f"after {len(report['frames'])} of its pictures" in capsys.readouterr().out
    assert main([*words, "--replace", "--prompt", "happy guitar", "--fade", "0.5"]) == 0
    assert "happy guitar" in capsys.readouterr().out


def test_packs_that_cannot_see_go_by_light_and_pace(
    capsys: Capture, blind_pack: Path, tmp_path: Path
) -> None:
    path = write_film(tmp_path / "a.mp4")
    words = ["score", str(path), "-o", str(tmp_path / "b.mp4"), "--pack", str(blind_pack), "--json"]
    assert main(words) == 0
    assert "cinematic" in json.loads(capsys.readouterr().out)["prompt"]
    assert main([*words, "--prompt", "happy guitar"]) == 0
    assert json.loads(capsys.readouterr().out)["prompt"] == "happy guitar"


def test_pictures_lead_the_music_of_a_film(tiny_engine: Engine, tmp_path: Path) -> None:
    films = [
        read_film(write_film(tmp_path / "dark.mp4", light=lambda _: 0.2)),
        read_film(write_film(tmp_path / "light.mp4", light=lambda _: 0.8)),
    ]
    clips = [
        score_film(tiny_engine, film, tmp_path / "c.mp4", Request(video=film, seed=0)).clip
        for film in films
    ]
    assert clips[0].samples.tobytes() != clips[1].samples.tobytes()
    assert clips[0].receipt["request"]["video"]["sha256"] == films[0].sha256


@pytest.mark.parametrize(
    "more",
    [["--mix", "nan"], ["--fade", "31"], ["--replace", "--mix", "3"], ["-o", "a.avi"],
     ["-o", "no/a.mp4"], ["--key", "H"], ["--threads", "0"], ["--story", "@no.txt"]],
)  # fmt: skip
def test_command_refuses(capsys: Capture, tiny_pack: Path, tmp_path: Path, more: list[str]) -> None:
    path = write_film(tmp_path / "a.mp4", 1.0)
    words = ["score", str(path), "-o", str(tmp_path / "b.mp4"), "--pack", str(tiny_pack)]
    refused(capsys, [*words, *more])
    assert list(tmp_path.iterdir()) == [path]


def test_command_keeps_the_film(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", 1.0)
    before = path.read_bytes()
    refused(capsys, ["score", str(path), "-o", str(path), "--pack", str(tiny_pack)], "itself")
    assert path.read_bytes() == before
