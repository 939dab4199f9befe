"""A folder in which transformers saved CLIP, or its vision tower: settings and weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from descant.export.checkpoints.diffusers_folder import read_json, read_weights
from descant.export.checkpoints.errors import (
    REPLACE,
    CheckpointKeysError,
    Misshapen,
    NonFiniteWeightsError,
    UnknownCheckpointError,
    UnreadableCheckpointError,
)
from descant.export.checkpoints.imported import is_finite
from descant.models.nets.clip_layer import Activation
from descant.models.nets.clip_vision import ClipVision, ClipVisionConfig

HINT = "Give a folder of CLIP: config.json, preprocessor_config.json, model.safetensors."
MAX_SIDE, MAX_LAYERS = 1024, 256
_OTHER_TOWER = re.compile(r"^text_model\.|^text_projection\.|^logit_scale$|\.position_ids$")
_KINDS = ("clip", "clip_vision_model")
_USUAL = {
    "image_size": 224, "patch_size": 32, "hidden_size": 768, "num_hidden_layers": 12,
    "num_attention_heads": 12, "intermediate_size": 3072,
}  # fmt: skip
"""What the library takes where the settings say nothing."""


@dataclass(frozen=True)
class ClipFolder:
    """A folder that was found whole."""

    path: Path
    config: ClipVisionConfig
    state: dict[str, Tensor]
    """Of ``ClipVision``, in float32; it stays in the file until it is used."""


def open_clip_folder(path: Path) -> ClipFolder:
    """Open a folder and check all of it that is kept.

    Args:
        path: With ``config.json``, ``preprocessor_config.json`` and the weights, of the whole
            CLIP or of a vision tower with its projection.

    Raises:
        CheckpointError: One of its kinds says why the folder is not taken.
    """
    if not path.is_dir():
        raise UnreadableCheckpointError(f"{path}: no folder", hint=HINT)
    settings = read_json(path / "config.json")
    if settings.get("model_type") not in _KINDS:
        raise UnknownCheckpointError(
            f"{path}: a model of the type {settings.get('model_type')!r:.60}, not 'clip'", hint=HINT
        )
    try:
        config = _config(settings)
    except (ValueError, TypeError, OverflowError) as error:
        raise UnknownCheckpointError(
            f"{path}: its settings make no vision tower: {error}", hint=HINT
        ) from error
    state = _pixel_numbers(path / "preprocessor_config.json", config.side)
    state |= {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in read_weights(path, "model").items()
        if not _OTHER_TOWER.search(name)
    }
    _check(state, config)
    return ClipFolder(path, config, state)


def _config(settings: Mapping[str, Any]) -> ClipVisionConfig:
    vision = settings if settings["model_type"] == "clip_vision_model" else _vision(settings)
    activation = vision.get("hidden_act", "quick_gelu")
    if activation not in ("quick_gelu", "gelu"):
        raise ValueError(f"the activation {activation!r:.40}")
    if vision.get("num_channels", 3) != 3 or vision.get("layer_norm_eps", 1e-5) != 1e-5:
        raise ValueError("pictures of other than three colours, or a norm with another epsilon")
    side, patch, width, layers, heads, mlp_width = (
        _whole(vision, name, usual) for name, usual in _USUAL.items()
    )
    if side > MAX_SIDE or layers > MAX_LAYERS:
        raise ValueError(
            f"{layers} layers over pictures of {side} pixels a side, the limits are "
            f"{MAX_LAYERS} and {MAX_SIDE}"
        )
    # the whole's settings come before the tower's, which may hold the library's default
    feature_width = _whole(settings, "projection_dim", 512)
    return ClipVisionConfig(
        side, patch, width, layers, heads, mlp_width, feature_width, cast(Activation, activation)
    )


def _vision(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    vision = settings.get("vision_config", {})
    if not isinstance(vision, Mapping):
        raise ValueError("vision_config is no object")
    return vision


def _whole(settings: Mapping[str, Any], name: str, usual: int) -> int:
    value = settings.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r:.40}, not a whole number")
    return value


def _pixel_numbers(file: Path, side: int) -> dict[str, Tensor]:
    """Return the mean and spread of pixels that the network is used to."""
    settings = read_json(file)
    cropped = settings.get("crop_size", side)
    sizes = cropped.values() if isinstance(cropped, Mapping) else [cropped]
    if any(size != side for size in sizes):
        raise UnknownCheckpointError(
            f"{file}: pictures of {cropped!r:.80}, the network takes {side}", hint=HINT
        )
    found = {}
    for name, key in (("mean", "image_mean"), ("std", "image_std")):
        values = settings.get(key)
        numbers = isinstance(values, list) and all(isinstance(v, int | float) for v in values)
        colour = torch.tensor(values if numbers else [], dtype=torch.float32)
        if colour.shape != (3,) or not bool(colour.isfinite().all()):
            raise UnknownCheckpointError(f"{file}: {key} is no colour", hint=HINT)
        if name == "std" and not bool((colour > 0).all()):
            raise UnknownCheckpointError(f"{file}: {key} is not above 0", hint=HINT)
        found[name] = colour
    return found


def _check(state: Mapping[str, Tensor], config: ClipVisionConfig) -> None:
    with torch.device("meta"):
        wanted = ClipVision(config).state_dict()
    missing = [name for name in wanted if name not in state]
    unexpected = [name for name in state if name not in wanted]
    misshapen = [
        Misshapen(name, str(tuple(wanted[name].shape)), str(tuple(tensor.shape)))
        for name, tensor in state.items()
        if name in wanted and tensor.shape != wanted[name].shape
    ]
    if missing or unexpected or misshapen:
        raise CheckpointKeysError("CLIP vision tower", missing, unexpected, misshapen, REPLACE)
    bad = [name for name, tensor in state.items() if not is_finite(tensor)]
    if bad:
        raise NonFiniteWeightsError(bad)
