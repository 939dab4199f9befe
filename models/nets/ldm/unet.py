"""The noise predictor of AudioLDM and MG2: a UNet over latents, time and condition as biases.

Parameter names are the official ones, so a checkpoint's ``model.diffusion_model.`` part (or the
moving average of it) fits as it is. The condition (MG2, eq. 9) is one linear layer, put beside the
time embedding; every residual block adds Linear(SiLU([time, condition])) to its feature map. As
SiLU is elementwise and a linear layer a sum over columns, the condition's share is the same at
every step of the sampler: ``condition_biases`` computes it once per clip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import UNetConfig
from descant.models.nets.ldm.blocks import GroupNorm, Upsample, conv1, conv3
from descant.models.nets.ldm.shapes import check_shape
from descant.models.nets.ldm.transformer import SpatialTransformer

MAX_PERIOD = 10000.0


class ResBlock(nn.Module):
    """Norm, SiLU, convolution, twice, with a bias per channel between them, beside a shortcut."""

    def __init__(self, in_channels: int, out_channels: int, time_dim: int) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(
            GroupNorm(in_channels, eps=1e-5), nn.SiLU(), conv3(in_channels, out_channels)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(2 * time_dim, out_channels))
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
        """The layer from SiLU([time, condition]) to the bias."""
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

    def forward(self, x: Tensor, biases: Iterator[Tensor]) -> Tensor:  # type: ignore[override]
        """(B, C, T, W) -> (B, C', T', W'); each residual block takes the next of the biases."""
        for layer in self:
            x = layer(x, next(biases)) if isinstance(layer, ResBlock) else layer(x)
        return x


class UNet(nn.Module):
    """eps(x, t, y): the noise in noisy latents."""

    def __init__(self, config: UNetConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or UNetConfig()
        time_dim = config.time_dim
        self.time_embed = nn.Sequential(
            nn.Linear(config.model_channels, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim)
        )
        self.film_emb = nn.Linear(config.condition_dim, time_dim)
        self.input_blocks, skips = _input_blocks(config)
        width = skips[-1]
        self.middle_block = Stage(
            ResBlock(width, width, time_dim),
            _transformer(config, width),
            ResBlock(width, width, time_dim),
        )
        self.output_blocks = _output_blocks(config, skips)
        last = config.model_channels * config.channel_mult[0]
        self.out = nn.Sequential(
            GroupNorm(last, eps=1e-5), nn.SiLU(), conv3(last, config.out_channels)
        )

    @property
    def bias_widths(self) -> list[int]:
        """Width of each residual block's bias, in the order of ``condition_biases``."""
        return [block.projection.out_features for block in self._res_blocks()]

    def condition_biases(self, y: Tensor) -> Tensor:
        """Return the condition's share of all biases (B, sum of ``bias_widths``), once per clip.

        Args:
            y: (B, 512), the query, or for MG2 (B, 1024), query and retrieved melody; unit halves.

        Raises:
            ShapeError: ``y`` has another shape.
        """
        check_shape(
            "y", y, "B", self.config.condition_dim,
            hint="AudioLDM takes one embedding of 512, MG2 two beside each other.",
        )  # fmt: skip
        condition = functional.silu(self.film_emb(y))
        return torch.cat([block.condition_bias(condition) for block in self._res_blocks()], 1)

    def forward(self, x: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """Return the predicted noise (B, 8, F, W); see ``forward_with_bias``."""
        return self.forward_with_bias(x, t, self.condition_biases(y))

    def forward_with_bias(self, x: Tensor, t: Tensor, bias: Tensor) -> Tensor:
        """Return the predicted noise (B, 8, F, W).

        Args:
            x: (B, 8, F, W) noisy latents; F and W are multiples of 8.
            t: (B,) timesteps of the training schedule, 0 … 999, any dtype.
            bias: From ``condition_biases``.

        Raises:
            ShapeError: One of them has another shape.
        """
        self._check(x, t, bias)
        time = functional.silu(self.time_embed(self._time_features(t)))
        parts = torch.split(bias, self.bias_widths, 1)
        biases = iter(
            [b.time_bias(time) + p for b, p in zip(self._res_blocks(), parts, strict=True)]
        )
        # On a CPU the channels-last kernel adds the first convolution's bias after its sum, the
        # other one before, which costs a digit on latents of size 0.001.
        x = x.contiguous(memory_format=torch.channels_last)
        skips: list[Tensor] = []
        for stage in self.input_blocks:
            x = stage(x, biases)
            skips.append(x)
        x = self.middle_block(x, biases)
        for stage in self.output_blocks:
            x = stage(torch.cat([x, skips.pop()], 1), biases)
        return self.out(x)

    def _check(self, x: Tensor, t: Tensor, bias: Tensor) -> None:
        stride = self.config.stride
        check_shape(
            "x", x, "B", self.config.in_channels, f"{stride}*F", f"{stride}*W",
            hint=f"Take a length of a multiple of {stride} latent frames.",
        )  # fmt: skip
        check_shape("t", t, x.shape[0], hint="Give one timestep per row of x.")
        check_shape(
            "bias", bias, x.shape[0], sum(self.bias_widths), hint="Take it from condition_biases."
        )

    def _time_features(self, t: Tensor) -> Tensor:
        """(B,) -> (B, model_channels) cosines, then sines; in fp32, the phase reaches 999."""
        half = self.config.model_channels // 2
        steps = torch.arange(half, device=t.device, dtype=torch.float32)
        angles = t.float()[:, None] * torch.exp(steps * (-math.log(MAX_PERIOD) / half))[None]
        features = torch.cat([angles.cos(), angles.sin()], 1)
        return features.to(self.film_emb.weight.dtype)

    def _res_blocks(self) -> Iterator[ResBlock]:
        """Return the residual blocks in the order in which a pass meets them."""
        for part in (self.input_blocks, self.middle_block, self.output_blocks):
            yield from (module for module in part.modules() if isinstance(module, ResBlock))


def _transformer(config: UNetConfig, width: int) -> SpatialTransformer:
    return SpatialTransformer(width, config.heads(width), config.transformer_depth)


def _res_layers(config: UNetConfig, before: int, width: int, factor: int) -> list[nn.Module]:
    """Return a residual block and, where the resolution has attention, a transformer."""
    layers: list[nn.Module] = [ResBlock(before, width, config.time_dim)]
    if factor in config.attention_resolutions:
        layers.append(_transformer(config, width))
    return layers


def _input_blocks(config: UNetConfig) -> tuple[nn.ModuleList, list[int]]:
    """Return the way down and the width after each entry, which is that of its skip."""
    width = config.model_channels
    blocks, skips = nn.ModuleList([Stage(conv3(config.in_channels, width))]), [width]
    for level, multiplier in enumerate(config.channel_mult):
        if level:
            blocks.append(Stage(Downsample(width)))
            skips.append(width)
        for _ in range(config.num_res_blocks):
            before, width = width, multiplier * config.model_channels
            blocks.append(Stage(*_res_layers(config, before, width, 2**level)))
            skips.append(width)
    return blocks, skips


def _output_blocks(config: UNetConfig, skips: list[int]) -> nn.ModuleList:
    """Return the way up; each entry takes the way down's skip of the same place from the end."""
    blocks = nn.ModuleList()
    width = skips[-1]
    remaining = list(skips)
    for level, multiplier in reversed(list(enumerate(config.channel_mult))):
        for index in range(config.num_res_blocks + 1):
            before, width = width + remaining.pop(), multiplier * config.model_channels
            layers = _res_layers(config, before, width, 2**level)
            if level and index == config.num_res_blocks:
                layers.append(Upsample(width))
            blocks.append(Stage(*layers))
    return blocks
