"""HTS-AT as an audio tower (Chen et al. 2022, arXiv 2202.00874): sound in, one vector out."""

from __future__ import annotations

from torch import Tensor, nn

from descant.models.clmp_spec import HtsatSpec
from descant.models.nets.clmp_official.mel_image import LogMel, MelImage
from descant.models.nets.clmp_official.swin import SwinStage


class PatchEmbedding(nn.Module):
    """Cut a picture into patches, one token each, row by row."""

    def __init__(self, spec: HtsatSpec) -> None:
        super().__init__()
        self.proj = nn.Conv2d(1, spec.embed_dim, spec.patch, stride=spec.patch)
        self.norm = nn.LayerNorm(spec.embed_dim)

    def forward(self, image: Tensor) -> Tensor:
        """(B, 1, image, image) -> (B, L, C)."""
        return self.norm(self.proj(image).flatten(2).transpose(1, 2))


class HtsatAudio(nn.Module):
    """Mel picture, patches, four Swin stages, mean over the tokens."""

    def __init__(self, spec: HtsatSpec) -> None:
        super().__init__()
        self.samples = spec.samples
        self.log_mel = LogMel(spec)
        self.bn0 = nn.BatchNorm1d(spec.n_mels)
        self.image = MelImage(spec)
        self.patch_embed = PatchEmbedding(spec)
        self.layers = nn.ModuleList(
            [
                SwinStage(
                    channels=spec.stage_width(stage),
                    heads=heads,
                    depth=depth,
                    side=side,
                    window=spec.window,
                    mlp_ratio=spec.mlp_ratio,
                    last=stage == len(spec.depths) - 1,
                )
                for stage, (heads, depth, side) in enumerate(
                    zip(spec.heads, spec.depths, spec.sides, strict=True)
                )
            ]
        )
        self.norm = nn.LayerNorm(spec.width)

    def forward(self, samples: Tensor) -> Tensor:
        """(B, N) at ``spec.sample_rate``, N equal to ``spec.samples`` -> (B, ``spec.width``).

        Raises:
            ValueError: N is another number; ``kernels.fit_length`` repeats or cuts a sound.
        """
        if samples.shape[1] != self.samples:
            raise ValueError(f"expected {self.samples} samples, got {samples.shape[1]}")
        x = self.patch_embed(self.image(self.bn0(self.log_mel(samples))))
        for layer in self.layers:
            x = layer(x)
        return self.norm(x).mean(1)
