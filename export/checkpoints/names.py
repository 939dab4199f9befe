"""Names in published checkpoints: wrappers, prefixes, the moving average, what nobody needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from torch import Tensor

from descant.export.checkpoints.errors import CheckpointError
from descant.models.clmp_spec import DERIVED_CLMP_KEYS, UNUSED_CLMP_KEYS

Namer = Callable[[str], str]
"""Our name of a parameter -> its name in the file."""

UNET, AVERAGE = "model.diffusion_model.", "model_ema.diffusion_model"
FIRST_STAGE = "first_stage_model."
VOCODER = "first_stage_model.vocoder."
CONDITIONERS = ("cond_stage_models.0.model.", "cond_stage_model.model.")
"""MG2's and AudioLDM's."""

_WRAPPERS = {"module", "_orig_mod"}
"""What DistributedDataParallel and ``torch.compile`` put into the path of a parameter."""
_TRAINING = re.compile(
    r"^(betas|logvar|alphas_cumprod(_prev)?|sqrt_(one_minus_)?alphas_cumprod"
    r"|log_one_minus_alphas_cumprod|sqrt_recip(m1)?_alphas_cumprod"
    r"|posterior_(variance|log_variance_clipped|mean_coef[12]))$"  # the noise schedule, known
    r"|^model_ema\.(decay|num_updates)$"
    r"|^(first_stage_model\.)?loss\."  # perceptual loss and discriminator
    r"|^clap\."  # MG2's second copy of CLMP, for ranking
    r"|\.mel_transform\."
)
_CLMP_UNUSED = re.compile(
    f"{UNUSED_CLMP_KEYS}|{DERIVED_CLMP_KEYS}|\\.(position_ids|token_type_ids)$"
)


def unwrapped(name: str) -> str:
    """Return a name without the wrappers of training programs.

    The moving average's names have lost their dots, so there the wrappers are infixes; no official
    name of the UNet contains one of those words.
    """
    name = ".".join(part for part in name.split(".") if part not in _WRAPPERS)
    return re.sub("|".join(_WRAPPERS), "", name) if name.startswith("model_ema.") else name


def unwrap_all(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors under names without wrappers.

    Raises:
        CheckpointError: Two names become one.
    """
    clean: dict[str, Tensor] = {}
    doubled = []
    for name, tensor in tensors.items():
        if unwrapped(name) in clean:
            doubled.append(name)
        clean[unwrapped(name)] = tensor
    if doubled:
        raise CheckpointError(
            f"there twice, with and without a wrapper's name: {', '.join(doubled)}",
            hint="Take the file as its training program wrote it.",
        )
    return clean


def prefixed(prefix: str) -> Namer:
    """Return the naming of a part that has a prefix in the file."""
    return lambda name: prefix + name


def averaged(name: str) -> str:
    """Return the UNet parameter's name in the exponential moving average: without dots."""
    return AVERAGE + name.replace(".", "")


def ignorable(name: str) -> bool:
    """Whether no output depends on a tensor of that name, which no part of ours has."""
    if _TRAINING.search(name):
        return True
    for prefix in CONDITIONERS:
        name = name.removeprefix(prefix)
    return bool(_CLMP_UNUSED.search(name))
