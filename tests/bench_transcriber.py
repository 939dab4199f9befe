"""Compare the transcriber with Basic Pitch: note F1 on clips of SynthSet's test split.

``python -m tests.bench_transcriber [--pack PACK] [--clips 200] [--json OUT]``

Each kind of clip (a lead by itself, a full mix, a hummed, whistled or sung lead) is heard clean
and through rooms, microphones and noise. Notes match within 50 ms of onset and 50 cents, as in
mir_eval; "with ends" they must also end within a fifth of their length or 50 ms. Basic Pitch runs
with the note creation and thresholds of its package, and with a decoder whose thresholds were
chosen on SynthSet's train split; it needs ``pip install --no-deps basic-pitch``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.evaluation.transcribe import model_path, transcribe
from descant.kernels.note_events import NoteRule
from descant.kernels.pitch_spectrum import SAMPLE_RATE
from descant.models.note_score import TimedPitch, note_f1
from descant.models.synthset.render import SoundfontRenderer
from descant.models.training.hum_data import KINDS, SECONDS, HumClip, make_clip
from descant.models.training.recording import NOISY, as_recorded
from descant.runtime import Engine
from descant.runtime.hearing import hear
from descant.runtime.pieces import drain
from tests.bench.published_notes import published

Transcribe = Callable[[NDArray[np.float32]], list[TimedPitch]]
OURS, PUBLISHED, TUNED = "descant", "Basic Pitch", "Basic Pitch, tuned"


@dataclass
class Scores:
    """Note F1 of every clip, by transcriber, room and kind."""

    plain: dict[tuple[str, str, str], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    with_ends: dict[tuple[str, str, str], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(
        self, name: str, room: str, clip: HumClip, samples: NDArray[np.float32], how: Transcribe
    ) -> None:
        """Transcribe one clip and compare."""
        truth = [(n.start, n.end, float(n.pitch)) for n in clip.notes]
        started = time.perf_counter()
        found = how(samples)
        self.seconds[name] += time.perf_counter() - started
        self.plain[name, room, clip.kind].append(note_f1(truth, found))
        self.with_ends[name, room, clip.kind].append(note_f1(truth, found, with_offset=True))

    def mean(self, name: str, room: str, kind: str = "", with_ends: bool = False) -> float:
        """Mean F1 of a kind, or of all."""
        chosen = self.with_ends if with_ends else self.plain
        values = [
            v
            for (n, r, k), part in chosen.items()
            if (n, r) == (name, room) and kind in ("", k)
            for v in part
        ]
        return float(np.mean(values))


def transcribers(engine: Engine) -> dict[str, Transcribe]:
    """Return those that are there."""

    def ours(samples: NDArray[np.float32]) -> list[TimedPitch]:
        heard = drain(hear(engine.sessions, samples, NoteRule(), monophonic=False))
        return [(n.start, n.end, float(n.pitch)) for n in heard]

    found: dict[str, Transcribe] = {OURS: ours}
    if model_path() is not None:
        found[PUBLISHED] = lambda samples: published(samples, SAMPLE_RATE)
        found[TUNED] = lambda samples: [
            (n.start, n.end, float(n.pitch)) for n in transcribe(samples, SAMPLE_RATE)
        ]
    return found


def measure(methods: dict[str, Transcribe], clips: int) -> Scores:
    """Score all methods on the same clips."""
    renderer, scores = SoundfontRenderer(), Scores()
    for seed in range(clips * len(KINDS)):
        clip = make_clip(seed, "test", renderer)
        noise = torch.Generator().manual_seed(seed)
        noisy = as_recorded(torch.from_numpy(clip.samples)[None], NOISY, noise)[0].numpy()
        for room, samples in (("clean", clip.samples), ("noisy", noisy)):
            for name, how in methods.items():
                scores.add(name, room, clip, samples, how)
    return scores


def rows(scores: Scores, names: Sequence[str]) -> list[dict[str, object]]:
    """Return one line per room and kind; the kind "all" is the mean over clips."""
    return [
        {
            "room": room,
            "kind": kind or "all",
            **{name: round(scores.mean(name, room, kind), 4) for name in names},
            **{
                f"{name}, with ends": round(scores.mean(name, room, kind, True), 4)
                for name in names
            },
        }
        for room in ("clean", "noisy")
        for kind in (*KINDS, "")
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 if Basic Pitch was better on the clean or on the noisy clips."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_transcriber", description=__doc__)
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--clips", type=int, default=200, help="of each kind")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures as JSON")
    options = parser.parse_args(arguments)
    with Engine.open(options.pack, "cpu", options.threads) as engine:
        methods = transcribers(engine)
        scores = measure(methods, options.clips)
    table = rows(scores, list(methods))
    total = 2 * options.clips * len(KINDS) * SECONDS
    speed = {name: round(10 * scores.seconds[name] / total, 3) for name in methods}
    for row in table:
        print("  ".join(f"{value:>10}" for value in row.values()))
    print("columns:", ", ".join(table[0]))
    print("seconds for 10 s of sound:", speed)
    if options.json:
        told = {"clips_per_kind": options.clips, "note_f1": table, "seconds_per_10_s": speed}
        options.json.write_text(json.dumps(told, indent=1))
    lost = [
        name
        for name in methods
        for room in ("clean", "noisy")
        if scores.mean(name, room) > scores.mean(OURS, room)
    ]
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
