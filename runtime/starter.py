"""The starter's pipeline: a lead sheet leads a flow in the VAE's latents; see ``_make``."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.sheet import LeadSheet
from descant.runtime.arrange import (
    arrange_found,
    arrange_given,
    given_melody,
    wishes,
    with_intensity,
)
from descant.runtime.branches import Branches
from descant.runtime.clip import Clip
from descant.runtime.clmp_space import ClmpSpace
from descant.runtime.conditioning import (
    Condition,
    fit_sheet,
    latent_frames,
    load_tokenizer,
)
from descant.runtime.decode import cut, decode_latents, roll_notes, vocode
from descant.runtime.health import check_finite, final_warnings, raw_warnings
from descant.runtime.image_branch import mean_synapse
from descant.runtime.inputs import source
from descant.runtime.loudness import normalise
from descant.runtime.pack import Pack
from descant.runtime.plan import Plan, check_can_do
from descant.runtime.progress import OnProgress, Reporter, Stopwatch
from descant.runtime.prompt import read_prompt
from descant.runtime.query import QueryReader
from descant.runtime.receipt import make_receipt
from descant.runtime.request import MAX_SECONDS, Request
from descant.runtime.retrieval import MelodyIndex, Neighbour, load_index
from descant.runtime.sampling import initial_noise
from descant.runtime.scenes import scene_conditions
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions
from descant.runtime.sight import as_long_as, given_film, in_pace
from descant.runtime.solving import solve_flow
from descant.runtime.transcribe import TranscribeOptions, transcribe_file
from descant.runtime.windows import sample_windows, seam_score

FloatArray = NDArray[np.float32]

HUMMING = TranscribeOptions(snap_grid=4)
"""Notes are moved to sixteenths: nobody hums on the beat exactly."""


class StarterPipeline:
    """Packs of the family "starter"."""

    has_notes = True

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        self.pack = pack
        self._device = sessions.choice.device
        self._sessions = sessions
        tokenizer = load_tokenizer(pack)
        self.space = ClmpSpace(sessions, tokenizer)
        self._queries = QueryReader(pack.spec.pipeline, sessions, tokenizer)
        self._branches = Branches(sessions)
        self._index: MelodyIndex | None = None
        self._lock = threading.Lock()

    @property
    def index(self) -> MelodyIndex:
        """The pack's melodies."""
        with self._lock:
            if self._index is None:
                self._index = load_index(self.pack)
            return self._index

    def search(self, text: str, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best."""
        embedding = self._queries.encode(text)[0]
        return self.index.find(embedding, wishes(Request(prompt=text), read_prompt(text)), count)

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Return the notes of a melody that was found."""
        return self.index.sheet(neighbour)

    def generate(self, request: Request, listener: OnProgress) -> tuple[Clip, ...]:
        """Make the clips of ``count`` seeds."""
        first = request.first_seed()
        watch = Stopwatch()
        Reporter(listener, 1, request.count)("prepare", 0.0)
        with watch.stage("prepare"):
            plan = self._plan(request)
        return tuple(
            self._make(plan, first + i, Reporter(listener, i + 1, request.count), watch)
            for i in range(request.count)
        )

    def _plan(self, request: Request) -> Plan:
        """Understand what is asked and settle on a lead sheet."""
        spec = self.pack.spec
        check_can_do(request)
        limits = replace(spec.limits, max_seconds=MAX_SECONDS)  # in windows, see ``_sample``
        film = given_film(request.video)
        settled = request.settle(as_long_as(film, spec.defaults, limits), limits)
        branch = self._branches.source(request)
        hints = in_pace(read_prompt(request.prompt), film)
        hummed = None
        if request.hum is not None:
            hummed = transcribe_file(self._sessions, request.hum, HUMMING)
        melody = hummed.melody if hummed else given_melody(request)
        query = self._queries.read(request, settled.image_strength, film)
        retrieved: tuple[Neighbour, ...] = ()
        if melody is not None:
            sheet, more = arrange_given(melody, request, hints, settled.seconds)
        else:
            retrieved = self.index.find(query.text.embedding[0], wishes(request, hints))
            sheet, more = arrange_found(self.index.sheet(retrieved[0]), request, hints)
        frames = latent_frames(settled.seconds, spec.pipeline)
        sheet = fit_sheet(sheet, frames * spec.pipeline.latents.time_stride, spec.pipeline)
        sheet = with_intensity(sheet, request.intensity, settled.seconds)
        if film is not None and not request.intensity:  # a clip that is shorter has its beginning
            sheet = with_intensity(sheet, query.levels, film.seconds)
        return Plan(
            request=request,
            settled=settled,
            sheet=sheet,
            prompt=None if query.is_empty else query.text,
            negative=query.negative,
            latent_frames=frames,
            retrieved=retrieved,
            warnings=(*hints.warnings, *query.warnings, *more),
            pictures=query.pictures,
            scene=query.scene,
            inputs=replace(query.inputs, hum=source(hummed), image_branch=branch),
        )

    def _make(self, plan: Plan, seed: int, report: Reporter, before: Stopwatch) -> Clip:
        """Take one clip the whole way: conditions, latents, mel and roll, samples, clip."""
        spec, settled, sheet = self.pack.spec, plan.settled, plan.sheet
        audio, long = spec.pipeline.audio, self._is_long(plan)
        watch = Stopwatch(dict(before.timings_ms))
        with watch.stage("condition"):
            conditions = self._conditions(plan, report)
        with watch.stage("sample"):
            latents = self._sample(plan, seed, conditions, report)
        with watch.stage("decode"):
            mel, roll = decode_latents(self._sessions, latents)
        report("decode", 0.85)
        with watch.stage("vocode"):
            raw = cut(vocode(self._sessions, mel, roll, audio), settled.seconds, audio.sample_rate)
        with watch.stage("finish"):
            check_finite(raw, "vocoder")
            samples = normalise(raw[None], audio.sample_rate)
            warnings = (*plan.warnings, *raw_warnings(raw), *final_warnings(samples))
            notes = roll_notes(roll, audio.frame_rate, sheet.tempo_bpm, settled.seconds)
        report("done", 1.0)
        return Clip(
            samples=samples,
            sample_rate=audio.sample_rate,
            seed=seed,
            request=plan.request,
            device=self._device,
            receipt=self._receipt(plan, seed),
            sheet=sheet,
            notes=notes,
            retrieved=plan.retrieved,
            seam_score=seam_score(mel, spec.pipeline.latents.time_stride) if long else None,
            warnings=warnings,
            timings_ms=watch.timings_ms,
        )

    def _receipt(self, plan: Plan, seed: int) -> dict[str, Any]:
        """Say how a clip can be made again."""
        return make_receipt(
            plan.request, plan.settled, seed, self.pack, self._device, sheet=plan.sheet,
            inputs=plan.inputs,
        )  # fmt: skip

    def _sample(
        self, plan: Plan, seed: int, conditions: list[list[Condition]], report: Reporter
    ) -> FloatArray:
        """Return (1, C, F) latents, made in windows where the pack can't in one piece."""
        spec = self.pack.spec
        noise = initial_noise(seed, spec.pipeline.latents.channels, plan.latent_frames)
        times = flow_times(plan.settled.steps, spec.defaults.shift)
        guidance = plan.settled.guidance_scale

        def on_step(done: int, steps: int) -> None:
            report("sample", 0.05 + 0.75 * done / steps)

        if self._is_long(plan):
            step = self._sessions["denoiser_step"].run
            return sample_windows(step, noise, conditions, times, guidance, on_step)
        return solve_flow(self._sessions, noise, conditions[0], times, guidance, on_step)

    def _is_long(self, plan: Plan) -> bool:
        return plan.settled.seconds > self.pack.spec.limits.max_seconds

    def _conditions(self, plan: Plan, report: Reporter) -> list[list[Condition]]:
        def on_share(share: float) -> None:
            report("picture", 0.05 * share)

        branch = self._branches.get(plan.request, len(plan.pictures), on_share)
        strength = plan.settled.image_strength
        synapse = mean_synapse(branch, plan.pictures, strength) if branch is not None else None
        return scene_conditions(self._sessions, plan, synapse, self._is_long(plan))
