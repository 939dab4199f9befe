"""The engine: an open pack on a device, and the jobs that run on it."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Protocol

from descant.models.theory.sheet import LeadSheet
from descant.runtime.clip import Clip
from descant.runtime.errors import DescantError, RequestError
from descant.runtime.job import Job
from descant.runtime.ldm import LdmPipeline
from descant.runtime.pack import Pack, open_pack
from descant.runtime.progress import OnProgress, ignore_progress
from descant.runtime.providers import Choice, choose_provider
from descant.runtime.request import Request
from descant.runtime.retrieval import NEIGHBOURS, Neighbour
from descant.runtime.starter import StarterPipeline


class Pipeline(Protocol):
    """What a family of packs does its own way."""

    has_notes: bool
    """Whether clips come with the notes that sound in them."""

    def search(self, text: str, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best."""

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the notes of a melody that was found."""

    def generate(self, request: Request, listener: OnProgress) -> tuple[Clip, ...]:
        """Make all clips of a request."""

    def close(self) -> None:
        """Free everything."""


_PIPELINES: dict[str, type[StarterPipeline] | type[LdmPipeline]] = {
    "starter": StarterPipeline,
    "mg2": LdmPipeline,
    "audioldm": LdmPipeline,
}
"""By family of packs."""


class Engine:
    """An open pack on a device. Safe to use from several threads."""

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        """Use ``Engine.open``; this takes a pack that is open already and now owns it."""
        self.pack = pack
        self.choice = choice
        self._pipeline: Pipeline = _PIPELINES[pack.spec.family](pack, choice, threads)
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._closed = False

    @classmethod
    def open(
        cls, pack: str | Path = "starter", device: str = "auto", threads: int | None = None
    ) -> Engine:
        """Open a pack.

        Args:
            pack: Built-in name, folder or ``.descant`` file.
            device: ``auto`` or ``cpu``.
            threads: Cores to use; all when None.

        Raises:
            PackError: The pack is missing, malformed or damaged.
            ProviderUnavailableError: The device can't be used.
        """
        choice = choose_provider(device)
        opened = open_pack(pack)
        try:
            return cls(opened, choice, threads)
        except BaseException:
            opened.close()
            raise

    @property
    def has_notes(self) -> bool:
        """Whether clips come with the notes that sound in them, as a MIDI file needs them."""
        return self._pipeline.has_notes

    @property
    def device(self) -> str:
        """Where it computes; ``choice.reason`` says why."""
        return self.choice.device

    def generate(self, request: Request, on_progress: OnProgress | None = None) -> Clip:
        """Make one clip.

        Raises:
            RequestError: The pack can't do what is asked, or ``count`` is not 1.
            GenerationCancelled: ``on_progress`` raised it.
            NumericalError: A network returned NaN.
        """
        if request.count != 1:
            raise RequestError(
                f"count must be 1 here, got {request.count}", hint="use generate_many"
            )
        return self.generate_many(request, on_progress)[0]

    def generate_many(
        self, request: Request, on_progress: OnProgress | None = None
    ) -> tuple[Clip, ...]:
        """Make ``request.count`` clips, with seeds ``seed``, ``seed + 1``, …; raises alike.

        With more ``candidates`` these have those seeds, and the best of them come, best first.
        """
        self._check_open()
        return self._pipeline.generate(request, on_progress or ignore_progress)

    def start(self, request: Request, on_progress: OnProgress | None = None) -> Job:
        """Make clips on a thread of their own; ``on_progress`` is called from there."""
        self._check_open()
        job = Job(lambda report: self.generate_many(request, report), on_progress)
        with self._lock:
            self._jobs = [j for j in self._jobs if not j.done] + [job]
        return job

    def search(self, text: str, count: int = NEIGHBOURS) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best, as ``generate`` would choose them."""
        self._check_open()
        return self._pipeline.search(text, count)

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the melody, chords and bass of what ``search`` found.

        Raises:
            RequestError: The pack knows its melodies as vectors only.
        """
        self._check_open()
        return self._pipeline.sheet(neighbour)

    def close(self) -> None:
        """Stop running jobs and free everything; may be called again."""
        self._closed = True
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait()
        self._pipeline.close()
        self.pack.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise DescantError("the engine is closed", hint="open it again")
