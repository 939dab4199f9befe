"""Packs of one model in several precisions: how fast each is, and how far from the first.

``python -m tests.bench_packs REFERENCE PACK… [--steps 25] [--seconds 10] [--clips 1]``

Every pack makes the same clips, same prompts and seeds, each in a process of its own whose time and
peak memory are told. ``log-mel`` is the mean distance in nats between a clip's log-mel spectrogram
and the reference's, ``CLMP`` the cosine of both in the reference's audio tower. The last line is
the reference with other seeds: so far apart is what is really another clip.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from descant.kernels.fit_length import fit_length
from descant.kernels.ldm_mel import log_mel
from descant.kernels.resample import resample
from descant.models.ldm_spec import LdmMelConfig
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
PROMPTS = (
    "a gentle guitar ballad with soft drums",
    "fast electronic dance music with a pumping bass",
    "a string quartet playing a sad slow tune",
    "jazz trio, brushed drums and double bass",
)
OTHER_SEEDS = 1000


@dataclass(frozen=True)
class Made:
    """What a process has made."""

    samples: FloatArray
    rate: int
    report: dict[str, Any]
    wall_s: float


class Ear:
    """Compares clips as the reference pack hears them."""

    def __init__(self, name: str) -> None:
        self._pack = open_pack(name)
        self._sessions = Sessions(self._pack, choose_provider("cpu"))

    def compare(self, made: Made, reference: Made) -> tuple[float, float]:
        """Return the log-mel distance and the cosine of the audio embeddings, NaN without them."""
        mels = [log_mel(clip.samples, LdmMelConfig()) for clip in (made, reference)]
        distance = float(np.abs(mels[0] - mels[1]).mean())
        if "audio_encoder" not in self._pack.spec.graphs:
            return distance, float("nan")
        rows = [self._embed(clip) for clip in (made, reference)]
        return distance, float(rows[0] @ rows[1])

    def _embed(self, clip: Made) -> FloatArray:
        diffusion = self._pack.spec.pipeline.diffusion
        assert diffusion is not None
        samples = resample(clip.samples, clip.rate, diffusion.clmp_sample_rate)
        heard = fit_length(samples, diffusion.clmp_samples)
        row: FloatArray = self._sessions["audio_encoder"].run(samples=heard[None])["embedding"][0]
        return row

    def close(self) -> None:
        """Let go of the pack."""
        self._sessions.close()
        self._pack.close()


def make(pack: str, options: argparse.Namespace, clip: int, seed: int, folder: Path) -> Made:
    """Make one clip by the command line, in a process of its own."""
    path = folder / "clip.wav"
    words = [
        sys.executable, "-c", "import sys; from descant.runtime.cli import main; sys.exit(main())",
        "generate", PROMPTS[clip % len(PROMPTS)], "--pack", pack, "-o", str(path), "--json",
        "--bit-depth", "24", "--seed", str(seed), "--steps", str(options.steps),
        "--seconds", str(options.seconds),
    ]  # fmt: skip
    begin = time.perf_counter()
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    wall_s = time.perf_counter() - begin
    samples, rate = soundfile.read(path, dtype="float32")
    return Made(samples, rate, json.loads(told), wall_s)


def row(name: str, clips: list[Made], references: list[Made], ear: Ear) -> str:
    """Return one line of the table."""
    compared = [ear.compare(*pair) for pair in zip(clips, references, strict=True)]
    distance, cosine = np.mean(compared, axis=0)
    stages = {
        stage: np.mean([clip.report["timings_ms"].get(stage, 0.0) for clip in clips]) / 1000.0
        for stage in ("open", "prepare", "sample", "decode", "vocode")
    }
    times = " ".join(f"{seconds:8.2f}" for seconds in stages.values())
    wall_s = np.mean([clip.wall_s for clip in clips])
    peak = max(clip.report["peak_rss_mb"] or float("nan") for clip in clips)
    return f"{name:24.24} {times} {wall_s:8.2f} {peak:9.0f} {distance:8.4f} {cosine:8.4f}"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_packs", description="Speed and fidelity of packs of one model."
    )
    parser.add_argument("packs", nargs="+", metavar="PACK", help="the first is the reference")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clips", type=int, default=1, metavar="N")
    options = parser.parse_args(arguments)
    stages = ("open", "prepare", "sample", "decode", "vocode", "wall s")
    print(f"{'pack':24} " + " ".join(f"{stage:>8}" for stage in stages), end=" ")
    print(f"{'peak MB':>9} {'log-mel':>8} {'CLMP':>8}")
    ear = Ear(options.packs[0])
    references: list[Made] = []
    with TemporaryDirectory() as folder:
        for pack in options.packs:
            clips = [make(pack, options, n, n, Path(folder)) for n in range(options.clips)]
            references = references or clips
            print(row(Path(pack).name, clips, references, ear), flush=True)
        others = [
            make(options.packs[0], options, n, OTHER_SEEDS + n, Path(folder))
            for n in range(options.clips)
        ]
        print(row("the first, other seeds", others, references, ear))
    ear.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
