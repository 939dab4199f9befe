"""Small Stable Diffusion folders with random weights, as diffusers saves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import diffusers
import torch
import transformers

from descant.models.bpe import byte_symbols
from descant.models.clip_bpe import BEGIN, END

Version = Literal[1, 2]
LATENT_SIDE = 8
POSITIONS = 16
TEXT_WIDTH = 32
MERGES = (("a", "t</w>"), ("t", "h"), ("th", "e</w>"), ("c", "at</w>"))
_PIECES = [
    *byte_symbols(), *(f"{symbol}</w>" for symbol in byte_symbols()),
    *("".join(pair) for pair in MERGES), BEGIN, END,
]  # fmt: skip


@dataclass(frozen=True)
class Theirs:
    """The networks of a folder as their own libraries have them."""

    folder: Path
    vae: Any
    text_encoder: Any
    unet: Any
    scheduler: Any

    @property
    def side(self) -> int:
        """Pixels of a picture."""
        return int(self.vae.config.sample_size)


def write_folder(folder: Path, version: Version, levels: int = 4) -> Theirs:
    """Save all parts of a small pipeline: version 1 in epsilon, version 2 in v and matrices."""
    torch.manual_seed(version)
    unet, scheduler = _unet(version, levels), _scheduler(version)
    theirs = Theirs(folder, _vae(levels), _text(version), unet, scheduler)
    for name in ("vae", "text_encoder", "unet", "scheduler"):
        getattr(theirs, name).save_pretrained(folder / name)
    write_tokenizer(folder / "tokenizer", END if version == 1 else "!")
    index = json.dumps({"_class_name": "StableDiffusionPipeline"})
    (folder / "model_index.json").write_text(index, encoding="utf-8")
    return theirs


def write_tokenizer(folder: Path, pad_token: str) -> None:
    """Write a byte-level vocabulary with a few merges."""
    folder.mkdir(exist_ok=True)
    ids = json.dumps({piece: number for number, piece in enumerate(_PIECES)})
    (folder / "vocab.json").write_text(ids, encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in MERGES), ""]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")
    config = json.dumps({"pad_token": pad_token, "model_max_length": POSITIONS})
    (folder / "tokenizer_config.json").write_text(config, encoding="utf-8")


def _vae(levels: int) -> Any:
    vae: Any = diffusers.AutoencoderKL  # which has no types
    return vae(
        in_channels=3, out_channels=3, latent_channels=4, layers_per_block=2,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=(32, 32, 64, 64)[:levels], scaling_factor=0.18215,
        sample_size=LATENT_SIDE * 2 ** (levels - 1),
    ).eval()  # fmt: skip


def _text(version: Version) -> Any:
    config = transformers.CLIPTextConfig(
        vocab_size=len(_PIECES), hidden_size=TEXT_WIDTH, num_hidden_layers=version,
        num_attention_heads=2, intermediate_size=48, max_position_embeddings=POSITIONS,
        hidden_act="quick_gelu" if version == 1 else "gelu",
        bos_token_id=len(_PIECES) - 2, eos_token_id=len(_PIECES) - 1, pad_token_id=0,
    )  # fmt: skip
    text: Any = transformers.CLIPTextModel(config)
    return text.eval()


def _unet(version: Version, levels: int) -> Any:
    first = version == 1
    network: Any = diffusers.UNet2DConditionModel
    unet = network(
        sample_size=LATENT_SIDE, in_channels=4, out_channels=4, layers_per_block=2,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        block_out_channels=((32, 32, 64, 64) if first else (64, 64, 128, 128))[:levels],
        cross_attention_dim=TEXT_WIDTH, attention_head_dim=8 if first else [1, 1, 2, 2][:levels],
        use_linear_projection=not first,
    )  # fmt: skip
    with torch.no_grad():
        # A random network as strong as it is drawn makes of the inversion's fifty steps a chaos: a
        # difference of 1e-7 at the start is 1e-2 at the end. A trained one has smooth paths.
        unet.conv_out.weight *= 0.02 if first else 0.2
    return unet.eval()


def _scheduler(version: Version) -> Any:
    kind = diffusers.PNDMScheduler if version == 1 else diffusers.DDIMScheduler
    more = {"skip_prk_steps": True} if version == 1 else {"clip_sample": False}
    return kind(
        num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012,
        beta_schedule="scaled_linear", steps_offset=1, set_alpha_to_one=False,
        prediction_type="epsilon" if version == 1 else "v_prediction", **more,
    )  # fmt: skip


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a branch's ``pack.json`` says."""
    path = folder / "pack.json"
    spec = json.loads(path.read_text("utf-8"))
    change(spec)
    path.write_text(json.dumps(spec), "utf-8")
