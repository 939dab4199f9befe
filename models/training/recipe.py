"""The whole starter pack in one run: ``python -m descant.models.training recipe --minutes N``.

Every phase is a process of its own, started when those it stands on are done, and given a share of
the time. Rendering goes on beside the training, which takes in new shards as they come. A phase
that fails stops those that stand on it and no others; its log says why.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.5
FIRST_SHARDS = 12
"""Shards of music that there must be before anything is trained on them."""
FIRST_HUM_SHARDS = 4
SPARE_SECONDS = 12.0
"""Kept at the end of a phase's time for its start and its last evaluation."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One process of the run."""

    phase: str
    after: tuple[str, ...]
    """Phases that must have ended well."""
    until: float
    """Share of the whole time at which it ends."""
    shards: tuple[str, int] | None = None
    """Folder with the number of train shards that must be there."""
    peak: float = 1.0
    start_peak: float = 0.5
    """Share of the learning rate when a checkpoint begins the phase."""


FIRST_SCENE_SHARDS = 64
MUSIC, VOICES = ("data", FIRST_SHARDS), ("hum", FIRST_HUM_SHARDS)
SCENES = ("scenes", FIRST_SCENE_SHARDS)
STAGES = (
    Stage("data", (), 0.62),
    Stage("hum_data", (), 0.55),
    Stage("scene_data", (), 0.6),
    Stage("vae", (), 0.27, MUSIC),
    Stage("clmp", (), 0.29, MUSIC),
    Stage("transcriber", (), 0.62, VOICES),
    Stage("judge", ("vae",), 0.5, MUSIC),
    Stage("adapters", ("clmp",), 0.45),
    Stage("pictures", ("adapters",), 0.8, SCENES),
    Stage("picture_adapter", ("pictures",), 0.9),
    Stage("stories", ("adapters",), 0.8, SCENES),
    Stage("image_branch", ("clmp",), 0.45),
    Stage("vocoder", ("vae",), 0.68),
    Stage("denoiser", ("vae", "clmp", "adapters", "image_branch"), 1.0),
)
"""Without the text tower: it has its own phase, which needs the teacher and no card."""


@dataclass(frozen=True, slots=True)
class RecipeOptions:
    """What the command line asks of a run."""

    folder: Path
    minutes: float
    device: str
    workers: int
    """Processes that render music; a quarter as many make voices."""
    shards: int
    start: Path | None
    """Folder of ``<phase>.start.pt`` to begin with, where there are any."""


class Recipe:
    """Runs the stages."""

    def __init__(self, options: RecipeOptions, report: Callable[[str], None]) -> None:
        self.options, self.report = options, report
        self.begin = time.monotonic()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: dict[str, int] = {}

    def run(self) -> int:
        """Train everything; return how many stages failed."""
        self.options.folder.mkdir(parents=True, exist_ok=True)
        waiting = list(STAGES)
        while waiting or self.running:
            self._collect()
            for stage in [s for s in waiting if self._is_lost(s)]:
                self.report(f"{stage.phase}: not run, something it stands on failed")
                self.ended[stage.phase] = -1
                waiting.remove(stage)
            for stage in [s for s in waiting if self._is_ready(s)]:
                self._start(stage)
                waiting.remove(stage)
            time.sleep(POLL_SECONDS)
        return sum(code != 0 for code in self.ended.values())

    def _collect(self) -> None:
        for phase, process in list(self.running.items()):
            code = process.poll()
            if code is not None:
                self.ended[phase] = code
                del self.running[phase]
                self.report(f"{self._clock()} {phase}: ended with {code}")

    def _is_lost(self, stage: Stage) -> bool:
        late = time.monotonic() - self.begin > 60.0 * self.options.minutes
        return late or any(self.ended.get(phase, 0) != 0 for phase in stage.after)

    def _is_ready(self, stage: Stage) -> bool:
        if any(phase not in self.ended for phase in stage.after):
            return False
        if stage.shards is None:
            return True
        folder, count = stage.shards
        # scenes have no test split: what is learned from them is tested on music
        tests = folder == SCENES[0] or any((self.options.folder / folder).glob("test-*"))
        return tests and len(list((self.options.folder / folder).glob("train-*"))) >= count

    def _start(self, stage: Stage) -> None:
        left = stage.until * 60.0 * self.options.minutes - (time.monotonic() - self.begin)
        minutes = max(left - SPARE_SECONDS, 1.0) / 60.0
        log = (self.options.folder / f"{stage.phase}.log").open("wb")
        command = [sys.executable, "-m", "descant.models.training", *self._words(stage, minutes)]
        with log:
            self.running[stage.phase] = subprocess.Popen(command, stdout=log, stderr=log)
        self.report(f"{self._clock()} {stage.phase}: started for {minutes:.2f} minutes")

    def _words(self, stage: Stage, minutes: float) -> list[str]:
        words = [stage.phase, "--minutes", f"{minutes:.3f}", "--folder", str(self.options.folder)]
        if stage.phase in ("data", "hum_data", "scene_data"):
            workers = self.options.workers
            if stage.phase != "data":
                workers = max(workers // 4, 1)
            return [*words, "--workers", str(workers), "--shards", str(self.options.shards)]
        words += ["--device", self.options.device, "--threads", "2", "--evaluate-every", "60"]
        start = self.options.start and self.options.start / f"{stage.phase}.start.pt"
        if start and start.exists():
            return [*words, "--start", str(start), "--peak", str(stage.start_peak)]
        return [*words, "--peak", str(stage.peak)]

    def _clock(self) -> str:
        return f"[{time.monotonic() - self.begin:5.0f} s]"
