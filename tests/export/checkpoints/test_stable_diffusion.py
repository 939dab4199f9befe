"""Folders of Stable Diffusion: diffusers' networks and ours give the same numbers from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

diffusers = pytest.importorskip("diffusers", reason="diffusers is not installed; it is compared")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")


from descant.export.checkpoints.sd_folder import SdFolder, open_sd_folder  # noqa: E402
from descant.models.inversion import inversion_table  # noqa: E402
from descant.models.nets.clip_text import ClipText  # noqa: E402
from descant.models.nets.ldm.stable_diffusion import PictureEncoder, PictureUNet  # noqa: E402
from tests.export.sd_models import LATENT_SIDE, POSITIONS, Theirs, write_folder  # noqa: E402

pytestmark = pytest.mark.torch
TOLERANCE = 1e-4


@pytest.fixture(scope="module", params=[1, 2], ids=["sd1", "sd2"])
def theirs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Theirs:
    """Return a saved pipeline of either version."""
    return write_folder(tmp_path_factory.mktemp(f"sd{request.param}"), request.param)


@pytest.fixture(scope="module")
def ours(theirs: Theirs) -> SdFolder:
    """Return the same folder as it is imported."""
    return open_sd_folder(theirs.folder)


def filled(folder: SdFolder, part: str, build: Callable[[], Any]) -> Any:
    """Return our network with the imported weights."""
    with torch.device("meta"):
        built = build()
    built.load_state_dict(folder.load(part), assign=True)
    return built.eval().requires_grad_(False)


def our_unet(folder: SdFolder) -> PictureUNet:
    unet: PictureUNet = filled(folder, "unet", lambda: PictureUNet(folder.sizes.unet))
    return unet


def apart(made: Tensor, wanted: Tensor) -> float:
    """Return the RMS of the difference over that of what is wanted."""
    assert made.shape == wanted.shape
    return float((made - wanted).square().mean().sqrt() / wanted.square().mean().sqrt())


@torch.no_grad()
def test_latents_of_a_picture(theirs: Theirs, ours: SdFolder) -> None:
    picture = torch.rand(2, 3, theirs.side, theirs.side) * 2 - 1
    wanted = theirs.vae.encode(picture).latent_dist.mean * theirs.vae.config.scaling_factor
    sizes = ours.sizes
    encoder = filled(ours, "vae", lambda: PictureEncoder(sizes.vae, sizes.scale_factor))
    assert wanted.shape[-1] == LATENT_SIDE
    assert apart(encoder(picture), wanted) < TOLERANCE


@torch.no_grad()
def test_states_of_a_text(theirs: Theirs, ours: SdFolder) -> None:
    tokens = torch.randint(0, theirs.text_encoder.config.vocab_size, (2, POSITIONS))
    wanted = theirs.text_encoder(tokens)[0]
    made = filled(ours, "clip_text", lambda: ClipText(ours.sizes.text))(tokens)
    assert apart(made, wanted) < TOLERANCE


def taps_of(unet: Any) -> tuple[list[str], dict[str, Tensor]]:
    """Let diffusers' decoder layers tell what their self-attention's projections return."""
    names = [
        name for name, _ in unet.named_modules()
        if name.startswith("up_blocks.") and name.endswith("attn1")
    ]  # fmt: skip
    found: dict[str, Tensor] = {}
    for name in names:
        attention = unet.get_submodule(name)
        for part in ("to_k", "to_v"):

            def keep(_: Any, __: Any, made: Tensor, key: str = f"{name}.{part}") -> None:
                found[key] = made

            getattr(attention, part).register_forward_hook(keep)
    return names, found


@torch.no_grad()
def test_prediction_keys_and_values(theirs: Theirs, ours: SdFolder) -> None:
    x, text = torch.randn(2, 4, LATENT_SIDE, LATENT_SIDE), torch.randn(2, POSITIONS, 32)
    t = torch.tensor([1, 981])
    names, found = taps_of(theirs.unet)
    wanted = theirs.unet(x, t, encoder_hidden_states=text).sample
    made, taps = our_unet(ours)(x, t, text)
    assert apart(made, wanted) < TOLERANCE
    assert len(names) == len(taps) == len(ours.sizes.unet.tapped) == 9
    for name, tap, (factor, heads, width) in zip(names, taps, ours.sizes.unet.tapped, strict=True):
        for part, mine in zip(("to_k", "to_v"), tap, strict=True):
            assert mine.shape == (2, heads, (LATENT_SIDE // factor) ** 2, width)
            their_heads = theirs.unet.get_submodule(name).heads
            assert their_heads == heads
            flat = mine.transpose(1, 2).flatten(2)
            assert apart(flat, found[f"{name}.{part}"]) < TOLERANCE


@torch.no_grad()
def test_inversion_in_fifty_steps(theirs: Theirs, ours: SdFolder) -> None:
    # Latents are not clipped by any published version; the class would where a file says nothing.
    config = theirs.scheduler.config
    inverse = diffusers.DDIMInverseScheduler.from_config(config, clip_sample=False)
    inverse.set_timesteps(50)
    start, text = torch.randn(1, 4, LATENT_SIDE, LATENT_SIDE), torch.randn(1, POSITIONS, 32)
    wanted = start
    for t in inverse.timesteps:
        noise = theirs.unet(wanted, t, encoder_hidden_states=text).sample
        wanted = inverse.step(noise, t, wanted).prev_sample
    table = inversion_table(ours.sizes.inversion)
    assert table.timesteps.tolist() == inverse.timesteps.tolist()
    made, unet = start, our_unet(ours)
    for t, latents, prediction in zip(
        table.timesteps, table.latents, table.prediction, strict=True
    ):
        step = unet(made, torch.tensor([float(t)]), text)[0]
        made = float(latents) * made + float(prediction) * step
    assert apart(made, start) > 0.05
    assert apart(made, wanted) < TOLERANCE
