"""Hands and media: what a style makes of a drawn view. Arrays are (H, W, 3) float32, 0 … 255."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from descant.models.synthset.pictures.canvas import Canvas, ink
from descant.models.synthset.pictures.colour import mix, times
from descant.models.synthset.pictures.noise import smooth_noise

Pixels = NDArray[np.float32]


def to_image(pixels: Pixels) -> Image.Image:
    """Return an RGB image."""
    return Image.fromarray(np.clip(pixels, 0.0, 255.0).astype(np.uint8))


def to_pixels(image: Image.Image) -> Pixels:
    """Return (H, W, 3) float32."""
    return np.asarray(image, dtype=np.float32)


def luminance(pixels: Pixels) -> Pixels:
    """Return (H, W)."""
    return pixels @ np.array((0.299, 0.587, 0.114), dtype=np.float32)


def edges(grey: Pixels) -> Pixels:
    """Return (H, W) steepness of (H, W)."""
    down, right = np.gradient(grey)
    steep: Pixels = np.sqrt(down**2 + right**2)
    return steep


def _plain(pixels: Pixels, c: Canvas) -> Pixels:
    return pixels


def _watercolour(pixels: Pixels, c: Canvas) -> Pixels:
    shape = pixels.shape[:2]
    seed = c.rng.randrange(2**31)
    soft = to_pixels(to_image(pixels).filter(ImageFilter.MedianFilter(5)))
    outline = np.clip(edges(luminance(soft)) / 40.0, 0.0, 1.0)[..., None]
    pale = 255.0 - (255.0 - soft) * 0.78
    wash = 1.0 + 0.1 * smooth_noise(seed, shape, 5, 2)[..., None]
    grain = 1.0 + 0.035 * smooth_noise(seed + 1, shape, 60)[..., None]
    painted = pale * wash * grain * (1.0 - 0.3 * outline)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    margin = np.minimum.reduce([x, y, shape[1] - 1 - x, shape[0] - 1 - y]) / shape[0]
    ragged = margin + 0.03 * smooth_noise(seed + 2, shape, 9, 2)
    paper = np.clip((0.02 - ragged) * 40.0, 0.0, 1.0)[..., None]
    mixed: Pixels = painted * (1.0 - paper) + np.array((250, 247, 238), dtype=np.float32) * paper
    return mixed


def _oil(pixels: Pixels, c: Canvas) -> Pixels:
    image = to_image(pixels)
    height, width = pixels.shape[:2]
    scale = 2
    canvas = image.resize((width * scale, height * scale), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(canvas)
    source = image.load()
    assert source is not None
    swirl = smooth_noise(c.rng.randrange(2**31), (height, width), 3) * 2.4
    step = max(2, height // 60)
    for y in range(0, height, step):
        for x in range(0, width, step):
            px = min(width - 1, max(0, x + c.rng.randrange(-step, step + 1)))
            py = min(height - 1, max(0, y + c.rng.randrange(-step, step + 1)))
            angle = float(swirl[py, px])
            dx, dy = math.cos(angle) * step * 1.5, math.sin(angle) * step * 1.5
            red, green, blue = source[px, py]  # type: ignore[misc]
            lift = c.rng.randrange(-10, 11)
            line = ((px - dx) * scale, (py - dy) * scale, (px + dx) * scale, (py + dy) * scale)
            pen.line(line, fill=(red + lift, green + lift, blue + lift), width=step + 1)
    return to_pixels(canvas.reduce(scale))


def _poster(pixels: Pixels, c: Canvas) -> Pixels:
    flat = to_image(pixels).filter(ImageFilter.MedianFilter(3)).quantize(8)
    return to_pixels(flat.convert("RGB")) * np.float32(1.12) - np.float32(8.0)


def _woodcut(pixels: Pixels, c: Canvas) -> Pixels:
    grey = luminance(pixels) / 255.0
    low, high = np.percentile(grey, (4, 96))
    grey = np.clip((grey - low) / max(high - low, 0.05), 0.0, 1.0)
    height, width = grey.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(height)
    bend = smooth_noise(c.rng.randrange(2**31), grey.shape, 3) * 0.03
    hatch = 0.5 + 0.5 * np.sin((y + bend + 0.25 * x) * 2 * math.pi * 32)
    white = 1.0 / (1.0 + np.exp(-(grey - 0.26 - 0.4 * hatch) * 13.0))
    dark = np.asarray(times(c.palette.shadow, 0.7), dtype=np.float32)
    paper = np.asarray(mix(c.palette.light, (244, 234, 210), 0.5), dtype=np.float32)
    printed: Pixels = dark + (paper - dark) * white[..., None].astype(np.float32)
    return printed * np.float32(0.85) + pixels * np.float32(0.15)


def _noir(pixels: Pixels, c: Canvas) -> Pixels:
    grey = luminance(pixels)
    low, high = np.percentile(grey, (2, 98))
    hard = np.clip((grey - low) / max(high - low, 20.0), 0.0, 1.0)
    hard = hard * hard * (3.0 - 2.0 * hard) * 235.0
    noir: Pixels = hard[..., None] * 0.88 + pixels * 0.12
    return noir.astype(np.float32)


def _pixel(pixels: Pixels, c: Canvas) -> Pixels:
    height, width = pixels.shape[:2]
    rows = c.rng.choice((32, 40, 48))
    small = to_image(pixels).resize(
        (max(1, round(rows * width / height)), rows), Image.Resampling.BOX
    )
    coded = small.quantize(c.rng.choice((12, 16, 24))).convert("RGB")
    return to_pixels(coded.resize((width, height), Image.Resampling.NEAREST))


def _glow(pixels: Pixels, c: Canvas) -> Pixels:
    steep = np.clip(edges(luminance(pixels)) / 36.0, 0.0, 1.0)
    halo = to_pixels(
        to_image(np.repeat(steep[..., None] * 255.0, 3, -1)).filter(ImageFilter.GaussianBlur(2))
    )
    height = pixels.shape[0]
    share = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    first, second = (np.asarray(c.accent(k), dtype=np.float32) for k in (0, 1))
    light = first * (1.0 - share) + second * share
    lit: Pixels = pixels * 0.42 + light * (0.75 * steep[..., None] + 0.7 * halo / 255.0)
    return lit.astype(np.float32)


def _pastel(pixels: Pixels, c: Canvas) -> Pixels:
    soft = to_pixels(to_image(pixels).filter(ImageFilter.GaussianBlur(1.2)))
    grain = smooth_noise(c.rng.randrange(2**31), pixels.shape[:2], 50, 2)[..., None]
    chalk: Pixels = (pixels * 0.5 + soft * 0.5) * 0.76 + 54.0 + 6.0 * grain
    return chalk


def _grit(pixels: Pixels, c: Canvas) -> Pixels:
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) * np.float32(2 * math.pi * 44 / height)
    dots = np.sin(x * 0.8 + y * 0.6) * np.sin(y * 0.8 - x * 0.6)
    hard = (pixels - 105.0) * 1.3 + 112.0
    dirt = smooth_noise(c.rng.randrange(2**31), (height, width), 24, 3)
    gritty: Pixels = (
        hard + 24.0 * dots[..., None] - 46.0 * np.clip(dirt - 0.45, 0.0, 1.0)[..., None]
    )
    return gritty.astype(np.float32)


def _sepia(pixels: Pixels, c: Canvas) -> Pixels:
    grey = luminance(pixels)[..., None]
    brown = grey * np.array((1.06, 0.9, 0.66), dtype=np.float32) + np.array(
        (20, 12, 4), dtype=np.float32
    )
    aged: Pixels = brown * 0.88 + pixels * 0.12
    image = to_image(aged)
    pen = ImageDraw.Draw(image, "RGBA")
    for _ in range(12):
        x, y = c.rng.uniform(0, image.width), c.rng.uniform(0, image.height)
        pen.line(
            (x, y, x + c.rng.uniform(-3, 3), y + c.rng.uniform(2, 16)),
            fill=ink((250, 240, 214), 0.35),
        )
    return to_pixels(image)


STYLES: dict[str, Callable[[Pixels, Canvas], Pixels]] = {
    "watercolour": _watercolour,
    "oil": _oil,
    "poster": _poster,
    "woodcut": _woodcut,
    "noir": _noir,
    "pixel": _pixel,
    "glow": _glow,
    "pastel": _pastel,
    "grit": _grit,
    "sepia": _sepia,
}


def apply_style(pixels: Pixels, c: Canvas) -> Pixels:
    """Render the view in the scene's style; photographs and abstract art stay as they are."""
    return STYLES.get(c.scene.style, _plain)(pixels, c)
