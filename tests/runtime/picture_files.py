"""Picture files that tests hand in: sound ones and damaged ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def scene() -> NDArray[np.uint8]:
    """(60, 100, 3) red above blue, with a green corner on the left above."""
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[:30] = (200, 30, 30)
    pixels[30:] = (30, 30, 200)
    pixels[:10, :10] = (20, 220, 20)
    return pixels


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode a picture."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a grey PNG whose header promises a size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        sealed = name + body
        return struct.pack(">I", len(body)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    )  # fmt: skip


HOSTILE: dict[str, bytes] = {
    "zero bytes": b"",
    "text": b"This is no picture.\n" * 50,
    "signature only": b"\x89PNG\r\n\x1a\n",
    "truncated jpeg": saved(Image.fromarray(scene()).resize((640, 480)), "JPEG")[:3000],
    "truncated png": saved(Image.fromarray(scene()), "PNG")[:120],
    "truncated gif": saved(Image.fromarray(scene()), "GIF")[:60],
    "missing rows": png_of(100, 100, b"\0"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n",
}
