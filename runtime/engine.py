"""The engine: an open pack on a device, and the jobs that run on it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from descant.models.theory.sheet import LeadSheet
from descant.runtime.chain import spoken
from descant.runtime.clip import Clip
from descant.runtime.cooperative import CooperativeJob, Work
from descant.runtime.costs import Costs, measured
from descant.runtime.errors import DescantError, RequestError
from descant.runtime.graph_source import least_memory_mb
from descant.runtime.idle import IdleTimer
from descant.runtime.job import Job
from descant.runtime.pack import Pack, open_pack
from descant.runtime.pieces import Piece, Pieces, drain, ready
from descant.runtime.pipeline import Clips, Pipeline
from descant.runtime.placing import Placing
from descant.runtime.progress import OnProgress, WorkClock, ignore_progress
from descant.runtime.providers import Choice, choose_provider
from descant.runtime.request import Request
from descant.runtime.retrieval import NEIGHBOURS, Neighbour
from descant.runtime.running import Running
from descant.runtime.sessions import Sessions
from descant.runtime.tuning import Tuning

Result = TypeVar("Result")


class Engine:
    """An open pack on a device. Safe to use from several threads."""

    def __init__(
        self, pack: Pack, choice: Choice, threads: int | None = None, tuning: Tuning | None = None
    ) -> None:
        """Use ``Engine.open``; this takes a pack that is open already and now owns it."""
        self.pack = pack
        self._tuning = tuning or Tuning(threads)
        self._running = Running()
        self._closed = False
        self._placing = Placing(pack, choice, self._tuning)
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
        return self.sessions.choice

    @property
    def has_notes(self) -> bool:
        """Whether clips come with the notes that sound in them, as a MIDI file needs them."""
        return self._placing.pipeline.has_notes

    @property
    def device(self) -> str:
        """Where it computes; ``choice.reason`` says why."""
        return self.choice.device

    @property
    def sessions(self) -> Sessions:
        """The graphs that are loaded, and what is known of them."""
        return self._placing.sessions

    @property
    def costs(self) -> Costs:
        """What the pieces of its work have cost on this machine so far."""
        return self.sessions.costs

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
        return drain(self.pieces(request, on_progress or ignore_progress, WorkClock()))

    def start(self, request: Request, on_progress: OnProgress | None = None) -> Job:
        """Make clips on a thread of their own; ``on_progress`` is called from there."""
        self._check_open()
        job = Job(lambda report: self.pieces(request, report, WorkClock()), on_progress)
        self._running.add(job)
        return job

    def begin(self, request: Request) -> CooperativeJob:
        """Make clips without a thread, while ``CooperativeJob.advance`` is called.

        Same request, same seed: same bytes as from ``generate``.
        """
        return self.begin_work(partial(self.pieces, request))

    def begin_work(self, work: Work) -> CooperativeJob:
        """Do what has several requests' pieces in it as ``begin`` does."""
        self._check_open()
        job = CooperativeJob(work, self.costs)
        self._running.add(job)
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
        self.sessions.close()

    def close(self) -> None:
        """Stop running jobs and free everything; may be called again."""
        self._closed = True
        self._running.stop()
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

    def pieces(
        self,
        request: Request,
        listener: OnProgress,
        clock: WorkClock,
        now: Callable[[], float] = time.perf_counter,
    ) -> Pieces[Clips]:
        """Return the whole way of a request, none of which is computed yet."""
        return measured(self._clips(request, listener, clock), self.costs, now)

    def _clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make all clips of a request; this is the whole way, for whoever takes it."""

        def make(pipeline: Pipeline) -> Pieces[Clips]:
            if request.caption:
                yield Piece("words for music")
            asked = spoken(request, pipeline.space)
            return (yield from pipeline.clips(asked, listener, clock))

        clips = yield from self._in_pieces(make)
        told = (*self.choice.warnings, *self.sessions.warnings)
        # The request as it was given: what its caption says was added to the prompt, once.
        return tuple(
            dataclasses.replace(clip, request=request, warnings=(*told, *clip.warnings))
            for clip in clips
        )

    def _in_pieces(self, work: Callable[[Pipeline], Pieces[Result]]) -> Pieces[Result]:
        self._check_open()
        with self._idle.busy():
            return (yield from self._placing.work(work))

    def _check_open(self) -> None:
        if self._closed:
            raise DescantError("the engine is closed", hint="open it again")
