"""Folders that diffusers saves: its networks and ours give the same numbers from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

diffusers = pytest.importorskip("diffusers", reason="diffusers is not installed; it is compared")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")

from safetensors.torch import load_file, save_file  # noqa: E402

from descant.export.checkpoints.errors import (  # noqa: E402
    CheckpointKeysError,
    UnknownCheckpointError,
    UnreadableCheckpointError,
    UnsafeCheckpointError,
)
from descant.export.checkpoints.imported import Imported, import_checkpoint  # noqa: E402
from descant.models.nets.clmp_official.clmp import OfficialClmp  # noqa: E402
from descant.models.nets.ldm.autoencoder import AutoencoderKL  # noqa: E402
from descant.models.nets.ldm.hifigan import HifiGan  # noqa: E402
from descant.models.nets.ldm.unet import UNet  # noqa: E402
from tests.export.checkpoints.keys import State  # noqa: E402
from tests.export.checkpoints.test_reader import Call  # noqa: E402

pytestmark = pytest.mark.torch
WIDTHS = (32, 64, 96, 160)
SCALING = 0.9227914214134216


def networks() -> dict[str, Any]:
    """Return reduced networks of the classes that AudioLDM's pipeline has."""
    torch.manual_seed(3)
    unet = diffusers.UNet2DConditionModel(
        in_channels=8, out_channels=8, block_out_channels=WIDTHS, layers_per_block=2,
        down_block_types=("DownBlock2D", *["CrossAttnDownBlock2D"] * 3),
        up_block_types=(*["CrossAttnUpBlock2D"] * 3, "UpBlock2D"),
        cross_attention_dim=WIDTHS, attention_head_dim=(1, 2, 3, 5), norm_num_groups=32,
        class_embed_type="simple_projection", class_embeddings_concat=True,
        projection_class_embeddings_input_dim=512,
    )  # fmt: skip
    vae = diffusers.AutoencoderKL(
        in_channels=1, out_channels=1, latent_channels=8, layers_per_block=2,
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(32, 64, 128), scaling_factor=SCALING,
    )  # fmt: skip
    vocoder = transformers.SpeechT5HifiGanConfig(
        model_in_dim=64, sampling_rate=16000, upsample_initial_channel=32,
        upsample_rates=[5, 4, 2, 2, 2], upsample_kernel_sizes=[16, 16, 8, 4, 4],
        normalize_before=False,
    )  # fmt: skip
    text = transformers.ClapTextConfig(
        vocab_size=50, hidden_size=64, num_hidden_layers=2, num_attention_heads=1,
        intermediate_size=96, max_position_embeddings=40, projection_dim=24,
        layer_norm_eps=1e-5,
    )  # fmt: skip
    return {
        "unet": unet.eval(),
        "vae": vae.eval(),
        "vocoder": transformers.SpeechT5HifiGan(vocoder).eval(),
        "text_encoder": transformers.ClapTextModelWithProjection(text).eval(),
    }


@pytest.fixture(scope="module")
def theirs() -> dict[str, Any]:
    """Return their networks with their random weights."""
    return networks()


@pytest.fixture
def folder(tmp_path: Path, theirs: dict[str, Any]) -> Path:
    """Return a saved pipeline; its tokenizer and scheduler are not needed."""
    for name, network in theirs.items():
        network.save_pretrained(tmp_path / name)
    index = json.dumps({"_class_name": "AudioLDMPipeline"})
    (tmp_path / "model_index.json").write_text(index, encoding="utf-8")
    return tmp_path


def filled(network: Any, size: object, state: State) -> Any:
    """Return our network of a size with the imported weights, of which it makes no copy."""
    with torch.device("meta"):
        built = network(size)
    built.load_state_dict(state, assign=True)
    return built.eval()


@torch.no_grad()
def test_their_networks_and_ours_agree(folder: Path, theirs: dict[str, Any]) -> None:
    imported = import_checkpoint(folder)
    assert imported.kind == "audioldm"
    assert imported.parts == ("unet", "vae", "vocoder", "clmp_text")
    assert imported.scale_factor == SCALING
    assert_unets_agree(imported, theirs["unet"])
    assert_decoders_agree(imported, theirs["vae"], theirs["vocoder"])
    clmp = filled(OfficialClmp, imported.sizes.clmp, imported.clmp_text)
    ids = torch.tensor([[0, 7, 9, 2], [0, 2, 1, 1]])
    mask = (ids != 1).long()
    expected = theirs["text_encoder"](ids, mask).text_embeds
    expected = torch.nn.functional.normalize(expected, dim=-1)
    torch.testing.assert_close(clmp.text(ids, mask), expected, rtol=0, atol=2e-6)


