"""Section ``health``: random requests, held against limits that every clip must keep."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.signal import resample_poly

from descant.models.theory.notes import PITCH_NAMES
from descant.models.theory.words import GENRES, LEADS, MOODS
from descant.runtime import Clip, DescantError, Request
from tests.bench.context import Bench
from tests.bench.figures import Figure
from tests.bench.speed import PROMPT, run_program

ODD_PROMPTS = (
    "🎻🌧️😀", "asdf qwer zxcv", "a", "la la la la " * 40, "1234567890", "silence",
    "NOTHING BUT NOISE!!!",
    "música tranquila con guitarra", "雨の中のピアノ", "<script>alert(1)</script>", "' OR 1=1 --",
    "very very very fast slow piano drums no drums", "\t\n piano \n\n", "C# minor C# minor 300 bpm",
    "a 3/4 waltz in a minor mood at 60 bpm", "death metal lullaby for a church organ and a kazoo",
)  # fmt: skip
ASKED_LUFS = -14.0
SILENT_DB = -45.0


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found in one clip."""

    finite: bool
    rms_db: float
    lufs: float
    true_peak_db: float


def measure_health(bench: Bench) -> list[Figure]:
    """Check random requests, and that a seed gives the same bytes every time."""
    if not bench.pack:
        return []
    checks = _random_checks(bench)
    found = [result for _, result in checks]
    louds = np.array([c.lufs for c in found])
    off = [pair for pair in checks if abs(pair[1].lufs - ASKED_LUFS) > 1.0]
    for request, result in off[:5]:
        bench.say(f"health: {result.lufs:.1f} LUFS for {request}")
    name = f"clips with NaN or infinity, of {len(found)}"
    peak, quiet = max(c.true_peak_db for c in found), min(c.rms_db for c in found)
    return [
        Figure("health", f"failures in {bench.requests} random requests",
               bench.requests - len(checks), at_most=0),
        Figure("health", name, sum(not c.finite for c in found), at_most=0),
        Figure("health", f"silent clips (below {SILENT_DB:.0f} dBFS RMS)",
               sum(c.rms_db < SILENT_DB for c in found), at_most=0,
               beside=f"quietest {quiet:.1f} dBFS"),
        Figure("health", "clips above -1 dBFS true peak", sum(c.true_peak_db > -1.0 for c in found),
               at_most=0, beside=f"highest {peak:.2f} dBFS"),
        Figure("health", "clips off -14 LUFS by more than 1", len(off), at_most=0,
               beside=f"{louds.min():.2f} to {louds.max():.2f} LUFS"),
        *_sameness(bench, bench.pack),
    ]  # fmt: skip


def _random_checks(bench: Bench) -> list[tuple[Request, Checkup]]:
    """Check a clip of every random request that gives one."""
    checks: list[tuple[Request, Checkup]] = []
    for i in range(bench.requests):
        request = random_request(random.Random(f"health {i}"))
        try:
            checks.append((request, check(bench.engine.generate(request))))
        except DescantError as error:
            bench.say(f"health: {error} for {request}")
        if i % 20 == 19:
            bench.say(f"health: {i + 1} of {bench.requests} requests")
    return checks


def random_request(rng: random.Random) -> Request:
    """Draw a request that a person could make, odd ones included."""
    words = f"{rng.choice(MOODS)} {rng.choice(GENRES)} with {rng.choice(tuple(LEADS))}"
    prompt = rng.choice(ODD_PROMPTS) if rng.random() < 0.3 else words
    mode = rng.choice(("major", "minor"))
    return Request(
        prompt=prompt,
        negative_prompt=rng.choice(("", "", "", "drums", "noise")),
        tempo_bpm=rng.choice((None, round(rng.uniform(40.0, 220.0), 1))),
        key=rng.choice((None, f"{rng.choice(PITCH_NAMES)} {mode}")),
        seconds=round(rng.uniform(1.0, 12.0), 2),
        seed=rng.randrange(2**40),
        guidance_scale=rng.choice((None, None, 1.0, 4.0)),
        steps=rng.choice((None, None, 4, 12)),
        melody_strength=rng.choice((None, None, 0.0, 0.5)),
    )


def check(clip: Clip) -> Checkup:
    """Measure a clip with tools that are not descant's own."""
    samples = clip.samples
    return Checkup(
        finite=bool(np.isfinite(samples).all()),
        rms_db=decibels(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))),
        lufs=float(pyloudnorm.Meter(clip.sample_rate).integrated_loudness(samples.T.astype(float))),
        true_peak_db=decibels(true_peak(samples)),
    )


def true_peak(samples: NDArray[np.float32]) -> float:
    """Largest magnitude of (A, N) samples at four times their rate."""
    return float(np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=-1)).max())


def decibels(amplitude: float) -> float:
    """Amplitude in dBFS."""
    return 20.0 * float(np.log10(max(amplitude, 1e-9)))


def _sameness(bench: Bench, pack: str) -> list[Figure]:
    first, again = (_digest(bench.engine.generate(_request(0))) for _ in range(2))
    other = _digest(bench.engine.generate(_request(1)))
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.wav" for i in range(2)]
        for path in paths:
            run_program("generate", PROMPT, "-o", str(path), "--seconds", "5", "--seed", "0",
                        "--json", "--pack", pack, "--threads", str(bench.threads))  # fmt: skip
        files = [path.read_bytes() for path in paths]
        kept = Path(folder) / "here.wav"
        bench.engine.generate(_request(0)).save(kept)
        across = files[0] == files[1] == kept.read_bytes()
    rows = (
        ("same seed, one process: identical samples", first == again),
        ("same seed, three processes: identical files", across),
        ("seeds 0 and 1 differ", first != other),
    )
    return [
        Figure("health", name, float(same), at_least=1, beside="1 = yes") for name, same in rows
    ]


def _digest(clip: Clip) -> str:
    return hashlib.sha256(clip.samples.tobytes()).hexdigest()


def _request(seed: int) -> Request:
    return Request(prompt=PROMPT, seconds=5.0, seed=seed)
