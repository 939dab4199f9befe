"""Clips as the denoiser's training sees them: every view already through its frozen network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from descant.models.nets.image_branch import ImageBranch, keys_values
from descant.models.nets.vae import Vae
from descant.models.training.adapters import Adapters
from descant.models.training.clmp import Clmp
from descant.models.training.loop import load_best
from descant.models.training.resident import Resident
from descant.models.training.words import ids_and_mask

PARTS = ("mel", "roll", "control", "captions", "stories", "picture")
CHUNK = 64
"""Clips that are encoded at once."""


class Encoders:
    """The frozen networks."""

    def __init__(self, folder: Path, device: str) -> None:
        """Load the best checkpoints of the phases before the denoiser's."""
        self.device = device
        self.vae, self.clmp = Vae(), Clmp()
        self.adapters, self.branch = Adapters(), ImageBranch()
        for name, module in (
            ("vae", self.vae), ("clmp", self.clmp),
            ("adapters", self.adapters), ("image_branch", self.branch),
        ):  # fmt: skip
            load_best(folder, name, module)
            module.to(device).eval().requires_grad_(False)

    @torch.no_grad()
    def views(self, data: Resident, rows: Tensor) -> dict[str, Tensor]:
        """Return every view of (B,) rows; see ``EncodedClips.views``."""
        mel, pictures = data.take("mel", rows), data.take("picture", rows)
        keys, values = keys_values(self.branch, pictures)
        stories = [self._story(data, rows, i) for i in range(data.wordings("stories"))]
        views = {
            "latents": self.vae.encode(mel, data.take("roll", rows)),
            "audio": self.clmp.audio(mel),
            "picture": self.adapters.picture(self.adapters.tower(pictures)),
            "story": torch.stack(stories, 1),
            "image_keys": keys,
            "image_values": values,
        }
        return {name: view.half() for name, view in views.items()}

    def _story(self, data: Resident, rows: Tensor, which: int) -> Tensor:
        ids, mask, present = data.story(rows, which)
        windows = self.clmp.text(ids.flatten(0, 1), mask.flatten(0, 1))[0]
        adapted: Tensor = self.adapters.story(
            windows.view(*present.shape, -1), present, ids.flatten(1)
        )
        return adapted

    @torch.no_grad()
    def words(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(B, 64) ids -> embedding (B, 512), the same adapted, token features and their mask."""
        ids, mask = ids_and_mask(tokens)
        embedding, hidden = self.clmp.text(ids, mask)
        embedding = embedding.float()
        return embedding, self.adapters.caption(embedding).float(), hidden, mask


class EncodedClips:
    """One split's clips; ``refresh`` encodes those that were written since."""

    def __init__(self, encoders: Encoders, folder: Path, split: str) -> None:
        self.encoders = encoders
        self.data = Resident(folder, split, PARTS, encoders.device)
        self.views: dict[str, Tensor] = {}
        """latents (N, 96, 108), audio and picture (N, 512), story (N, wordings, 512), image_keys
        and image_values (N, 3, 4, 64, 64), all float16."""
        self._encode()

    def __len__(self) -> int:
        return len(next(iter(self.views.values())))

    def refresh(self) -> None:
        """Take in new shards."""
        self.data.refresh()
        self._encode()

    def _encode(self) -> None:
        known = len(self) if self.views else 0
        rows = torch.arange(known, len(self.data), device=self.encoders.device)
        if not len(rows):
            return
        chunks = [self.encoders.views(self.data, part) for part in torch.split(rows, CHUNK)]
        for name in chunks[0]:
            kept = [self.views[name]] if known else []
            self.views[name] = torch.cat([*kept, *(chunk[name] for chunk in chunks)])

    def pick(self, count: int) -> Tensor:
        """Return (count,) random rows of those that are encoded."""
        return torch.randint(len(self), (count,), device=self.encoders.device)

    def take(self, view: str, rows: Tensor) -> Tensor:
        """Return rows of a view as float32."""
        return self.views[view][rows].float()
