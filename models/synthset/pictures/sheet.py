"""A contact sheet: many pictures on one page, to look at."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

_GAP = 4


def contact_sheet(pictures: Sequence[Image.Image], columns: int, cell: int = 160) -> Image.Image:
    """Return a page of pictures, each fitted into a square cell.

    Args:
        pictures: At least one.
        columns: Pictures side by side.
        cell: Side of a cell in pixels.
    """
    rows = -(-len(pictures) // columns)
    pitch = cell + _GAP
    page = Image.new("RGB", (columns * pitch + _GAP, rows * pitch + _GAP), (24, 24, 26))
    for place, picture in enumerate(pictures):
        small = picture.copy()
        small.thumbnail((cell, cell), Image.Resampling.LANCZOS)
        row, column = divmod(place, columns)
        corner = (
            _GAP + column * pitch + (cell - small.width) // 2,
            _GAP + row * pitch + (cell - small.height) // 2,
        )
        page.paste(small, corner)
    return page
