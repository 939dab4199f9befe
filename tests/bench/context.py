"""What all sections share: options, the open pack, work files and a pool of workers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.cases import (
    AUDIO,
    FIRST_SEED,
    SECONDS,
    Case,
    level,
    make_case,
    render,
)
from descant.export.evaluation.real import fingerprint, music_version
from descant.models.tokenizer import Tokenizer
from descant.runtime import Engine, Pack, open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Bench:
    """One run of the benchmark."""

    pack: str | None
    """None measures real renderings only: the ceilings."""
    requests: int
    work: Path
    say: Callable[[str], None]
    workers: int = 2
    threads: int = 2
    catalogue: int = 1000
    """Real test clips among which retrieval searches."""
    plots: Path | None = None
    env: Path | None = None

    @cached_property
    def engine(self) -> Engine:
        """The pack, ready to make music."""
        return Engine.open(self._name, "cpu", self.threads)

    @cached_property
    def sessions(self) -> Sessions:
        """The pack's graphs one by one."""
        return Sessions(self.opened, choose_provider("cpu"), self.threads)

    @cached_property
    def opened(self) -> Pack:
        """The pack."""
        return open_pack(self._name)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The pack's tokenizer."""
        words = self.opened.read("files.tokenizer").decode("utf-8").split("\n")
        limit = self.opened.spec.pipeline.text_max_tokens
        return Tokenizer([word for word in words if word], limit)

    @cached_property
    def cases(self) -> list[Case]:
        """The requests."""
        return [make_case(FIRST_SEED + i) for i in range(self.requests)]

    @property
    def made_folder(self) -> Path:
        """Where this pack's clips are kept: another pack has another folder."""
        return self.work / f"pack-{self.opened.sha256[:12]}"

    @property
    def _name(self) -> str:
        if self.pack is None:
            raise ValueError("this section needs a pack")
        return self.pack

    def real_files(self, count: int | None = None) -> list[Path]:
        """Render the first test pieces that are not there yet; return their files."""
        folder = self.work / f"real-{music_version()}"
        jobs = [(case.seed, folder) for case in self.cases[:count]]
        return self.map(_keep_real, jobs, "real clips")

    def map(
        self, function: Callable[[Item], Result], items: Sequence[Item], what: str
    ) -> list[Result]:
        """Call a module's function on every item in worker processes, one thread each."""
        if self.workers == 1 or len(items) < 4:
            return [function(item) for item in items]
        results: list[Result] = []
        for result in self._pool.imap(function, items, chunksize=2):
            results.append(result)
            if len(results) % 100 == 0:
                self.say(f"{what}: {len(results)} of {len(items)}")
        return results

    def listen(
        self, measure: Callable[[NDArray[np.float32], int], Result], files: Sequence[Path]
    ) -> list[Result]:
        """Measure clips of one folder; results (JSON values) are kept there until ``measure``'s
        module changes.

        Args:
            measure: A module's function of (N,) samples and their rate.
            files: Clips as ``write_samples`` keeps them.
        """
        source = fingerprint(Path(sys.modules[measure.__module__].__file__ or ""))
        store = files[0].parent / f"{measure.__name__}-{source}.json"
        known = json.loads(store.read_text(encoding="utf-8")) if store.is_file() else {}
        missing = [path for path in files if path.stem not in known]
        for begin in range(0, len(missing), 40):
            part = missing[begin : begin + 40]
            heard = self.map(_measure, [(measure, path) for path in part], measure.__name__)
            known.update(zip((path.stem for path in part), heard, strict=True))
            written = store.with_suffix(".part")
            written.write_text(json.dumps(known), encoding="utf-8")
            written.replace(store)
        return [known[path.stem] for path in files]

    def close(self) -> None:
        """Stop the workers."""
        if "_pool" in self.__dict__:
            self._pool.terminate()
            self._pool.join()

    @cached_property
    def _pool(self) -> Pool:
        """Workers that stay: librosa's compiled loops cost each of them many seconds to make."""
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"  # read by the workers when they start
        try:
            return get_context("spawn").Pool(self.workers)
        finally:
            os.environ.pop("OMP_NUM_THREADS")
            if before is not None:
                os.environ["OMP_NUM_THREADS"] = before


def write_samples(path: Path, samples: NDArray[np.float32]) -> None:
    """Keep (N,) samples as int16, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.npy")
    np.save(part, np.round(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16))
    part.replace(path)


def read_samples(path: Path) -> NDArray[np.float32]:
    """Return kept samples, (N,) float32, at the loudness of SynthSet's renderings."""
    return level(np.load(path).astype(np.float32) / np.float32(32767))


def _measure(job: tuple[Callable[[NDArray[np.float32], int], Result], Path]) -> Result:
    measure, path = job
    return measure(read_samples(path), AUDIO.sample_rate)


def _keep_real(job: tuple[int, Path]) -> Path:
    seed, folder = job
    path = folder / f"{seed}.npy"
    if not path.is_file():
        write_samples(path, render(make_case(seed))[: round(SECONDS * AUDIO.sample_rate)])
    return path