def assert_unets_agree(imported: Imported, theirs: Any) -> None:
    x, y = torch.randn(2, 8, 16, 16), torch.nn.functional.normalize(torch.randn(2, 512))
    t = torch.tensor([3, 801])
    expected = theirs(x, t, encoder_hidden_states=None, class_labels=y).sample
    ours = filled(UNet, imported.sizes.unet, imported.unet)(x, t, y)
    torch.testing.assert_close(ours, expected, rtol=0, atol=3e-5)


def assert_decoders_agree(imported: Imported, vae: Any, vocoder: Any) -> None:
    ours = filled(AutoencoderKL, imported.sizes.vae, imported.vae)
    mel, latents = torch.randn(1, 1, 32, 64), torch.randn(1, 8, 8, 16)
    moments = vae.encode(mel).latent_dist.parameters
    torch.testing.assert_close(ours.encode_moments(mel), moments, rtol=0, atol=3e-5)
    torch.testing.assert_close(ours.decode(latents), vae.decode(latents).sample, rtol=0, atol=3e-5)
    waves = filled(HifiGan, imported.sizes.vocoder, imported.vocoder)(mel[:, 0].mT)
    torch.testing.assert_close(waves, vocoder(mel[:, 0]), rtol=0, atol=2e-6)


def pickled(folder: Path, sub: str, safe: str, name: str, state: object = None) -> None:
    """Replace a network's safetensors by a pickle."""
    path = folder / sub / safe
    torch.save(load_file(path) if state is None else state, path.with_name(name))
    path.unlink()


def test_pickled_weights_and_old_attention_names(folder: Path) -> None:
    expected = import_checkpoint(folder).vae
    safe = "diffusion_pytorch_model.safetensors"
    renames = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    old = {}
    for name, tensor in load_file(folder / "vae" / safe).items():
        for new_name, old_name in renames.items():
            name = name.replace(f"attentions.0.{new_name}.", f"attentions.0.{old_name}.")
        old[name] = tensor
    pickled(folder, "vae", safe, "diffusion_pytorch_model.bin", old)
    pickled(folder, "vocoder", "model.safetensors", "pytorch_model.bin")
    imported = import_checkpoint(folder)
    assert all(torch.equal(tensor, expected[name]) for name, tensor in imported.vae.items())


def test_a_malicious_pickle_in_a_folder_is_refused(folder: Path) -> None:
    victim = folder / "victim"
    state = {"a": torch.zeros(1), "b": Call(Path.touch, victim)}
    pickled(folder, "text_encoder", "model.safetensors", "pytorch_model.bin", state)
    with pytest.raises(UnsafeCheckpointError):
        import_checkpoint(folder)
    assert not victim.exists()


def test_keys_that_do_not_fit_are_named(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    state = load_file(path)
    state["extra.weight"] = state.pop("conv_out.bias")
    save_file(state, path)
    with pytest.raises(CheckpointKeysError) as caught:
        import_checkpoint(folder)
    assert caught.value.missing == ("model.diffusion_model.out.2.bias",)
    assert caught.value.unexpected == ("model.diffusion_model.extra.weight",)


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("model_index.json", "_class_name", "StableDiffusionPipeline"),
        ("vocoder/config.json", "normalize_before", True),
        ("unet/config.json", "class_embeddings_concat", False),
        ("vae/config.json", "scaling_factor", None),
    ],
)
def test_other_pipelines_are_told(folder: Path, file: str, key: str, value: object) -> None:
    config = json.loads((folder / file).read_text(encoding="utf-8"))
    (folder / file).write_text(json.dumps(config | {key: value}), encoding="utf-8")
    with pytest.raises(UnknownCheckpointError, match=str(key if file[0] != "m" else value)):
        import_checkpoint(folder)


def test_incomplete_and_damaged_folders_are_told(folder: Path) -> None:
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.raises(UnreadableCheckpointError, match="damaged"):
        import_checkpoint(folder)
    path.unlink()
    with pytest.raises(UnreadableCheckpointError, match="No such file"):
        import_checkpoint(folder)
    path.write_bytes(whole)
    (folder / "vocoder" / "config.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UnreadableCheckpointError, match="no JSON object"):
        import_checkpoint(folder)
    (folder / "vocoder" / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableCheckpointError, match="not JSON"):
        import_checkpoint(folder)
