"""Refuse a tensor of the wrong shape before a network meets it."""

from __future__ import annotations

from torch import Tensor


class ShapeError(ValueError):
    """A tensor given to a network has the wrong shape; names it, both shapes and what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def check_shape(name: str, value: Tensor, *sizes: int | str, hint: str = "") -> None:
    """Compare a tensor's shape with what the network takes.

    Args:
        name: Of the tensor, for the message.
        value: The tensor.
        sizes: Per axis a number, or a name for any positive size, or a multiple such as ``"8*F"``.
        hint: What to do about it.

    Raises:
        ShapeError: An axis is missing, too many or of a wrong size.
    """
    fits = value.dim() == len(sizes) and all(
        _fits(got, size) for got, size in zip(value.shape, sizes, strict=True)
    )
    if not fits:
        wanted = ", ".join(map(str, sizes))
        got = ", ".join(map(str, value.shape))
        raise ShapeError(f"{name}: expected ({wanted}), got ({got})", hint=hint)


def _fits(got: int, size: int | str) -> bool:
    if not isinstance(size, str):  # a number, which is symbolic while a graph is traced
        return got == size
    factor = int(size.split("*")[0]) if "*" in size else 1
    return got > 0 and got % factor == 0
