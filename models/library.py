"""The melody library: thousands of lead sheets in one array file, without pickle."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, LeadSheet

TICKS = 48
"""Ticks per beat: exact for triplets and 1/16 beats."""
MAX_ENTRIES = 200_000
MAX_EVENTS = 50_000_000
_QUALITIES = tuple(CHORD_QUALITIES)
_PER_ENTRY = {
    "tonic": np.uint8,
    "minor": np.uint8,
    "tempo": np.float32,
    "metre": np.uint8,
    "bars": np.uint16,
    "genre": np.uint8,
    "mood": np.uint8,
    "lead": np.uint8,
}
_EVENTS = {
    "note": ("start", "duration", "pitch", "velocity"),
    "chord": ("start", "duration", "root", "quality"),
    "bass": ("start", "duration", "pitch", "velocity"),
}
_DAMAGE = (OSError, EOFError, KeyError, ValueError, NotImplementedError, BadZipFile, zlib.error)
_NAMES = ("genre_names", "mood_names", "lead_names", "licence")


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One melody with its whole lead sheet."""

    sheet: LeadSheet
    genre: str
    mood: str
    lead: str

    @property
    def title(self) -> str:
        """What a person is shown."""
        return f"{self.mood} {self.genre} melody in {self.sheet.key}"


class MelodyLibrary:
    """Entries decoded one at a time from compact arrays."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take arrays as ``pack_library`` makes them.

        Raises:
            ValueError: An array is missing, has the wrong type or size, or points outside.
        """
        _check(arrays)
        self._arrays = arrays
        self._ends = {
            kind: np.cumsum(arrays[f"{kind}_count"], dtype=np.int64) for kind in (*_EVENTS, "bar")
        }
        self.tempos: NDArray[np.float32] = arrays["tempo"]
        """(N,) bpm."""
        self.minor: NDArray[np.bool_] = arrays["minor"].astype(np.bool_)
        """(N,) whether the mode is minor."""
        self.metres: NDArray[np.uint8] = arrays["metre"]
        """(N,) beats per bar."""
        self.moods: list[str] = arrays["mood_names"][arrays["mood"]].tolist()
        """(N) words."""
        self.licence = str(arrays["licence"][0])

    def __len__(self) -> int:
        return len(self._arrays["tonic"])

    def __getitem__(self, i: int) -> LibraryEntry:
        a = self._arrays
        if not 0 <= i < len(self):
            raise IndexError(f"library has {len(self)} melodies, asked for {i}")
        levels = a["intensity"][self._slice("bar", i)]
        sheet = LeadSheet(
            key=Key(int(a["tonic"][i]), "minor" if self.minor[i] else "major"),
            tempo_bpm=float(a["tempo"][i]),
            beats_per_bar=int(a["metre"][i]),
            notes=tuple(Note(*row) for row in self._events("note", i)),
            chords=tuple(
                Chord(start, duration, root, _QUALITIES[quality])
                for start, duration, root, quality in self._events("chord", i)
            ),
            bass=tuple(Note(*row) for row in self._events("bass", i)),
            intensity=tuple(float(v) / 255 for v in levels),
        )
        names = (str(a[f"{n}_names"][a[n][i]]) for n in ("genre", "mood", "lead"))
        return LibraryEntry(sheet, *names)

    def _slice(self, kind: str, i: int) -> slice:
        end = int(self._ends[kind][i])
        return slice(end - int(self._arrays[f"{kind}_count"][i]), end)

    def _events(self, kind: str, i: int) -> list[tuple[float, float, int, int]]:
        span = self._slice(kind, i)
        columns = [self._arrays[f"{kind}_{field}"][span].tolist() for field in _EVENTS[kind]]
        return [(s / TICKS, d / TICKS, p, v) for s, d, p, v in zip(*columns, strict=True)]


