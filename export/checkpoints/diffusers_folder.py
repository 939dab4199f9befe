"""A folder in which diffusers saved an AudioLDM pipeline, as the tensors of a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from descant.export.checkpoints import names
from descant.export.checkpoints.diffusers_names import text_name, unet_name, vae_name, vocoder_name
from descant.export.checkpoints.errors import (
    REPLACE,
    UnknownCheckpointError,
    UnreadableCheckpointError,
)
from descant.export.checkpoints.reader import read_tensors

PIPELINE = "AudioLDMPipeline"


@dataclass(frozen=True)
class _Component:
    """One network's sub-folder."""

    folder: str
    stem: str
    """Of the weights' file name."""
    prefix: str
    """Where a checkpoint has the network."""
    rename: Callable[[str], str]
    config: tuple[tuple[str, object], ...]
    """Settings that shapes don't show."""
    dropped: tuple[str, ...] = ()
    """Tensors that change nothing under these settings."""


_COMPONENTS = (
    _Component(
        "unet", "diffusion_pytorch_model", names.UNET, unet_name,
        (("class_embed_type", "simple_projection"), ("class_embeddings_concat", True)),
    ),
    _Component("vae", "diffusion_pytorch_model", names.FIRST_STAGE, vae_name, ()),
    _Component(
        "vocoder", "model", names.VOCODER, vocoder_name, (("normalize_before", False),),
        ("mean", "scale"),
    ),
    _Component("text_encoder", "model", names.CONDITIONERS[1], text_name, ()),
)  # fmt: skip


def read_folder(folder: Path) -> dict[str, Tensor]:
    """Return the tensors of a saved pipeline under the names that a checkpoint has for them.

    The UNet's are the raw weights; a pipeline is saved with one set, already averaged.

    Args:
        folder: With ``model_index.json`` and a sub-folder per network.

    Returns:
        Tensors that are private views of the files, and ``scale_factor``.

    Raises:
        UnreadableCheckpointError: A file is missing or damaged.
        UnsafeCheckpointError: A pickle names something else than tensors.
        UnknownCheckpointError: It is another pipeline, or has other settings.
    """
    pipeline = read_json(folder / "model_index.json").get("_class_name")
    if pipeline != PIPELINE:
        raise UnknownCheckpointError(
            f"{folder}: a {pipeline}, not an {PIPELINE}",
            hint="Of diffusers' folders, packs are made of AudioLDM's; for Stable Diffusion say "
            "`descant export import sd FOLDER`.",
        )
    tensors: dict[str, Tensor] = {}
    for component in _COMPONENTS:
        _check_config(folder / component.folder, component)
        for name, tensor in read_weights(folder / component.folder, component.stem).items():
            if name not in component.dropped:
                tensors |= _renamed(component, name, tensor)
    scaling = read_json(folder / "vae" / "config.json").get("scaling_factor")
    if not isinstance(scaling, int | float):
        raise UnknownCheckpointError(
            f"{folder}/vae/config.json: no scaling_factor, which is the latents' unit",
            hint="diffusers writes it since 0.15; AudioLDM's is near 0.92.",
        )
    return tensors | {"scale_factor": torch.tensor(float(scaling), dtype=torch.float64)}


def _renamed(component: _Component, name: str, tensor: Tensor) -> dict[str, Tensor]:
    official = component.rename(name)
    if ".attn_1." in official and official.endswith(".weight") and tensor.dim() == 2:
        tensor = tensor[:, :, None, None]  # a matrix there, a pointwise convolution here
    return {component.prefix + official: tensor}


def _check_config(folder: Path, component: _Component) -> None:
    config = read_json(folder / "config.json")
    for key, expected in component.config:
        if config.get(key) != expected:
            raise UnknownCheckpointError(
                f"{folder}/config.json: {key} is {config.get(key)!r}, not {expected!r}",
                hint="Such a network is not one of AudioLDM's.",
            )


def read_weights(folder: Path, stem: str) -> dict[str, Tensor]:
    """Map a network's weights; of two formats the one that is no pickle.

    Args:
        folder: Of the network.
        stem: Of the file's name; where it stands alone, the variant in float16 is taken.

    Raises:
        UnreadableCheckpointError: There is none, or it is damaged.
        UnsafeCheckpointError: A pickle names something else than tensors.
    """
    found = [folder / f"{stem}{variant}.safetensors" for variant in ("", ".fp16")]
    path = next((path for path in found if path.exists()), None)
    if path is None:
        pickled = "pytorch_model" if stem == "model" else stem
        return read_tensors(folder / f"{pickled}.bin")
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, RuntimeError) as exc:
        raise UnreadableCheckpointError(f"{path}: damaged: {exc}", hint=REPLACE) from exc


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's JSON object.

    Raises:
        UnreadableCheckpointError: It is missing or something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise UnreadableCheckpointError(
            f"{path}: {exc.strerror or exc}",
            hint="Give a checkpoint file, or the folder of a whole pipeline with its sub-folders.",
        ) from exc
    except ValueError as exc:
        raise UnreadableCheckpointError(f"{path}: not JSON: {exc}", hint=REPLACE) from exc
    if not isinstance(content, dict):
        raise UnreadableCheckpointError(f"{path}: no JSON object", hint=REPLACE)
    return content
