"""Phase ``hum_data``: clips with their notes for the transcriber, in shards of plain arrays."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.kernels.pitch_spectrum import FRAME_RATE, HOP_LENGTH, SAMPLE_RATE
from descant.kernels.resample import resample
from descant.models.synthset.compose import Piece, Track, compose
from descant.models.synthset.render import SoundfontRenderer
from descant.models.synthset.voice import CONTROL_RATE, VOICES, fit_range, sing
from descant.models.theory.notes import Note
from descant.models.training.shard_files import ShardJob, placed, write_shards

FRAMES = 512
"""Of a clip: 5.94 s."""
SAMPLES = FRAMES * HOP_LENGTH
SECONDS = SAMPLES / SAMPLE_RATE
SHARD_SIZE = 128
MAX_NOTES = 384
TEST_SHARDS = 2
KINDS = ("instrument", "mix", "hum", "whistle", "sing")
"""Of the test clips: a lead by itself, a full mix without truth for its drums, three voices."""
_TRAIN_KINDS = ("instrument", "part", "mix", "mix", "hum", "whistle", "sing", "sing")
"""What train clips are drawn from; a part is any instrument's, played by any other."""
_PROGRAMS = (*range(55), *range(56, 96), *range(104, 112))
"""General MIDI programs with a pitch."""
TOGETHER = 0.05
"""Seconds between the beginnings of two notes of one pitch that count as one."""
_LATEST = 0.12
"""Seconds before a clip's end after which no note of it begins."""


@dataclass(frozen=True, slots=True)
class HumClip:
    """A clip and its truth."""

    kind: str
    samples: NDArray[np.float32]
    """(SAMPLES,) mono at ``SAMPLE_RATE``."""
    notes: tuple[Note, ...]
    """In seconds, not beats."""
    pitch: NDArray[np.float32]
    """(FRAMES,) MIDI number with cents of a single voice, NaN where there is none."""


def make_clip(seed: int, split: str, renderer: SoundfontRenderer, kind: str = "") -> HumClip:
    """Compose a piece and perform a window of it, from a bar's first beat on.

    Args:
        seed: Any integer.
        split: "test" takes whole, untouched pieces of a stream that training never hears.
        renderer: Plays the instruments.
        kind: One of ``KINDS``, or "part"; empty to draw one.
    """
    rng = random.Random(f"hum {split} {seed}")
    drawn = KINDS[seed % len(KINDS)] if split == "test" else rng.choice(_TRAIN_KINDS)
    kind = kind or drawn
    piece = compose(seed, "test" if split == "test" else "train")
    if split != "test":
        piece = _disguised(piece, rng)
    piece = _window(piece, rng, kind)
    if kind in VOICES:
        return _sung(kind, piece, np.random.default_rng(rng.getrandbits(64)))
    samples = renderer.render(piece, SECONDS + 0.01)
    halved = resample(samples, renderer.sample_rate, SAMPLE_RATE)[:SAMPLES]
    notes = [_timed(n, piece) for t in piece.tracks if not t.is_drum for n in t.notes]
    pitch = np.full(FRAMES, np.nan, np.float32)
    return HumClip(kind, halved, tuple(_merged(notes)), pitch)


def _merged(notes: list[Note]) -> list[Note]:
    """Make one note of those that begin together at one pitch: nobody can tell them apart."""
    kept: list[Note] = []
    latest: dict[int, int] = {}
    for note in sorted(notes):
        before = latest.get(note.pitch)
        if before is not None and note.start - kept[before].start < TOGETHER:
            end = max(kept[before].end, note.end)
            kept[before] = replace(kept[before], duration=end - kept[before].start)
        else:
            latest[note.pitch] = len(kept)
            kept.append(note)
    return kept


def _disguised(piece: Piece, rng: random.Random) -> Piece:
    """Change tempo, key and some of the instruments, so that training hears more of everything."""
    shift, speed = rng.randint(-6, 6), rng.uniform(0.8, 1.25)
    tracks = [_moved(track, shift, rng) for track in piece.tracks]
    sheet = replace(piece.sheet, tempo_bpm=piece.sheet.tempo_bpm * speed)
    return replace(piece, sheet=sheet, tracks=tuple(tracks))


