"""The trunk of the UNets over latents (Rombach et al. 2022): blocks, skips, the time's sinusoid.

Parameter names are the official ones. Every residual block adds a bias per channel to its feature
map; what the bias is made of is the network's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import UNetConfig
from descant.models.nets.ldm.blocks import GroupNorm, Upsample, conv1, conv3
from descant.models.nets.ldm.transformer import SpatialTransformer, Taps

MAX_PERIOD = 10000.0


class ResBlock(nn.Module):
    """Norm, SiLU, convolution, twice, with a bias per channel between them, beside a shortcut."""

    def __init__(self, in_channels: int, out_channels: int, embedding_dim: int) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(
            GroupNorm(in_channels, eps=1e-5), nn.SiLU(), conv3(in_channels, out_channels)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding_dim, out_channels))
        self.out_layers = nn.Sequential(
            GroupNorm(out_channels, eps=1e-5),
            nn.SiLU(),
            nn.Identity(),  # the official dropout's place
            conv3(out_channels, out_channels),
        )
        same = in_channels == out_channels
        self.skip_connection = nn.Identity() if same else conv1(in_channels, out_channels)

    @property
    def projection(self) -> nn.Linear:
        """The layer from SiLU of the embedding, or [time, condition], to the bias."""
        layer = self.emb_layers[1]
        assert isinstance(layer, nn.Linear)
        return layer

    def time_bias(self, time: Tensor) -> Tensor:
        """Return the time's share of the bias, (B, C), of SiLU(time) (B, time_dim)."""
        return functional.linear(time, self.projection.weight[:, : time.shape[1]])

    def condition_bias(self, condition: Tensor) -> Tensor:
        """Return the condition's share of it, (B, C), of SiLU(condition) (B, time_dim)."""
        layer = self.projection
        return functional.linear(condition, layer.weight[:, condition.shape[1] :], layer.bias)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(B, C, T, W) and the bias (B, C') -> (B, C', T, W)."""
        hidden = self.in_layers(x) + bias[:, :, None, None]
        return self.skip_connection(x) + self.out_layers(hidden)


class Downsample(nn.Module):
    """Halve both axes."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = conv3(channels, channels, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, 2T, 2W) -> (B, C, T, W)."""
        return self.op(x)


class Stage(nn.Sequential):
    """One numbered entry of the UNet's lists: what lies between two skips."""

    def forward(  # type: ignore[override]
        self,
        x: Tensor,
        biases: Iterator[Tensor],
        context: Tensor | None = None,
        taps: Taps | None = None,
    ) -> Tensor:
        """(B, C, T, W) -> (B, C', T', W'); each residual block takes the next of the biases."""
        for layer in self:
            if isinstance(layer, ResBlock):
                x = layer(x, next(biases))
            elif isinstance(layer, SpatialTransformer):
                x = layer(x, context, taps)
            else:
                x = layer(x)
        return x


