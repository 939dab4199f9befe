"""The starter's pipeline: a lead sheet leads a flow in the VAE's latents; see ``Maker.make``."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from descant.models.theory.sheet import LeadSheet
from descant.runtime.arrange import wishes
from descant.runtime.branches import Branches
from descant.runtime.careful import PLAIN, Way, first_healthy, gentler, made_again
from descant.runtime.clip import Clip
from descant.runtime.clmp_space import ClmpSpace
from descant.runtime.conditioning import load_tokenizer
from descant.runtime.deadline import (
    Deadline,
    TooLateError,
    check_whole,
    given_deadline,
    given_up,
    in_time,
    needed,
)
from descant.runtime.edit_planner import EditPlanner
from descant.runtime.errors import NumericalError
from descant.runtime.feeling import feeling
from descant.runtime.fingerprints import Fingerprints
from descant.runtime.flow_editor import FlowEditor
from descant.runtime.needed_graphs import load_needed
from descant.runtime.pack import Pack
from descant.runtime.pieces import Pieces, drain
from descant.runtime.pipeline import Clips
from descant.runtime.plan import Plan
from descant.runtime.progress import OnProgress, Reporter, Stopwatch, WorkClock, ignore_progress
from descant.runtime.prompt import read_prompt
from descant.runtime.providers import choose_provider
from descant.runtime.request import Request
from descant.runtime.retrieval import Neighbour
from descant.runtime.sessions import Sessions
from descant.runtime.starter_making import Maker
from descant.runtime.starter_plan import Planner

LONGEST_TRIAL, MOST_TRIALS = 10.0, 2
"""Seconds of the clips that a first deadline is measured with, and how many of them."""


class StarterPipeline:
    """Packs of the family "starter"."""

    has_notes = True

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        self.pack = pack
        self._device = sessions.choice.device
        self._sessions = sessions
        tokenizer = load_tokenizer(pack)
        self.space = ClmpSpace(sessions, tokenizer)
        self._branches = Branches(sessions)
        self._planner = Planner(pack, sessions, tokenizer, self._branches)
        edits = EditPlanner(pack, sessions, self._planner)
        self._maker = Maker(pack, sessions, self._branches)
        self._editor = FlowEditor(pack, sessions, edits, self._maker.conditions, self._safer_editor)
        self._known = Fingerprints()
        self._other: StarterPipeline | None = None
        self._lock = threading.Lock()

    def search(self, text: str, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best."""
        embedding = drain(self._planner.queries.encode(text))
        felt = drain(feeling(self._sessions, embedding)) if text.strip() else None
        wanted = wishes(Request(prompt=text), read_prompt(text), felt)
        return self._planner.index.find(embedding[0], wanted, count)

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the notes of a melody that was found."""
        return self._planner.index.sheet(neighbour)

    def clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make the clips of ``count`` seeds, stopping between calls."""
        if request.init is not None or request.continues is not None:
            return (yield from self._editor.clips(request, listener, clock))
        if request.deadline_ms:
            yield from load_needed(request, self._sessions)
            yield from self._know_costs(request, clock)
        first = request.first_seed()
        watch, deadline = Stopwatch(clock=clock), given_deadline(request, clock)
        Reporter(listener, 1, request.count)("prepare", 0.0)
        try:
            with watch.stage("prepare"):
                plan = yield from self._planner.plan(request)
        except NumericalError as error:
            return (yield from self._plainly(request, listener, clock, error))
        clips = []
        for i in range(request.count):
            report = Reporter(listener, i + 1, request.count)
            own = deadline.share(request.count - i) if deadline else None
            clips.append((yield from self._clip(plan, first + i, report, watch, own)))
        return tuple(clips)

    def _clip(
        self, plan: Plan, seed: int, report: Reporter, watch: Stopwatch, deadline: Deadline | None
    ) -> Pieces[Clip]:
        """Make a clip that passes the gate, or as much of it as there is time for."""
        gave_up: tuple[str, ...] = ()
        shorter: Plan | None = plan
        if deadline is not None:
            shorter, gave_up = in_time(plan, deadline.left, needed(self._sessions.costs, plan))
        try:
            if shorter is not None:
                ways = self._ways(shorter, seed, report, watch, deadline)
                clip = yield from first_healthy(ways, seed, self._known)
                return given_up(clip, deadline, gave_up)
        except TooLateError as error:
            gave_up = (str(error),)
        clip = yield from self._maker.preview(plan, seed, report, watch)
        return given_up(clip, deadline, gave_up)

    def _ways(
        self, plan: Plan, seed: int, report: Reporter, watch: Stopwatch, deadline: Deadline | None
    ) -> Iterator[Way]:
        """Yield how a clip can be made, the way that was asked for first."""
        yield Way("", partial(self._maker.make, plan, seed, report, watch, deadline))
        plain = self
        if not self._is_plain:
            check_whole(self._sessions.costs, plan, deadline)
            plain = self._plain()
            yield Way(PLAIN, partial(plain._maker.make, plan, seed, report, watch, deadline))
        gentle, words = gentler(plan, self.pack.spec.defaults)
        check_whole(self._sessions.costs, gentle, deadline)
        yield Way(words, partial(plain._maker.make, gentle, seed, report, watch, deadline), False)

    @property
    def _is_plain(self) -> bool:
        """Whether it computes in the way that has the fewest parts."""
        return self._device == "cpu" and not self._sessions.uses_device_loop

    def _plain(self) -> StarterPipeline:
        """Return a pipeline on the CPU that takes step by step."""
        with self._lock:
            if self._other is None:
                tuning = replace(self._sessions.tuning, device_loop=False, cuda_graphs=False)
                sessions = Sessions(self.pack, choose_provider("cpu"), tuning=tuning)
                self._other = StarterPipeline(self.pack, sessions)
                self._sessions.spare = sessions
            return self._other

    def _safer_editor(self) -> FlowEditor | None:
        return None if self._is_plain else self._plain()._editor

    def _plainly(
        self, request: Request, listener: OnProgress, clock: WorkClock, error: NumericalError
    ) -> Pieces[Clips]:
        """Make clips after the request could not even be understood."""
        if self._is_plain:
            raise error
        clips = yield from self._plain().clips(request, listener, clock)
        return tuple(made_again(clip, [str(error)], PLAIN) for clip in clips)

    def _know_costs(self, request: Request, clock: WorkClock) -> Pieces[None]:
        """Make a clip of one step where it is not known yet what one takes, and forget it."""
        with contextlib.suppress(NumericalError):  # the clip itself meets it, and has other ways
            yield from self._try(request, clock)

    def _try(self, request: Request, clock: WorkClock) -> Pieces[None]:
        seconds = self.pack.spec.defaults.seconds if request.seconds is None else request.seconds
        trial = Request(prompt="x", seconds=min(seconds, LONGEST_TRIAL), steps=1, seed=0)
        plan = yield from self._planner.plan(trial)
        silent = Reporter(ignore_progress, 1, 1)
        for _ in range(MOST_TRIALS):  # the first loads the graphs, and is no measure
            if needed(self._sessions.costs, plan) is None:
                yield from self._maker.make(plan, 0, silent, Stopwatch(clock=clock))
