"""A folder in which transformers saved BLIP's captioner: settings, words, weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

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
from descant.models.caption_spec import BlipConfig
from descant.models.nets.blip import BlipDecoder, BlipPicture

HINT = "Give a folder of BLIP for image captioning: config.json, model.safetensors, vocab.txt."
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
"""Of pixels in the data that the published vision transformers are trained on."""
_WORDS = "embeddings.word_embeddings.weight"
_CONTAINERS = {
    "picture": r"vision_model\.(encoder\.)?",
    "decoder": r"text_decoder\.(bert\.(encoder\.)?|cls\.predictions\.)",
}
_SPARE = re.compile(r"\.position_ids$|^text_decoder\.bert\.pooler\.")
_CROSS = re.compile(
    r"text_decoder\.bert\.encoder\.layer\.(\d+)\.crossattention\.self\.(key|value)\.(weight|bias)"
)


@dataclass(frozen=True)
class BlipFolder:
    """A folder that was found whole."""

    path: Path
    config: BlipConfig
    begin: int
    end: int
    words: tuple[str, ...]
    """Of the vocabulary, in order of id."""
    states: dict[str, dict[str, Tensor]]
    """Of ``picture`` and ``decoder``, in float32; they stay in the file until they are used."""


def open_blip_folder(path: Path) -> BlipFolder:
    """Open a folder and check all of it that is kept.

    Raises:
        CheckpointError: One of its kinds says why the folder is not taken.
    """
    if not path.is_dir():
        raise UnreadableCheckpointError(f"{path}: no folder", hint=HINT)
    settings = read_json(path / "config.json")
    if settings.get("model_type") != "blip":
        raise UnknownCheckpointError(
            f"{path}: a model of the type {settings.get('model_type')!r:.60}, not 'blip'", hint=HINT
        )
    try:
        text = _part(settings, "text_config")
        config = _config(_part(settings, "vision_config"), text)
        begin, end = int(text.get("bos_token_id", 30522)), int(text.get("sep_token_id", 102))
        if not (0 <= begin < config.vocabulary and 0 <= end < config.vocabulary):
            raise ValueError("its marks are no tokens")
    except (ValueError, TypeError, OverflowError) as error:
        raise UnknownCheckpointError(
            f"{path}: its settings make no captioner: {error}", hint=HINT
        ) from error
    tensors = read_weights(path, "model")
    states = _states(tensors, path)
    _check(states, config)
    return BlipFolder(path, config, begin, end, _words(path, config), states)


def _part(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = settings.get(name)
    if not isinstance(part, dict):
        raise ValueError(f"no {name}")
    if part.get("hidden_act", "gelu") != "gelu":
        raise ValueError(f"{name} has the activation {part['hidden_act']!r:.40}")
    return part


def _config(vision: Mapping[str, Any], text: Mapping[str, Any]) -> BlipConfig:
    """Read sizes; what is not said is what the library takes then."""
    return BlipConfig(
        side=int(vision.get("image_size", 384)),
        patch=int(vision.get("patch_size", 16)),
        picture_width=int(vision.get("hidden_size", 768)),
        picture_mlp=int(vision.get("intermediate_size", 3072)),
        picture_layers=int(vision.get("num_hidden_layers", 12)),
        picture_heads=int(vision.get("num_attention_heads", 12)),
        picture_eps=float(vision.get("layer_norm_eps", 1e-5)),
        vocabulary=int(text.get("vocab_size", 30524)),
        width=int(text.get("hidden_size", 768)),
        mlp=int(text.get("intermediate_size", 3072)),
        layers=int(text.get("num_hidden_layers", 12)),
        heads=int(text.get("num_attention_heads", 8)),
        positions=int(text.get("max_position_embeddings", 512)),
        eps=float(text.get("layer_norm_eps", 1e-12)),
    )


def _states(tensors: Mapping[str, Tensor], path: Path) -> dict[str, dict[str, Tensor]]:
    """Sort tensors into the two networks under the names that these have for them."""
    states = {"picture": _pixel_numbers(path), "decoder": {}}
    for name, tensor in tensors.items():
        part, own = _own_name(name)
        if part and not _SPARE.search(name):
            states[part][own] = tensor.float() if tensor.is_floating_point() else tensor
    decoder = states["decoder"]
    tied, bias = decoder.pop("decoder.weight", None), decoder.pop("decoder.bias", None)
    if tied is not None and not torch.equal(decoder.setdefault(_WORDS, tied), tied):
        raise UnknownCheckpointError(
            f"{path}: it reads and writes words by different vectors", hint=HINT
        )
    if bias is not None:
        decoder.setdefault("bias", bias)
    return states


def _own_name(name: str) -> tuple[str, str]:
    """Return the network that a tensor belongs to, if any, and its name there."""
    cross = _CROSS.fullmatch(name)
    if cross:
        layer, which, kind = cross.groups()
        return "picture", f"{which}.{layer}.{kind}"
    for part, containers in _CONTAINERS.items():
        inside = re.match(containers, name)
        if inside:
            plain = re.sub(r"\.self\.(query|key|value)\.", r".\1.", name[inside.end() :])
            return part, plain.replace(".intermediate.dense.", ".intermediate.")
    return "", ""


def _pixel_numbers(path: Path) -> dict[str, Tensor]:
    """Return the mean and spread of pixels that the picture's network is used to."""
    file = path / "preprocessor_config.json"
    settings = read_json(file) if file.exists() else {}
    found = {}
    for name, key, usual in (("mean", "image_mean", _CLIP_MEAN), ("std", "image_std", _CLIP_STD)):
        values = settings.get(key, usual)
        try:
            found[name] = torch.tensor([float(v) for v in values], dtype=torch.float32)
        except (TypeError, ValueError) as error:
            raise UnknownCheckpointError(f"{file}: {key} is no colour", hint=HINT) from error
        if found[name].shape != (3,) or (name == "std" and not bool((found[name] > 0).all())):
            raise UnknownCheckpointError(f"{file}: {key} is no colour", hint=HINT)
    return found


