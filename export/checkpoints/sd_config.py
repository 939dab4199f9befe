"""Sizes and settings of a Stable Diffusion 1.x or 2.x folder, from diffusers' JSON files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from descant.export.checkpoints.diffusers_folder import read_json
from descant.export.checkpoints.diffusers_names import BLOCKS
from descant.export.checkpoints.errors import UnknownCheckpointError
from descant.models.inversion import inversion_table
from descant.models.ldm_spec import NORM_GROUPS, AutoencoderConfig
from descant.models.sd_spec import ClipTextConfig, InversionSpec, PictureUNetConfig

PIPELINES = ("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline")
HINT = "The image branch takes Stable Diffusion 1.x and 2.x for 512 or 768 pixels."
_Settings = Mapping[str, tuple[object, object]]
"""Key -> what it must be, and what it is where the file does not say."""
_UNET: _Settings = {
    "layers_per_block": (BLOCKS, BLOCKS), "act_fn": ("silu", "silu"), "norm_eps": (1e-5, 1e-5),
    "norm_num_groups": (NORM_GROUPS, NORM_GROUPS), "flip_sin_to_cos": (True, True),
    "freq_shift": (0, 0), "center_input_sample": (False, False), "downsample_padding": (1, 1),
    "mid_block_scale_factor": (1, 1), "mid_block_type": ("UNetMidBlock2DCrossAttn",) * 2,
    "only_cross_attention": (False, False), "dual_cross_attention": (False, False),
    "num_attention_heads": (None, None), "transformer_layers_per_block": (1, 1),
    "class_embed_type": (None, None), "addition_embed_type": (None, None),
    "num_class_embeds": (None, None), "encoder_hid_dim": (None, None),
    "encoder_hid_dim_type": (None, None), "resnet_time_scale_shift": ("default", "default"),
    "resnet_skip_time_act": (False, False), "resnet_out_scale_factor": (1.0, 1.0),
    "time_embedding_type": ("positional", "positional"), "time_embedding_dim": (None, None),
    "time_embedding_act_fn": (None, None), "timestep_post_act": (None, None),
    "time_cond_proj_dim": (None, None), "conv_in_kernel": (3, 3), "conv_out_kernel": (3, 3),
    "attention_type": ("default", "default"), "cross_attention_norm": (None, None),
    "mid_block_only_cross_attention": (None, None),
    "reverse_transformer_layers_per_block": (None, None),
}  # fmt: skip
_VAE: _Settings = {
    "layers_per_block": (BLOCKS, BLOCKS), "act_fn": ("silu", "silu"), "in_channels": (3, 3),
    "norm_num_groups": (NORM_GROUPS, NORM_GROUPS), "mid_block_add_attention": (True, True),
    "use_quant_conv": (True, True), "shift_factor": (None, None), "latents_mean": (None, None),
    "latents_std": (None, None),
}  # fmt: skip
_TEXT: _Settings = {"layer_norm_eps": (1e-5, 1e-5), "use_attention_mask": (None, None)}
_SCHEDULER: _Settings = {
    "trained_betas": (None, None), "rescale_betas_zero_snr": (False, False),
    "thresholding": (False, False), "clip_sample": (False, False),
}  # fmt: skip


@dataclass(frozen=True)
class SdSizes:
    """All that the folder's settings say; its text names everything that graphs depend on."""

    unet: PictureUNetConfig
    vae: AutoencoderConfig
    text: ClipTextConfig
    latent_side: int
    scale_factor: float
    inversion: InversionSpec


