"""An image branch made of a Stable Diffusion folder: exported, opened, run, connected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="torch is not installed; it reads folders")
diffusers = pytest.importorskip("diffusers", reason="diffusers is not installed; it is compared")

from descant.export.checkpoints.sd_config import with_inversion  # noqa: E402
from descant.export.checkpoints.sd_folder import open_sd_folder  # noqa: E402
from descant.export.errors import ExportInputError  # noqa: E402
from descant.export.sd_adapter import connect  # noqa: E402
from descant.export.sd_fitting import Attention  # noqa: E402
from descant.models.sd_spec import tap_names  # noqa: E402
from descant.runtime.cli import main  # noqa: E402
from descant.runtime.errors import (  # noqa: E402
    RequestError,
)
from descant.runtime.providers import choose_provider  # noqa: E402
from descant.runtime.sd_branch import SdBranch, to_picture  # noqa: E402

if TYPE_CHECKING:
    from tests.export.sd_models import Theirs

pytestmark = pytest.mark.torch
CAPTION = "The cat"
ATTENTION = Attention(3, 4, 64)
Arrays = dict[str, NDArray[np.float32]]


def opened(folder: Path) -> SdBranch:
    return SdBranch.open(folder, choose_provider("cpu"))


def pixels(seed: int = 0, height: int = 40, width: int = 40) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


@torch.no_grad()  # type: ignore[untyped-decorator]
def inverted_by_diffusers(theirs: Theirs, picture: Any, tokens: list[int]) -> Arrays:
    """Return what the decoder's self-attentions project at the last step of the inversion."""
    from tests.export.checkpoints.test_stable_diffusion import taps_of

    names, found = taps_of(theirs.unet)
    inverse = diffusers.DDIMInverseScheduler.from_config(theirs.scheduler.config)
    inverse.set_timesteps(50)
    states = theirs.text_encoder(torch.tensor([tokens]))[0]
    scale = theirs.vae.config.scaling_factor
    x = theirs.vae.encode(torch.from_numpy(picture)).latent_dist.mean * scale
    for t in inverse.timesteps:
        x = inverse.step(theirs.unet(x, t, encoder_hidden_states=states).sample, t, x).prev_sample
    made = {}
    for pair, name in zip(tap_names(len(names)), names, strict=True):
        for ours, part in zip(pair, ("to_k", "to_v"), strict=True):
            made[ours] = found[f"{name}.{part}"].numpy()
    return made


def test_a_picture_as_diffusers_inverts_it(small_sd: tuple[Theirs, Path]) -> None:
    theirs, folder = small_sd
    steps: list[tuple[int, int]] = []
    with opened(folder) as branch:
        taps = branch.taps(pixels(), CAPTION, lambda *done: steps.append(done))
        spec = branch.pack.spec
    assert spec.inversion.prediction_type == "v"
    assert spec.picture.side == theirs.side
    assert steps == [(step, 50) for step in range(1, 51)]
    vocabulary = json.loads((theirs.folder / "tokenizer" / "vocab.json").read_text("utf-8"))
    words = ["<|startoftext|>", "the</w>", "cat</w>", "<|endoftext|>"]
    tokens = [vocabulary[word] for word in words]
    tokens += [vocabulary["!"]] * (spec.picture.text_tokens - len(tokens))
    wanted = inverted_by_diffusers(theirs, to_picture(pixels(), theirs.side), tokens)
    assert set(wanted) == set(taps)
    for name, value in wanted.items():
        ours = taps[name].transpose(0, 2, 1, 3).reshape(value.shape)
        error = np.sqrt(np.square(ours - value).mean() / np.square(value).mean())
        assert error < 1e-4, name


def test_pixels_become_a_picture_of_the_size_that_is_asked_for() -> None:
    same = pixels(height=8, width=8)
    planes = same.transpose(2, 0, 1)
    np.testing.assert_allclose(to_picture(same, 8)[0], planes / 127.5 - 1.0, atol=1e-6)
    white = to_picture(np.full((9, 20, 3), 255, np.uint8), 8)
    assert white.shape == (1, 3, 8, 8)
    assert white.min() == white.max() == 1.0


See = Callable[[Any], tuple[Any, Any]]


def linear_branch(small_branch: Path) -> See:
    """Return a branch whose answers are linear in what one layer of the small one tells."""
    rng = np.random.default_rng(1)
    maps = rng.standard_normal((2, 64, 3 * 256)) / 8.0
    branch = opened(small_branch)

    def see(picture: Any) -> tuple[Any, Any]:
        taps = branch.taps(picture)
        parts = [
            taps[name][0].transpose(1, 0, 2).reshape(64, -1) for name in ("keys_1", "values_1")
        ]
        made = [
            (part @ matrix).reshape(64, 3, 4, 64).transpose(1, 2, 0, 3)
            for part, matrix in zip(parts, maps, strict=True)
        ]
        return made[0].astype(np.float32), made[1].astype(np.float32)

    return see


def test_connecting_finds_the_layer_and_the_map(small_branch: Path) -> None:
    see = linear_branch(small_branch)
    with opened(small_branch) as branch, pytest.raises(RequestError, match="not connected"):
        branch.keys_values(pixels())
    done: list[tuple[int, int]] = []
    with opened(small_branch) as branch:  # what is connected can be connected again
        connect(
            branch,
            lambda picture: see(picture)[::-1],
            ATTENTION,
            "starter 8",
            10,
            lambda *told: None,
        )
    with opened(small_branch) as branch:
        adapter = connect(branch, see, ATTENTION, "starter 9", 10, lambda *told: done.append(told))
    assert len(list(small_branch.glob("branch_adapter-*.onnx"))) == 1
    assert done[-1] == (10, 10)
    assert adapter.layers == (1, 1, 1)
    assert min(adapter.explained) > 0.9
    with opened(small_branch) as branch:
        assert branch.adapter == adapter
        keys, values = branch.keys_values(pixels(7))
        again = branch.keys_values(pixels(7), on_step=lambda *_: pytest.fail("not remembered"))
        other, _ = branch.keys_values(pixels(8))
    assert keys.shape == values.shape == (3, 4, 64, 64)
    assert again[0] is keys
    assert not np.array_equal(keys, other)
    for made, wanted in zip((keys, values), see(pixels(7)), strict=True):
        np.testing.assert_allclose(np.square(made).mean(-1), 1.0, rtol=1e-3)
        unit = wanted / np.sqrt(np.square(wanted).mean(-1, keepdims=True))
        assert np.square(made - unit).mean() < 0.1
    with opened(small_branch) as branch, pytest.raises(ExportInputError, match="too few"):
        connect(branch, see, ATTENTION, "starter 9", 9, lambda *told: None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["sd", "no"], "Give the folder with model_index.json"),
        (["sd", "no", "--target", "gpu"], "--target means nothing for Stable Diffusion"),
        (["no", "--steps", "9"], "--steps means nothing for a checkpoint of music"),
    ],
)
def test_the_command_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["export", "import", *options, "-o", str(tmp_path / "b")]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_number_of_steps_is_checked_before_the_work(small_sd: tuple[Theirs, Path]) -> None:
    sizes = open_sd_folder(small_sd[0].folder).sizes
    assert with_inversion(sizes, 20, 5).inversion.evaluations == 5
    for steps, evaluations in ((0, 0), (1001, 1), (10, 11)):
        with pytest.raises(ExportInputError, match="inversion"):
            with_inversion(sizes, steps, evaluations)
