"""The starter's pipeline: a lead sheet leads a flow in the VAE's latents; see ``_make``."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.sheet import LeadSheet
from descant.runtime import loop_seam
from descant.runtime.arrange import wishes
from descant.runtime.branches import Branches
from descant.runtime.clip import Clip
from descant.runtime.clmp_space import ClmpSpace
from descant.runtime.conditioning import Condition, latent_frames, load_tokenizer
from descant.runtime.decode import cut, decode_latents, roll_notes, vocode
from descant.runtime.edit_planner import EditPlanner
from descant.runtime.feeling import feeling
from descant.runtime.finish import finish
from descant.runtime.flow_editor import FlowEditor
from descant.runtime.image_branch import mean_synapse
from descant.runtime.loop_decode import decode_ring, normalising_ring, vocode_ring
from descant.runtime.loop_music import ring_conditions
from descant.runtime.loop_sampling import sample_ring
from descant.runtime.loudness import normalising
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces, call, drain
from descant.runtime.pipeline import Clips
from descant.runtime.plan import Plan
from descant.runtime.progress import OnProgress, Reporter, Stopwatch, WorkClock
from descant.runtime.prompt import read_prompt
from descant.runtime.receipt import make_receipt
from descant.runtime.request import Request
from descant.runtime.retrieval import Neighbour
from descant.runtime.sampling import initial_noise
from descant.runtime.scenes import scene_conditions
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions
from descant.runtime.solving import solve_flow
from descant.runtime.starter_plan import Planner
from descant.runtime.windows import sample_windows, seam_score

FloatArray = NDArray[np.float32]


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
        self._editor = FlowEditor(pack, sessions, edits, self._conditions)

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
        first = request.first_seed()
        watch = Stopwatch(clock=clock)
        Reporter(listener, 1, request.count)("prepare", 0.0)
        with watch.stage("prepare"):
            plan = yield from self._planner.plan(request)
        clips = []
        for i in range(request.count):
            report = Reporter(listener, i + 1, request.count)
            clips.append((yield from self._make(plan, first + i, report, watch)))
        return tuple(clips)

    def _make(self, plan: Plan, seed: int, report: Reporter, before: Stopwatch) -> Pieces[Clip]:
        """Take one clip the whole way: conditions, latents, mel and roll, samples, clip."""
        spec, settled, sheet = self.pack.spec, plan.settled, plan.sheet
        audio, ring = spec.pipeline.audio, plan.ring
        watch = Stopwatch(dict(before.timings_ms), before.clock)
        with watch.stage("condition"):
            conditions = yield from self._conditions(plan, report)
        with watch.stage("sample"):
            latents = yield from self._sample(plan, seed, conditions, report)
        with watch.stage("decode"):
            mel, roll = yield from (decode_ring if ring else decode_latents)(
                self._sessions, latents
            )
        report("decode", 0.85)
        with watch.stage("vocode"):
            raw = yield from self._vocode(plan, mel, roll)
        with watch.stage("finish"):
            level = normalising_ring if ring else normalising
            samples, heard = yield from finish(raw, audio.sample_rate, level)
            rate = ring.frame_rate(roll.shape[1], audio.sample_rate) if ring else audio.frame_rate
            notes = yield from roll_notes(roll, rate, sheet.tempo_bpm, settled.seconds)
            yield Piece("seam score", samples.size)
            seam = self._seam_score(plan, samples, mel)
        report("done", 1.0)
        return Clip(
            samples=samples,
            sample_rate=audio.sample_rate,
            seed=seed,
            request=plan.request,
            device=self._device,
            receipt=self._receipt(plan, seed, seam if ring else None),
            sheet=sheet,
            notes=notes,
            retrieved=plan.retrieved,
            seam_score=seam,
            loop=ring is not None,
            warnings=(*plan.warnings, *heard),
            timings_ms=watch.timings_ms,
        )

    def _receipt(self, plan: Plan, seed: int, seam_score: float | None) -> dict[str, Any]:
        """Say how a clip can be made again."""
        return make_receipt(
            plan.request, plan.settled, seed, self.pack, self._device, sheet=plan.sheet,
            inputs=plan.inputs, seam_score=seam_score, lead=plan.lead,
        )  # fmt: skip

    def _vocode(self, plan: Plan, mel: FloatArray, roll: FloatArray) -> Pieces[FloatArray]:
        """Return the samples of the clip, (N,) float32, as loud as the vocoder has made them."""
        audio = self.pack.spec.pipeline.audio
        if plan.ring is not None:
            samples = plan.ring.samples
            return (yield from vocode_ring(self._sessions, mel, roll, audio, samples))
        whole = yield from vocode(self._sessions, mel, roll, audio)
        return cut(whole, plan.settled.seconds, audio.sample_rate)

    def _seam_score(self, plan: Plan, samples: FloatArray, mel: FloatArray) -> float | None:
        pipeline, ring = self.pack.spec.pipeline, plan.ring
        if ring is not None:
            rate = pipeline.audio.sample_rate
            return loop_seam.seam_score(samples, rate, ring.bars, ring.beats_per_bar)
        return seam_score(mel, pipeline.latents.time_stride) if self._is_long(plan) else None

    def _sample(
        self, plan: Plan, seed: int, conditions: list[list[Condition]], report: Reporter
    ) -> Pieces[FloatArray]:
        """Return (1, C, F) latents, made in windows where the pack can't in one piece."""
        spec = self.pack.spec
        noise = initial_noise(seed, spec.pipeline.latents.channels, plan.latent_frames)
        times = flow_times(plan.settled.steps, spec.defaults.shift)
        guidance = plan.settled.guidance_scale

        def on_step(done: int, steps: int) -> None:
            report("sample", 0.05 + 0.75 * done / steps)

        if plan.ring is not None or self._is_long(plan):
            step = partial(call, self._sessions, "denoiser_step")
            follow = sample_windows if plan.ring is None else sample_ring
            return (yield from follow(step, noise, conditions, times, guidance, on_step))
        return (
            yield from solve_flow(self._sessions, noise, conditions[0], times, guidance, on_step)
        )

    def _is_long(self, plan: Plan) -> bool:
        spec = self.pack.spec
        return plan.latent_frames > latent_frames(spec.limits.max_seconds, spec.pipeline)

    def _conditions(self, plan: Plan, report: Reporter) -> Pieces[list[list[Condition]]]:
        def on_share(share: float) -> None:
            report("picture", 0.05 * share)

        branch = self._branches.get(plan.request, len(plan.pictures), on_share)
        strength = plan.settled.image_strength
        synapse = None
        if branch is not None:
            synapse = yield from mean_synapse(branch, plan.pictures, strength)
        if plan.ring is not None:
            return (yield from ring_conditions(self._sessions, plan, plan.ring, synapse))
        in_windows = self._is_long(plan)
        return (yield from scene_conditions(self._sessions, plan, synapse, in_windows))
