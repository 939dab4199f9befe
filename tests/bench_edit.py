"""``python -m tests.bench_edit``: what becomes of recordings that the starter starts from.

Clips of the pack are heard again, varied, mended and gone on from; renderings of SynthSet's test
split stand for the recordings of others. Nothing is written outside a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.kernels.pitch_spectrum import SAMPLE_RATE
from descant.kernels.resample import resample
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import compose
from descant.models.synthset.render import SoundfontRenderer
from descant.models.training.data import make_example
from descant.runtime import Clip, Engine, Request
from descant.runtime.decode import FADE_OUT_SECONDS
from descant.runtime.heard_lead import heard_lead
from descant.runtime.hearing import listen
from descant.runtime.joining import border_score
from descant.runtime.pieces import drain
from descant.runtime.sound import embed_sound, read_sound

FloatArray = NDArray[np.float32]

STRENGTHS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
REGION = (4.0, 7.0)
FIRST_SEED = 90_000
OTHER_BARS = (-2, -1, 1, 2)
"""Where nothing is joined the seam score is measured too: at the same beat of other bars."""
Say = Callable[[str], None]


@dataclass
class Bench:
    """What all sections share."""

    engine: Engine
    folder: Path
    count: int
    say: Say
    files: list[Path] = field(default_factory=list)
    """Clips of the pack, for captions of SynthSet's test split."""

    def make(self, **wish: object) -> tuple[Clip, float]:
        """Return a clip and the seconds it took."""
        begin = time.perf_counter()
        clip = self.engine.generate(Request(**wish))  # type: ignore[arg-type]
        return clip, time.perf_counter() - begin

    def embed(self, clip: Clip | Path) -> FloatArray:
        """(512,) place of a clip or file in CLMP space."""
        path = clip if isinstance(clip, Path) else clip.save(self.folder / "heard.wav")
        audio = self.engine.pack.spec.pipeline.audio
        heard = read_sound(path, audio.sample_rate)
        place: FloatArray = drain(embed_sound(self.engine.sessions, audio, heard))[0]
        return place


def prepare(bench: Bench) -> None:
    """Make the clips that are edited."""
    seconds = []
    for i in range(bench.count):
        piece = compose(FIRST_SEED + i, "test")
        clip, took = bench.make(prompt=caption(piece.truth, random.Random(i), "test"), seed=i)
        bench.files.append(clip.save(bench.folder / f"{i}.wav"))
        seconds.append(took)
    bench.say(f"{bench.count} clips of 10 s made, {statistics.median(seconds):.2f} s each")


def vary(bench: Bench) -> None:
    """Strength against likeness, and what hearing alone costs."""
    audio = bench.engine.pack.spec.pipeline.audio
    likeness: dict[float, list[float]] = {s: [] for s in STRENGTHS}
    errors, seconds = [], []
    for i, path in enumerate(bench.files[:12]):
        samples, _ = soundfile.read(path, dtype="float32")
        place = bench.embed(path)
        for strength in STRENGTHS:
            clip, took = bench.make(init=path, strength=strength, seed=1000 + i)
            likeness[strength].append(float(place @ bench.embed(clip)))
            if strength == 0.0:
                mels = [log_mel(s, audio)[:, :830] for s in (samples, clip.samples[0])]
                errors.append(float(np.abs(mels[0] - mels[1]).mean()))
            if strength == 0.5:
                seconds.append(took)
    bench.say(f"strength 0: log-mel L1 {statistics.mean(errors):.3f} (natural log)")
    curve = ", ".join(f"{s:g}: {statistics.mean(v):.3f}" for s, v in likeness.items())
    falls = sum(all(np.diff([likeness[s][i] for s in STRENGTHS]) <= 0.002)
                for i in range(len(errors)))  # fmt: skip
    bench.say(f"CLMP cosine to the original by strength: {curve}")
    bench.say(f"falling at every step in {falls} of {len(errors)} clips")
    bench.say(f"vary: {statistics.median(seconds):.2f} s for 10 s")


