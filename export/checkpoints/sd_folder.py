"""The networks of a Stable Diffusion folder that an image branch is made of, one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from descant.export.checkpoints.diffusers_folder import read_json, read_weights
from descant.export.checkpoints.diffusers_names import unet_name, vae_name
from descant.export.checkpoints.errors import (
    REPLACE,
    CheckpointError,
    CheckpointKeysError,
    NonFiniteWeightsError,
    UnreadableCheckpointError,
)
from descant.export.checkpoints.imported import StateDict, is_finite
from descant.export.checkpoints.plan import Findings
from descant.export.checkpoints.sd_config import HINT, SdSizes, read_sizes
from descant.models.bpe import VocabularyError, parse_vocabulary
from descant.models.clip_bpe import END, ClipTokenizer
from descant.models.nets.clip_text import ClipText
from descant.models.nets.ldm.stable_diffusion import PictureEncoder, PictureUNet

TOKENIZER_HINT = "The folder tokenizer/ needs vocab.json and merges.txt as they are published."
_POINTWISE = re.compile(r"\.(attn_1\.\w+|proj_in|proj_out)\.weight$")
"""Matrices in some versions of the files, pointwise convolutions here."""


@dataclass(frozen=True)
class _Part:
    """One network's sub-folder."""

    folder: str
    stem: str
    rename: Callable[[str], str]
    build: Callable[[], nn.Module]
    unused: str
    """Names of the file that the branch has no use for."""


@dataclass(frozen=True)
class TokenizerFiles:
    """What texts are read with, checked."""

    vocabulary: bytes
    merges: bytes
    pad_token: int


@dataclass(frozen=True)
class SdFolder:
    """A folder that was found whole: settings, keys, shapes and values."""

    path: Path
    sizes: SdSizes
    tokenizer: TokenizerFiles

    def load(self, part: str) -> StateDict:
        """Return the state dict of ``vae``, ``clip_text`` or ``unet`` in float32.

        Tensors that are float32 in the file stay in it until they are used; see ``Imported``.

        Raises:
            CheckpointError: A file is not what it was any more.
        """
        tensors, _ = _read(self.path, _parts(self.sizes)[part])
        return {
            name: value.float() if value.is_floating_point() else value
            for name, value in tensors.items()
        }


def open_sd_folder(path: Path) -> SdFolder:
    """Open a folder that diffusers saved and check all of it that is kept.

    Raises:
        CheckpointError: One of its kinds says why the folder is not taken.
    """
    if not path.is_dir():
        raise UnreadableCheckpointError(
            f"{path}: no folder", hint="Give the folder with model_index.json in it."
        )
    sizes = read_sizes(path)
    tokenizer = _tokenizer(path / "tokenizer", sizes)
    for name, part in _parts(sizes).items():
        tensors, findings = _read(path, part)
        spare = [key for key in findings.tensors if key not in findings.known]
        unexpected = [key for key in spare if not re.search(part.unused, key)]
        if findings.missing or findings.misshapen or unexpected:
            what = f"Stable Diffusion {part.folder}"
            raise CheckpointKeysError(
                what, findings.missing, unexpected, findings.misshapen, REPLACE
            )
        bad = [f"{name}.{key}" for key, tensor in tensors.items() if not is_finite(tensor)]
        if bad:
            raise NonFiniteWeightsError(bad)
    return SdFolder(path, sizes, tokenizer)


def _parts(sizes: SdSizes) -> dict[str, _Part]:
    unet = sizes.unet
    plain = sum(
        2**level not in unet.attention_resolutions for level in range(len(unet.channel_mult))
    )
    return {
        "vae": _Part(
            "vae", "diffusion_pytorch_model", vae_name,
            lambda: PictureEncoder(sizes.vae), r"^(decoder|post_quant_conv)\.",
        ),
        "clip_text": _Part(
            "text_encoder", "model", lambda name: name.removeprefix("text_model."),
            lambda: ClipText(sizes.text), r"^(embeddings\.position_ids|text_projection\.weight)$",
        ),
        "unet": _Part(
            "unet", "diffusion_pytorch_model", partial(unet_name, plain=plain),
            lambda: PictureUNet(unet), "$^",
        ),
    }  # fmt: skip


def _read(path: Path, part: _Part) -> tuple[dict[str, Tensor], Findings]:
    """Map a network's tensors, those that are wanted and there under our names."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in read_weights(path / part.folder, part.stem).items():
        ours = part.rename(name)
        if _POINTWISE.search(ours) and tensor.dim() == 2:
            tensor = tensor[:, :, None, None]
        if ours in tensors:
            raise CheckpointError(f"{path / part.folder}: two tensors for {ours}", hint=REPLACE)
        tensors[ours] = tensor
    try:
        wanted = _wanted(part.build)
    except (ValueError, RuntimeError, OverflowError) as error:
        raise CheckpointError(f"{path / part.folder}: {error}", hint=HINT) from error
    findings = Findings(tensors)
    found = findings.match(wanted, str)
    return {name: tensors[name] for name in found if name in tensors}, findings


def _wanted(build: Callable[[], nn.Module]) -> Mapping[str, Tensor]:
    with torch.device("meta"):
        return build().state_dict()


def _tokenizer(folder: Path, sizes: SdSizes) -> TokenizerFiles:
    try:
        vocabulary = (folder / "vocab.json").read_bytes()
        merges = (folder / "merges.txt").read_bytes()
    except OSError as error:
        raise UnreadableCheckpointError(
            f"{error.filename}: {error.strerror}", hint=TOKENIZER_HINT
        ) from error
    try:
        ids = parse_vocabulary(vocabulary)
        pad_token = ids.get(_pad(folder), -1)
        tokenizer = ClipTokenizer.from_files(vocabulary, merges, pad_token, sizes.text.positions)
    except (VocabularyError, ValueError) as error:
        raise CheckpointError(f"{folder}: {error}", hint=TOKENIZER_HINT) from error
    if len(tokenizer) != sizes.text.vocabulary:
        raise CheckpointError(
            f"{folder}: {len(tokenizer)} tokens, the text encoder has {sizes.text.vocabulary}",
            hint=TOKENIZER_HINT,
        )
    return TokenizerFiles(vocabulary, merges, pad_token)


def _pad(folder: Path) -> str:
    """Return the padding token: the end in version 1, an exclamation mark in version 2."""
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        if (folder / name).is_file():
            token = read_json(folder / name).get("pad_token")
            token = token.get("content") if isinstance(token, dict) else token
            if isinstance(token, str):
                return token
    return END
