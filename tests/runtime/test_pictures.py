"""Pictures: every kind that people have, and those that are meant to hurt."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from descant.runtime import RequestError
from descant.runtime.pictures import SIDE, read_picture
from tests.runtime.picture_files import HOSTILE, png_of, saved, scene


def read(content: bytes) -> NDArray[np.uint8]:
    """Read a picture of these bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        path.write_bytes(content)
        return read_picture(path).pixels


def looks_like_scene(pixels: NDArray[np.uint8]) -> bool:
    """Whether the three colours are in their places."""
    assert pixels.dtype == np.uint8
    height, width = pixels.shape[:2]
    right, below, corner = (
        pixels[height // 8, width // 2], pixels[-height // 8, width // 2], pixels[2, 2]
    )  # fmt: skip
    return bool(right.argmax() == 0 and below.argmax() == 2 and corner.argmax() == 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM"])
def test_every_format(kind: str) -> None:
    pixels = read(saved(Image.fromarray(scene()), kind))
    assert pixels.shape == (60, 100, 3)
    assert looks_like_scene(pixels)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGBA", "PNG"), ("P", "PNG"), ("P", "GIF"), ("CMYK", "JPEG"), ("CMYK", "TIFF"),
     ("YCbCr", "TIFF")],
)  # fmt: skip
def test_every_mode(mode: str, kind: str) -> None:
    assert looks_like_scene(read(saved(Image.fromarray(scene()).convert(mode), kind)))


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("L", "JPEG")]
)
def test_grey(mode: str, kind: str) -> None:
    grey = np.zeros((60, 100), np.uint8)
    grey[:30] = 255
    pixels = read(saved(Image.fromarray(grey).convert(mode), kind))
    assert pixels.shape == (60, 100, 3)
    assert pixels[5].min() > 240
    assert pixels[-5].max() < 15


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits(kind: str) -> None:
    deep = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, 0)
    pixels = read(saved(Image.fromarray(deep), kind))
    np.testing.assert_allclose(pixels[0, :, 0], np.arange(256), atol=1)


def test_float_grey_with_holes() -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32)[None].repeat(64, 0)
    values[0, :2] = (np.nan, np.inf)
    pixels = read(saved(Image.fromarray(values), "TIFF"))
    np.testing.assert_allclose(pixels[9, :, 1], np.linspace(0, 255, 64), atol=1)


def test_what_is_transparent_is_paper() -> None:
    image = Image.fromarray(np.zeros((20, 20, 4), np.uint8))
    assert read(saved(image, "PNG")).min() == 255
    palette = Image.new("P", (20, 20), 0)
    assert read(saved(palette, "GIF", transparency=0)).min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation(orientation: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = Image.fromarray(scene())
    if orientation in back:
        image = image.transpose(back[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = read(saved(image, "JPEG", exif=exif, quality=95))
    assert pixels.shape == (60, 100, 3)
    assert looks_like_scene(pixels)


def test_animation_gives_its_first_picture() -> None:
    others = [Image.new("RGB", (100, 60)) for _ in range(3)]
    for kind in ("GIF", "WEBP", "PNG"):
        frames = saved(Image.fromarray(scene()), kind, save_all=True, append_images=others)
        assert looks_like_scene(read(frames))


def test_colour_profiles() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert looks_like_scene(read(saved(Image.fromarray(scene()), "JPEG", icc_profile=srgb)))
    assert looks_like_scene(read(saved(Image.fromarray(scene()), "PNG", icc_profile=b"none")))


@pytest.mark.parametrize("size", [(4000, 3000), (20_000, 2), (1, 5000), (1, 1)])
def test_size(size: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        height, width, channels = read(saved(Image.new("RGB", size, (200, 10, 10)), kind)).shape
        assert channels == 3
        assert max(height, width) == min(max(size), SIDE)
        assert min(height, width) >= 1


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (9_500, 9_500), (40_000, 10), (2**31 - 1, 1), (0, 5)]
)
def test_bombs_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    content = png_of(width, height, bytes(10_000_000))
    tracemalloc.start()
    with pytest.raises(RequestError, match="picture") as refused:
        read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    assert refused.value.hint


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name: str) -> None:
    with pytest.raises(RequestError, match="picture") as refused:
        read(HOSTILE[name])
    assert refused.value.hint


@pytest.mark.parametrize("path", ["/no/such.png", ".", "https://a.example/b.png", "/dev/zero"])
def test_no_file(path: str) -> None:
    with pytest.raises(RequestError, match="picture"):
        read_picture(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(RequestError, match="pipe"):
        read_picture(tmp_path / "pipe.png")


WHOLE = {
    kind: saved(Image.fromarray(scene()), kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "TGA")
}


def read_or_refused(content: bytes) -> bool:
    """Read these bytes; whatever they are, no other error comes than a refusal."""
    try:
        pixels = read(content)
    except RequestError as error:
        return bool(error.hint)
    return pixels.ndim == 3 and max(pixels.shape) <= SIDE


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(sorted(WHOLE)), head=st.integers(0, 40), noise=st.binary(max_size=400))
def test_random_bytes_are_refused(kind: str, head: int, noise: bytes) -> None:
    assert read_or_refused(WHOLE[kind][:head] + noise)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    seed=st.integers(0, 10**6),
    count=st.integers(1, 30),
    share=st.floats(0.05, 1.0),
)
def test_a_damaged_picture_is_read_or_refused(
    kind: str, seed: int, count: int, share: float
) -> None:
    content = bytearray(WHOLE[kind][: max(int(len(WHOLE[kind]) * share), 1)])
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, len(content), count):
        content[place] = rng.integers(0, 256)
    assert read_or_refused(bytes(content))