def go_on(bench: Bench) -> None:
    """Seam scores of continuations beside those of places where nothing is joined."""
    audio = bench.engine.pack.spec.pipeline.audio
    seams, inner, bare, seconds, alike = [], [], [], [], []
    for i, path in enumerate(bench.files):
        clip, took = bench.make(continues=path, joined=True, seconds=10.0, seed=2000 + i)
        rate = clip.sample_rate
        seams.append(float(clip.seam_score or 0.0))
        for place in _same_beats(clip, len(soundfile.read(path)[0]) / rate - FADE_OUT_SECONDS):
            inner.append(border_score(clip.samples, [round(place * rate)], rate, audio) or 0.0)
        seconds.append(took)
        if i < 10:
            alone, _ = bench.make(continues=path, seconds=10.0, seed=2000 + i)
            bare.append(float(alone.seam_score or 0.0))
            alike.append(float(bench.embed(path) @ bench.embed(alone)))
    bench.say(
        f"{len(seams)} continuations: seam score {statistics.median(seams):.2f} (median), "
        f"at the same beat of other bars {statistics.median(inner):.2f}; "
        f"{sum(s <= np.quantile(inner, 0.95) for s in seams)} lie below the 95th percentile of "
        f"those, {np.quantile(inner, 0.95):.2f}"
    )
    bench.say(
        f"not joined, after the file's own fade: {statistics.median(bare):.2f}; CLMP cosine of "
        f"what comes after to the file {statistics.mean(alike):.3f}"
    )
    bench.say(f"continue: {statistics.median(seconds):.2f} s for 10 s more")


def _same_beats(clip: Clip, second: float) -> list[float]:
    """Seconds that are whole bars from one, not near the ends."""
    assert clip.sheet is not None
    bar = clip.sheet.beats_per_bar * 60.0 / clip.sheet.tempo_bpm
    return [t for n in OTHER_BARS if 2.0 < (t := second + n * bar) < clip.seconds - 2.0]


def mend(bench: Bench) -> None:
    """Replaced regions: seams, and whether the rest stays bit by bit."""
    seams, seconds, exact = [], [], 0
    for i, path in enumerate(bench.files[:12]):
        clip, took = bench.make(init=path, inpaint=REGION, seed=3000 + i)
        before, rate = soundfile.read(path, dtype="int16")
        after, _ = soundfile.read(clip.save(bench.folder / "mended.wav"), dtype="int16")
        outside = np.ones(len(before), bool)
        outside[round(REGION[0] * rate) : round(REGION[1] * rate)] = False
        exact += bool((before[outside] == after[outside]).all())
        seams.append(float(clip.seam_score or 0.0))
        seconds.append(took)
    bench.say(
        f"replace {REGION[0]:g} to {REGION[1]:g} s: {exact} of {len(seams)} files keep every bit "
        f"outside, seam score {statistics.median(seams):.2f}, {statistics.median(seconds):.2f} s"
    )


def write_down(bench: Bench) -> None:
    """Tempo, beat and key of recordings that nobody has a receipt of."""
    renderer = SoundfontRenderer()
    found = {"tempo": 0, "tempo or its double or half": 0, "beat": 0, "key": 0}
    for i in range(bench.count):
        example = make_example(FIRST_SEED + i, "test", renderer)
        rate = bench.engine.pack.spec.pipeline.audio.sample_rate
        low = resample(example.samples, rate, SAMPLE_RATE)
        lead = heard_lead(drain(listen(bench.engine.sessions, low)), 0.0, {})
        if lead is None:
            continue
        truth = example.piece.sheet
        ratio = lead.sheet.tempo_bpm / truth.tempo_bpm
        found["tempo"] += abs(ratio - 1) < 0.03
        found["tempo or its double or half"] += min(abs(ratio / k - 1) for k in (0.5, 1, 2)) < 0.03
        beat = 60.0 / lead.sheet.tempo_bpm
        late = (lead.begin_seconds / beat + 0.5) % 1.0 - 0.5  # the test split begins on a beat
        found["beat"] += abs(late * beat) < 0.07
        found["key"] += lead.sheet.key == truth.key
    shares = ", ".join(f"{name} {n / bench.count:.0%}" for name, n in found.items())
    bench.say(f"heard in {bench.count} mixes of SynthSet, 10 s each: {shares}")


SECTIONS = {"vary": vary, "continue": go_on, "replace": mend, "listen": write_down}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_edit", description=__doc__)
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--clips", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", choices=list(SECTIONS), default=list(SECTIONS))
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine.open(options.pack, "cpu", options.threads) as engine,
    ):
        bench = Bench(engine, Path(folder), options.clips, lambda line: print(line, flush=True))
        prepare(bench)
        for name in options.only:
            SECTIONS[name](bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
