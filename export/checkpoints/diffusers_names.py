"""Names of diffusers' networks, AudioLDM's and Stable Diffusion's -> the official ones.

The numbers of a tensor are the same on both sides; only paths differ, and the pointwise
convolutions of the VAE's attention are stored as matrices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

BLOCKS = 2
"""Residual blocks per level on the way down; one more on the way up."""
VAE_LEVELS = 3


def _rules(*pairs: tuple[str, str | Callable[[re.Match[str]], str]]) -> Rules:
    return tuple((re.compile(pattern), to) for pattern, to in pairs)


def _rename(name: str, rules: Rules) -> str:
    for pattern, to in rules:
        name = pattern.sub(to, name)
    return name


def _down(match: re.Match[str]) -> str:
    """``down_blocks.L.resnets.B``: entry 0 is the first convolution, each level ends with one."""
    level, kind, block = int(match[1]), match[2], int(match[3])
    entry = 1 + (BLOCKS + 1) * level + block
    return f"input_blocks.{entry}.{1 if kind == 'attentions' else 0}."


def _downsampler(match: re.Match[str]) -> str:
    return f"input_blocks.{(BLOCKS + 1) * (int(match[1]) + 1)}.0.op."


def _up(match: re.Match[str]) -> str:
    level, kind, block = int(match[1]), match[2], int(match[3])
    return f"output_blocks.{(BLOCKS + 1) * level + block}.{1 if kind == 'attentions' else 0}."


def _upsampler(match: re.Match[str], plain: int = 0) -> str:
    """It comes after the last block's transformer, which the first ``plain`` levels don't have."""
    level = int(match[1])
    return f"output_blocks.{(BLOCKS + 1) * level + BLOCKS}.{1 if level < plain else 2}.conv."


_UPSAMPLER = r"^up_blocks\.(\d+)\.upsamplers\.0\.conv\."
_UNET = _rules(
    (r"^time_embedding\.linear_1\.", "time_embed.0."),
    (r"^time_embedding\.linear_2\.", "time_embed.2."),
    (r"^class_embedding\.", "film_emb."),
    (r"^conv_in\.", "input_blocks.0.0."),
    (r"^conv_norm_out\.", "out.0."),
    (r"^conv_out\.", "out.2."),
    (r"^down_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.", _down),
    (r"^down_blocks\.(\d+)\.downsamplers\.0\.conv\.", _downsampler),
    (r"^mid_block\.resnets\.0\.", "middle_block.0."),
    (r"^mid_block\.attentions\.0\.", "middle_block.1."),
    (r"^mid_block\.resnets\.1\.", "middle_block.2."),
    (r"^up_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.", _up),
    # A transformer has a norm too, but norm1 to norm3 only within its blocks.
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.norm1\.", r"\1.in_layers.0."),
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.conv1\.", r"\1.in_layers.2."),
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.time_emb_proj\.", r"\1.emb_layers.1."),
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.norm2\.", r"\1.out_layers.0."),
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.conv2\.", r"\1.out_layers.3."),
    (r"^(\w+\.\d+\.\d+|middle_block\.\d)\.conv_shortcut\.", r"\1.skip_connection."),
)
_VAE = _rules(
    (r"^encoder\.down_blocks\.(\d+)\.resnets\.", r"encoder.down.\1.block."),
    (r"^encoder\.down_blocks\.(\d+)\.downsamplers\.0\.", r"encoder.down.\1.downsample."),
    (
        r"^decoder\.up_blocks\.(\d+)\.",  # counted from the smallest level
        lambda match: f"decoder.up.{VAE_LEVELS - 1 - int(match[1])}.",
    ),
    (r"^(decoder\.up\.\d+)\.resnets\.", r"\1.block."),
    (r"^(decoder\.up\.\d+)\.upsamplers\.0\.", r"\1.upsample."),
    (r"\.mid_block\.resnets\.0\.", ".mid.block_1."),
    (r"\.mid_block\.resnets\.1\.", ".mid.block_2."),
    (r"\.mid_block\.attentions\.0\.", ".mid.attn_1."),
    (r"\.attn_1\.group_norm\.", ".attn_1.norm."),
    # The second names are those of diffusers before 0.15.
    (r"\.attn_1\.(to_q|query)\.", ".attn_1.q."),
    (r"\.attn_1\.(to_k|key)\.", ".attn_1.k."),
    (r"\.attn_1\.(to_v|value)\.", ".attn_1.v."),
    (r"\.attn_1\.(to_out\.0|proj_attn)\.", ".attn_1.proj_out."),
    (r"\.conv_shortcut\.", ".nin_shortcut."),
    (r"\.conv_norm_out\.", ".norm_out."),
)
_VOCODER = _rules((r"^upsampler\.", "ups."))
_TEXT = _rules(
    (r"^text_model\.", "text_branch."),
    (r"^text_projection\.linear1\.", "text_projection.0."),
    (r"^text_projection\.linear2\.", "text_projection.2."),
)


def unet_name(name: str, plain: int = 0) -> str:
    """Return the official name of a ``UNet2DConditionModel`` parameter.

    Args:
        name: Of diffusers.
        plain: How many levels of the way up, from the lowest resolution, have no transformers;
            AudioLDM's have them wherever there is an upsampler.
    """
    upsampler = _rules((_UPSAMPLER, partial(_upsampler, plain=plain)))
    return _rename(_rename(name, upsampler), _UNET)


def vae_name(name: str) -> str:
    """Return the official name of an ``AutoencoderKL`` parameter."""
    return _rename(name, _VAE)


def vocoder_name(name: str) -> str:
    """Return the official name of a ``SpeechT5HifiGan`` parameter."""
    return _rename(name, _VOCODER)


def text_name(name: str) -> str:
    """Return the official name of a ``ClapTextModelWithProjection`` parameter."""
    return _rename(name, _TEXT)
