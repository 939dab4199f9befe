"""From the drawn canvas to the picture: camera, glow, fog, texture, grading and wear."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.noise import smooth_noise
from descant.models.synthset.pictures.style import (
    Pixels,
    apply_style,
    luminance,
    to_image,
    to_pixels,
)

OVERSAMPLING = 2
_CLEAN = ("poster", "woodcut", "pixel")
"""Styles that carry no grain and no blur."""


def finish(c: Canvas) -> Image.Image:
    """Return the picture at its final size."""
    flat = c.scene.abstractness >= 1.0
    pixels = to_pixels(_camera(c).reduce(OVERSAMPLING))
    if not flat:
        pixels = _expose(_texture(_fog(pixels, c), c), c)
        pixels = apply_style(pixels, c)
    return to_image(_wear(_grade(pixels, c), c))


def _camera(c: Canvas) -> Image.Image:
    """Add the glow of lights, then hold the camera: straight, or tilted and nearer."""
    lit = c.glow.filter(ImageFilter.GaussianBlur(c.glow.height * 0.028))
    halo = lit.resize(c.image.size, Image.Resampling.BILINEAR)
    image = np.asarray(c.image, dtype=np.uint16)
    added = 255 - ((255 - image) * (255 - np.asarray(halo, dtype=np.uint16))) // 255
    view = Image.fromarray(added.astype(np.uint8))
    if c.rng.random() > 0.3 or c.scene.style in _CLEAN:
        return view
    angle = math.radians(c.rng.gauss(0.0, 2.0 + 4.0 * c.scene.energy))
    angle = max(-0.13, min(0.13, angle))
    zoom = 1.0 / (1.0 + 1.4 * abs(math.sin(angle)) * c.aspect + c.rng.uniform(0.0, 0.12))
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    mx, my = view.width / 2, view.height / 2
    matrix = (cos, sin, mx - cos * mx - sin * my, -sin, cos, my + sin * mx - cos * my)
    return view.transform(view.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


def _fog(pixels: Pixels, c: Canvas) -> Pixels:
    if c.air.weather != "fog":
        return pixels
    height, width = pixels.shape[:2]
    rows = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    near = np.exp(-(((rows - c.horizon) / 0.32) ** 2))
    drift = 1.0 + 0.6 * smooth_noise(c.rng.randrange(2**31), (height, width), 3, 2)
    share = np.clip(0.5 * near * drift, 0.0, 0.85)[..., None]
    mist = np.asarray(c.air.mist, dtype=np.float32)
    fogged: Pixels = pixels + (mist - pixels) * share
    return fogged.astype(np.float32)


def _texture(pixels: Pixels, c: Canvas) -> Pixels:
    """Give surfaces some tooth, more of it towards the eye."""
    height, width = pixels.shape[:2]
    seed = c.rng.randrange(2**31)
    rows = np.linspace(-c.horizon, 1.0 - c.horizon, height, dtype=np.float32)[:, None]
    amount = 0.02 + 0.08 * np.clip(rows * 1.6, 0.0, 1.0)
    tooth = smooth_noise(seed, (height, width), 30, 2)
    rough: Pixels = pixels * (1.0 + amount * tooth)[..., None]
    return rough


def _grade(pixels: Pixels, c: Canvas) -> Pixels:
    """Pull the picture towards its palette, and set saturation, contrast and exposure."""
    p, scene = c.palette, c.scene
    flat = scene.abstractness >= 1.0
    level = luminance(pixels)[..., None]
    full = 1.0 if flat else p.fullness * (1.0 + 0.4 * (scene.energy - 0.4))
    pixels = level + (pixels - level) * np.float32(full)
    if not flat:
        stops = np.asarray((p.shadow, p.middle, p.light), dtype=np.float32)
        at = np.clip(level[..., 0], 0.0, 255.0)
        ramp = np.stack([np.interp(at, (0.0, 118.0, 255.0), stops[:, k]) for k in range(3)], -1)
        pixels = pixels + (ramp.astype(np.float32) - pixels) * np.float32(p.strength)
    unit = np.clip(pixels / 255.0, 0.0, 1.0)
    unit = unit ** np.float32(2.0 ** (-0.45 * scene.light))
    contrast = np.float32(0.06 + 0.48 * scene.energy)
    curve = unit * unit * (3.0 - 2.0 * unit)
    graded: Pixels = (unit + (curve - unit) * contrast) * 255.0
    return graded.astype(np.float32)


def _expose(pixels: Pixels, c: Canvas) -> Pixels:
    """Open the lens as a camera would: the lights of a dark scene become visible."""
    bright = float(np.percentile(luminance(pixels), 97.0))
    target = 155.0 if c.air.dark else 210.0
    gain = max(0.8, min(2.4, (target / max(bright, 12.0)) ** 0.7))
    exposed: Pixels = np.clip(pixels * np.float32(gain), 0.0, 255.0)
    return exposed


def _wear(pixels: Pixels, c: Canvas) -> Pixels:
    """Soften a still scene, and now and then add blur, vignette, exposure and grain."""
    rng, style = c.rng, c.scene.style
    height, width = pixels.shape[:2]
    if style in _CLEAN:
        return pixels
    dream = 1.4 * max(0.0, 0.35 - c.scene.energy)
    if dream > 0.0:
        veil = to_pixels(to_image(pixels).filter(ImageFilter.GaussianBlur(height * 0.014)))
        pixels = pixels + (veil - pixels) * np.float32(dream)
    if rng.random() < 0.2:
        soft = to_image(pixels).filter(ImageFilter.GaussianBlur(height * rng.uniform(0.002, 0.006)))
        pixels = to_pixels(soft)
    if rng.random() < 0.45 or style in ("noir", "sepia"):
        y, x = np.mgrid[-1.0 : 1.0 : height * 1j, -1.0 : 1.0 : width * 1j].astype(np.float32)
        fall = rng.uniform(0.12, 0.35) + 0.15 * (style in ("noir", "sepia"))
        pixels = pixels * (1.0 - np.float32(fall) * (x * x + y * y) * 0.5)[..., None]
    if rng.random() < 0.3:
        pixels = pixels * np.float32(2.0 ** rng.gauss(0.0, 0.2))
    if rng.random() < 0.5 or style in ("noir", "grit"):
        grain = np.random.default_rng(rng.randrange(2**31)).standard_normal((height, width, 1))
        pixels = pixels + grain.astype(np.float32) * np.float32(rng.uniform(2.0, 9.0))
    return pixels
