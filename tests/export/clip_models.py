"""Small CLIP folders with random weights, as transformers saves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from torch import Tensor

SIDE, PATCH, WIDTH, FEATURE = 32, 8, 32, 24
MEAN, STD = (0.48, 0.45, 0.4), (0.27, 0.26, 0.28)


@dataclass(frozen=True)
class Theirs:
    """A folder, and its tower as its own library has it."""

    folder: Path
    features: Callable[[Tensor], Tensor]
    """Normalised pixels -> features of any length."""


def write_vision(folder: Path, activation: str = "quick_gelu") -> Theirs:
    """Save a vision tower with its projection."""
    torch.manual_seed(1)
    model = transformers.CLIPVisionModelWithProjection(_vision(activation)).train(False)
    _stir(model)
    _save(model, folder)
    return Theirs(folder, lambda pixels: model(pixel_values=pixels).image_embeds)


def write_whole(folder: Path) -> Theirs:
    """Save both towers."""
    torch.manual_seed(2)
    text = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "vocab_size": 20, "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip
    config = transformers.CLIPConfig(
        text_config=text, vision_config=_vision("gelu").to_dict(), projection_dim=FEATURE
    )
    model = transformers.CLIPModel(config).train(False)
    _stir(model)
    _save(model, folder)

    def features(pixels: Tensor) -> Tensor:
        found: Tensor = model.visual_projection(
            model.vision_model(pixel_values=pixels).pooler_output
        )
        return found

    return Theirs(folder, features)


def _vision(activation: str) -> transformers.CLIPVisionConfig:
    return transformers.CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=48, projection_dim=FEATURE, num_hidden_layers=2,
        num_attention_heads=4, image_size=SIDE, patch_size=PATCH, hidden_act=activation,
    )  # fmt: skip


def _stir(model: torch.nn.Module) -> None:
    """Give every weight an effect; fresh ones are nearly zero."""
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)


def _save(model: transformers.PreTrainedModel, folder: Path) -> None:
    model.save_pretrained(folder)
    settings = {
        "crop_size": {"height": SIDE, "width": SIDE}, "size": {"shortest_edge": SIDE},
        "image_mean": MEAN, "image_std": STD, "resample": 3,
    }  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
