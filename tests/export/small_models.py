"""Whole models of reduced size with the files that belong to them, as they would be published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from descant.export.checkpoints.layout import Sizes, needed
from descant.models.bpe import SPECIAL, byte_symbols
from descant.models.clmp_spec import ClmpSpec, HtsatSpec, MelodyBagSpec, RobertaSpec
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, UNetConfig
from descant.runtime.vector_index import VectorIndex
from tests.export.checkpoints.keys import AVERAGE, TOWERS, UNET, State
from tests.export.checkpoints.reduced import save
from tests.golden.golden_format import KEPT, golden_tensor

SCALE_FACTOR = 0.875
MERGES = (("t", "h"), ("th", "e"), ("a", "n"))
VOCABULARY = len(SPECIAL) + 256 + len(MERGES)
MELODIES = 40
PREFIXES = {"vae": "first_stage_model.", "vocoder": "first_stage_model.vocoder."}


def sizes(kind: str) -> Sizes:
    """Return the sizes of the small model."""
    melody = kind == "mg2"
    clmp = ClmpSpec(
        text=RobertaSpec(
            vocabulary=VOCABULARY, width=64, layers=1, heads=1, mlp_width=96, positions=40
        ),
        audio=HtsatSpec(embed_dim=8, depths=(2, 2), heads=(1, 2)),
        melody=MelodyBagSpec(token_width=32, width=16) if melody else None,
    )
    return Sizes(
        unet=UNetConfig(model_channels=32, condition_dim=1024 if melody else 512),
        vae=AutoencoderConfig(ch=32),
        vocoder=HifiGanConfig(upsample_initial_channel=32),
        clmp=clmp,
    )


def state(kind: str) -> State:
    """Return a checkpoint's state with weights of usual size."""
    parts = needed(sizes(kind))
    made: State = {"scale_factor": torch.tensor(SCALE_FACTOR)}
    for name, tensor in parts["unet"].items():
        made[AVERAGE + name.replace(".", "")] = _weights(name, tensor)
        made[UNET + name] = _weights(name, tensor, "raw:")
    for part, tensors in parts.items():
        prefix = TOWERS[kind] if part.startswith("clmp_") else PREFIXES.get(part)
        if prefix is not None:
            made |= {prefix + name: _weights(name, tensor) for name, tensor in tensors.items()}
    return made


def write_model(folder: Path, kind: str) -> Path:
    """Write all files of a model under their published names."""
    folder.mkdir(exist_ok=True)
    name = "mg2-diffusion-checkpoint" if kind == "mg2" else "audioldm-s-full-v2"
    save(folder / f"{name}.ckpt", state(kind))
    write_tokenizer(folder)
    if kind == "mg2":
        write_melodies(folder, melodies(MELODIES))
    return folder


def write_tokenizer(folder: Path, vocabulary: int = VOCABULARY) -> None:
    """Write a byte-level vocabulary with a few merges, padded to a size."""
    tokens = [*SPECIAL, *byte_symbols(), *("".join(pair) for pair in MERGES)]
    tokens += [f"unused{number}" for number in range(vocabulary - len(tokens))]
    content = json.dumps({token: number for number, token in enumerate(tokens)})
    (folder / "vocab.json").write_text(content, encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in MERGES), ""]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")


def melodies(count: int, width: int = 512, seed: int = 5) -> NDArray[np.float32]:
    """Return unit vectors."""
    drawn = np.random.default_rng(seed).standard_normal((count, width))
    unit: NDArray[np.float64] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit.astype(np.float32)


def write_melodies(folder: Path, vectors: NDArray[np.float32]) -> None:
    """Write ``melody.npy`` and ``melody.faiss``."""
    np.save(folder / "melody.npy", vectors)
    VectorIndex.build(vectors).save(folder / "melody.faiss")


def _weights(name: str, tensor: Tensor, salt: str = "") -> Tensor:
    if KEPT.search(name):
        return torch.zeros(tensor.shape, dtype=tensor.dtype)
    return torch.from_numpy(golden_tensor(name, tuple(tensor.shape), salt))
