"""Shards of one split as tensors on the device that trains: a batch is a few gathers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from descant.models.training.labels import labels_of
from descant.models.training.words import ids_and_mask

SCALES = {"roll": 127.0, "control": 127.0, "picture": 255.0, "audio": 32767.0}
"""What stored integers are divided by."""


class Resident:
    """Parts of a split's examples, each a tensor over rows; ``refresh`` takes in new shards.

    Shards that lack one of the parts are left out.
    """

    def __init__(self, folder: Path, split: str, parts: Sequence[str], device: str) -> None:
        """Load what there is.

        Args:
            folder: Of the shards.
            split: "train" or "test".
            parts: Names of arrays of ``data.py``: mel, roll, control, audio, picture, captions,
                stories.
            device: Where the tensors live.

        Raises:
            FileNotFoundError: No shard has all of these parts.
        """
        self.folder, self.split, self.device = folder, split, device
        self.texts: list[dict[str, Any]] = []
        self._names: set[str] = set()
        self._parts: dict[str, Tensor] = {name: torch.empty(0) for name in parts}
        self._labels = torch.empty(0, dtype=torch.int64)
        self.refresh()
        if not self.texts:
            raise FileNotFoundError(f"no {split} shards in {folder}: run the phase 'data' first")

    def __len__(self) -> int:
        return len(self.texts)

    def refresh(self) -> None:
        """Take in the shards that were written since."""
        fresh = [path for path in sorted(self.folder.glob(f"{self.split}-*")) if self._is_new(path)]
        if not fresh:
            return
        texts = [text for path in fresh for text in json.loads((path / "text.json").read_text())]
        for name, kept in self._parts.items():
            arrays = [torch.from_numpy(np.load(path / f"{name}.npy")) for path in fresh]
            moved = [array.to(self.device) for array in arrays]
            self._parts[name] = torch.cat([kept, *moved] if len(kept) else moved)
        labels = torch.tensor([labels_of(text) for text in texts]).to(self.device)
        self._labels = torch.cat([self._labels, labels]) if len(self._labels) else labels
        self.texts += texts
        self._names.update(path.name for path in fresh)

    def _is_new(self, path: Path) -> bool:
        whole = all((path / f"{name}.npy").exists() for name in self._parts)
        return whole and path.name not in self._names

    def pick(self, count: int) -> Tensor:
        """Return (count,) random rows, int64 on the device."""
        return torch.randint(len(self), (count,), device=self.device)

    def take(
        self, part: str, rows: Tensor, begin: Tensor | None = None, frames: int | None = None
    ) -> Tensor:
        """Return rows of a part as float32.

        Args:
            part: Its name; pictures come in 0 … 1, rolls and control in theirs.
            rows: (B,) int64.
            begin: (B,) int64 first frame of each row's window on the last axis; None for 0.
            frames: Length of the windows; None for all.
        """
        stored = self._parts[part][rows]
        if frames is not None and begin is not None:
            steps = begin[:, None] + torch.arange(frames, device=stored.device)
            index = steps.view(len(rows), *[1] * (stored.dim() - 2), frames)
            stored = stored.gather(-1, index.expand(*stored.shape[:-1], frames))
        elif frames is not None:
            stored = stored[..., :frames]
        return stored.float() / SCALES.get(part, 1.0)

    def starts(self, count: int, frames: int, stride: int = 1) -> Tensor:
        """Return (count,) random first frames of windows of ``frames`` mel frames."""
        places = (self._parts_length() - frames) // stride + 1
        return torch.randint(places, (count,), device=self.device) * stride

    def _parts_length(self) -> int:
        name = next(n for n in ("mel", "control", "roll") if n in self._parts)
        return int(self._parts[name].shape[-1])

    def labels(self, rows: Tensor) -> Tensor:
        """(B, 5) classes of ``nets.clmp.GROUPS``."""
        return self._labels[rows]

    def caption_tokens(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return ids (B, 64) and mask (B, 64) of one random caption of each row."""
        captions = self._parts["captions"]
        which = torch.randint(captions.shape[1], rows.shape, device=self.device)
        return ids_and_mask(captions[rows, which])

    def story(self, rows: Tensor, which: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return ids (B, W, 64), mask (B, W, 64) and window mask (B, W) of each row's story."""
        ids, mask = ids_and_mask(self._parts["stories"][rows, which])
        return ids, mask, mask[..., 0]

    def wordings(self, part: str) -> int:
        """How many captions or stories a row has."""
        return int(self._parts[part].shape[1])

    def tokens(self, part: str, rows: Tensor, which: Tensor) -> Tensor:
        """Return ids of wording ``which`` (B,) of each row, 0 behind their ends."""
        return self._parts[part][rows, which]
