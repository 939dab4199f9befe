"""The starter pack's graphs: modules, names, shapes and example inputs, in one place."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from descant.export.attributes_graph import attributes_plan
from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.clmp import AudioEncoder, MelodyEncoder, TextEncoder
from descant.models.nets.conditioner import Conditioner
from descant.models.nets.denoiser import Denoiser, DenoiserConfig, DenoiserStep
from descant.models.nets.vae import LATENT_CHANNELS, Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.training.clmp import Clmp
from descant.models.training.denoiser import FlowModel

FRAMES = 432
LATENT_FRAMES = FRAMES // 8
WIDTH = DenoiserConfig().dim
TOKENS = 24
BATCH = 2
SYNAPSE_SHAPE = (3, 4, "S", 64)
"""Layers of the second half, heads, places of the text, width of a head."""


class _VaeEncode(nn.Module):
    def __init__(self, vae: Vae) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, mel: Tensor, roll: Tensor) -> Tensor:
        return self.vae.encode(mel, roll)


class _VaeDecode(nn.Module):
    def __init__(self, vae: Vae) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        return self.vae.decode(latents)


def starter_plans(clmp: Clmp, vae: Vae, vocoder: Vocoder, flow: FlowModel) -> list[GraphPlan]:
    """Return the plan of every graph, in the order in which a request meets them."""
    torch.manual_seed(0)  # the examples' numbers; parity is measured on them
    return [
        *clmp_plans(clmp),
        *denoiser_plans(flow, clmp.text),
        *vae_plans(vae),
        vocoder_plan(vocoder),
    ]


def clmp_plans(clmp: Clmp) -> list[GraphPlan]:
    """Return the plans of the towers: text, melody, audio; and of what is read from all three."""
    return [
        _text_plan(clmp.text),
        _melody_plan(clmp.melody),
        _audio_plan(clmp.audio),
        attributes_plan(clmp.classify),
    ]


def denoiser_plans(flow: FlowModel, text: TextEncoder) -> list[GraphPlan]:
    """Return ``conditioner`` and ``denoiser_step``; the text tower makes their examples."""
    return [_conditioner_plan(flow.conditioner, text), _step_plan(flow.denoiser)]


def vae_plans(vae: Vae) -> list[GraphPlan]:
    """Return ``vae_encoder`` and ``vae_decoder``."""
    return [_vae_encoder_plan(vae), _vae_decoder_plan(vae)]


def _mask() -> Tensor:
    mask = torch.ones(BATCH, TOKENS)
    mask[1, TOKENS // 2 :] = 0.0
    return mask


def _mel(frames: int = FRAMES) -> Tensor:
    return torch.randn(BATCH, 128, frames) * 1.5 - 0.5


def _control() -> Tensor:
    return (torch.rand(BATCH, 126, FRAMES) > 0.9).float()


def _text_plan(module: TextEncoder) -> GraphPlan:
    return GraphPlan(
        "text_encoder",
        module,
        {"tokens": tensor("int64", "B", "S"), "mask": tensor("float32", "B", "S")},
        {
            "embedding": tensor("float32", "B", 512),
            "hidden": tensor("float32", "B", "S", 256),
        },
        {"tokens": torch.randint(5, 20000, (BATCH, TOKENS)), "mask": _mask()},
    )


def _melody_plan(module: MelodyEncoder) -> GraphPlan:
    return GraphPlan(
        "melody_encoder",
        module,
        {"roll": tensor("float32", "B", 89, "R")},
        {"embedding": tensor("float32", "B", 512)},
        {"roll": _control()[:, :89, : FRAMES // 4].contiguous()},
    )


def _audio_plan(module: AudioEncoder) -> GraphPlan:
    return GraphPlan(
        "audio_encoder",
        module,
        {"mel": tensor("float32", "B", 128, "T")},
        {"embedding": tensor("float32", "B", 512)},
        {"mel": _mel()},
    )


def _conditioner_plan(module: Conditioner, text: TextEncoder) -> GraphPlan:
    tokens, mask = torch.randint(5, 20000, (BATCH, TOKENS)), _mask()
    with torch.no_grad():
        query, hidden = text.eval()(tokens, mask)
    return GraphPlan(
        "conditioner",
        module,
        {
            "query": tensor("float32", "B", 512),
            "query_present": tensor("float32", "B", 1),
            "reference": tensor("float32", "B", 512),
            "reference_present": tensor("float32", "B", 1),
            "hidden": tensor("float32", "B", "S", 256),
            "mask": tensor("float32", "B", "S"),
            "control": tensor("float32", "B", 126, "8*F"),
        },
        {
            "condition": tensor("float32", "B", WIDTH),
            "context": tensor("float32", "B", "S", WIDTH),
            "control_latents": tensor("float32", "B", WIDTH, "F"),
        },
        {
            "query": query,
            "query_present": torch.tensor([[1.0], [0.0]]),
            "reference": query.flip(0),
            "reference_present": torch.ones(BATCH, 1),
            "hidden": hidden,
            "mask": mask,
            "control": _control(),
        },
    )


def _step_plan(module: Denoiser) -> GraphPlan:
    rows = BATCH * 2
    return GraphPlan(
        "denoiser_step",
        DenoiserStep(module),
        {
            "latents": tensor("float32", "B", LATENT_CHANNELS, "F"),
            "condition": tensor("float32", "2*B", WIDTH),
            "context": tensor("float32", "2*B", "S", WIDTH),
            "mask": tensor("float32", "2*B", "S"),
            "control_latents": tensor("float32", "2*B", WIDTH, "F"),
            "time": tensor("float32", 1),
            "next_time": tensor("float32", 1),
            "guidance_scale": tensor("float32", 1),
            "image_keys": tensor("float32", "2*B", *SYNAPSE_SHAPE),
            "image_values": tensor("float32", "2*B", *SYNAPSE_SHAPE),
            "image_strength": tensor("float32", "2*B"),
        },
        {"next_latents": tensor("float32", "B", LATENT_CHANNELS, "F")},
        {
            "latents": torch.randn(BATCH, LATENT_CHANNELS, LATENT_FRAMES),
            "condition": torch.randn(rows, WIDTH),
            "context": torch.randn(rows, TOKENS, WIDTH) * 0.5,
            "mask": torch.cat([_mask(), _mask()]),
            "control_latents": torch.randn(rows, WIDTH, LATENT_FRAMES) * 0.5,
            "time": torch.tensor([0.9]),
            "next_time": torch.tensor([0.1]),
            "guidance_scale": torch.tensor([2.0]),
            "image_keys": torch.randn(rows, 3, 4, TOKENS, 64),
            "image_values": torch.randn(rows, 3, 4, TOKENS, 64),
            "image_strength": torch.tensor([1.0, 0.0] * BATCH),
        },
    )


def _vae_encoder_plan(vae: Vae) -> GraphPlan:
    return GraphPlan(
        "vae_encoder",
        _VaeEncode(vae),
        {"mel": tensor("float32", "B", 128, "8*F"), "roll": tensor("float32", "B", 88, "8*F")},
        {"latents": tensor("float32", "B", LATENT_CHANNELS, "F")},
        {"mel": _mel(), "roll": (torch.rand(BATCH, 88, FRAMES) > 0.95).float()},
    )


def _vae_decoder_plan(vae: Vae) -> GraphPlan:
    return GraphPlan(
        "vae_decoder",
        _VaeDecode(vae),
        {"latents": tensor("float32", "B", LATENT_CHANNELS, "F")},
        {"mel": tensor("float32", "B", 128, "8*F"), "roll": tensor("float32", "B", 88, "8*F")},
        {"latents": torch.randn(BATCH, LATENT_CHANNELS, LATENT_FRAMES)},
    )


def vocoder_plan(module: Vocoder) -> GraphPlan:
    """Return ``vocoder``: log-mel and excitation to the spectrum of the samples."""
    angle = torch.rand(BATCH, 1025, 96) * 6.283
    spectrum = tensor("float32", "B", 1025, "T")
    return GraphPlan(
        "vocoder",
        module,
        {
            "mel": tensor("float32", "B", 128, "T"),
            "excitation_cos": spectrum,
            "excitation_sin": spectrum,
        },
        {"real": spectrum, "imag": spectrum},
        {"mel": _mel(96), "excitation_cos": angle.cos(), "excitation_sin": angle.sin()},
    )
