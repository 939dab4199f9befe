"""How long the views of a take paint: ``python -m tests.bench_views [--seconds 60]``."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from descant.desktop.pyramid import Pyramid
from descant.desktop.spectrum import mel_levels
from descant.desktop.theme import apply_theme
from descant.desktop.widgets.piano_roll import PianoRoll
from descant.desktop.widgets.spectrogram import SpectrogramView
from descant.desktop.widgets.time_plot import TimePlot
from descant.desktop.widgets.waveform import WaveformView
from descant.runtime import Note

RATE = 44_100
WIDTH, HEIGHT = 1100, 160


def milliseconds(work: Callable[[int], object], count: int) -> float:
    """Return the median time of a call."""
    times = []
    for i in range(count):
        begin = time.perf_counter()
        work(i)
        times.append(time.perf_counter() - begin)
    return float(np.median(times)) * 1e3


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the clip")
    seconds = parser.parse_args().seconds
    app = QApplication([])
    apply_theme(app, "light")
    noise = np.random.default_rng(1).normal(0, 0.2, (1, round(seconds * RATE)))
    samples = noise.astype(np.float32)
    print(f"clip of {seconds:g} s, views of {WIDTH} x {HEIGHT} pixels, median times")
    print(f"pyramid      {milliseconds(lambda _: Pyramid(samples), 3):8.1f} ms, once")
    print(f"spectrogram  {milliseconds(lambda _: mel_levels(samples, RATE), 3):8.1f} ms, once")
    wave, spectrogram, roll = WaveformView(), SpectrogramView(), PianoRoll()
    wave.set_samples(samples, RATE)
    spectrogram.set_samples(samples, RATE)
    while not spectrogram.ready:
        app.processEvents()
    roll.view.set_clip(seconds, 120.0, 4)
    roll.set_notes([Note(i / 2, 0.5, 60 + i % 12) for i in range(int(seconds * 4))], 120.0)
    views: dict[str, TimePlot] = {"waveform": wave, "spectrogram": spectrogram, "roll": roll}
    for name, view in views.items():
        view.resize(WIDTH, HEIGHT if view is not roll else 2 * HEIGHT)
        view.show()
        app.processEvents()

        def play(i: int, view: TimePlot = view) -> None:
            view.set_position(i * 0.016)
            view.repaint()

        def zoom(i: int, view: TimePlot = view) -> None:
            view.view.show_span(i * 0.01, i * 0.01 + seconds / 2)
            view.repaint()

        frame, anew = milliseconds(play, 500), milliseconds(zoom, 50)
        print(f"{name:12} {frame:8.2f} ms a frame while playing, {anew:6.2f} ms after a zoom")


if __name__ == "__main__":
    main()
