"""The graphs of a latent diffusion model, planned for export.

Latent and mel lengths stay symbolic, so one file makes clips of any length.
"""

from __future__ import annotations

import onnx
import torch
from torch import Tensor, nn

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.ldm.autoencoder import AutoencoderKL, Posterior
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet

LATENT_BINS = 16
EXAMPLE_CLIPS = 2
EXAMPLE_FRAMES = 32
"""Latent frames of the examples that trace the graphs and measure their parity."""


class ConditionBiases(nn.Module):
    """``UNet.condition_biases`` as a module."""

    def __init__(self, unet: UNet) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, y: Tensor) -> Tensor:
        """(B, D) -> (B, sum of the bias widths)."""
        return self.unet.condition_biases(y)


class BiasedUNet(nn.Module):
    """``UNet.forward_with_bias`` as a module."""

    def __init__(self, unet: UNet) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, x: Tensor, t: Tensor, bias: Tensor) -> Tensor:
        """Return the noise predicted in x (B, C, F, W) at timesteps t (B,)."""
        return self.unet.forward_with_bias(x, t, bias)


class PosteriorEncoder(nn.Module):
    """The VAE's encoder up to the posterior's mean and standard deviation."""

    def __init__(self, vae: AutoencoderKL) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 1, 4F, M) -> mean and standard deviation, each (B, C, F, W)."""
        posterior = Posterior.of(self.vae.encode_moments(mel))
        return posterior.mean, posterior.std


class LatentDecoder(nn.Module):
    """The VAE's decoder."""

    def __init__(self, vae: AutoencoderKL) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latents: Tensor) -> Tensor:
        """(B, C, F, W) -> (B, 1, 4F, M)."""
        return self.vae.decode(latents)


def unet_plans(unet: UNet) -> tuple[GraphPlan, GraphPlan]:
    """Return ``unet_condition``, once per clip, and ``unet``, once per step; dtype as the net's."""
    config, width = unet.config, sum(unet.bias_widths)
    name, dtype = _dtype(unet)
    y = torch.randn(EXAMPLE_CLIPS, config.condition_dim, dtype=dtype)
    condition = GraphPlan(
        "unet_condition", ConditionBiases(unet),
        {"condition": tensor(name, "B", config.condition_dim)},
        {"condition_bias": tensor(name, "B", width)},
        {"condition": torch.nn.functional.normalize(y)},
    )  # fmt: skip
    frames = f"{config.stride}*F"
    latents = torch.randn(
        EXAMPLE_CLIPS, config.in_channels, EXAMPLE_FRAMES, LATENT_BINS, dtype=dtype
    )
    step = GraphPlan(
        "unet", BiasedUNet(unet),
        {
            "latents": tensor(name, "B", config.in_channels, frames, LATENT_BINS),
            "timesteps": tensor("float32", "B"),
            "condition_bias": tensor(name, "B", width),
        },
        {"noise": tensor(name, "B", config.out_channels, frames, LATENT_BINS)},
        {
            "latents": latents,
            "timesteps": torch.linspace(1.0, 991.0, EXAMPLE_CLIPS),
            "condition_bias": torch.randn(EXAMPLE_CLIPS, width, dtype=dtype),
        },
    )  # fmt: skip
    return condition, step


def vae_plans(vae: AutoencoderKL) -> tuple[GraphPlan, GraphPlan]:
    """Return ``vae_encoder`` and ``vae_decoder``; neither knows the checkpoint's scale factor."""
    config, stride = vae.config, vae.config.stride
    name, dtype = _dtype(vae)
    bins = LATENT_BINS * stride
    mel = torch.randn(EXAMPLE_CLIPS, config.in_channels, EXAMPLE_FRAMES * stride, bins, dtype=dtype)
    latents = torch.randn(EXAMPLE_CLIPS, config.embed_dim, EXAMPLE_FRAMES, LATENT_BINS, dtype=dtype)
    latent = tensor(name, "B", config.embed_dim, "F", LATENT_BINS)
    encoder = GraphPlan(
        "vae_encoder", PosteriorEncoder(vae),
        {"mel": tensor(name, "B", config.in_channels, f"{stride}*F", bins)},
        {"mean": latent, "std": latent},
        {"mel": mel},
    )  # fmt: skip
    decoder = GraphPlan(
        "vae_decoder", LatentDecoder(vae),
        {"latents": latent},
        {"mel": tensor(name, "B", config.out_ch, f"{stride}*F", bins)},
        {"latents": latents},
    )  # fmt: skip
    return encoder, decoder


def vocoder_plan(vocoder: HifiGan) -> GraphPlan:
    """Return ``vocoder``; its output is a little longer than a hop per frame."""
    name, dtype = _dtype(vocoder)
    mels = vocoder.config.num_mels
    return GraphPlan(
        "vocoder", vocoder,
        {"mel": tensor(name, "B", mels, "T")},
        {"samples": tensor(name, "B", "N")},
        {"mel": torch.randn(EXAMPLE_CLIPS, mels, EXAMPLE_FRAMES, dtype=dtype)},
    )  # fmt: skip


def keep_softmax_fp32(model: onnx.ModelProto) -> onnx.ModelProto:
    """Let every attention of an fp16 graph take its softmax in fp32. Mutates ``model``.

    The networks widen their norms themselves; softmax is inside an operator, whose default is the
    dtype of its inputs.
    """
    for node in model.graph.node:
        if node.op_type == "Attention":
            kept = [a for a in node.attribute if a.name != "softmax_precision"]
            del node.attribute[:]
            node.attribute.extend(kept)
            node.attribute.append(
                onnx.helper.make_attribute("softmax_precision", onnx.TensorProto.FLOAT)
            )
    return model


def _dtype(module: nn.Module) -> tuple[str, torch.dtype]:
    dtype = next(module.parameters()).dtype
    return str(dtype).removeprefix("torch."), dtype
