"""The networks of a published model, one at a time: built without memory, filled, planned."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from descant.export.checkpoints.layout import PartName, Sizes, needed
from descant.export.clmp_graphs import audio_plan, melody_plan, text_plan
from descant.export.ldm_graphs import unet_plans, vae_plans, vocoder_plan
from descant.export.onnx_graph import GraphPlan
from descant.models.clmp_spec import ClmpSpec
from descant.models.nets.clmp_official.clmp import OfficialClmp
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet

Config = TypeVar("Config")
Planner = Callable[[Any], Sequence[GraphPlan]]
HASHED = 1 << 24
"""Bytes of a tensor that are hashed at a time: mapped pages can be given back between."""


@dataclass(frozen=True)
class Network:
    """A part of a checkpoint and the graphs made of it."""

    part: str
    graphs: tuple[str, ...]
    build: Callable[[], nn.Module]
    plans: Planner
    halves: bool
    """Whether a pack for GPUs computes it in float16."""

    def load(self, state: Mapping[str, Tensor]) -> nn.Module:
        """Return the network with these weights, which are not copied."""
        with torch.device("meta"):
            module = self.build()
        module.load_state_dict(state, assign=True)
        return module.eval().requires_grad_(False)

    def numbers(self) -> int:
        """Return how many numbers its weights are."""
        with torch.device("meta"):
            return sum(tensor.numel() for tensor in self.build().state_dict().values())

    def planned(self, module: nn.Module) -> list[GraphPlan]:
        """Return the graphs' plans; their examples are the same at every call."""
        torch.manual_seed(0)
        return list(self.plans(module))

    def planned_half(self, module: nn.Module, wide: Sequence[GraphPlan]) -> list[GraphPlan]:
        """Narrow the network to float16 and plan it with the examples of ``wide``."""
        narrow = self.plans(module.half())
        return [
            dataclasses.replace(
                plan,
                example={
                    name: value.to(plan.example[name].dtype)
                    for name, value in other.example.items()
                },
            )
            for plan, other in zip(narrow, wide, strict=True)
        ]


def networks(sizes: Sizes) -> list[Network]:
    """Return the networks that a checkpoint of these sizes holds, in the order of a request."""
    found: list[Network] = []
    if sizes.clmp is not None:
        found += _towers(sizes.clmp)
    if sizes.unet is not None:
        build = _builder(UNet, sizes.unet)
        found.append(Network("unet", ("unet_condition", "unet"), build, unet_plans, True))
    if sizes.vae is not None:
        build = _builder(AutoencoderKL, sizes.vae)
        found.append(Network("vae", ("vae_encoder", "vae_decoder"), build, vae_plans, True))
    if sizes.vocoder is not None:
        build = _builder(HifiGan, sizes.vocoder)
        found.append(Network("vocoder", ("vocoder",), build, lambda m: [vocoder_plan(m)], True))
    return found


def numbers(sizes: Sizes) -> dict[str, int]:
    """Return how many numbers each part holds."""
    return {
        part: sum(tensor.numel() for tensor in state.values())
        for part, state in needed(sizes).items()
    }


def fingerprint(state: Mapping[str, Tensor]) -> str:
    """Return a hash of names, shapes and every number of a part."""
    digest = hashlib.sha256()
    for name, tensor in sorted(state.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode())
        content = np.ascontiguousarray(tensor.numpy()).reshape(-1).view(np.uint8)
        for begin in range(0, len(content), HASHED):
            digest.update(content[begin : begin + HASHED].data)
    return digest.hexdigest()


def _towers(spec: ClmpSpec) -> list[Network]:
    """Return a network per tower, so that no tower waits in memory for another."""
    found = []
    if spec.text is not None:
        own = dataclasses.replace(spec, audio=None, melody=None)
        found.append(_tower("clmp_text", "text_encoder", own, text_plan))
    if spec.audio is not None:
        own = dataclasses.replace(spec, text=None, melody=None)
        found.append(_tower("clmp_audio", "audio_encoder", own, audio_plan))
    if spec.melody is not None:
        own = dataclasses.replace(spec, text=None, audio=None)
        found.append(_tower("clmp_melody", "melody_encoder", own, melody_plan))
    return found


def _tower(
    part: PartName, graph: str, spec: ClmpSpec, plan: Callable[[OfficialClmp, ClmpSpec], GraphPlan]
) -> Network:
    return Network(
        part, (graph,), lambda: OfficialClmp(spec), lambda clmp: [plan(clmp, spec)], False
    )


def _builder(network: Callable[[Config], nn.Module], config: Config) -> Callable[[], nn.Module]:
    return lambda: network(config)
