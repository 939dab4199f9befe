"""A pack that sees through CLIP: what is replaced, what it has learned, what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from torch import Tensor, nn
from torch.nn import functional

pytest.importorskip("transformers", reason="transformers is not installed; it writes the folder")

from descant.export import adapter_fit
from descant.export.adapter_fit import fit_adapter
from descant.export.errors import ExportInputError
from descant.export.picture_examples import DrawnExamples, Example, ShardExamples
from descant.models.synthset.compose import Split
from descant.runtime.cli import main
from descant.runtime.conditioning import load_tokenizer
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.export.clip_models import FEATURE, SIDE, write_vision
from tests.runtime.cli_helpers import Capture, refused
from tests.tiny_graphs import CLMP

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]
ROWS = 32


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of CLIP."""
    return write_vision(tmp_path_factory.mktemp("clip") / "small").folder


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with shards in which a picture's colour says how loud its music is."""
    folder, rng = tmp_path_factory.mktemp("training"), np.random.default_rng(3)
    for split in ("train", "test"):
        shard = folder / "data" / f"{split}-0000"
        shard.mkdir(parents=True)
        tints = rng.integers(0, 256, (ROWS, 3, 1, 1), np.uint8)
        pictures = np.broadcast_to(tints, (ROWS, 3, 128, 128))
        np.save(shard / "picture.npy", pictures)
        np.save(shard / "mel.npy", rng.normal(0, 1, (ROWS, 128, 16)).astype(np.float16))
    return folder


def test_the_command_replaces_the_tower_and_its_adapter(
    tiny_pack: Path, clip: Path, training: Path, tmp_path: Path, capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(adapter_fit, "PATIENCE", 1)
    made = tmp_path / "made"
    arguments = ["export", "import", "clip", str(clip), "-o", str(made), "--pack", str(tiny_pack)]
    assert main([*arguments, "--minutes", "5", "--training", str(training), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pictures"] == ROWS
    assert told["metrics"]["test_pictures"] == ROWS / 2
    with open_pack(tiny_pack) as before, open_pack(made) as after:
        assert after.spec.version == told["version"]
        assert set(after.spec.graphs) == set(before.spec.graphs) - {"picture_words"}
        for name, graph in after.spec.graphs.items():
            replaced = name in ("picture_encoder", "picture_adapter")
            assert (graph == before.spec.graphs[name]) == (not replaced)
        assert after.spec.files == before.spec.files
        assert after.spec.provenance.metrics["clip_test_pictures"] == ROWS / 2
        tower = after.spec.graphs["picture_encoder"]
        assert tower.inputs["picture"].shape == ("B", 3, SIDE, SIDE)
        sessions = Sessions(after, choose_provider("cpu"), threads=1)
        picture = np.random.default_rng(0).random((2, 3, SIDE, SIDE), np.float32)
        feature = sessions["picture_encoder"].run(picture=picture)["feature"]
        assert feature.shape == (2, FEATURE)
        embedding = sessions["picture_adapter"].run(feature=feature)["embedding"]
        np.testing.assert_allclose(np.linalg.norm(embedding, axis=1), 1.0, rtol=1e-3)
        assert embedding.shape == (2, CLMP)


class _Tints:
    """The middle of a picture's three colours is all that there is to its music."""

    told = "music follows colour"

    def examples(self, split: Split) -> Iterator[Example]:
        rng = np.random.default_rng(split == "train")
        for _ in range(400 if split == "train" else 80):
            tint = rng.integers(0, 256, 3, np.uint8)
            music = np.zeros(CLMP, np.float32)
            music[:3] = tint / 255.0 - 0.5
            pixels = np.broadcast_to(tint, (16, 16, 3)).copy()
            yield Example(pixels, music / np.linalg.norm(music))


class _Colour(nn.Module):
    """A tower that sees colour alone."""

    def forward(self, picture: Tensor) -> Tensor:
        return functional.normalize(picture.mean((2, 3)) - 0.5, dim=-1)


def test_an_adapter_learns_where_the_music_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_fit, "PATIENCE", 1)
    monkeypatch.setattr(adapter_fit, "BATCH", 64)
    monkeypatch.setattr(adapter_fit, "augment", lambda pictures: pictures)
    fitted = fit_adapter(_Colour(), 16, _Tints(), 5.0, lambda doing, share: None)
    assert fitted.metrics["test_pictures"] == 40
    assert fitted.metrics["cosine"] > 0.9
    assert fitted.metrics["recall_at_10"] > 0.9


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), 1e9])
def test_impossible_times_are_refused(minutes: float) -> None:
    with pytest.raises(ExportInputError, match="minutes"):
        fit_adapter(_Colour(), 16, _Tints(), minutes, lambda doing, share: None)


def test_too_little_time_is_told() -> None:
    with pytest.raises(ExportInputError, match="too few"):
        fit_adapter(_Colour(), 16, _Tints(), 1e-9, lambda doing, share: None)


def test_drawn_examples_say_what_the_music_is(tiny_pack: Path) -> None:
    with open_pack(tiny_pack) as opened:
        sessions = Sessions(opened, choose_provider("cpu"), threads=1)
        source = DrawnExamples(sessions, load_tokenizer(opened), SIDE)
        first, second = islice(source.examples("train"), 2)
        again = next(source.examples("train"))
        test = next(source.examples("test"))
    assert first.pixels.shape == (SIDE, SIDE, 3)
    assert first.music.shape == (CLMP,)
    assert float(np.linalg.norm(first.music)) == pytest.approx(1.0, rel=1e-5)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.music, again.music)
    for other in (second, test):
        assert (first.pixels != other.pixels).any()


def test_shards_without_pictures_are_refused(tiny_pack: Path, tmp_path: Path) -> None:
    with open_pack(tiny_pack) as opened:
        sessions = Sessions(opened, choose_provider("cpu"), threads=1)
        with pytest.raises(ExportInputError, match="no shards with pictures"):
            ShardExamples(sessions, tmp_path)


def test_refusals_leave_nothing_behind(
    tiny_pack: Path, blind_pack: Path, clip: Path, tmp_path: Path, capsys: Capture
) -> None:
    made = tmp_path / "made"
    command = ["export", "import", "clip"]
    refused(
        capsys, [*command, str(clip), "-o", str(made), "--pack", str(blind_pack)], "no pictures"
    )
    refused(
        capsys, [*command, str(tmp_path), "-o", str(made), "--pack", str(tiny_pack)], "config.json"
    )
    refused(
        capsys, [*command, str(clip), "-o", str(tiny_pack), "--pack", str(tiny_pack)], "replace"
    )
    assert not list(tmp_path.iterdir())
