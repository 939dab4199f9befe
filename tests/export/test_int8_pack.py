"""A pack whose UNet computes in int8: made from a pack, near it, and never half there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; it makes the pack's graphs")

from descant.export.errors import ParityError
from descant.export.int8_pack import TOLERANCE, Int8Pack, write_int8_pack
from descant.runtime import Engine, Request, open_pack
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.export.conftest import Exported

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]
OnProgress = Callable[[str, float], None]


def silent(name: str, fraction: float) -> None:
    """Listen to no progress."""


def convert(pack: Path, output: Path, on_progress: OnProgress = silent) -> Int8Pack:
    """Do what the command does."""
    with open_pack(pack) as opened:
        sessions = Sessions(opened, choose_provider("cpu"), threads=1)
        return write_int8_pack(opened, sessions, output, on_progress)


@pytest.fixture(scope="module")
def int8(small_mg2: Exported, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Int8Pack]:
    """Return the small model's pack in int8."""
    pack = tmp_path_factory.mktemp("packs") / "int8"
    return pack, convert(small_mg2.pack, pack)


def test_only_the_unet_is_another(small_mg2: Exported, int8: tuple[Path, Int8Pack]) -> None:
    pack, made = int8
    before = small_mg2.made.spec
    assert made.layers > 100
    assert made.spec.name == "MG2, int8"
    assert made.spec.version == f"{before.version}-int8"
    for name, graph in made.spec.graphs.items():
        assert (graph == before.graphs[name]) == (name != "unet")
    unet = made.spec.graphs["unet"]
    assert unet.inputs == before.graphs["unet"].inputs
    assert unet.parity is not None
    assert 1e-3 < unet.parity.relative_error < TOLERANCE
    weights = before.graphs["unet"].weights
    assert weights is not None
    assert unet.size_bytes + (unet.weights.size_bytes if unet.weights else 0) < (
        0.45 * weights.size_bytes
    )
    with open_pack(pack) as opened:
        assert opened.spec == made.spec


def test_it_plays_and_is_near_the_pack_it_is_of(
    small_mg2: Exported, int8: tuple[Path, Int8Pack]
) -> None:
    request = Request(prompt="the calm piano", seed=3, seconds=1.0, steps=2, guidance_scale=1.5)
    clips = []
    for pack in (small_mg2.pack, int8[0]):
        with Engine.open(pack, threads=1) as engine:
            clips.append(engine.generate(request).samples)
    assert clips[0].tobytes() != clips[1].tobytes()
    assert np.corrcoef(clips[0][0], clips[1][0])[0, 1] > 0.5


def test_it_comes_out_the_same_twice(small_mg2: Exported, int8: tuple[Path, Int8Pack]) -> None:
    again = convert(small_mg2.pack, int8[0].parent / "again.descant")
    assert again.spec == int8[1].spec


def test_what_has_no_float32_unet_is_refused(
    tiny_pack: Path, int8: tuple[Path, Int8Pack], tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match="no UNet"):
        convert(tiny_pack, tmp_path / "out")
    with pytest.raises(RequestError, match="no float32 layers"):
        convert(int8[0], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_pack_is_not_made_in_its_own_place(small_mg2: Exported) -> None:
    with pytest.raises(OutputError, match="replace the one it is made of"):
        convert(small_mg2.pack, small_mg2.pack)


def test_nothing_stays_of_a_run_that_is_stopped(small_mg2: Exported, tmp_path: Path) -> None:
    def stop(name: str, fraction: float) -> None:
        if fraction > 0.02:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(small_mg2.pack, tmp_path / "out", stop)
    assert list(tmp_path.iterdir()) == []


def test_a_unet_that_is_too_far_off_is_refused(
    small_mg2: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("descant.export.int8_pack.TOLERANCE", 1e-4)
    with pytest.raises(ParityError, match="unet: relative error") as caught:
        convert(small_mg2.pack, tmp_path / "out")
    assert "int8" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
