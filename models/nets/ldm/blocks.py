"""Parts that VAE and UNet share.

Letters: B batch, C channels, T time, W frequency, S tokens, H heads, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import NORM_GROUPS


class GroupNorm(nn.GroupNorm):
    """Group norm of 32 groups whose statistics are fp32 whatever the weights' dtype.

    In fp16 the sum of squares over a whole feature map overflows.
    """

    def __init__(self, channels: int, eps: float) -> None:
        super().__init__(NORM_GROUPS, channels, eps=eps)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, W) -> the same shape and dtype."""
        weight, bias = self.weight.float(), self.bias.float()
        # torch's channels-last kernel subtracts squares: wrong in the third digit for faint input
        wide = x.float().contiguous()
        if torch.compiler.is_exporting():
            # ONNX Runtime does the same for GroupNormalization on a CPU, down to NaN where the mean
            # is large; its InstanceNormalization does not, in half the time (torch's takes thrice).
            groups = wide.reshape(x.shape[0], NORM_GROUPS, -1)
            normed = functional.instance_norm(groups, eps=self.eps).reshape(x.shape)
            return (normed * weight[:, None, None] + bias[:, None, None]).to(x.dtype)
        return functional.group_norm(wide, NORM_GROUPS, weight, bias, self.eps).to(x.dtype)


class LayerNorm(nn.LayerNorm):
    """Layer norm over the last axis in fp32 whatever the weights' dtype."""

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) -> the same shape and dtype."""
        weight, bias = self.weight.float(), self.bias.float()
        shape = self.normalized_shape
        return functional.layer_norm(x.float(), shape, weight, bias, self.eps).to(x.dtype)


def conv3(in_channels: int, out_channels: int, stride: int = 1, padding: int = 1) -> nn.Conv2d:
    """Return a 3x3 convolution."""
    return nn.Conv2d(in_channels, out_channels, 3, stride, padding)


def conv1(in_channels: int, out_channels: int) -> nn.Conv2d:
    """Return a pointwise convolution."""
    return nn.Conv2d(in_channels, out_channels, 1)


class Upsample(nn.Module):
    """Double both axes by repeating, then convolve."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = conv3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, W) -> (B, C, 2T, 2W)."""
        return self.conv(functional.interpolate(x, scale_factor=2.0, mode="nearest"))


def to_tokens(x: Tensor) -> Tensor:
    """(B, C, T, W) -> (B, T * W, C), time first."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)


def from_tokens(tokens: Tensor, like: Tensor) -> Tensor:
    """(B, T * W, C) -> (B, C, T, W) with the axes of ``like``."""
    batch, _, channels = tokens.shape
    return tokens.reshape(batch, like.shape[2], like.shape[3], channels).permute(0, 3, 1, 2)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Multi-head attention among tokens, each (B, S, H * D); scores are scaled by D^-0.5."""
    query, key, value = (split_heads(t, heads) for t in (query, key, value))
    mixed = functional.scaled_dot_product_attention(query, key, value)  # (B, H, S, D)
    return mixed.transpose(1, 2).flatten(2)


def split_heads(tokens: Tensor, heads: int) -> Tensor:
    """(B, S, H * D) -> (B, H, S, D)."""
    batch, count, width = tokens.shape
    return tokens.reshape(batch, count, heads, width // heads).transpose(1, 2)
