"""Phase ``data``: SynthSet examples, composed and rendered into shards of plain arrays; and phase
``scene_data``: the same without the sound."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
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
from descant.models.training.shard_files import ShardJob, placed, write_shards
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
FIRST_SCENE = 2_000_000
"""Number of the first piece that is composed and not rendered: far from those that are."""
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


def _write_shard(job: ShardJob) -> None:
    """Compose and render one shard."""
    renderer = SoundfontRenderer()
    base = job.number * SHARD_SIZE
    examples = [make_example(base + i, job.split, renderer) for i in range(SHARD_SIZE)]
    with placed(job) as part:
        _save(examples, part, job.number < AUDIO_SHARDS)


def _save(examples: list[Example], part: Path, with_audio: bool) -> None:
    np.save(part / "mel.npy", np.stack([e.mel for e in examples]).astype(np.float16))
    np.save(part / "roll.npy", _quantise([e.roll for e in examples]))
    np.save(part / "control.npy", _quantise([e.control for e in examples]))
    if with_audio:
        audio = np.stack([e.samples for e in examples])
        np.save(part / "audio.npy", np.round(audio * 32767).astype(np.int16))
    _save_scenes([e.piece for e in examples], part)


def _save_scenes(pieces: list[Piece], part: Path) -> None:
    """Write what needs no sound: pictures, captions, stories and the truth."""
    np.save(part / "picture.npy", np.stack([_pixels(piece) for piece in pieces]))
    texts = [_texts(piece) for piece in pieces]
    np.save(part / "captions.npy", np.stack([token_table(t["captions"]) for t in texts]))
    stories = [np.stack([story_table(story) for story in t["stories"]]) for t in texts]
    np.save(part / "stories.npy", np.stack(stories))
    (part / "text.json").write_text(json.dumps(texts))


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
        "instrument": scene.instrument,
        "view": scene.view,
        "prop": scene.prop,
        "palette": scene.palette,
        "style": scene.style,
        "light": scene.light,
        "energy": scene.energy,
        "seed": piece.seed,
    }


def _write_scenes(job: ShardJob) -> None:
    """Compose one shard, and play nothing."""
    base = FIRST_SCENE + job.number * SHARD_SIZE
    pieces = [compose(base + i, job.split) for i in range(SHARD_SIZE)]
    with placed(job) as part:
        _save_scenes(pieces, part)


def compose_scenes(
    folder: Path, minutes: float, shards: int, report: Callable[[str], None], workers: int = 2
) -> None:
    """Write train shards of pictures, captions and stories until the time or their number is used
    up: forty times as many as could be rendered."""
    jobs = [ShardJob(folder, n, "train") for n in range(shards)]
    write_shards(jobs, _write_scenes, minutes, workers, report)


def compose_shards(
    folder: Path, minutes: float, shards: int, report: Callable[[str], None], workers: int = 2
) -> None:
    """Write test shards, then train shards, until the time or their number is used up."""
    jobs = [ShardJob(folder, 0, "train")]
    jobs += [ShardJob(folder, n, "test") for n in range(TEST_SHARDS)]
    jobs += [ShardJob(folder, n, "train") for n in range(1, shards)]
    write_shards(jobs, _write_shard, minutes, workers, report)
