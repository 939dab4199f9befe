"""Image branches on disk: folders like packs, checked in the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from descant.models.inversion import inversion_table
from descant.models.sd_spec import (
    BRANCH_FORMAT,
    AdapterSpec,
    ImageBranchSpec,
    PictureSpec,
    tap_names,
)
from descant.models.spec import TensorSpec
from descant.models.strict_json import from_json
from descant.runtime.families import MOST_TRAINING_STEPS
from descant.runtime.pack import PackFiles, read_files, verified
from descant.runtime.pack_source import FolderSource, made_folder

ADAPTER = "branch_adapter"
MAX_SIDE, MAX_LAYERS = 2048, 64


class BranchPack(PackFiles[ImageBranchSpec]):
    """An open image branch."""


def open_branch(path: str | Path) -> BranchPack:
    """Open an image branch and check all of it.

    Args:
        path: Of its folder.

    Raises:
        PackNotFoundError: There is none.
        PackFormatError: The manifest breaks the format; the message holds the key's path.
        PackIntegrityError: A file has another size or hash than the manifest says.
    """
    hint = "name a folder that `descant export import sd` has written"
    folder = made_folder(path, "image branch", hint)
    return verified(read_files(FolderSource(folder), BranchPack, _spec))


def _spec(value: Any) -> ImageBranchSpec:
    if isinstance(value, dict) and value.get("family") not in (None, "image_branch"):
        raise ValueError(f"a pack of the family {value['family']!r:.40}, not an image branch")
    spec = from_json(ImageBranchSpec, value)
    check_branch(spec)
    return spec


def check_branch(spec: ImageBranchSpec) -> None:
    """Hold a branch's spec against what this version can run.

    Raises:
        ValueError: They differ; the message holds the key's path.
    """
    if spec.format != BRANCH_FORMAT:
        raise ValueError(f"spec.format: expected {BRANCH_FORMAT}, got {spec.format}")
    _check_picture(spec.picture)
    if spec.inversion.training_steps > MOST_TRAINING_STEPS:  # before a schedule is made of them
        raise ValueError(f"spec.inversion.training_steps: above {MOST_TRAINING_STEPS}")
    try:
        inversion_table(spec.inversion)
    except ValueError as error:
        raise ValueError(f"spec.inversion: {error}") from error
    for role in ("vocabulary", "merges"):
        if role not in spec.files:
            raise ValueError(f"spec.files.{role}: missing")
    for name, (inputs, outputs) in _sides(spec).items():
        if name not in spec.graphs:
            raise ValueError(f"spec.graphs.{name}: missing")
        graph = spec.graphs[name]
        for side, wanted, given in (
            ("inputs", inputs, graph.inputs), ("outputs", outputs, graph.outputs)
        ):  # fmt: skip
            if set(wanted) != set(given):
                different = ", ".join(sorted(set(wanted) ^ set(given)))
                raise ValueError(f"spec.graphs.{name}.{side}: differ from the format: {different}")
            for key, shape in wanted.items():
                _check_shape(f"spec.graphs.{name}.{side}.{key}", given[key], shape)
    if spec.adapter is not None:
        _check_adapter(spec.adapter, spec.picture)


def _check_picture(picture: PictureSpec) -> None:
    for key, value, most in (
        ("side", picture.side, MAX_SIDE), ("latent_channels", picture.latent_channels, 64),
        ("latent_side", picture.latent_side, picture.side), ("layers", picture.layers, MAX_LAYERS),
        ("text_tokens", picture.text_tokens, 1024), ("text_width", picture.text_width, 8192),
    ):  # fmt: skip
        if not 1 <= value <= most:
            raise ValueError(f"spec.picture.{key}: {value} is not in 1 … {most}")
    if picture.text_tokens < 3 or picture.pad_token < 0:
        raise ValueError("spec.picture: no room for a text, or no pad token")


Sides = dict[str, tuple[int | None, ...]]
"""Names with their sizes after the first, which is 1; None for any."""


def _sides(spec: ImageBranchSpec) -> dict[str, tuple[Sides, Sides]]:
    """Return what graphs must take and give, one picture at a time."""
    picture = spec.picture
    latents = (picture.latent_channels, picture.latent_side, picture.latent_side)
    states = (picture.text_tokens, picture.text_width)
    names = tap_names(picture.layers)
    taps: Sides = {name: (None, None, None) for pair in names for name in pair}
    sides: dict[str, tuple[Sides, Sides]] = {
        "vae_encoder": ({"picture": (3, picture.side, picture.side)}, {"latents": latents}),
        "text_encoder": ({"tokens": (picture.text_tokens,)}, {"states": states}),
        "unet_step": (
            {"latents": latents, "timesteps": (), "states": states},
            {"prediction": latents, **taps},
        ),
    }
    if spec.adapter is not None:
        heard = [name for layer in sorted(set(spec.adapter.layers)) for name in names[layer]]
        made = (len(spec.adapter.layers), spec.adapter.heads, None, spec.adapter.head_dim)
        sides[ADAPTER] = ({name: taps[name] for name in heard}, {"keys": made, "values": made})
    return sides


def _check_shape(path: str, given: TensorSpec, wanted: tuple[int | None, ...]) -> None:
    whole = (1, *wanted)
    fits = len(given.shape) == len(whole) and all(
        isinstance(size, int) if want is None else want == size
        for want, size in zip(whole, given.shape, strict=True)
    )
    if not fits:
        sizes = ", ".join("any" if size is None else str(size) for size in whole)
        raise ValueError(f"{path}.shape: expected ({sizes}), got {given.shape}")


def _check_adapter(adapter: AdapterSpec, picture: PictureSpec) -> None:
    if not adapter.layers or not all(0 <= layer < picture.layers for layer in adapter.layers):
        raise ValueError(f"spec.adapter.layers: {adapter.layers} are not of {picture.layers}")
    if len(adapter.explained) != len(adapter.layers):
        raise ValueError("spec.adapter.explained: not one number for each layer")
