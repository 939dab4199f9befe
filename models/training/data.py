"""Phase ``data``: SynthSet examples, composed and rendered into shards of plain arrays."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.models.spec import AudioSpec
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Piece, Split, compose
from descant.models.synthset.gallery import picture, scene_of
from descant.models.synthset.render import SoundfontRenderer
from descant.models.synthset.roll import sounding_roll
from descant.models.synthset.stories.tell import tell
from descant.models.theory.control import control_track
from descant.models.training.words import story_table, token_table

AUDIO = AudioSpec()
FRAMES = 864
"""Mel frames of an example: 10.03 s, 108 latent frames."""
SHARD_SIZE = 128
CAPTIONS, STORIES = 6, 3
"""Different wordings kept per example."""
PICTURE_SIZE = 128
"""Side of the picture that goes with an example."""
AUDIO_SHARDS = 32
"""Only the first shards keep their samples; the vocoder needs no more."""
TEST_SHARDS = 8
"""A thousand held-out clips, for retrieval among a thousand."""


@dataclass(frozen=True, slots=True)
class Example:
    """One clip with all its views."""

    samples: NDArray[np.float32]
    """(T * 512,) mono."""
    mel: NDArray[np.float32]
    """(128, T) natural log."""
    roll: NDArray[np.float32]
    """(88, T) every sounding note."""
    control: NDArray[np.float32]
    """(126, T) the control track."""
    piece: Piece


def make_example(
    seed: int, split: Split, renderer: SoundfontRenderer, frames: int = FRAMES
) -> Example:
    """Compose and render a window of a piece.

    Half of the windows begin at the first beat of a bar, as every generated clip does.
    """
    piece = compose(seed, split)
    rng = random.Random(f"window {split} {seed}")
    seconds = frames / AUDIO.frame_rate
    bar = piece.sheet.beats_per_bar * 60.0 / piece.sheet.tempo_bpm
    latest = max(piece.sheet.seconds - seconds, 0.0)
    start = rng.uniform(0.0, latest)
    if split == "test" or rng.random() < 0.5:
        start = int(start / bar) * bar
    samples = renderer.render(piece, seconds, start)[: frames * AUDIO.hop_length]
    samples = np.pad(samples, (0, frames * AUDIO.hop_length - len(samples)))
    return Example(
        samples=samples,
        mel=log_mel(samples, AUDIO),
        roll=sounding_roll(piece, frames, AUDIO.frame_rate, start),
        control=control_track(piece.sheet, frames, AUDIO.frame_rate, start),
        piece=piece,
    )


def _write_shard(job: tuple[Path, int, Split]) -> int:
    """Compose one shard into a temporary folder and move it into place."""
    folder, number, split = job
    target = folder / f"{split}-{number:04d}"
    if target.exists():
        return number
    part = folder / f".{target.name}.{os.getpid()}"
    part.mkdir(parents=True, exist_ok=True)
    renderer = SoundfontRenderer()
    base = number * SHARD_SIZE
    examples = [make_example(base + i, split, renderer) for i in range(SHARD_SIZE)]
    np.save(part / "mel.npy", np.stack([e.mel for e in examples]).astype(np.float16))
    np.save(part / "roll.npy", _quantise([e.roll for e in examples]))
    np.save(part / "control.npy", _quantise([e.control for e in examples]))
    np.save(part / "picture.npy", np.stack([_pixels(e.piece) for e in examples]))
    if number < AUDIO_SHARDS:
        audio = np.stack([e.samples for e in examples])
        np.save(part / "audio.npy", np.round(audio * 32767).astype(np.int16))
    texts = [_texts(e.piece) for e in examples]
    np.save(part / "captions.npy", np.stack([token_table(t["captions"]) for t in texts]))
    stories = [np.stack([story_table(story) for story in t["stories"]]) for t in texts]
    np.save(part / "stories.npy", np.stack(stories))
    (part / "text.json").write_text(json.dumps(texts))
    part.replace(target)
    return number


def _quantise(arrays: list[NDArray[np.float32]]) -> NDArray[np.int8]:
    return np.round(np.stack(arrays) * 127).astype(np.int8)


def _pixels(piece: Piece) -> NDArray[np.uint8]:
    """(3, 128, 128) RGB of the piece's scene."""
    drawn = picture(piece, (PICTURE_SIZE, PICTURE_SIZE)).convert("RGB")
    return np.asarray(drawn, np.uint8).transpose(2, 0, 1)


