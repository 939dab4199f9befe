"""Clips that cost nothing, for tests of what keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from descant.runtime import Clip, Key, Neighbour, Note, Request
from descant.runtime.receipt import package_version

RATE = 8000


def make_clip(
    prompt: str = "calm piano in the rain",
    seconds: float = 1.0,
    seed: int = 7,
    *,
    notes: bool = False,
    **wishes: Any,
) -> Clip:
    """Return a tone, whose pitch is its seed's, as if a pack had made it."""
    times = np.arange(round(seconds * RATE)) / RATE
    wave = 0.5 * np.sin(2 * np.pi * (100 + seed % 1000) * times)
    request = Request(prompt=prompt, seed=seed, **wishes)
    return Clip(
        samples=wave[None].astype(np.float32),
        sample_rate=RATE,
        seed=seed,
        request=request,
        device="cpu",
        receipt=make_receipt(prompt, seconds, seed),
        sheet=make_sheet() if notes else None,
        notes=(Note(0.0, 1.0, 60, 90), Note(1.0, 0.5, 64, 80)) if notes else (),
        retrieved=(Neighbour(3, "Old tune", 0.5, licence="CC0"),) if notes else (),
        warnings=("quiet",) if notes else (),
        timings_ms={"decode": 12.5},
    )


def names(folder: Path) -> set[str]:
    """Return what lies in a library's folder of takes."""
    return {path.name for path in (folder / "takes").iterdir()}


def make_receipt(prompt: str, seconds: float, seed: int) -> dict[str, Any]:
    """Return a receipt with what the library reads of one."""
    return {
        "descant": package_version(),
        "pack": {"id": "tiny", "version": "1", "sha256": "0" * 64},
        "device": "cpu",
        "seed": seed,
        "request": {"prompt": prompt, "seconds": seconds, "steps": 4, "key": None},
        "music": None,
    }


def make_sheet() -> Any:
    """Return a lead sheet of one bar."""
    from descant.models.theory.sheet import LeadSheet

    note = Note(0.0, 1.0, 60, 90)
    return LeadSheet(Key.parse("D minor"), 100.0, 4, (note,), (), (), (0.5,))
