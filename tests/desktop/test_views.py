"""Waveform and spectrogram: what they show, and what mouse and keys do."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from descant.desktop.colour_map import heat_map, oklab
from descant.desktop.pyramid import Pyramid
from descant.desktop.spectrum import mel_levels, mel_row, visible
from descant.desktop.theme import DARK, LIGHT, Tokens, tokens
from descant.desktop.time_view import TimeView, clock_text
from descant.desktop.widgets.spectrogram import SpectrogramView
from descant.desktop.widgets.time_ruler import TimeRuler
from descant.desktop.widgets.waveform import WaveformView

RATE = 44_100
LEFT = Qt.MouseButton.LeftButton


def tone(seconds: float = 4.0, hertz: float = 440.0) -> NDArray[np.float32]:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * hertz * time))[None].astype(np.float32)


@pytest.fixture
def wave(qtbot: QtBot, styled: QApplication) -> WaveformView:
    made = WaveformView()
    qtbot.addWidget(made)
    made.resize(864, 120)  # 800 columns of time
    made.set_samples(tone(), RATE)
    made.show()
    return made


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70_000), st.floats(0, 1), st.floats(0.001, 1), st.integers(1, 300))
def test_columns_hold_every_sample_and_no_more(
    size: int, begin: float, share: float, count: int
) -> None:
    samples = np.random.default_rng(size).uniform(-1, 1, (2, size)).astype(np.float32)
    start = begin * (1 - share) * size
    end = start + share * size
    low, high, power = Pyramid(samples).columns(start, end, count)
    inside = samples[:, int(np.ceil(start)) : int(end)]
    assert np.isfinite([low, high, power]).all()
    assert (low <= high).all()
    if (end - start) / count >= 2 and inside.size:
        assert low.min() <= inside.min() + 1e-6
        assert high.max() >= inside.max() - 1e-6
    reach = max(2.0, (end - start) / count)
    near = samples[:, max(int(start - reach), 0) : int(end + reach) + 130]
    assert low.min() >= min(near.min(), 0) - 1e-6
    assert high.max() <= max(near.max(), 0) + 1e-6


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_get_lighter_or_darker_in_even_steps(t: Tokens) -> None:
    lightness = oklab(heat_map(t.surface, t.dark))[:, 0]
    line = np.linspace(lightness[0], lightness[-1], len(lightness))
    assert np.abs(lightness - line).max() < 0.006  # eight bits per colour round by so much
    assert abs(lightness[-1] - lightness[0]) > 0.7
    assert QColor(*heat_map(t.surface, t.dark)[0].tolist()).name() == t.surface


def test_the_spectrogram_shows_the_pitch_and_when_it_sounds() -> None:
    samples = np.concatenate([np.zeros((1, RATE), np.float32), tone(1.0, 1000.0)], axis=1)
    levels = mel_levels(samples, RATE)
    frames = RATE // 512
    assert levels.shape == (128, 2 * RATE // 512)
    assert levels[:, : frames - 3].max() == 0
    loudest = levels[:, frames + 5 : -5].mean(axis=1).argmax()
    assert abs(loudest - mel_row(1000.0, RATE)) <= 1
    shown = visible(levels, 0, levels.shape[1], 20)
    assert shown[:, :9].max() == 0
    assert shown[loudest, 11:].min() > 200


def test_a_long_clip_has_the_spectrogram_of_its_parts() -> None:
    noise = np.random.default_rng(3).uniform(-0.3, 0.3, (1, 30 * RATE)).astype(np.float32)
    whole = mel_levels(noise, RATE).astype(float)
    late = mel_levels(noise[:, 20 * 43_008 :], RATE).astype(float)
    frames = 20 * 84
    assert np.abs(whole[:, frames + 4 : -4] - late[:, 4:-4]).mean() < 2


def test_a_click_seeks_and_a_drag_marks(qtbot: QtBot, wave: WaveformView) -> None:
    with qtbot.waitSignal(wave.seek_requested) as told:
        qtbot.mouseClick(wave, LEFT, pos=QPoint(56 + 400, 60))
    assert told.args[0] == pytest.approx(2.0, abs=0.01)
    with qtbot.waitSignal(wave.loop_changed) as told:
        qtbot.mousePress(wave, LEFT, pos=QPoint(56 + 600, 60))
        qtbot.mouseMove(wave, QPoint(56 + 300, 60))
        qtbot.mouseMove(wave, QPoint(56 + 200, 60))
        qtbot.mouseRelease(wave, LEFT, pos=QPoint(56 + 200, 60))
    assert told.args[0] == pytest.approx((1.0, 3.0), abs=0.02)
    assert "0:01" in wave.accessibleDescription()
    with qtbot.waitSignal(wave.loop_changed):  # the end is a handle
        qtbot.mousePress(wave, LEFT, pos=QPoint(56 + 598, 60))
        qtbot.mouseMove(wave, QPoint(56 + 700, 60))
        qtbot.mouseRelease(wave, LEFT, pos=QPoint(56 + 700, 60))
    assert wave.region == pytest.approx((1.0, 3.5), abs=0.02)


def test_the_keyboard_marks_zooms_and_scrolls(qtbot: QtBot, wave: WaveformView) -> None:
    wave.set_position(1.0)
    qtbot.keyClick(wave, Qt.Key.Key_BracketLeft)
    assert wave.region == (1.0, 4.0)
    wave.set_position(2.5)
    qtbot.keyClick(wave, Qt.Key.Key_BracketRight)
    assert wave.region == (1.0, 2.5)
    qtbot.keyClick(wave, Qt.Key.Key_Plus)
    assert wave.view.span == pytest.approx(3.2)
    assert wave.column(2.5) == pytest.approx(56 + 500, abs=1)  # zoomed about the playhead
    qtbot.keyClick(wave, Qt.Key.Key_PageDown)
    assert wave.view.end == pytest.approx(4.0)
    qtbot.keyClick(wave, Qt.Key.Key_0)
    assert (wave.view.start, wave.view.end) == (0.0, 4.0)
    with qtbot.waitSignal(wave.loop_changed) as told:
        qtbot.keyClick(wave, Qt.Key.Key_Escape)
    assert told.args[0] is None


def test_what_was_played_has_another_colour(wave: WaveformView) -> None:
    wave.set_position(2.0)
    picture = wave.grab().toImage()
    middle = picture.height() // 2
    played, rest = picture.pixelColor(56 + 200, middle), picture.pixelColor(56 + 600, middle)
    assert played.name() == tokens().accent
    assert rest.name() == tokens().wave


def test_views_of_one_clip_move_together(qtbot: QtBot, styled: QApplication) -> None:
    view = TimeView()
    made = [TimeRuler(view), WaveformView(view), SpectrogramView(view)]
    for widget in made:
        qtbot.addWidget(widget)
        widget.resize(864, 100)
    view.set_clip(12.0, 120.0, 4)
    view.zoom(0.5, 6.0)
    assert [w.column(6.0) for w in made] == [made[0].column(6.0)] * 3
    assert (view.start, view.end) == (3.0, 9.0)
    view.reveal(11.0)
    assert view.start <= 11.0 <= view.end


def test_a_thousand_frames_are_painted_without_a_leak(qtbot: QtBot, wave: WaveformView) -> None:
    spectrogram = SpectrogramView(wave.view)
    qtbot.addWidget(spectrogram)
    spectrogram.resize(864, 120)
    spectrogram.set_samples(tone(), RATE)
    qtbot.waitUntil(lambda: spectrogram.ready)

    def paint(count: int) -> None:
        for i in range(count):
            for view in (wave, spectrogram):
                view.set_position(4.0 * i / count)
                view.repaint()
            if i % 50 == 0:
                wave.view.zoom(0.9 if i % 100 else 1 / 0.9, 2.0)

    paint(60)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        paint(1000)
        gc.collect()
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    grown = sum(difference.size_diff for difference in after.compare_to(before, "filename"))
    assert grown < 200_000


def test_time_is_written_as_on_a_clock() -> None:
    assert clock_text(3.26) == "0:03.3"
    assert clock_text(59.96) == "1:00.0"
    assert clock_text(125, 0) == "2:05"