def pack_library(entries: Sequence[LibraryEntry], licence: str) -> bytes:
    """Return the entries as the bytes of a compressed ``.npz``."""
    arrays: dict[str, NDArray[Any]] = {"licence": np.array([licence])}
    for name in ("genre", "mood", "lead"):
        values = [getattr(e, name) for e in entries]
        known = sorted(set(values))
        arrays[f"{name}_names"] = np.array(known)
        arrays[name] = np.array([known.index(v) for v in values], np.uint8)
    sheets = [e.sheet for e in entries]
    arrays["tonic"] = np.array([s.key.tonic for s in sheets], np.uint8)
    arrays["minor"] = np.array([s.key.mode == "minor" for s in sheets], np.uint8)
    arrays["tempo"] = np.array([s.tempo_bpm for s in sheets], np.float32)
    arrays["metre"] = np.array([s.beats_per_bar for s in sheets], np.uint8)
    arrays["bars"] = np.array([s.bars for s in sheets], np.uint16)
    arrays["bar_count"] = arrays["bars"]
    levels = [round(v * 255) for s in sheets for v in s.intensity]
    arrays["intensity"] = np.array(levels, np.uint8)
    _pack_events(arrays, "note", [[_note_row(n) for n in s.notes] for s in sheets])
    _pack_events(arrays, "bass", [[_note_row(n) for n in s.bass] for s in sheets])
    _pack_events(arrays, "chord", [[_chord_row(c) for c in s.chords] for s in sheets])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpack_library(content: bytes) -> MelodyLibrary:
    """Read what ``pack_library`` wrote.

    Raises:
        ValueError: The content is damaged or not a library.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except _DAMAGE as error:
        raise ValueError(f"melody library is damaged: {error}") from error
    return MelodyLibrary(arrays)


def _note_row(note: Note) -> tuple[int, int, int, int]:
    duration = max(round(note.duration * TICKS), 1)
    return round(note.start * TICKS), duration, note.pitch, note.velocity


def _chord_row(chord: Chord) -> tuple[int, int, int, int]:
    duration = max(round(chord.duration * TICKS), 1)
    return round(chord.start * TICKS), duration, chord.root, _QUALITIES.index(chord.quality)


def _pack_events(
    arrays: dict[str, NDArray[Any]], kind: str, rows: list[list[tuple[int, int, int, int]]]
) -> None:
    table = np.array([row for sheet in rows for row in sheet], np.int64).reshape(-1, 4)
    arrays[f"{kind}_count"] = np.array([len(sheet) for sheet in rows], np.uint16)
    for column, field in enumerate(_EVENTS[kind]):
        dtype = np.uint16 if column < 2 else np.uint8
        arrays[f"{kind}_{field}"] = table[:, column].astype(dtype)


def _check(arrays: dict[str, NDArray[Any]]) -> None:
    """Refuse arrays that don't fit together."""
    events = [f"{k}_{f}" for k, fields in _EVENTS.items() for f in fields]
    counts = [f"{k}_count" for k in (*_EVENTS, "bar")]
    wanted = {*_PER_ENTRY, *_NAMES, *events, *counts, "intensity"}
    if set(arrays) != wanted:
        raise ValueError(f"melody library: arrays differ: {sorted(wanted ^ set(arrays))}")
    entries = len(arrays["tonic"])
    if not 0 < entries <= MAX_ENTRIES:
        raise ValueError(f"melody library: {entries} entries")
    for name, dtype in _PER_ENTRY.items():
        if arrays[name].dtype != dtype or arrays[name].shape != (entries,):
            raise ValueError(f"melody library: {name} has the wrong type or shape")
    for kind in (*_EVENTS, "bar"):
        total = int(arrays[f"{kind}_count"].astype(np.int64).sum())
        fields = [f"{kind}_{f}" for f in _EVENTS[kind]] if kind != "bar" else ["intensity"]
        if len(arrays[f"{kind}_count"]) != entries or total > MAX_EVENTS:
            raise ValueError(f"melody library: {kind}_count has the wrong size")
        if any(arrays[field].shape != (total,) for field in fields):
            raise ValueError(f"melody library: {kind} events are cut off")
    _check_ranges(arrays)


def _check_ranges(arrays: dict[str, NDArray[Any]]) -> None:
    tempo = arrays["tempo"]
    facts = {
        "tonic": bool((arrays["tonic"] < 12).all()),
        "tempo": bool(np.isfinite(tempo).all() and (tempo > 10).all() and (tempo < 500).all()),
        "metre": bool(((arrays["metre"] > 0) & (arrays["metre"] < 16)).all()),
        "bars": bool((arrays["bar_count"] > 0).all()),
        "chord_quality": bool((arrays["chord_quality"] < len(_QUALITIES)).all()),
        "chord_root": bool((arrays["chord_root"] < 12).all()),
        "duration": all(bool((arrays[f"{k}_duration"] > 0).all()) for k in _EVENTS),
        "pitch": bool((arrays["note_pitch"] < 128).all() and (arrays["bass_pitch"] < 128).all()),
        "names": all(
            bool((arrays[n] < len(arrays[f"{n}_names"])).all()) for n in ("genre", "mood", "lead")
        ),
    }
    wrong = [name for name, fine in facts.items() if not fine]
    if wrong:
        raise ValueError(f"melody library: out of range: {', '.join(wrong)}")
