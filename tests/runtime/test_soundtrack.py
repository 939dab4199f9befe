"""A soundtrack makes its loops and stingers of one tune, and plays them as it is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from descant.models.theory.notes import Key, Note
from descant.runtime import Engine, Layer, Progress, Request, Soundtrack
from descant.runtime.errors import RequestError
from descant.runtime.soundtrack_parts import NAMED, STINGS, read_layers, step_pitch

WISH = Request(prompt="calm piano", tempo_bpm=120, key="D minor", seed=5, steps=2)


def soundtrack(engine: Engine, **more: Any) -> Soundtrack:
    """Return one of two bars at two levels."""
    given = {"intensities": (0.2, 1.0), "bars": 2, "stingers": ("win",), **more}
    return Soundtrack(engine, given.pop("request", WISH), given.pop("intensities"), **given)


@pytest.fixture(scope="module")
def made(tiny_engine: Engine) -> Soundtrack:
    """Return one that is made and that nobody reads from."""
    return soundtrack(tiny_engine).render()


def test_all_layers_are_one_tune(made: Soundtrack) -> None:
    low, high = made.clips.values()
    assert low.sheet is not None
    assert high.sheet is not None
    assert (low.sheet.notes, low.sheet.key) == (high.sheet.notes, high.sheet.key)
    assert low.sheet.tempo_bpm == high.sheet.tempo_bpm == 120
    assert str(low.sheet.key).startswith("D ")
    assert (low.sheet.intensity[0], high.sheet.intensity[0]) == (0.2, 1.0)
    assert low.samples.shape == high.samples.shape == (1, 2 * 4 * 22050)
    assert [clip.seed for clip in (low, high, made.stings["win"])] == [5, 5, 5]
    assert "gentle" in low.request.prompt
    assert "drums" in high.request.prompt


def test_what_is_heard_is_the_loops(tiny_engine: Engine, made: Soundtrack) -> None:
    music = soundtrack(tiny_engine, stingers=()).render()
    low, high = (clip.samples for clip in made.clips.values())
    first = music.read(30_000)
    gain = np.float32(10 ** (-8 * 0.8 / 20))
    np.testing.assert_allclose(first, low[:, :30_000] * gain, rtol=1e-6)
    assert music.playing is not None
    assert music.playing.level == 0.2
    music.intensity = 0.7
    bar = 4 * 22_050
    np.testing.assert_allclose(music.read(bar)[:, bar - 30_000 :], high[:, bar : bar + 30_000])
    assert (music.intensity, music.playing.level) == (0.7, 1.0)
    assert music.position == 30_000 + bar
    assert music.beat == pytest.approx(4 + 30_000 / 22_050)
    music.choose("0.2")
    assert music.intensity == 0.2


def test_seeds_decide(tiny_engine: Engine, made: Soundtrack) -> None:
    def played(request: Request) -> bytes:
        music = soundtrack(tiny_engine, request=request).render()
        parts = [music.read(9_000)]
        music.intensity = 1.0
        music.sting("win")
        return np.concatenate([*parts, music.read(100_000)], axis=1).tobytes()

    other = Request(prompt="calm piano", tempo_bpm=120, key="D minor", seed=6, steps=2)
    assert played(WISH) == played(WISH) != played(other)


def test_stingers_are_in_the_key_and_on_the_beat(tiny_engine: Engine, made: Soundtrack) -> None:
    sting = made.stings["win"]
    assert sting.sheet is not None
    assert str(sting.sheet.key) == str(next(iter(made.clips.values())).sheet.key)  # type: ignore[union-attr]
    scale = sting.sheet.key.scale
    assert all(note.pitch % 12 in scale for note in sting.sheet.notes[: len(STINGS["win"])])
    music, plain = soundtrack(tiny_engine).render(), soundtrack(tiny_engine).render()
    for source in (music, plain):
        source.read(1000)
    assert music.sting("win")
    one, other = music.read(40_000), plain.read(40_000)
    begin = int(np.flatnonzero(np.abs(one - other)[0] > 0)[0])
    assert 22_050 - 1000 <= begin < 22_050 - 1000 + 50
    with pytest.raises(RequestError, match="lose"):
        music.sting("lose")
    assert not soundtrack(tiny_engine).sting("win")


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("name", STINGS)
def test_stinger_notes(name: str, mode: Any) -> None:
    for tonic in range(12):
        key = Key(tonic, mode)
        pitches = [step_pitch(key, step) for _, step, _ in STINGS[name]]
        assert all(pitch % 12 in key.scale for pitch in pitches)
        assert min(pitches) >= 56
        assert max(pitches) <= 67 + 24
    assert step_pitch(Key(7), 0) == 67
    assert step_pitch(Key(7), 7) == 79


def test_a_given_melody_is_kept(tiny_engine: Engine) -> None:
    tune = tuple(Note(float(i), 1.0, 60 + 2 * (i % 3), 90) for i in range(16))
    music = soundtrack(tiny_engine, request=Request(melody=tune, seed=1, steps=1), stingers=())
    sheets = [clip.sheet for clip in music.render().clips.values()]
    assert sheets[0] is not None
    assert sheets[1] is not None
    assert [note.pitch for note in sheets[0].notes[:3]] == [60, 62, 64]
    assert sheets[0].chords == sheets[1].chords


def test_it_plays_before_all_is_made(tiny_engine: Engine) -> None:
    music, seen = soundtrack(tiny_engine), []

    def watch(progress: Progress) -> None:
        seen.append((progress.fraction, progress.clip, progress.clips))
        if progress.clip == 3 and progress.stage == "prepare":
            music.intensity = 1.0
            assert music.ready
            assert np.abs(music.read(500)).max() > 0

    assert not music.read(100).any()
    assert music.position == 0
    music.start(watch)
    assert music.wait(60)
    assert (music.done, music.progress) == (True, 1.0)
    fractions = [fraction for fraction, *_ in seen]
    assert fractions == sorted(fractions)
    assert seen[-1] == (1.0, 4, 4)
    assert music.playing is not None
    music.read(4 * 22_050)
    assert music.playing.level == 1.0
    music.close()


def test_piece_by_piece_it_is_the_same(tiny_engine: Engine, made: Soundtrack) -> None:
    music, calls = soundtrack(tiny_engine), 0
    while not music.advance(2.0):
        calls += 1
        music.read(64)
    assert calls > len(music.clips)
    assert (music.done, music.progress, music.advance(2.0)) == (True, 1.0, True)
    for name, clip in made.clips.items():
        assert music.clips[name].samples.tobytes() == clip.samples.tobytes()
    music = soundtrack(tiny_engine)
    music.advance(0.0)
    music.close()


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"intensities": ()}, "intensities"),
        ({"intensities": (0.5, 0.5)}, "different"),
        ({"intensities": ("calm", "loudest")}, "loudest"),
        ({"intensities": (1.5,)}, "level"),
        ({"intensities": (None,)}, "level"),
        ({"intensities": (float("nan"),)}, "level"),
        ({"bars": 0}, "bars"),
        ({"stingers": ("boom",)}, "boom"),
        ({"request": Request(prompt="x", seconds=5)}, "seconds"),
        ({"request": Request(prompt="x", count=2)}, "count"),
        ({"request": Request(continues="a.wav")}, "continues"),
        ({"request": Request(prompt="x", deadline_ms=100)}, "deadline_ms"),
        ({"request": Request(prompt="x", intensity=(0.1,))}, "intensity"),
    ],
    ids=str,
)
def test_refused(tiny_engine: Engine, given: dict[str, Any], match: str) -> None:
    with pytest.raises(RequestError, match=match) as refused:
        soundtrack(tiny_engine, **given)
    assert refused.value.hint


def test_refused_later(tiny_engine: Engine, audioldm: Engine, made: Soundtrack) -> None:
    with pytest.raises(RequestError, match="audioldm"):
        soundtrack(audioldm)
    music = soundtrack(tiny_engine)
    for wrong in (-0.1, 1.1, float("nan"), "loud", None):
        with pytest.raises(RequestError):
            music.intensity = wrong  # type: ignore[assignment]
    with pytest.raises(RequestError, match="calm") as refused:
        music.choose("calm")
    assert "0.2, 1" in refused.value.hint
    with pytest.raises(RequestError, match="frames"):
        music.read(-1)


def test_named_layers_are_in_order() -> None:
    layers = read_layers(("battle", "calm", Layer(0.5, "odd", "mine"), 0.7))
    assert [layer.name for layer in layers] == ["calm", "mine", "0.7", "battle"]
    assert layers[2].words == NAMED["tense"].words
    gains = [layer.gain for layer in layers]
    assert gains == sorted(gains)
    assert gains[-1] == 1.0
