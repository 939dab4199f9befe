"""Latents and audio embeddings of the data, computed once and kept on disk."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from descant.models.nets.clmp import CLMP_DIM
from descant.models.nets.vae import LATENT_CHANNELS, PATCH, Vae
from descant.models.training.clmp import Clmp
from descant.models.training.data import FRAMES, SHARD_SIZE, Shards
from descant.models.training.loop import load_best


class LatentStore:
    """Views of whole clips through the trained VAE and audio tower.

    The files are named after the checkpoints they were made with. Several processes may fill them
    at once: all of them would write the same numbers.
    """

    def __init__(self, folder: Path, device: str) -> None:
        self.vae, self.clmp = Vae().to(device).eval(), Clmp().to(device).eval()
        load_best(folder, "vae", self.vae)
        load_best(folder, "clmp", self.clmp)
        self.device = device
        sums = [zlib.crc32((folder / f"{name}.best.pt").read_bytes()) for name in ("vae", "clmp")]
        self.folder = folder / "latents-{:08x}-{:08x}".format(*sums)
        self.folder.mkdir(exist_ok=True)
        self.known: dict[str, np.ndarray] = {}

    @torch.no_grad()
    def clip(self, shards: Shards, at: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """Latents (96, 108) and audio embedding (512,) of a clip, float32 on the CPU."""
        rows = self._rows(shards.names[at[0]])
        size = LATENT_CHANNELS * FRAMES // PATCH
        if not rows[at[1], -1]:
            mel = torch.from_numpy(shards.mel(at))[None].to(self.device)
            roll = torch.from_numpy(shards.part("roll", at))[None].to(self.device)
            rows[at[1], :size] = self.vae.encode(mel, roll).flatten().cpu().numpy()
            rows[at[1], size:-1] = self.clmp.audio(mel)[0].cpu().numpy()
            rows[at[1], -1] = 1.0  # last, so that a killed run leaves no half row behind
        row = torch.from_numpy(rows[at[1]].astype(np.float32))
        return row[:size].view(LATENT_CHANNELS, -1), row[size:-1]

    def _rows(self, name: str) -> np.ndarray:
        """(SHARD_SIZE, latents + embedding + 1) float16, mapped; the last column says "known"."""
        if name not in self.known:
            shape = (SHARD_SIZE, LATENT_CHANNELS * FRAMES // PATCH + CLMP_DIM + 1)
            path = self.folder / f"{name}.f16"
            if not path.exists() or path.stat().st_size < shape[0] * shape[1] * 2:
                with path.open("ab") as file:
                    file.truncate(shape[0] * shape[1] * 2)
            self.known[name] = np.memmap(path, np.float16, "r+", shape=shape)
        return self.known[name]