def read_sizes(folder: Path) -> SdSizes:
    """Read and check the settings of all networks.

    Raises:
        UnreadableCheckpointError: A file is missing or damaged.
        UnknownCheckpointError: It is another pipeline, or one with settings that are not computed.
    """
    pipeline = read_json(folder / "model_index.json").get("_class_name")
    if pipeline not in PIPELINES:
        raise UnknownCheckpointError(f"{folder}: a {pipeline}, not a {PIPELINES[0]}", hint=HINT)
    unet = _read(folder / "unet" / "config.json", _UNET)
    vae = _read(folder / "vae" / "config.json", _VAE)
    text = _read(folder / "text_encoder" / "config.json", _TEXT)
    scheduler = folder / "scheduler" / "scheduler_config.json"
    settings = read_json(scheduler)
    # Where the key is missing, the classes that have it clip.
    clips = settings.get("_class_name") in ("DDIMScheduler", "DDPMScheduler")
    _check(scheduler, {"clip_sample": clips, **settings}, _SCHEDULER)
    try:
        sizes = SdSizes(
            unet=_unet(unet),
            vae=_vae(vae),
            text=_text(text),
            latent_side=_integer(unet, "sample_size"),
            scale_factor=_number(vae, "scaling_factor", 0.18215),
            inversion=_inversion(settings),
        )
        inversion_table(sizes.inversion)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise UnknownCheckpointError(
            f"{folder}: its settings make no Stable Diffusion: {error}", hint=HINT
        ) from error
    _check_fit(folder, sizes)
    return sizes


def _check_fit(folder: Path, sizes: SdSizes) -> None:
    unet = sizes.unet
    for what, found, wanted in (
        ("the UNet's channels", unet.in_channels, sizes.vae.embed_dim),
        ("the prediction's channels", unet.out_channels, unet.in_channels),
        ("the text's width", unet.condition_dim, sizes.text.width),
        (f"the rest of sample_size by {unet.stride}", sizes.latent_side % unet.stride, 0),
    ):
        if found != wanted:
            raise UnknownCheckpointError(
                f"{folder}: {what} should be {wanted} by the other networks, not {found}", hint=HINT
            )