class Trunk(nn.Module):
    """All of a UNet but what makes the biases."""

    def __init__(
        self, config: UNetConfig, embedding_dim: int, context_dim: int | None = None
    ) -> None:
        """Build the layers.

        Args:
            config: Sizes.
            embedding_dim: Width of what a residual block's bias is made of.
            context_dim: Width of the tokens that transformers attend to, if they do.
        """
        super().__init__()
        time_dim = config.time_dim
        self.time_embed = nn.Sequential(
            nn.Linear(config.model_channels, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim)
        )
        self._width = config.model_channels
        build = _Builder(config, embedding_dim, context_dim)
        self.input_blocks, skips = build.input_blocks()
        self.middle_block = Stage(*build.res_layers(skips[-1], skips[-1], attend=True))
        self.middle_block.append(ResBlock(skips[-1], skips[-1], embedding_dim))
        self.output_blocks = build.output_blocks(skips)
        last = config.model_channels * config.channel_mult[0]
        self.out = nn.Sequential(
            GroupNorm(last, eps=1e-5), nn.SiLU(), conv3(last, config.out_channels)
        )

    def res_blocks(self) -> Iterator[ResBlock]:
        """Return the residual blocks in the order in which a pass meets them."""
        for part in (self.input_blocks, self.middle_block, self.output_blocks):
            yield from (module for module in part.modules() if isinstance(module, ResBlock))

    def time_features(self, t: Tensor) -> Tensor:
        """(B,) -> (B, model_channels) cosines, then sines; in fp32, the phase reaches 999."""
        half = self._width // 2
        steps = torch.arange(half, device=t.device, dtype=torch.float32)
        angles = t.float()[:, None] * torch.exp(steps * (-math.log(MAX_PERIOD) / half))[None]
        features = torch.cat([angles.cos(), angles.sin()], 1)
        return features.to(next(self.time_embed.parameters()).dtype)

    def run(
        self,
        x: Tensor,
        biases: Sequence[Tensor],
        context: Tensor | None = None,
        taps: Taps | None = None,
    ) -> Tensor:
        """Take latents down and up again.

        Args:
            x: (B, C, F, W) noisy latents.
            biases: (B, C') of each residual block, in the order of ``res_blocks``.
            context: (B, L, D) tokens that transformers attend to.
            taps: Where the way up puts the keys and values of its self-attentions.
        """
        each = iter(biases)
        # On a CPU the channels-last kernel adds the first convolution's bias after its sum, the
        # other one before, which costs a digit on latents of size 0.001.
        x = x.contiguous(memory_format=torch.channels_last)
        skips: list[Tensor] = []
        for stage in self.input_blocks:
            x = stage(x, each, context)
            skips.append(x)
        x = self.middle_block(x, each, context)
        for stage in self.output_blocks:
            x = stage(torch.cat([x, skips.pop()], 1), each, context, taps)
        return self.out(x)


class _Builder:
    """Makes the stages of a UNet."""

    def __init__(self, config: UNetConfig, embedding_dim: int, context_dim: int | None) -> None:
        self.config, self.embedding_dim, self.context_dim = config, embedding_dim, context_dim

    def res_layers(self, before: int, width: int, attend: bool) -> list[nn.Module]:
        """Return a residual block and, where there is attention, a transformer."""
        layers: list[nn.Module] = [ResBlock(before, width, self.embedding_dim)]
        if attend:
            heads, depth = self.config.heads(width), self.config.transformer_depth
            layers.append(SpatialTransformer(width, heads, depth, self.context_dim))
        return layers

    def input_blocks(self) -> tuple[nn.ModuleList, list[int]]:
        """Return the way down and the width after each entry, which is that of its skip."""
        config, width = self.config, self.config.model_channels
        blocks, skips = nn.ModuleList([Stage(conv3(config.in_channels, width))]), [width]
        for level, multiplier in enumerate(config.channel_mult):
            if level:
                blocks.append(Stage(Downsample(width)))
                skips.append(width)
            for _ in range(config.num_res_blocks):
                before, width = width, multiplier * config.model_channels
                blocks.append(Stage(*self.res_layers(before, width, self._attends(level))))
                skips.append(width)
        return blocks, skips

    def output_blocks(self, skips: list[int]) -> nn.ModuleList:
        """Return the way up; each entry takes the way down's skip of its place from the end."""
        config, width, remaining = self.config, skips[-1], list(skips)
        blocks = nn.ModuleList()
        for level, multiplier in reversed(list(enumerate(config.channel_mult))):
            for index in range(config.num_res_blocks + 1):
                before, width = width + remaining.pop(), multiplier * config.model_channels
                layers = self.res_layers(before, width, self._attends(level))
                if level and index == config.num_res_blocks:
                    layers.append(Upsample(width))
                blocks.append(Stage(*layers))
        return blocks

    def _attends(self, level: int) -> bool:
        return 2**level in self.config.attention_resolutions
