"""The graphs of an image branch, planned for export.

The picture's size is fixed: it is that for which the UNet was trained. One picture goes through at
a time, as a symbolic number of them would double the time that the export of a UNet takes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from descant.export.checkpoints.sd_config import SdSizes
from descant.export.ldm_networks import Network
from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.clip_text import ClipText
from descant.models.nets.ldm.stable_diffusion import PictureEncoder, PictureUNet
from descant.models.sd_spec import tap_names
from descant.models.spec import TensorSpec


class UNetStep(nn.Module):
    """``PictureUNet`` with its keys and values one after the other."""

    def __init__(self, unet: PictureUNet) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, latents: Tensor, timesteps: Tensor, text: Tensor) -> tuple[Tensor, ...]:
        """Return the prediction, then keys and values of each layer on the way up."""
        prediction, taps = self.unet(latents, timesteps, text)
        return prediction, *(part for tap in taps for part in tap)


def branch_networks(sizes: SdSizes) -> list[Network]:
    """Return the networks of a branch, in the order in which a picture meets them."""
    return [
        Network(
            "vae", ("vae_encoder",), lambda: PictureEncoder(sizes.vae, sizes.scale_factor),
            lambda encoder: [encoder_plan(encoder, sizes)], False,
        ),
        Network(
            "clip_text", ("text_encoder",), lambda: ClipText(sizes.text),
            lambda text: [text_plan(text)], False,
        ),
        Network(
            "unet", ("unet_step",), lambda: PictureUNet(sizes.unet),
            lambda unet: [unet_plan(unet, sizes)], False,
        ),
    ]  # fmt: skip


def encoder_plan(encoder: PictureEncoder, sizes: SdSizes) -> GraphPlan:
    """Return ``vae_encoder``: a picture in -1 … 1 -> the diffusion's latents."""
    side = sizes.latent_side * sizes.vae.stride
    return GraphPlan(
        "vae_encoder", encoder,
        {"picture": tensor("float32", 1, sizes.vae.in_channels, side, side)},
        {"latents": tensor("float32", 1, *_latents(sizes))},
        {"picture": torch.rand(1, sizes.vae.in_channels, side, side) * 2.0 - 1.0},
    )  # fmt: skip


def text_plan(text: ClipText) -> GraphPlan:
    """Return ``text_encoder``: tokens -> the states that the UNet attends to."""
    config = text.config
    return GraphPlan(
        "text_encoder", text,
        {"tokens": tensor("int64", 1, config.positions)},
        {"states": tensor("float32", 1, config.positions, config.width)},
        {"tokens": torch.randint(0, config.vocabulary, (1, config.positions))},
    )  # fmt: skip


def unet_plan(unet: PictureUNet, sizes: SdSizes) -> GraphPlan:
    """Return ``unet_step``: noisy latents -> the prediction, keys and values of the way up."""
    tokens, width = sizes.text.positions, sizes.text.width
    taps: dict[str, TensorSpec] = {}
    for names, (factor, heads, head_width) in zip(
        tap_names(len(sizes.unet.tapped)), sizes.unet.tapped, strict=True
    ):
        positions = (sizes.latent_side // factor) ** 2
        taps |= {name: tensor("float32", 1, heads, positions, head_width) for name in names}
    return GraphPlan(
        "unet_step", UNetStep(unet),
        {
            "latents": tensor("float32", 1, *_latents(sizes)),
            "timesteps": tensor("float32", 1),
            "states": tensor("float32", 1, tokens, width),
        },
        {"prediction": tensor("float32", 1, *_latents(sizes)), **taps},
        {
            "latents": torch.randn(1, *_latents(sizes)),
            "timesteps": torch.tensor([501.0]),
            "states": torch.randn(1, tokens, width),
        },
    )  # fmt: skip


def _latents(sizes: SdSizes) -> tuple[int, int, int]:
    return sizes.vae.embed_dim, sizes.latent_side, sizes.latent_side
