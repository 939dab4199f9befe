"""Tensors of a PyTorch checkpoint, mapped from the file: nothing is copied until it is used.

A checkpoint is a zip with a pickle in it. The pickle is read by ``torch.load(weights_only=True)``,
which builds tensors and plain containers and refuses every other name without importing it.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from descant.export.checkpoints.errors import (
    REPLACE,
    UnknownCheckpointError,
    UnreadableCheckpointError,
    UnsafeCheckpointError,
)

WEIGHT_KEYS = ("state_dict", "generator")
"""Where training programs put the weights: PyTorch Lightning and CLAP; HiFi-GAN."""
_ZIP = b"PK\x03\x04"
_OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # the magic number, pickled
_LFS = b"version https://git-lfs"
_DAMAGE = (
    RuntimeError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError,
    EOFError, struct.error, OverflowError, MemoryError, OSError,
)  # fmt: skip
"""What the unpickler and the tensors' constructors raise on bytes that nobody wrote."""


class _Inert:
    """Stands for a NumPy number of an optimizer's state; takes everything and does nothing."""

    def __init__(self, *ignored: object) -> None:
        """Forget the arguments."""

    def __setstate__(self, ignored: object) -> None:
        """Forget the state."""


# MG2's CLMP file pickles a learning rate as a NumPy scalar. The names lead to the stand-in, so no
# constructor of NumPy runs.
_NUMBERS: list[Any] = [
    (_Inert, "numpy.core.multiarray.scalar"),
    (_Inert, "numpy._core.multiarray.scalar"),
    (_Inert, "numpy.dtype"),
]


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the weights of a PyTorch zip checkpoint under the names that it gives them.

    Args:
        path: Of a file written by ``torch.save`` of PyTorch 1.6 or later.

    Returns:
        Tensors on the CPU that are private views of the file; writing to them changes no file.

    Raises:
        UnreadableCheckpointError: There is no such file, or it is no whole checkpoint.
        UnsafeCheckpointError: It names something else than tensors and plain values.
        UnknownCheckpointError: It holds no tensors.
    """
    _check_container(path)
    try:
        with torch.serialization.safe_globals(_NUMBERS):
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as exc:
        raise UnsafeCheckpointError(
            f"{path}: refused, nothing was executed: {_first_sentence(exc)}",
            hint="Weights need no code. If you trust where it comes from, save its tensors alone.",
        ) from exc
    except _DAMAGE as exc:
        message = f"{path}: damaged: {type(exc).__name__}: {_first_sentence(exc)}"
        raise UnreadableCheckpointError(message, hint=REPLACE) from exc
    return _weights(path, content)


def _check_container(path: Path) -> None:
    """Refuse what is no zip with a pickle and plainly stored tensors in it."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError as exc:
        message = f"{path}: {exc.strerror or exc}"
        raise UnreadableCheckpointError(message, hint="Check the path.") from exc
    if head.startswith(_OLD_TORCH):
        raise UnreadableCheckpointError(
            f"{path}: saved in the format before PyTorch 1.6",
            hint="Save it again: torch.save(torch.load(old, weights_only=True), new).",
        )
    if head.startswith(_LFS):
        raise UnreadableCheckpointError(
            f"{path}: a Git LFS pointer, not the file itself", hint="Run `git lfs pull`."
        )
    if not head.startswith(_ZIP):
        raise UnreadableCheckpointError(f"{path}: no PyTorch checkpoint", hint=REPLACE)
    _check_records(path)


def _check_records(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            records = archive.infolist()
    except (zipfile.BadZipFile, *_DAMAGE) as exc:
        # The table of contents is at the end.
        raise UnreadableCheckpointError(f"{path}: cut off or damaged", hint=REPLACE) from exc
    names = {record.filename.rpartition("/")[2] for record in records}
    if "data.pkl" not in names or "constants.pkl" in names:
        raise UnreadableCheckpointError(
            f"{path}: a zip file, but no checkpoint", hint="Give the file with the weights."
        )
    if any(record.compress_type != zipfile.ZIP_STORED for record in records):
        raise UnreadableCheckpointError(
            f"{path}: its tensors are compressed and can't be mapped",
            hint="Take the file as it was published; another program has packed it again.",
        )


def _weights(path: Path, content: object) -> dict[str, Tensor]:
    """Find the weights in what was saved: under one of the usual keys, or the whole."""
    holders = [content.get(key) for key in WEIGHT_KEYS] if isinstance(content, Mapping) else []
    for holder in (*holders, content):
        if isinstance(holder, Mapping):
            found = {
                name: value.detach()
                for name, value in holder.items()
                if isinstance(name, str) and isinstance(value, Tensor)
            }
            if found:
                return found
    raise UnknownCheckpointError(
        f"{path}: holds no named tensors", hint="Give the file with the model's weights."
    )


def _first_sentence(exc: BaseException) -> str:
    """Return what is wrong without the advice to switch the safety off."""
    lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith("WeightsUnpickler error:")), "")
    return (told.removeprefix("WeightsUnpickler error:") or (lines or ["no detail"])[0]).strip()
