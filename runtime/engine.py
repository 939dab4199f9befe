"""The engine: an open pack on a device, and the jobs that run on it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from descant.models.theory.sheet import LeadSheet
from descant.runtime.chain import spoken
from descant.runtime.clip import Clip
from descant.runtime.errors import (
    DescantError,
    DeviceLostError,
    DeviceMemoryError,
    ProviderUnavailableError,
    RequestError,
)
from descant.runtime.graph_source import least_memory_mb
from descant.runtime.idle import IdleTimer
from descant.runtime.job import Job
from descant.runtime.ldm import LdmPipeline
from descant.runtime.pack import Pack, open_pack
from descant.runtime.pieces import Pieces, drain, ready
from descant.runtime.pipeline import Clips, Pipeline
from descant.runtime.progress import OnProgress, WorkClock, ignore_progress
from descant.runtime.providers import Choice, choose_next, choose_provider
from descant.runtime.request import Request
from descant.runtime.retrieval import NEIGHBOURS, Neighbour
from descant.runtime.sessions import Sessions
from descant.runtime.starter import StarterPipeline
from descant.runtime.tuning import Tuning

Result = TypeVar("Result")

DEVICE_FAILURES = (DeviceMemoryError, DeviceLostError, ProviderUnavailableError)
"""After these another device may do better."""


_PIPELINES: dict[str, type[StarterPipeline] | type[LdmPipeline]] = {
    "starter": StarterPipeline,
    "mg2": LdmPipeline,
    "audioldm": LdmPipeline,
}
"""By family of packs."""


class Engine:
    """An open pack on a device. Safe to use from several threads."""

    def __init__(
        self, pack: Pack, choice: Choice, threads: int | None = None, tuning: Tuning | None = None
    ) -> None:
        """Use ``Engine.open``; this takes a pack that is open already and now owns it."""
        self.pack = pack
        self._tuning = tuning or Tuning(threads)
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._closed = False
        self._take(choice)
        self._idle = IdleTimer(self._tuning.idle_seconds, self.free)

    @classmethod
    def open(
        cls,
        pack: str | Path = "starter",
        device: str = "auto",
        threads: int | None = None,
        *,
        idle_seconds: float | None = None,
        memory_budget_mb: int | None = None,
        device_loop: bool | None = None,
        cuda_graphs: bool = False,
    ) -> Engine:
        """Open a pack.

        Args:
            pack: Built-in name, folder or ``.descant`` file.
            device: ``auto``, ``cpu``, ``cuda``, ``trt-rtx``, ``tensorrt`` or ``openvino``. With
                ``auto`` another device takes over when one fails, and the clip says so.
            threads: Cores to use; all when None.
            idle_seconds: See ``Tuning``, as the other three.
            memory_budget_mb: Stages are loaded and released in turn to stay within it.
            device_loop: None lets the device decide.
            cuda_graphs: Tried and checked where the device has them.

        Raises:
            PackError: The pack is missing, malformed or damaged.
            ProviderUnavailableError: The device can't be used.
            RequestError: A number makes no sense.
        """
        tuning = Tuning(threads, memory_budget_mb, idle_seconds, device_loop, cuda_graphs)
        choice = choose_provider(device)
        opened = open_pack(pack)
        try:
            if choice.device != "cpu":
                choice = choose_provider(device, least_memory_mb(opened))
            return cls(opened, choice, tuning=tuning)
        except BaseException:
            opened.close()
            raise

    @property
    def choice(self) -> Choice:
        """The device with the reason for it, and for each that was skipped."""
        return self._sessions.choice

    @property
    def has_notes(self) -> bool:
        """Whether clips come with the notes that sound in them, as a MIDI file needs them."""
        return self._pipeline.has_notes

    @property
    def device(self) -> str:
        """Where it computes; ``choice.reason`` says why."""
        return self.choice.device

    @property
    def sessions(self) -> Sessions:
        """The graphs that are loaded, and what is known of them."""
        return self._sessions

    def generate(self, request: Request, on_progress: OnProgress | None = None) -> Clip:
        """Make one clip.

        Raises:
            RequestError: The pack can't do what is asked, or ``count`` is not 1.
            GenerationCancelled: ``on_progress`` raised it.
            NumericalError: A network returned NaN.
            DeviceMemoryError: The device has too little memory, and no other may take over.
            DeviceLostError: It does not answer any more, and no other may take over.
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
        return drain(self._clips(request, on_progress or ignore_progress, WorkClock()))

    def start(self, request: Request, on_progress: OnProgress | None = None) -> Job:
        """Make clips on a thread of their own; ``on_progress`` is called from there."""
        self._check_open()
        job = Job(lambda report: self.generate_many(request, report), on_progress)
        with self._lock:
            self._jobs = [j for j in self._jobs if not j.done] + [job]
        return job

    def search(self, text: str, count: int = NEIGHBOURS) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best, as ``generate`` would choose them."""
        return self.on_device(lambda p: p.search(text, count))

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the melody, chords and bass of what ``search`` found.

        Raises:
            RequestError: The pack knows its melodies as vectors only.
        """
        return self.on_device(lambda p: p.sheet(neighbour))

    def free(self) -> None:
        """Free the graphs' memory; they are loaded again when they are needed."""
        self._sessions.close()

    def close(self) -> None:
        """Stop running jobs and free everything; may be called again."""
        self._closed = True
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait()
        self._idle.close()
        self.free()
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

    def on_device(self, work: Callable[[Pipeline], Result]) -> Result:
        """Do some work, on the next device if the one that was chosen gives up."""
        return drain(self._in_pieces(lambda pipeline: ready(work(pipeline))))

    def _clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make all clips of a request; this is the whole way, for whoever takes it."""
        clips = yield from self._in_pieces(
            lambda p: p.clips(spoken(request, p.space), listener, clock)
        )
        told = (*self.choice.warnings, *self._sessions.warnings)
        # The request as it was given: what its caption says was added to the prompt, once.
        return tuple(
            dataclasses.replace(clip, request=request, warnings=(*told, *clip.warnings))
            for clip in clips
        )

    def _in_pieces(self, work: Callable[[Pipeline], Pieces[Result]]) -> Pieces[Result]:
        self._check_open()
        with self._idle.busy():
            while True:
                pipeline, sessions = self._pipeline, self._sessions
                try:
                    return (yield from work(pipeline))
                except DEVICE_FAILURES as error:
                    if not self._fall_back(sessions, error):
                        raise

    def _fall_back(self, failed: Sessions, error: DescantError) -> bool:
        """Free a device that has failed and take the next; False when there is none."""
        with self._lock:
            if self._sessions is not failed:
                return True  # another thread has met the same
            chosen = choose_next(failed.choice, error)
            if chosen is None:
                return False
            failed.close()
            self._take(chosen)
            return True

    def _take(self, choice: Choice) -> None:
        self._sessions = Sessions(self.pack, choice, tuning=self._tuning)
        self._pipeline: Pipeline = _PIPELINES[self.pack.spec.family](self.pack, self._sessions)

    def _check_open(self) -> None:
        if self._closed:
            raise DescantError("the engine is closed", hint="open it again")
