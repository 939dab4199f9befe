"""Keys, shapes and dtypes of the published checkpoints, from the lists in ``data``."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

DATA = Path(__file__).parent / "data"
KINDS = ("mg2", "audioldm-s", "audioldm-m", "audioldm-l")
UNET = "model.diffusion_model."
AVERAGE = "model_ema.diffusion_model"
TOWERS = {"mg2": "cond_stage_models.0.model."} | dict.fromkeys(KINDS[1:], "cond_stage_model.model.")

State = dict[str, Tensor]


def published(kind: str) -> State:
    """Return a checkpoint's state without memory behind it, but for ``scale_factor``."""
    state = _listed("audioldm-s" if kind == "audioldm-l" else kind)
    if kind == "audioldm-l":
        unet = _listed("audioldm-l-unet")
        state |= unet
        for name, tensor in unet.items():
            state[AVERAGE + name.removeprefix(UNET).replace(".", "")] = tensor
    if "scale_factor" in state:
        state["scale_factor"] = torch.tensor(0.9)
    return state


def without_prefix(state: Mapping[str, Tensor], prefix: str) -> State:
    """Return the tensors under a prefix, without it."""
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in state.items()
        if name.startswith(prefix)
    }


def _listed(name: str) -> State:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {key: _stub(shape, dtype) for key, shape, dtype in (line.split("\t") for line in lines)}


def _stub(shape: str, dtype: str) -> Tensor:
    kind = getattr(torch, dtype.removeprefix("torch."))
    return torch.empty(ast.literal_eval(shape), dtype=kind, device="meta")
