"""Networks of the latent diffusion entries, built as their manifest says."""

from __future__ import annotations

from typing import Any

from torch import nn

from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, UNetConfig
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet
from tests.golden.harness import Case
from tests.golden.torch_weights import load_weights

_UNET = {
    "in_channels": "in_channels",
    "out_channels": "out_channels",
    "model_channels": "model_channels",
    "channel_mult": "channel_mult",
    "num_res_blocks": "num_res_blocks",
    "attention_resolutions": "attention_resolutions",
    "num_head_channels": "num_head_channels",
    "transformer_depth": "transformer_depth",
    "film_dim": "condition_dim",
}
_VAE = ("ch", "ch_mult", "num_res_blocks", "z_channels", "embed_dim", "in_channels", "out_ch")
_HIFIGAN = (
    "num_mels", "upsample_initial_channel", "upsample_rates", "upsample_kernel_sizes",
    "resblock_kernel_sizes", "resblock_dilation_sizes", "sampling_rate",
)  # fmt: skip


def unet_of(case: Case) -> UNet:
    """Return an entry's noise predictor with its weights."""
    config = (case.parent if case.is_inner else case).config
    unet = UNet(UNetConfig(**{ours: _frozen(config[theirs]) for theirs, ours in _UNET.items()}))
    load_weights(unet, case)
    return unet


def autoencoder_of(case: Case, half: tuple[str, str]) -> AutoencoderKL:
    """Return an entry's VAE, of which the named half has its weights."""
    assert not case.config["attn_resolutions"]
    assert case.config["double_z"]
    vae = AutoencoderKL(AutoencoderConfig(**{name: _frozen(case.config[name]) for name in _VAE}))
    load_weights(nn.ModuleDict({name: vae.get_submodule(name) for name in half}), case)
    return vae.eval()


def hifigan_of(case: Case) -> HifiGan:
    """Return an entry's vocoder, still without weights."""
    return HifiGan(HifiGanConfig(**{name: _frozen(case.config[name]) for name in _HIFIGAN}))


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
