"""Clips that started from a recording are made again too, if the recording is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from descant.models.theory.notes import Note
from descant.runtime import Engine, Request, replay
from descant.runtime.errors import RequestError

TUNE = (Note(0, 1, 60), Note(1, 0.5, 64), Note(1.5, 1.5, 67))


@pytest.fixture(scope="module")
def recording(tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip that others start from."""
    folder = tmp_path_factory.mktemp("recording")
    clip = tiny_engine.generate(Request(prompt="calm piano", seconds=4, seed=1, steps=2))
    return clip.save(folder / "first.wav")


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("init", {"strength": 0.5}),
        ("init", {"prompt": "loud", "inpaint": (1.0, 2.5)}),
        ("continues", {"seconds": 3.0}),
        ("continues", {"prompt": "loud", "story": "It rained."}),
        ("continues", {"seconds": 2.0, "joined": True}),
        ("continues", {"seconds": 2.0, "melody": TUNE}),
    ],
    ids=str,
)
def test_edits(
    tiny_engine: Engine, recording: Path, tmp_path: Path, field: str, wish: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {field: recording, "seed": 5, "steps": 3, **wish}
    clip = tiny_engine.generate(Request(**asked))
    path = clip.save(tmp_path / "a.wav")
    with pytest.raises(RequestError, match=rf"{field}: 'first.wav' is missing"):
        replay(path, tiny_engine)
    again = replay(path, tiny_engine, inputs=[recording.parent])
    assert (again.verdict, again.reasons) == ("identical", ())
