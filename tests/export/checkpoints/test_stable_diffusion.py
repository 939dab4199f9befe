"""Folders of Stable Diffusion: diffusers' networks and ours give the same numbers from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

diffusers = pytest.importorskip("diffusers", reason="diffusers is not installed; it is compared")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")


from safetensors.torch import load_file, save_file  # noqa: E402

from descant.export.checkpoints.errors import CheckpointError  # noqa: E402
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
    assert apart(made, float(np.prod(table.latents)) * start) > 0.01  # predictions have a say
    assert apart(made, wanted) < TOLERANCE


def reweigh(name: str, change: Callable[[dict[str, Tensor]], object]) -> Callable[[Path], None]:
    """Return what changes the tensors of a network."""
    stem = "model" if name == "text_encoder" else "diffusion_pytorch_model"

    def apply(folder: Path) -> None:
        path = folder / name / f"{stem}.safetensors"
        tensors = load_file(path)
        change(tensors)
        save_file(tensors, path)

    return apply


def setting(file: str, **values: object) -> Callable[[Path], None]:
    """Return what changes settings of a JSON file."""

    def apply(folder: Path) -> None:
        path = folder / file
        config = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(config | values), "utf-8")

    return apply


UNET, VAE, TEXT = "unet/config.json", "vae/config.json", "text_encoder/config.json"
SCHEDULER = "scheduler/scheduler_config.json"
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "another pipeline": (
        setting("model_index.json", _class_name="StableDiffusionXLPipeline"), "not a StableDiff",
    ),
    "no UNet": (lambda f: shutil.rmtree(f / "unet"), "No such file"),
    "no weights": (
        lambda f: (f / "unet" / "diffusion_pytorch_model.safetensors").unlink(), "No such file",
    ),
    "weights cut off": (
        lambda f: (f / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"1234567890"),
        "damaged",
    ),
    "no merges": (lambda f: (f / "tokenizer" / "merges.txt").unlink(), "merges.txt: No such"),
    "an unknown padding": (setting("tokenizer/tokenizer_config.json", pad_token="?!"), "pad token"),
    "a layer is missing": (
        reweigh("unet", lambda t: t.pop("mid_block.resnets.0.conv1.weight")), "missing (1)",
    ),
    "a layer too many": (
        reweigh("text_encoder", lambda t: t.update(more=torch.zeros(1))), "unexpected (1): more",
    ),
    "a narrow layer": (
        reweigh("unet", lambda t: t.update({"conv_in.bias": torch.zeros(3)})), "misshapen (1)",
    ),
    "not a number": (
        reweigh("vae", lambda t: t["quant_conv.bias"].fill_(torch.nan)), "vae.quant_conv.bias",
    ),
    "inpainting": (setting(UNET, in_channels=9), "channels should be 4"),
    "an upscaler": (setting(UNET, num_class_embeds=1000), "num_class_embeds is 1000"),
    "crossed blocks": (
        setting(UNET, up_block_types=["UpBlock2D"] * 4), "don't mirror each other",
    ),
    "odd heads": (setting(UNET, attention_head_dim=[1, 2, 3, 4]), "attention_head_dim"),
    "another text width": (setting(UNET, cross_attention_dim=48), "text's width should be"),
    "odd latents": (setting(UNET, sample_size=9), "sample_size by 8 should be 0"),
    "a huge width": (setting(VAE, block_out_channels=[10**9] * 4), "vae"),
    "a negative width": (setting(UNET, block_out_channels=[-32] * 4), "block_out_channels"),
    "another tower": (setting(TEXT, model_type="bert"), "text encoder is a bert"),
    "predicting samples": (setting(SCHEDULER, prediction_type="sample"), "prediction_type"),
    "clipped samples": (setting(SCHEDULER, clip_sample=True), "clip_sample is True"),
    "cosine": (setting(SCHEDULER, beta_schedule="squaredcos_cap_v2"), "beta_schedule"),
    "an offset beyond": (setting(SCHEDULER, steps_offset=50), "leave the training's"),
}  # fmt: skip


@pytest.mark.parametrize("theirs", [1], indirect=True)
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_stable_diffusion_is_refused(theirs: Theirs, tmp_path: Path, case: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(theirs.folder, folder)
    damage, message = REFUSED[case]
    damage(folder)
    with pytest.raises(CheckpointError) as caught:
        open_sd_folder(folder)
    assert message in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("theirs", [1], indirect=True)
def test_names_and_files_of_other_years_are_read(theirs: Theirs, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(theirs.folder, folder)
    weights = folder / "text_encoder" / "model.safetensors"
    named = {f"text_model.{name}": tensor for name, tensor in load_file(weights).items()}
    named["text_model.embeddings.position_ids"] = torch.arange(POSITIONS)[None]
    weights.unlink()
    torch.save(named, folder / "text_encoder" / "pytorch_model.bin")
    half = {
        name: tensor.half()
        for name, tensor in load_file(
            folder / "unet" / "diffusion_pytorch_model.safetensors"
        ).items()
    }
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    save_file(half, folder / "unet" / "diffusion_pytorch_model.fp16.safetensors")
    found, same = open_sd_folder(folder), open_sd_folder(theirs.folder)
    assert found.sizes == same.sizes
    text, whole = found.load("clip_text"), same.load("clip_text")
    assert all(torch.equal(text[name], tensor) for name, tensor in whole.items())
    assert {tensor.dtype for tensor in found.load("unet").values()} == {torch.float32}
