"""The starter from a recording: vary it, replace a region of it, or go on from its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Note
from descant.runtime.careful import PLAIN, Way, first_healthy, gentler, made_again
from descant.runtime.clip import Clip
from descant.runtime.conditioning import Condition
from descant.runtime.decode import cut, decode_latents, roll_notes, vocode
from descant.runtime.edit_plan import kind_of
from descant.runtime.edit_planner import EditPlan, EditPlanner
from descant.runtime.errors import NumericalError
from descant.runtime.fingerprints import Fingerprints
from descant.runtime.finish import finish
from descant.runtime.flow_edit import edit_times, follow
from descant.runtime.health import (
    Finding,
    check_finite,
    cut_off_findings,
    final_findings,
    raw_findings,
    texts,
)
from descant.runtime.joining import Joined, beside, continued, replaced
from descant.runtime.lead import Lead
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.pipeline import Clips
from descant.runtime.plan import Plan
from descant.runtime.progress import OnProgress, Reporter, Stopwatch, WorkClock
from descant.runtime.receipt import make_receipt
from descant.runtime.request import Request
from descant.runtime.sampling import initial_noise, sample
from descant.runtime.sessions import Sessions
from descant.runtime.starter_making import Made
from descant.runtime.windows import sample_windows

FloatArray = NDArray[np.float32]
Conditions = Callable[[Plan, Reporter], Pieces[list[list[Condition]]]]
"""A plan to the condition of every step, for each of its windows."""
SHORTEST_JUDGED = 1.0
"""Seconds; what is shorter may be a rest or a single tone, and only NaN in it is refused."""


class FlowEditor:
    """Makes clips of requests with ``init`` or ``continues``."""

    def __init__(
        self,
        pack: Pack,
        sessions: Sessions,
        planner: EditPlanner,
        conditions: Conditions,
        safer: Callable[[], FlowEditor | None],
    ) -> None:
        """Take what makes clips without a recording.

        Args:
            pack: Open.
            sessions: Of the pack.
            planner: Understands requests.
            conditions: Of the solver's steps.
            safer: Gives an editor on a device that is more to be trusted, if there is one.
        """
        self._pack = pack
        self._sessions = sessions
        self._planner = planner
        self._conditions = conditions
        self._safer = safer

    def clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make the clips of ``count`` seeds, stopping between calls."""
        first = request.first_seed()
        watch = Stopwatch(clock=clock)
        Reporter(listener, 1, request.count)("prepare", 0.0)
        try:
            with watch.stage("prepare"):
                edit = yield from self._planner.plan(request)
        except NumericalError as error:
            safer = self._safer()
            if safer is None:
                raise
            made = yield from safer.clips(request, listener, clock)
            return tuple(made_again(clip, [str(error)], PLAIN) for clip in made)
        clips = []
        for i in range(request.count):
            report = Reporter(listener, i + 1, request.count)
            ways = self._ways(edit, first + i, report, watch)
            # Clips of two seeds may well be the same here, as at strength 0: none is known.
            clips.append((yield from first_healthy(ways, first + i, Fingerprints())))
        return tuple(clips)

    def _ways(self, edit: EditPlan, seed: int, report: Reporter, watch: Stopwatch) -> Iterator[Way]:
        """Yield how a clip can be made, the way that was asked for first."""
        yield Way("", partial(self._make, edit, seed, report, watch))
        safer = self._safer()
        if safer is not None:
            yield Way(PLAIN, partial(safer._make, edit, seed, report, watch))
        plan, words = gentler(edit.plan, self._pack.spec.defaults)
        gentle = replace(edit, plan=plan)
        yield Way(words, partial((safer or self)._make, gentle, seed, report, watch), False)

    def _make(self, edit: EditPlan, seed: int, report: Reporter, before: Stopwatch) -> Pieces[Made]:
        """Take one clip the whole way: conditions, latents, mel and roll, samples, clip."""
        plan, pipeline = edit.plan, self._pack.spec.pipeline
        per_frame = pipeline.audio.hop_length * pipeline.latents.time_stride
        watch = before.copy()
        with watch.stage("condition"):
            conditions = yield from self._conditions(plan, report)
        with watch.stage("sample"):
            latents = yield from self._sample(edit, seed, conditions, report)
        with watch.stage("decode"):
            mel, roll = yield from decode_latents(self._sessions, latents)
        report("decode", 0.85)
        with watch.stage("vocode"):
            start = edit.span.first * per_frame
            raw = yield from vocode(self._sessions, mel, roll, pipeline.audio, start)
        with watch.stage("finish"):
            made, heard = yield from self._finished(edit, raw)
            wrong = yield from self._judged(edit, raw)
            lead, skipped = _lead_of_clip(edit)
            audio, bpm = pipeline.audio, plan.sheet.tempo_bpm
            notes = yield from _notes(roll, audio.frame_rate, bpm, skipped, made, edit)
        report("done", 1.0)
        varied = kind_of(plan.request) == "vary"
        clip = Clip(
            samples=made.samples,
            sample_rate=audio.sample_rate if varied else edit.original.sample_rate,
            seed=seed,
            request=plan.request,
            device=self._sessions.choice.device,
            receipt=make_receipt(
                plan.request, plan.settled, seed, self._pack, self._sessions.choice.device,
                sheet=edit.tune or plan.sheet, inputs=plan.inputs, lead=lead,
            ),
            sheet=plan.sheet,
            notes=notes,
            retrieved=plan.retrieved,
            seam_score=made.seam_score,
            warnings=(*plan.warnings, *heard),
            timings_ms=watch.timings_ms,
        )  # fmt: skip
        return Made(clip, wrong)

    def _sample(
        self, edit: EditPlan, seed: int, conditions: list[list[Condition]], report: Reporter
    ) -> Pieces[FloatArray]:
        """Return (1, C, F) latents: those of the recording, changed as far as is asked."""
        spec, settled = self._pack.spec, edit.plan.settled
        noise = initial_noise(seed, spec.pipeline.latents.channels, edit.span.frames)
        times = edit_times(settled.steps, spec.defaults.shift, settled.strength)
        steps, guidance = len(times) - 1, settled.guidance_scale
        last = [own[settled.steps - steps :] for own in conditions]
        step = partial(call, self._sessions, "denoiser_step")

        def on_step(done: int, of: int) -> None:
            """Windows and single steps count in their own way."""

        def advance(latents: FloatArray, i: int) -> Pieces[FloatArray]:
            report("sample", 0.05 + 0.75 * i / steps)
            moment, now = times[i : i + 2], [own[i : i + 1] for own in last]
            if len(now) > 1:
                return (yield from sample_windows(step, latents, now, moment, guidance, on_step))
            return (yield from sample(step, latents, now[0], moment, guidance, on_step))

        return (yield from follow(advance, edit.known, noise, times))

    def _finished(self, edit: EditPlan, raw: FloatArray) -> Pieces[tuple[Joined, tuple[str, ...]]]:
        """Give made samples the place, loudness and ends that they are to have."""
        plan, original, audio = edit.plan, edit.original, self._pack.spec.pipeline.audio
        if kind_of(plan.request) == "vary":
            samples, heard = yield from finish(
                cut(raw, plan.settled.seconds, audio.sample_rate), audio.sample_rate
            )
            return Joined(samples, None), tuple(texts(heard))
        yield Piece("join", raw.size)
        check_finite(raw, "vocoder")
        per_frame = len(raw) // edit.span.frames
        gain = np.float32(1.0 / edit.gain)
        known = np.repeat(edit.known.stays >= 1.0, per_frame)
        first = round(edit.span.first * per_frame * original.sample_rate / audio.sample_rate)
        made = beside(original, raw * gain, edit.heard * gain, known, first, audio.sample_rate)
        rate = original.sample_rate
        if plan.request.inpaint is not None:
            region = [min(round(place * rate), original.total) for place in plan.request.inpaint]
            joined = replaced(original, made, (region[0], region[1]), audio)
        else:
            count = round(plan.settled.seconds * rate)
            joined = continued(original, made, count, plan.request.joined, audio)
        wrong = yield from raw_findings(joined.samples.mean(0))
        return joined, tuple(texts([*wrong, *final_findings(joined.samples)]))

    def _judged(self, edit: EditPlan, raw: FloatArray) -> Pieces[list[Finding]]:
        """Return what is wrong with what was made of (N,) samples, and not with the recording."""
        per_frame = len(raw) // edit.span.frames
        begin, end = (round(place * per_frame) for place in edit.span.new)
        new = raw[begin:end]
        if len(new) < SHORTEST_JUDGED * self._pack.spec.pipeline.audio.sample_rate:
            return []
        found = yield from _findings(new)
        theirs = {finding.kind for finding in (yield from _findings(edit.heard))} if found else ()
        return [finding for finding in found if finding.kind not in theirs]