def _moved(track: Track, shift: int, rng: random.Random) -> Track:
    if track.is_drum:
        return track
    program = rng.choice(_PROGRAMS) if rng.random() < 0.5 else track.program
    notes = tuple(n.transposed(shift) for n in track.notes if 21 <= n.pitch + shift <= 108)
    return replace(track, program=program, notes=notes)


def _window(piece: Piece, rng: random.Random, kind: str) -> Piece:
    """Cut a window out of a piece and move it to the beginning; keep the tracks of a kind."""
    per_second = piece.sheet.tempo_bpm / 60.0
    bars = int(max(piece.sheet.seconds - SECONDS, 0.0) * per_second / piece.sheet.beats_per_bar)
    begin = float(rng.randint(0, bars) * piece.sheet.beats_per_bar)
    last = begin + (SECONDS - _LATEST) * per_second
    chosen = piece.tracks
    if kind == "part":
        chosen = (rng.choice([t for t in piece.tracks if not t.is_drum]),)
    elif kind != "mix":
        chosen = tuple(t for t in piece.tracks if t.role == "lead")
    tracks = [
        replace(
            track,
            notes=tuple(
                replace(n, start=n.start - begin) for n in track.notes if begin <= n.start < last
            ),
        )
        for track in chosen
    ]
    return replace(piece, tracks=tuple(tracks))


def _timed(note: Note, piece: Piece) -> Note:
    """A note in seconds, no longer than the clip."""
    scale = 60.0 / piece.sheet.tempo_bpm
    end = min(note.end * scale, SECONDS)
    return replace(note, start=note.start * scale, duration=end - note.start * scale)


def _sung(kind: str, piece: Piece, rng: np.random.Generator) -> HumClip:
    """Perform the lead with a voice."""
    voice = next(v for v in VOICES if v == kind)
    timed = [_timed(n, piece) for t in piece.tracks for n in t.notes]
    line = [n for n in timed if n.duration >= 0.06]
    notes = fit_range(line, voice, rng) if line else []
    take = sing(notes, voice, SECONDS, SAMPLE_RATE, rng)
    frames = (np.arange(FRAMES) / FRAME_RATE * CONTROL_RATE).round().astype(int)
    pitch = take.pitch[np.minimum(frames, len(take.pitch) - 1)]
    return HumClip(kind, take.samples, tuple(notes), pitch)


def compose_hum_shards(
    folder: Path, minutes: float, shards: int, workers: int, report: Callable[[str], None]
) -> None:
    """Write test shards, then train shards, until the time or their number is used up."""
    jobs = [ShardJob(folder, n, "test") for n in range(TEST_SHARDS)]
    jobs += [ShardJob(folder, n, "train") for n in range(shards)]
    write_shards(jobs, _write_shard, minutes, workers, report)


def _write_shard(job: ShardJob) -> None:
    """Perform one shard's clips."""
    renderer = SoundfontRenderer()
    first = job.number * SHARD_SIZE
    clips = [make_clip(first + i, job.split, renderer) for i in range(SHARD_SIZE)]
    with placed(job) as part:
        _save(clips, part)


def _save(clips: list[HumClip], part: Path) -> None:
    audio = np.stack([clip.samples for clip in clips])
    np.save(part / "audio.npy", np.round(audio.clip(-1, 1) * 32767).astype(np.int16))
    np.save(part / "notes.npy", np.stack([note_table(clip.notes) for clip in clips]))
    np.save(part / "pitch.npy", np.stack([clip.pitch for clip in clips]).astype(np.float16))
    (part / "kinds.json").write_text(json.dumps([clip.kind for clip in clips]))


def note_table(notes: tuple[Note, ...]) -> NDArray[np.float32]:
    """(MAX_NOTES, 3) start and end in seconds, MIDI pitch; rows of -1 fill it up."""
    table = np.full((MAX_NOTES, 3), -1.0, np.float32)
    for row, note in zip(table, notes, strict=False):
        row[:] = note.start, note.end, note.pitch
    return table
