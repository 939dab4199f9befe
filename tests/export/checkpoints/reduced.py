"""Checkpoints of reduced size: every tensor is one number, known from its name, repeated.

``torch.save`` stores a repeated number once, so files stay small whatever the shapes are.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from descant.export.checkpoints.layout import Sizes, needed
from descant.models.clmp_spec import ClmpSpec, HtsatSpec, MelodyBagSpec, RobertaSpec
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, UNetConfig
from tests.export.checkpoints.keys import AVERAGE, TOWERS, UNET, State

CLMP = ClmpSpec(
    text=RobertaSpec(vocabulary=50, width=64, layers=2, heads=1, mlp_width=96, positions=40),
    audio=HtsatSpec(embed_dim=32, depths=(2, 2, 2, 2), heads=(1, 2, 4, 8)),
    melody=MelodyBagSpec(vocabulary=20, token_width=32, width=16),
    dim=24,
)
SIZES = Sizes(
    unet=UNetConfig(model_channels=32),
    vae=AutoencoderConfig(ch=32),
    vocoder=HifiGanConfig(upsample_initial_channel=32),
    clmp=CLMP,
)
SCALE_FACTOR = 0.625


def number(name: str) -> float:
    """Return the number that a tensor of this name is filled with, exact in float32."""
    return (zlib.crc32(name.encode()) % 4093 + 1) / 1024


def filled(name: str, tensor: Tensor) -> Tensor:
    """Return a tensor of the stub's shape and dtype that holds its name's number."""
    return torch.full((), number(name)).to(tensor.dtype).expand(tensor.shape)


def towers(prefix: str = "", melody: bool = True) -> State:
    """Return a CLMP, or CLAP, with the keys that nobody needs."""
    parts = needed(SIZES)
    state = {**parts["clmp_text"], **parts["clmp_audio"]}
    if melody:
        state |= parts["clmp_melody"]
    for key in ("logit_scale_a", "logit_scale_t"):
        state[key] = torch.tensor(2.5)
    state["text_transform.sequential.0.weight"] = torch.zeros(24, 24)
    state["audio_branch.head.bias"] = torch.zeros(527)
    state["audio_branch.layers.0.blocks.0.attn.relative_position_index"] = torch.zeros(
        64, 64, dtype=torch.int64
    )
    state["audio_branch.logmel_extractor.melW"] = torch.zeros(513, 64)
    return {prefix + key: filled(prefix + key, tensor) for key, tensor in state.items()}


def first_stage(prefix: str = "", vocoder: bool = True) -> State:
    """Return a VAE with the vocoder inside and the losses of its training."""
    parts = needed(SIZES)
    state = dict(parts["vae"])
    if vocoder:
        state |= {f"vocoder.{key}": tensor for key, tensor in parts["vocoder"].items()}
    state["loss.logvar"] = torch.zeros(())
    state["loss.discriminator.main.0.weight"] = torch.zeros(64, 1, 4, 4)
    return {prefix + key: filled(prefix + key, tensor) for key, tensor in state.items()}


def latent_diffusion(kind: str = "mg2", average: bool = True) -> State:
    """Return the state of a whole checkpoint of one of the families."""
    melody = kind == "mg2"
    unet = UNetConfig(model_channels=32, condition_dim=1024 if melody else 512)
    state = {UNET + key: tensor for key, tensor in needed(Sizes(unet=unet))["unet"].items()}
    if average:
        for key in list(state):
            name = AVERAGE + key.removeprefix(UNET).replace(".", "")
            state[name] = state[key]
        state["model_ema.decay"], state["model_ema.num_updates"] = torch.ones(()), torch.ones(())
    state["betas"] = state["logvar"] = torch.zeros(1000)
    state = {key: filled(key, tensor) for key, tensor in state.items()}
    state["scale_factor"] = torch.tensor(SCALE_FACTOR)
    state |= first_stage("first_stage_model.") | towers(TOWERS[kind], melody)
    if melody:
        copy = towers("clap.model.")
        state |= {name: copy[name] for name in list(copy)[::20]}
        state["clap.mel_transform.mel_scale.fb"] = torch.zeros(513, 64)
    return state


def save(path: Path, state: Mapping[str, Tensor], **others: Any) -> Path:
    """Write a training program's checkpoint."""
    torch.save({"epoch": 3, "state_dict": dict(state), **others}, path)
    return path
