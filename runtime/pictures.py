"""Pixels of an untrusted picture file."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import RequestError
from descant.runtime.input_file import digest, open_input

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 1 << 29
MAX_SIDE, MAX_PIXELS = 32_768, 80_000_000
"""Of a picture as it lies in the file, looked at before anything is decoded."""
SIDE = 1024
"""Larger pictures are made smaller."""
HINT = "choose a JPEG, PNG, WebP, GIF, TIFF or BMP file"
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "TGA", "AVIF")
"""That are decoded in the process; others call programs, or are rare and old."""
_DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    RuntimeError, EOFError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's decoders raise on files that lie about themselves."""
_PAPER = (255, 255, 255, 255)
"""Behind what is transparent."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture, upright and in sRGB."""

    name: str
    """Of the file, without its folder."""
    sha256: str
    """Of the file's bytes."""
    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB, neither side longer than ``SIDE``."""


def read_picture(path: str | Path) -> Picture:
    """Read a picture of any common kind; of an animation, the first.

    Raises:
        RequestError: It is missing, no picture, damaged, or too large to be one.
    """
    from PIL import Image, UnidentifiedImageError

    name = f"picture {Path(path).name!r:.200}"
    with open_input(path, "picture", HINT, MAX_BYTES) as stream:
        sha256 = digest(stream)
        Image.init()
        formats = [kind for kind in _FORMATS if kind in Image.OPEN]
        try:
            with (
                warnings.catch_warnings(action="ignore"),  # about what is refused or mended here
                Image.open(stream, formats=formats) as image,
            ):
                _check_size(name, *image.size)
                pixels = _pixels(image)
        except Image.DecompressionBombError as error:
            raise RequestError(
                f"{name} is too large: {error}", hint=f"make it smaller than {SIDE} a side"
            ) from error
        except _DAMAGE as error:
            if isinstance(error, RequestError):
                raise
            unknown = isinstance(error, UnidentifiedImageError)
            reason = "is no picture" if unknown else f"is damaged: {str(error)[:100]}"
            raise RequestError(f"{name} {reason}", hint=HINT) from error
    return Picture(Path(path).name, sha256, pixels)


def _check_size(name: str, width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise RequestError(
            f"{name} has {width} x {height} pixels, the limit is {MAX_SIDE} a side "
            f"and {MAX_PIXELS} in all",
            hint="make it smaller: more than a thousand a side are not looked at",
        )


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Decode, turn upright, bring to sRGB and to size."""
    from PIL import Image, ImageOps

    image.draft(None, (SIDE, SIDE))  # lets a JPEG be decoded at a fraction of its size
    image.load()
    upright = ImageOps.exif_transpose(image)
    plain = _in_srgb(_in_bytes(upright), image.info.get("icc_profile"))
    plain.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.array(plain, np.uint8)


def _in_bytes(image: Image.Image) -> Image.Image:
    """Bring 16-bit and float grey to eight bits; all else is in bytes already."""
    from PIL import Image

    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image).astype(np.float64)
    if image.mode == "F":
        values = np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=0.0)
        top = max(float(values.max()), 1.0)  # of 0 … 1, or of what is brightest
    else:
        top = 65535.0
    return Image.fromarray(np.clip(np.round(values / top * 255.0), 0, 255).astype(np.uint8))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Lay a picture on paper where it is transparent, and follow its colour profile."""
    from PIL import Image, ImageCms

    if image.mode in ("LA", "PA", "La", "RGBa", "RGBA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        paper = Image.new("RGBA", whole.size, _PAPER)
        image = Image.alpha_composite(paper, whole).convert("RGB")
    if image.mode == "P":
        image = image.convert("RGB")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            moved = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
            moved = None  # a profile of other colours, or a damaged one: without it then
        if moved is not None:
            return moved
    return image.convert("RGB")
