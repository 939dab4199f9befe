"""Play a piece with a General MIDI soundfont."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from descant.models.synthset.compose import Piece

SAMPLE_RATE = 44_100
_FOLDERS = (Path("/usr/share/sounds/sf3"), Path("/usr/share/soundfonts"))
_NAMES = ("MuseScore_General_Lite.sf3", "MuseScore_General.sf3", "default-GM.sf3")
_PACKAGE = "musescore-general-soundfont-small"
_DRUM_CHANNEL = 9
_TARGET_RMS = 0.126  # -18 dBFS
_PEAK = 0.95
_OPEN_CENTS = 10_500  # 3.5 kHz
_CLOSED_CENTS = 9_500  # 2 kHz


class Renderer(Protocol):
    """Turns pieces into samples."""

    @property
    def sample_rate(self) -> int:
        """Samples per second of what ``render`` returns."""
        ...

    def render(
        self, piece: Piece, seconds: float, start_seconds: float = 0.0
    ) -> NDArray[np.float32]:
        """Return (N,) float32 mono samples of the piece from ``start_seconds`` on."""
        ...


def find_soundfont() -> Path:
    """Return the soundfont of the system.

    Raises:
        FileNotFoundError: None is installed; the message names the package.
    """
    for folder in _FOLDERS:
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
    raise FileNotFoundError(
        f"no General MIDI soundfont in {' or '.join(map(str, _FOLDERS))}: "
        f"install the Debian package {_PACKAGE}"
    )


class SoundfontRenderer:
    """Renders with TinySoundFont, always from the same clean state."""

    def __init__(self, path: Path | None = None) -> None:
        """Load the soundfont (about 0.3 s).

        Args:
            path: An sf2 or sf3 file; None looks in the system's folders.

        Raises:
            FileNotFoundError: No soundfont there.
            ValueError: tinysoundfont is not installed, or the file is not a soundfont.
        """
        path = path or find_soundfont()
        if not path.is_file():
            raise FileNotFoundError(f"no soundfont at {path}: Debian has {_PACKAGE}")
        try:
            import tinysoundfont
        except ImportError as error:
            raise ValueError("install tinysoundfont to render (pip, --no-deps)") from error
        data = _open_filters(path.read_bytes())
        self._synth: Any = tinysoundfont.Synth(gain=0.0, samplerate=SAMPLE_RATE)
        try:
            self._font: int = self._synth.sfload(data, max_voices=256)
        except (RuntimeError, tinysoundfont.synth.SoundFontException) as error:
            raise ValueError(f"not a soundfont: {path}") from error

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return SAMPLE_RATE

    def render(
        self, piece: Piece, seconds: float, start_seconds: float = 0.0
    ) -> NDArray[np.float32]:
        """Play a window of the piece.

        Sound that began up to a bar before the window rings into it.

        Args:
            piece: What to play.
            seconds: Length of the window; what lies after the piece's end is its decay.
            start_seconds: Music time of the first sample.

        Returns:
            (N,) float32 mono, about -18 dBFS RMS, peak at most 0.95.

        Raises:
            ValueError: The soundfont lacks an instrument of the piece.
        """
        bar = piece.sheet.beats_per_bar * 60.0 / piece.sheet.tempo_bpm
        lead_in = min(start_seconds, bar)
        self._prepare(piece)
        samples = self._play(piece, start_seconds - lead_in, lead_in + seconds)
        return _level(samples[round(lead_in * SAMPLE_RATE) :])

    def _prepare(self, piece: Piece) -> None:
        """Silence what still sounds and give each track its channel."""
        self._synth.sounds_off()
        self._synth.generate_simple(4096)  # lets the 10 ms release of the silenced voices pass
        for track, channel in _channels(piece):
            self._choose(channel, track.program, channel == _DRUM_CHANNEL)
            # The synth's amplitude is the cube of the volume controller.
            volume = round(127 * track.gain ** (1 / 3))
            self._synth.control_change(channel, 121, 0)
            self._synth.control_change(channel, 7, volume)
            self._synth.control_change(channel, 10, round(64 + 63 * track.pan * 0.999))

    def _choose(self, channel: int, program: int, is_drum: bool) -> None:
        try:
            self._synth.program_change(channel, program, is_drum)
        except RuntimeError as error:
            what = "drum kit" if is_drum else "program"
            raise ValueError(
                f"the soundfont has no {what} {program}: use the whole font of {_PACKAGE}"
            ) from error

    def _play(self, piece: Piece, start: float, seconds: float) -> NDArray[np.float32]:
        total = round(seconds * SAMPLE_RATE)
        stereo = bytearray(total * 8)
        view = memoryview(stereo)
        position = 0
        for at, is_on, channel, pitch, velocity in _events(piece, start, total):
            if at > position:
                self._synth.generate_simple(at - position, view[position * 8 : at * 8])
                position = at
            if is_on:
                self._synth.noteon(channel, pitch, velocity)
            else:
                self._synth.noteoff(channel, pitch)
        if position < total:
            self._synth.generate_simple(total - position, view[position * 8 :])
        sides = np.frombuffer(stereo, np.float32).reshape(-1, 2)
        return np.asarray(sides.mean(1), np.float32)


def _channels(piece: Piece) -> list[tuple[Any, int]]:
    free = iter(channel for channel in range(16) if channel != _DRUM_CHANNEL)
    return [(t, _DRUM_CHANNEL if t.is_drum else next(free)) for t in piece.tracks]


def _events(piece: Piece, start: float, total: int) -> list[tuple[int, bool, int, int, int]]:
    """Return (sample, is_on, channel, pitch, velocity) in order; releases before strikes."""
    scale = 60.0 / piece.sheet.tempo_bpm * SAMPLE_RATE
    offset = start * SAMPLE_RATE
    events: list[tuple[int, bool, int, int, int]] = []
    for track, channel in _channels(piece):
        for note in track.notes:
            begin = round(note.start * scale - offset)
            end = max(round(note.end * scale - offset), begin + 1)
            # A note that began before the lead-in and still sounds is struck at its start.
            if end <= 0 or begin >= total:
                continue
            events.append((max(begin, 0), True, channel, note.pitch, note.velocity))
            if end < total:
                events.append((end, False, channel, note.pitch, 0))
    events.sort()
    return events


def _level(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(samples) == 0:
        return samples
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    peak = float(np.abs(samples).max())
    if peak < 1e-6:
        return samples
    gain = min(_TARGET_RMS / max(rms, 1e-6), _PEAK / peak)
    return (samples * np.float32(gain)).astype(np.float32)


def _open_filters(font: bytes) -> bytes:
    """Open the low-pass filters that the font's modulators would have opened.

    MuseScore General starts its pianos and synths at some 300 Hz and lets velocity open the filter
    through modulators, which TinySoundFont does not implement: without this they are 25 dB too
    soft and muffled. Generators (initialFilterFc, 8) below 2 kHz are raised to 3.5 kHz.
    """
    data = bytearray(font)
    offset = data.rfind(b"pdtaphdr") + 4
    while 4 <= offset < len(data) - 8:
        (size,) = struct.unpack_from("<I", data, offset + 4)
        if data[offset : offset + 4] == b"igen":
            count = size // 2
            table = np.frombuffer(data, "<i2", count, offset + 8).reshape(-1, 2)
            table[(table[:, 0] == 8) & (table[:, 1] < _CLOSED_CENTS), 1] = _OPEN_CENTS
            break
        offset += 8 + size
    return bytes(data)