def _texts(piece: Piece) -> dict[str, Any]:
    rng = random.Random(f"captions {piece.split} {piece.seed}")
    truth, scene = piece.truth, scene_of(piece)
    return {
        "captions": [caption(truth, rng, piece.split) for _ in range(CAPTIONS)],
        "stories": [tell(truth, scene, rng, piece.split) for _ in range(STORIES)],
        "genre": truth.genre,
        "mood": truth.mood,
        "lead": truth.lead,
        "tempo_bpm": truth.tempo_bpm,
        "has_drums": truth.has_drums,
        "key": str(truth.key),
        "place": scene.place,
        "time_of_day": scene.time_of_day,
        "weather": scene.weather,
        "palette": scene.palette,
        "style": scene.style,
        "light": scene.light,
        "energy": scene.energy,
        "seed": piece.seed,
    }


def compose_shards(
    folder: Path, minutes: float, shards: int, report: Callable[[str], None], workers: int = 2
) -> None:
    """Write test shards, then train shards, until the time or their number is used up."""
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + minutes * 60
    jobs: list[tuple[Path, int, Split]] = [(folder, 0, "train")]
    jobs += [(folder, n, "test") for n in range(TEST_SHARDS)]
    jobs += [(folder, n, "train") for n in range(1, shards)]
    with get_context("spawn").Pool(workers) as pool:
        for done, number in enumerate(pool.imap_unordered(_write_shard, jobs), 1):
            report(f"data: {done} of {len(jobs)} shards, last {number}")
            if time.monotonic() > deadline:
                pool.terminate()
                return


class Shards:
    """All shards of one split, memory-mapped; ``refresh`` finds those made since."""

    def __init__(self, folder: Path, split: str) -> None:
        self.folder, self.split = folder, split
        self.names: list[str] = []
        self.arrays: list[dict[str, NDArray[np.generic]]] = []
        self.texts: list[list[dict[str, Any]]] = []
        self.refresh()
        if not self.names:
            raise FileNotFoundError(f"no {split} shards in {folder}: run the phase 'data' first")

    def refresh(self) -> None:
        """Open shards that have appeared."""
        for path in sorted(self.folder.glob(f"{self.split}-*")):
            if path.name not in self.names:
                self.names.append(path.name)
                arrays = {f.stem: np.load(f, mmap_mode="r") for f in path.glob("*.npy")}
                self.arrays.append(arrays)
                self.texts.append(json.loads((path / "text.json").read_text()))

    def __len__(self) -> int:
        return len(self.names) * SHARD_SIZE

    def pick(self, rng: random.Random, audio: bool = False) -> tuple[int, int]:
        """Return a random (shard, row); with ``audio`` only where samples were kept."""
        allowed = [i for i, a in enumerate(self.arrays) if not audio or "audio" in a]
        return rng.choice(allowed), rng.randrange(SHARD_SIZE)

    def rows(self) -> Iterator[tuple[int, int]]:
        """Every (shard, row) in order."""
        for shard in range(len(self.names)):
            for row in range(SHARD_SIZE):
                yield shard, row

    def mel(self, at: tuple[int, int], begin: int = 0, frames: int = FRAMES) -> NDArray[np.float32]:
        """(128, frames) natural-log mel."""
        return self.arrays[at[0]]["mel"][at[1], :, begin : begin + frames].astype(np.float32)

    def part(
        self, name: str, at: tuple[int, int], begin: int = 0, frames: int = FRAMES
    ) -> NDArray[np.float32]:
        """(88, frames) ``roll`` or (126, frames) ``control``."""
        stored = self.arrays[at[0]][name][at[1], :, begin : begin + frames]
        return stored.astype(np.float32) / np.float32(127)

    def samples(self, at: tuple[int, int], begin: int, count: int) -> NDArray[np.float32]:
        """(count,) mono samples."""
        stored = self.arrays[at[0]]["audio"][at[1], begin : begin + count]
        return stored.astype(np.float32) / np.float32(32767)
