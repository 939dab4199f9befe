"""Humming into the microphone: recorded on PortAudio's thread, watched by the window."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from descant.desktop.engine_holder import describe
from descant.desktop.portaudio import recording
from descant.runtime import BackendError
from descant.runtime.files import write_atomically
from descant.runtime.recorder import PATIENCE_S, find_microphone, judge_take, load_sounddevice
from descant.runtime.sound_cards import reason_of
from descant.runtime.wav import wav_bytes

MAX_HUM_S = 60.0
_WATCH_MS = 50


class HumRecorder(QObject):
    """Records one take at a time. A microphone is opened and closed off the window's thread."""

    level = Signal(float, float)
    """Peak since the last one (0 … 1) and seconds recorded so far."""
    started = Signal()
    recorded = Signal(str, str)
    """The WAV file, and a warning or an empty text."""
    failed = Signal(str)
    """Why nothing could be recorded, and what to do."""
    _ended = Signal(str, str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """``folder`` takes the recordings."""
        super().__init__(parent)
        self._folder = folder
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._peak, self._seconds, self._open = 0.0, 0.0, False
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._look)
        self._ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        """Whether it records."""
        return self._thread is not None

    def start(self, microphone: str | None = None) -> None:
        """Record until ``stop``, a minute at most."""
        if self.running:
            return
        self._stop.clear()
        self._peak, self._seconds, self._open = 0.0, 0.0, False
        self._thread = threading.Thread(
            target=self._record, args=(microphone,), name="descant-hum", daemon=True
        )
        self._thread.start()
        self._watch.start()

    def stop(self) -> None:
        """End the take; ``recorded`` or ``failed`` follows."""
        self._stop.set()

    def close(self) -> None:
        """End the take and wait for it."""
        self.stop()
        self._watch.stop()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None

    def _look(self) -> None:
        if self._open:
            peak, self._peak = self._peak, 0.0
            self.level.emit(peak, self._seconds)

    def _on_ended(self, path: str, warning: str, error: str) -> None:
        self._watch.stop()
        self._thread = None
        if error:
            self.failed.emit(error)
        else:
            self.recorded.emit(path, warning)

    def _record(self, microphone: str | None) -> None:
        try:
            path, warning = self._take(microphone)
            self._ended.emit(str(path), warning, "")
        except Exception as error:  # noqa: BLE001 - the thread's edge: a driver may raise anything
            self._ended.emit("", "", " ".join(filter(None, describe(error))))

    def _take(self, microphone: str | None) -> tuple[Path, str]:
        """Record and write; returns the file and a warning."""
        device = load_sounddevice()
        try:
            # Already while it is looked for: its number holds until PortAudio starts anew.
            with recording():
                number, rate = find_microphone(device, microphone)
                blocks = self._listen(device, number, rate)
        except device.PortAudioError as error:
            raise BackendError(
                f"the microphone can't be used: {reason_of(error)}",
                hint="close the program that holds it, or choose another one in the settings",
            ) from error
        if not blocks:
            raise BackendError("nothing came from the microphone", hint="is it switched on?")
        samples = np.nan_to_num(np.concatenate(blocks))
        frames = np.round(samples.clip(-1.0, 1.0) * 32767).astype(np.int32)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / time.strftime("hum-%Y-%m-%d-%H%M%S.wav")
        write_atomically(path, wav_bytes(frames[:, None], rate, 16, ""))
        return path, " ".join(judge_take(samples))

    def _listen(self, device: Any, number: int, rate: int) -> list[NDArray[np.float32]]:
        """(N,) samples in blocks, until ``stop``, a minute, or a while without any."""
        blocks: list[NDArray[np.float32]] = []
        latest = time.monotonic()

        def keep(block: NDArray[np.float32], *_: Any) -> None:
            nonlocal latest
            latest = time.monotonic()
            blocks.append(block[:, 0].copy())
            self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
            self._seconds += len(block) / rate

        with device.InputStream(
            samplerate=rate, device=number, channels=1, dtype="float32", callback=keep
        ) as stream:
            self._open = True
            self.started.emit()
            while not self._stop.wait(0.05) and self._seconds < MAX_HUM_S and stream.active:
                if time.monotonic() - latest > PATIENCE_S:
                    break
        return blocks
