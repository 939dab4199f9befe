"""Requests with inputs of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from descant.runtime import Clip, Engine, Request


def given(files: Path, *kinds: str) -> dict[str, Any]:
    """Return these kinds of inputs."""
    known = {
        "prompt": "calm piano",
        "story": "It was raining.",
        "images": (files / "a.png", files / "b.jpg"),
        "video": files / "film.mp4",
        "audio": files / "sound.wav",
        "hum": files / "hum.wav",
    }
    return {kind: known[kind] for kind in kinds}


def make(engine: Engine, **wish: Any) -> Clip:
    """Make a second of music."""
    return engine.generate(Request(**{"seconds": 1.0, "seed": 0, "steps": 1, **wish}))
