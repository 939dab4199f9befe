"""Sections ``retrieval`` and ``frechet``: what the pack's CLMP towers make of the clips."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import (
    AUDIO,
    FIRST_SEED,
    FRAMES,
    SECONDS,
    level,
    make_case,
    render,
)
from descant.export.evaluation.real import music_version
from descant.export.evaluation.scores import frechet_distance
from descant.kernels.mel import log_mel
from descant.models.metrics import ranks, recall_at_k
from descant.models.theory.control import control_track
from descant.runtime.conditioning import embed_melody, encode_text
from descant.runtime.pieces import drain
from tests.bench.clips import make_clips, plain_request
from tests.bench.context import Bench, read_samples
from tests.bench.figures import Figure

FloatArray = NDArray[np.float32]
NAN = float("nan")
CHUNK = 100


class Views(NamedTuple):
    """One real clip as its towers see it."""

    mel: NDArray[np.float16]
    """(128, T)."""
    track: NDArray[np.int8]
    """(89, T) melody rows and onsets."""
    caption: str
    detailed: str


def measure_retrieval(bench: Bench) -> list[Figure]:
    """Recall at 10 among real test clips, asked with held-out captions."""
    count = bench.catalogue
    if not bench.pack:
        return [Figure("retrieval", "CLMP text→audio R@10", NAN, at_least=0.5)]
    text, detailed, audio, melody = _catalogue(bench, count)
    chance = f"chance {10 / count:.3f}"
    more = f"{chance}; with detailed captions"
    first = f"{more} {_r10(detailed, audio):.3f}"
    second = f"{more} {_r10(detailed, melody):.3f}"
    name = f"CLMP text→audio R@10 among {count}"
    return [
        Figure("retrieval", name, _r10(text, audio), at_least=0.5, beside=first),
        Figure("retrieval", "CLMP text→melody R@10", _r10(text, melody), beside=second),
        Figure("retrieval", "CLMP audio→melody R@10", _r10(audio, melody), beside=chance),
    ]


def measure_frechet(bench: Bench) -> list[Figure]:
    """Fréchet distance of the audio embeddings: generated music against test music."""
    if not bench.pack:
        return []
    real = np.stack([_embed(bench, _mel(path)) for path in bench.real_files()])
    others = _others(bench, len(real))
    clips = make_clips(bench, "requests", plain_request)
    made = np.stack([_embed(bench, _mel(clip.path)) for clip in clips])
    rng = np.random.default_rng(0)
    count = round(SECONDS * AUDIO.sample_rate)
    hiss = (level(rng.standard_normal(count, np.float32) * 0.1) for _ in real)
    noise = np.stack([_embed(bench, log_mel(samples, AUDIO)) for samples in hiss])
    floor, ceiling = frechet_distance(real, others), frechet_distance(noise, others)
    value = frechet_distance(made, others)
    beside = f"real-vs-real {floor:.3f}, noise-vs-real {ceiling:.3f} ({len(real)} clips each)"
    return [Figure("frechet", "Fréchet distance, generated vs test music", value, beside=beside)]


def _r10(queries: FloatArray, items: FloatArray) -> float:
    return recall_at_k(ranks(queries, items), 10)


def _place(bench: Bench, text: str) -> FloatArray:
    place: FloatArray = drain(encode_text(bench.sessions, bench.tokenizer, text)).embedding[0]
    return place


def _catalogue(bench: Bench, count: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Embed captions, detailed captions, audio and melodies of real test clips, (count, D) each."""
    path = bench.made_folder / f"catalogue-{count}-{music_version()}.npz"
    if not path.is_file():
        rows: list[list[FloatArray]] = [[], [], [], []]
        for begin in range(0, count, CHUNK):  # keeps a chunk of mels in memory, not all
            seeds = [FIRST_SEED + i for i in range(begin, min(begin + CHUNK, count))]
            for views in bench.map(_views, seeds, "retrieval"):
                rows[0].append(_place(bench, views.caption))
                rows[1].append(_place(bench, views.detailed))
                rows[2].append(_embed(bench, views.mel.astype(np.float32)))
                track = views.track.astype(np.float32)
                rows[3].append(drain(embed_melody(bench.sessions, track))[0])
            bench.say(f"retrieval: {len(rows[0])} of {count} real clips embedded")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, *(np.stack(part) for part in rows))
    stored = np.load(path)
    return stored["arr_0"], stored["arr_1"], stored["arr_2"], stored["arr_3"]


def _views(seed: int) -> Views:
    case = make_case(seed)
    track = control_track(case.piece.sheet, FRAMES, AUDIO.frame_rate, case.start_seconds)
    mel = log_mel(render(case), AUDIO).astype(np.float16)
    return Views(mel, track[:89].astype(np.int8), case.caption, case.prompt)


def _others(bench: Bench, count: int) -> FloatArray:
    """(count, D) audio embeddings of real test clips that nobody asked for."""
    seeds = [FIRST_SEED + 50_000 + i for i in range(count)]
    mels = bench.map(_mel_of_seed, seeds, "frechet: test music")
    return np.stack([_embed(bench, mel.astype(np.float32)) for mel in mels])


def _mel_of_seed(seed: int) -> NDArray[np.float16]:
    samples = level(render(make_case(seed))[: round(SECONDS * AUDIO.sample_rate)])
    return log_mel(samples, AUDIO).astype(np.float16)


def _mel(path: Path) -> FloatArray:
    return log_mel(read_samples(path), AUDIO)


def _embed(bench: Bench, mel: FloatArray) -> FloatArray:
    out: FloatArray = bench.sessions["audio_encoder"].run(mel=mel[None])["embedding"][0]
    return out