def _unet(config: Mapping[str, Any]) -> PictureUNetConfig:
    width, multipliers = _multipliers(config)
    down, up = config["down_block_types"], config["up_block_types"]
    kinds = {"CrossAttnDownBlock2D": True, "DownBlock2D": False}
    attends = [kinds[kind] for kind in down]
    mirrored = [f"{'CrossAttn' if attend else ''}UpBlock2D" for attend in reversed(attends)]
    if list(up) != mirrored or len(down) != len(multipliers):
        raise ValueError(f"blocks {down} and {up} don't mirror each other")
    plain = attends[::-1].index(True)
    if not all(attends[: len(attends) - plain]):
        raise ValueError(f"{down}: attention must be at the higher resolutions")
    heads = config.get("attention_head_dim", 8)  # so called, but the number of them
    per_level = [heads] * len(down) if isinstance(heads, int) else list(heads)
    widths = [width * multiplier for multiplier in multipliers]
    same = len(set(per_level)) == 1
    if not same and len({w // h for w, h in zip(widths, per_level, strict=True)}) != 1:
        raise ValueError(f"attention_head_dim {heads} is neither one number nor one width of head")
    return PictureUNetConfig(
        model_channels=width,
        condition_dim=_integer(config, "cross_attention_dim"),
        num_head_channels=widths[0] // per_level[0],
        channel_mult=multipliers,
        attention_resolutions=tuple(2**level for level, attend in enumerate(attends) if attend),
        in_channels=_integer(config, "in_channels"),
        out_channels=_integer(config, "out_channels"),
        num_heads=per_level[0] if same else None,
    )


def _vae(config: Mapping[str, Any]) -> AutoencoderConfig:
    width, multipliers = _multipliers(config)
    kinds = config["down_block_types"]
    if list(kinds) != ["DownEncoderBlock2D"] * len(multipliers):
        raise ValueError(f"the VAE's blocks are {kinds}")
    channels = _integer(config, "latent_channels")
    return AutoencoderConfig(
        ch=width, ch_mult=multipliers, z_channels=channels, embed_dim=channels, in_channels=3,
        out_ch=3,
    )  # fmt: skip


def _text(config: Mapping[str, Any]) -> ClipTextConfig:
    kind = config.get("model_type")
    if kind != "clip_text_model":
        raise ValueError(f"the text encoder is a {kind}")
    activation = config.get("hidden_act", "quick_gelu")
    if activation not in ("quick_gelu", "gelu"):
        raise ValueError(f"the text encoder's activation is {activation!r}")
    return ClipTextConfig(
        vocabulary=_integer(config, "vocab_size"),
        width=_integer(config, "hidden_size"),
        layers=_integer(config, "num_hidden_layers"),
        heads=_integer(config, "num_attention_heads"),
        mlp_width=_integer(config, "intermediate_size"),
        positions=_integer(config, "max_position_embeddings"),
        activation=activation,
    )


def _inversion(config: Mapping[str, Any]) -> InversionSpec:
    """Take the training's schedule; what is not said is as in diffusers' inverse scheduler."""
    predictions = {"epsilon": "epsilon", "v_prediction": "v"}
    prediction = config.get("prediction_type", "epsilon")
    schedule = config.get("beta_schedule", "linear")
    spacing = config.get("timestep_spacing", "leading")
    for key, value, known in (
        ("prediction_type", prediction, tuple(predictions)),
        ("beta_schedule", schedule, ("scaled_linear", "linear")),
        ("timestep_spacing", spacing, ("leading", "trailing")),
    ):
        if value not in known:
            raise ValueError(f"{key} is {value!r}, not one of {', '.join(known)}")
    return InversionSpec(
        prediction_type=predictions[prediction],  # type: ignore[arg-type]
        beta_schedule=schedule,
        beta_start=_number(config, "beta_start", 0.0001),
        beta_end=_number(config, "beta_end", 0.02),
        training_steps=_integer(config, "num_train_timesteps"),
        steps_offset=_integer({"steps_offset": 0, **config}, "steps_offset", 0),
        set_alpha_to_one=bool(config.get("set_alpha_to_one", True)),
        timestep_spacing=spacing,
    )


def _multipliers(config: Mapping[str, Any]) -> tuple[int, tuple[int, ...]]:
    """Return the first width and every level's over it."""
    widths: Sequence[int] = config["block_out_channels"]
    if not 1 <= len(widths) <= 8 or any(not isinstance(w, int) or w < 1 for w in widths):
        raise ValueError(f"block_out_channels are {widths!r:.80}")
    if any(width % widths[0] for width in widths):
        raise ValueError(f"block_out_channels {widths} are no multiples of the first")
    return widths[0], tuple(width // widths[0] for width in widths)


def _integer(config: Mapping[str, Any], key: str, least: int = 1) -> int:
    value = config[key]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 1_000_000:
        raise ValueError(f"{key} is {value!r:.60}")
    return value


def _number(config: Mapping[str, Any], key: str, default: float) -> float:
    value = config.get(key, default)
    if not isinstance(value, int | float) or not (math.isfinite(value) and value > 0):
        raise ValueError(f"{key} is {value!r:.60}")
    return float(value)


def _read(path: Path, settings: _Settings) -> dict[str, Any]:
    config = read_json(path)
    _check(path, config, settings)
    return config


def _check(path: Path, config: Mapping[str, Any], settings: _Settings) -> None:
    for key, (wanted, default) in settings.items():
        if config.get(key, default) != wanted:
            raise UnknownCheckpointError(
                f"{path}: {key} is {config.get(key)!r:.60}, not {wanted!r}", hint=HINT
            )


def with_inversion(sizes: SdSizes, steps: int, evaluations: int) -> SdSizes:
    """Return the same with another number of steps.

    Raises:
        UnknownCheckpointError: The schedule does not have so many.
    """
    inversion = dataclasses.replace(sizes.inversion, steps=steps, evaluations=evaluations)
    try:
        inversion_table(inversion)
    except ValueError as error:
        raise UnknownCheckpointError(f"inversion: {error}", hint="Take fewer steps.") from error
    return dataclasses.replace(sizes, inversion=inversion)
