"""A published model, reduced in size, all the way: checkpoint, pack, music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; it reads checkpoints")

from descant.runtime import Engine, Request
from tests.export.conftest import Exported

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def test_an_exported_pack_makes_music(small_mg2: Exported, tmp_path: Path) -> None:
    """Its larger graphs have files of weights, which the runtime hands over in memory."""
    pack = small_mg2.pack
    with Engine.open(pack, threads=1) as engine:
        assert engine.pack.spec.graphs["unet"].weights is not None
        request = Request(prompt="the calm piano", seed=0, seconds=1.0, steps=2, candidates=2)
        clip = engine.generate(request)
        assert clip.samples.shape == (1, 16000)
        assert np.isfinite(clip.samples).all()
        assert -1.0 <= (clip.similarity or 2.0) <= 1.0
        init = clip.save(tmp_path / "init.wav")
        edit = Request(prompt="the calm piano", seed=0, steps=2, init=init, inpaint=(0.25, 0.5))
        assert engine.generate(edit).samples.shape == (1, 16000)
        with Engine.open(pack, threads=1) as other:
            again = other.generate(
                Request(prompt="the calm piano", seed=clip.seed, seconds=1.0, steps=2)
            )
        assert again.samples.tobytes() == clip.samples.tobytes()
