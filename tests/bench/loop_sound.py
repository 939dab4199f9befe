"""What is measured at a loop's joint beside the score, and its picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

FloatArray = NDArray[np.float32]

ORDER, HEARD, AFTER = 32, 2048, 64
"""Of the linear prediction: coefficients, samples they are fitted to, samples they foretell."""
WINDOW, STEP, AROUND = 1024, 128, 0.6
"""Of the pictures: samples of a window, samples between windows, seconds to either side."""


def clicks(ring: FloatArray, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """(P,) largest error of a linear prediction just after each place, over what it mostly errs.

    A wave that jumps can't be foretold from what came before it: the classic test for a click.
    """
    found = []
    for place in places.tolist():
        part = ring[(place - HEARD + np.arange(HEARD + AFTER)) % len(ring)].astype(np.float64)
        power = np.abs(np.fft.rfft(part[:HEARD], 4 * HEARD)) ** 2
        lags = np.fft.irfft(power)[: ORDER + 1]
        lags[0] = lags[0] * (1 + 1e-5) + 1e-9
        order = np.arange(ORDER)
        taps = np.linalg.solve(lags[np.abs(order[:, None] - order)], lags[1:])
        past = np.lib.stride_tricks.sliding_window_view(part, ORDER)[:-1, ::-1]
        error = np.abs(part[ORDER:] - past @ taps)
        found.append(error[-AFTER:].max() / max(float(np.sqrt((error[:-AFTER] ** 2).mean())), 1e-9))
    return np.array(found)


def draw_joints(ways: Iterable[FloatArray], sample_rate: int, path: Path) -> None:
    """Draw spectrograms around the joint, one loop under the other; the joint is in the middle."""
    rows = [_picture(ring, sample_rate) for ring in ways]
    sheet = Image.fromarray(np.concatenate(rows))
    pen, middle = ImageDraw.Draw(sheet), sheet.width // 2
    for top in range(0, sheet.height, rows[0].shape[0]):
        pen.line((0, top, sheet.width, top), fill=255)
        for y in (top, top + rows[0].shape[0] - 8):
            pen.line((middle, y, middle, y + 7), fill=255)
    sheet.save(path)


def _picture(ring: FloatArray, sample_rate: int) -> NDArray[np.uint8]:
    count = round(AROUND * sample_rate / STEP)
    starts = np.arange(-count, count) * STEP - WINDOW // 2
    windows = ring[(starts[:, None] + np.arange(WINDOW)) % len(ring)]
    power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW))) ** 2 / (WINDOW / 4) ** 2
    decibels = 10 * np.log10(power[:, : WINDOW // 4] + 1e-9).T[::-1]
    return (np.clip((decibels + 85) / 75, 0, 1) * 255).astype(np.uint8)