def _check(states: Mapping[str, Mapping[str, Tensor]], config: BlipConfig) -> None:
    for part, build in (("picture", BlipPicture), ("decoder", BlipDecoder)):
        with torch.device("meta"):
            network: nn.Module = build(config)
        wanted, found = network.state_dict(), states[part]
        missing = [name for name in wanted if name not in found]
        unexpected = [name for name in found if name not in wanted]
        misshapen = [
            Misshapen(name, str(tuple(wanted[name].shape)), str(tuple(tensor.shape)))
            for name, tensor in found.items()
            if name in wanted and tensor.shape != wanted[name].shape
        ]
        if missing or unexpected or misshapen:
            raise CheckpointKeysError(f"BLIP {part}", missing, unexpected, misshapen, REPLACE)
        bad = [f"{part}.{name}" for name, tensor in found.items() if not is_finite(tensor)]
        if bad:
            raise NonFiniteWeightsError(bad)


def _words(path: Path, config: BlipConfig) -> tuple[str, ...]:
    """Read the WordPiece vocabulary from ``vocab.txt``, or else from ``tokenizer.json``."""
    plain = path / "vocab.txt"
    if plain.exists():
        try:
            lines = plain.read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError) as error:
            raise UnreadableCheckpointError(f"{plain}: not text in UTF-8", hint=REPLACE) from error
        words = [line.rstrip("\r") for line in lines]
        words = words[:-1] if words and not words[-1] else words
    else:
        model = read_json(path / "tokenizer.json").get("model")
        pieces = model.get("vocab") if isinstance(model, dict) else None
        if not isinstance(pieces, dict) or sorted(map(str, pieces.values())) != sorted(
            map(str, range(len(pieces)))
        ):
            raise UnknownCheckpointError(f"{path}/tokenizer.json: no WordPieces", hint=HINT)
        words = sorted(pieces, key=pieces.__getitem__)
    if not 1 <= len(words) <= config.vocabulary:
        raise UnknownCheckpointError(
            f"{path}: {len(words)} words for {config.vocabulary} tokens", hint=HINT
        )
    return tuple(words)