def _findings(samples: FloatArray) -> Pieces[list[Finding]]:
    level = yield from raw_findings(samples)
    return [*level, *(yield from cut_off_findings(samples))]


def _lead_of_clip(edit: EditPlan) -> tuple[Lead, float]:
    """Return the clip's lead, and seconds from the span's beginning to the clip's."""
    plan, original = edit.plan, edit.original
    skipped = 0.0
    if kind_of(plan.request) == "continue" and not plan.request.joined:
        skipped = original.seconds
    begin = skipped - edit.begin_seconds
    return Lead(plan.sheet, max(plan.begin_seconds + begin, 0.0)), begin


def _notes(
    roll: FloatArray,
    frame_rate: float,
    tempo_bpm: float,
    skipped: float,
    made: Joined,
    edit: EditPlan,
) -> Pieces[tuple[Note, ...]]:
    """Read the notes of what was heard and made, in beats from the clip's beginning."""
    first = max(round(skipped * frame_rate), 0)
    seconds = made.samples.shape[1] / edit.original.sample_rate
    end = seconds + min(skipped, 0.0)
    notes = yield from roll_notes(roll[:, first:], frame_rate, tempo_bpm, end)
    later = max(-skipped, 0.0) * tempo_bpm / 60.0
    return tuple(replace(note, start=note.start + later) for note in notes)
