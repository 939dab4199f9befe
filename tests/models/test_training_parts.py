"""What training is put together from: excitation, conditions, shards, the recipe, carried files."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

from descant.kernels.excitation import NOISE_GAIN, excitation
from descant.kernels.stft import stft
from descant.models.spec import AudioSpec
from descant.models.theory.control import PARTS
from descant.models.training import recipe
from descant.models.training.conditions import DROP_ALL, DROP_PART, MIXES, SOURCES, drop_control
from descant.models.training.excitation import Excitation
from descant.models.training.recipe import Recipe, RecipeOptions, Stage
from descant.models.training.shard_files import ShardJob, placed
from descant.models.training.words import STORY_WINDOWS, ids_and_mask, pad_tokens, story_table

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

AUDIO = AudioSpec()
FRAMES = 24


def test_a_batchs_excitation_is_the_kernels_but_for_the_noise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roll = np.zeros((2, 88, FRAMES), np.float32)
    roll[0, 40, 3:15], roll[0, 52, 10:20], roll[1, 0, 5:] = 0.8, 0.4, 1.0
    made = Excitation(AUDIO, FRAMES, "cpu").samples(torch.from_numpy(roll)).numpy()
    wanted = np.stack([excitation(r, AUDIO.sample_rate, AUDIO.hop_length) for r in roll])
    # the difference of two noises
    assert np.std(made - wanted) == pytest.approx(NOISE_GAIN * 2**0.5, rel=0.03)
    monkeypatch.setattr(torch, "randn_like", torch.zeros_like)
    cos, sin = Excitation(AUDIO, FRAMES, "cpu").phase(torch.from_numpy(roll))
    spectrum = stft(
        Excitation(AUDIO, FRAMES, "cpu").samples(torch.from_numpy(roll)).numpy()[0],
        AUDIO.n_fft,
        AUDIO.hop_length,
    )
    loud = np.abs(spectrum) > 1.0
    unit = spectrum / np.maximum(np.abs(spectrum), 1e-9)
    assert np.abs(cos[0].numpy() - unit.real)[loud].max() < 1e-3
    assert np.abs(sin[0].numpy() - unit.imag)[loud].max() < 1e-3


def test_parts_of_the_control_track_go_with_their_flags() -> None:
    torch.manual_seed(0)
    kept = drop_control(torch.ones(4000, 126, 1))[..., 0]
    for channels, flag in PARTS.values():
        there = kept[:, flag]
        for part in channels:
            assert torch.equal(kept[:, part], there[:, None].expand_as(kept[:, part]))
        expected = 1.0 - DROP_ALL - (1.0 - DROP_ALL) * DROP_PART
        assert float(there.mean()) == pytest.approx(expected, abs=0.03)


def test_mixes_are_chances_of_what_a_request_may_give() -> None:
    assert sum(chance for chance, _ in MIXES) == pytest.approx(1.0)
    assert all(len(mix) == len(SOURCES) and any(mix) for _, mix in MIXES)
    assert {source for _, mix in MIXES for source, there in zip(SOURCES, mix, strict=True) if there}


def test_texts_become_ids_and_gaps() -> None:
    ids, mask = pad_tokens(["calm piano", "a much longer sentence about rain"])
    assert ids.shape == mask.shape
    assert float(mask[0].sum()) < float(mask[1].sum()) == ids.shape[1]
    table = story_table("It rained. " * 60)
    assert table.shape == (STORY_WINDOWS, 64)
    _, told = ids_and_mask(torch.from_numpy(table))
    assert 1 < int(told[:, 0].sum()) < STORY_WINDOWS


def test_a_shard_that_fails_leaves_none(tmp_path: Path) -> None:
    job = ShardJob(tmp_path, 3, "train")

    def fail() -> None:
        with placed(job) as part:
            (part / "half.npy").write_bytes(b"")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert not list(tmp_path.iterdir())
    with placed(job) as part:
        (part / "whole.npy").write_bytes(b"1")
    assert [file.name for file in job.target.iterdir()] == ["whole.npy"]


def test_what_stands_on_a_failed_phase_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = (Stage("vae", (), 1.0), Stage("vocoder", ("vae",), 1.0))
    monkeypatch.setattr(recipe, "STAGES", stages)
    told: list[str] = []
    options = RecipeOptions(tmp_path, 1.0, "cpu", 1, 1, None)
    assert Recipe(options, told.append).run() == 2
    assert "no train shards" in (tmp_path / "vae.log").read_text()
    assert not (tmp_path / "vocoder.log").exists()
    assert "vocoder: not run, something it stands on failed" in told


def test_carried_checkpoints_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "tools")
    checkpoints = import_module("checkpoints")
    model = {"matrix": torch.randn(256, 128), "bias": torch.randn(7), "count": torch.tensor(3)}
    content = {"model": model, "metrics": {"score": 1.0}, "minutes": 2.0, "step": 5}
    torch.save(content, tmp_path / "vae.best.pt")
    monkeypatch.setattr(checkpoints, "PART_BYTES", 20_000)
    for name, int8, error in (("half", False, 1e-3), ("int8", True, 1e-2)):
        checkpoints.pack(tmp_path, tmp_path / name, "best", ["vae", "not there"], int8)
        assert len(list((tmp_path / name).iterdir())) > 1
        checkpoints.unpack(tmp_path / name, tmp_path / f"{name} out")
        back = torch.load(tmp_path / f"{name} out" / "vae.best.pt")
        assert back["metrics"] == content["metrics"]
        assert back["model"]["count"] == 3
        scale = float(model["matrix"].abs().max())
        assert float((back["model"]["matrix"] - model["matrix"]).abs().max()) < error * scale
    sys.modules.pop("checkpoints")


def test_a_trimmed_soundfont_plays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from descant.models.synthset.compose import compose
    from descant.models.synthset.render import SoundfontRenderer, find_soundfont

    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "tools")
    trim = import_module("trim_soundfont")
    piece = compose(0, "train")
    programs = {track.program for track in piece.tracks if not track.is_drum}
    source, target = find_soundfont(), tmp_path / "small.sf3"
    trimmer = trim.Trimmer(trim.read_font(source.read_bytes()))
    kits = {trimmer.preset(r)[1] for r in trimmer.presets() if trimmer.preset(r)[0] == 128}
    target.write_bytes(trimmer.write(trim.choose(trimmer, programs | kits, 0)))
    assert target.stat().st_size < source.stat().st_size
    whole, small = (SoundfontRenderer(path).render(piece, 2.0) for path in (source, target))
    np.testing.assert_allclose(small, whole, atol=1e-4)
    target.write_bytes(trimmer.write(trim.choose(trimmer, kits, 0)))
    with pytest.raises(ValueError, match="no program"):
        SoundfontRenderer(target).render(piece, 0.1)
    sys.modules.pop("trim_soundfont")
