"""One clip of the starter, the whole way: conditions, latents, mel and roll, samples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Note
from descant.runtime import loop_seam
from descant.runtime.branches import Branches
from descant.runtime.clip import Clip
from descant.runtime.conditioning import Condition, latent_frames
from descant.runtime.deadline import Deadline, check_time, learn
from descant.runtime.decode import cut, decode_latents, roll_notes, vocode
from descant.runtime.finish import finish
from descant.runtime.health import Finding, cut_off_findings
from descant.runtime.image_branch import mean_synapse
from descant.runtime.loop_decode import decode_ring, normalising_ring, vocode_ring
from descant.runtime.loop_music import ring_conditions
from descant.runtime.loop_sampling import sample_ring
from descant.runtime.loudness import normalising
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.plan import Plan
from descant.runtime.preview import play_sheet, preview_notes
from descant.runtime.progress import Reporter, Stopwatch
from descant.runtime.receipt import make_receipt
from descant.runtime.sampling import initial_noise
from descant.runtime.scenes import scene_conditions
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions
from descant.runtime.solving import solve_flow
from descant.runtime.windows import sample_windows, seam_score

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that was made, and what is wrong with it."""

    clip: Clip
    findings: list[Finding]


class Maker:
    """Makes clips of plans on one device."""

    def __init__(self, pack: Pack, sessions: Sessions, branches: Branches) -> None:
        self._pack = pack
        self._sessions = sessions
        self._branches = branches
        self._device = sessions.choice.device

    def make(
        self,
        plan: Plan,
        seed: int,
        report: Reporter,
        before: Stopwatch,
        deadline: Deadline | None = None,
    ) -> Pieces[Made]:
        """Take one clip the whole way.

        Raises:
            TooLateError: The deadline can't be kept any more.
            NumericalError: A graph has returned NaN; names it.
        """
        spec, settled, sheet = self._pack.spec, plan.settled, plan.sheet
        audio, ring = spec.pipeline.audio, plan.ring
        watch, loaded = before.copy(), self._sessions.loaded
        with watch.stage("condition"):
            conditions = yield from self.conditions(plan, report)
        with watch.stage("sample"):
            latents = yield from self._sample(plan, seed, conditions, report)
        check_time(self._sessions.costs, plan, deadline)
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
            heard += yield from cut_off_findings(raw)
            rate = ring.frame_rate(roll.shape[1], audio.sample_rate) if ring else audio.frame_rate
            notes = yield from roll_notes(roll, rate, sheet.tempo_bpm, settled.seconds)
            yield Piece("seam score", samples.size)
            seam = self._seam_score(plan, samples, mel)
        if set(loaded) == set(self._sessions.loaded):  # what loading takes says nothing
            learn(self._sessions.costs, plan, watch.timings_ms)
        report("done", 1.0)
        receipt = self._receipt(plan, seed, seam if ring else None)
        return Made(self._clip(plan, seed, samples, receipt, watch, notes, seam), heard)

    def preview(self, plan: Plan, seed: int, report: Reporter, before: Stopwatch) -> Pieces[Clip]:
        """Play a plan's melody, chords and bass by a small synthesizer."""
        rate, watch = self._pack.spec.pipeline.audio.sample_rate, before.copy()
        count = plan.ring.samples if plan.ring else round(plan.settled.seconds * rate)
        with watch.stage("preview"):
            samples = yield from play_sheet(plan.sheet, count, rate, plan.ring is not None)
            notes = preview_notes(plan.sheet, count / rate * plan.sheet.tempo_bpm / 60.0)
        report("done", 1.0)
        receipt = self._receipt(plan, seed, None, preview=True)
        clip = self._clip(plan, seed, samples, receipt, watch, notes, None)
        return replace(clip, preview=True)

    def _clip(
        self,
        plan: Plan,
        seed: int,
        samples: FloatArray,
        receipt: dict[str, Any],
        watch: Stopwatch,
        notes: tuple[Note, ...],
        seam: float | None,
    ) -> Clip:
        return Clip(
            samples=samples,
            sample_rate=self._pack.spec.pipeline.audio.sample_rate,
            seed=seed,
            request=plan.request,
            device=self._device,
            receipt=receipt,
            sheet=plan.sheet,
            notes=notes,
            retrieved=plan.retrieved,
            seam_score=seam,
            loop=plan.ring is not None,
            warnings=plan.warnings,
            timings_ms=watch.timings_ms,
        )

    def _receipt(
        self, plan: Plan, seed: int, seam_score: float | None, preview: bool = False
    ) -> dict[str, Any]:
        """Say how a clip can be made again."""
        return make_receipt(
            plan.request, plan.settled, seed, self._pack, self._device, sheet=plan.sheet,
            inputs=plan.inputs, seam_score=seam_score, lead=plan.lead, preview=preview,
        )  # fmt: skip

    def _vocode(self, plan: Plan, mel: FloatArray, roll: FloatArray) -> Pieces[FloatArray]:
        """Return the samples of the clip, (N,) float32, as loud as the vocoder has made them."""
        audio = self._pack.spec.pipeline.audio
        if plan.ring is not None:
            samples = plan.ring.samples
            return (yield from vocode_ring(self._sessions, mel, roll, audio, samples))
        whole = yield from vocode(self._sessions, mel, roll, audio)
        return cut(whole, plan.settled.seconds, audio.sample_rate)

    def _seam_score(self, plan: Plan, samples: FloatArray, mel: FloatArray) -> float | None:
        pipeline, ring = self._pack.spec.pipeline, plan.ring
        if ring is not None:
            rate = pipeline.audio.sample_rate
            return loop_seam.seam_score(samples, rate, ring.bars, ring.beats_per_bar)
        return seam_score(mel, pipeline.latents.time_stride) if self._is_long(plan) else None

    def _sample(
        self, plan: Plan, seed: int, conditions: list[list[Condition]], report: Reporter
    ) -> Pieces[FloatArray]:
        """Return (1, C, F) latents, made in windows where the pack can't in one piece."""
        spec = self._pack.spec
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
        spec = self._pack.spec
        return plan.latent_frames > latent_frames(spec.limits.max_seconds, spec.pipeline)

    def conditions(self, plan: Plan, report: Reporter) -> Pieces[list[list[Condition]]]:
        """Return what the denoiser is told, by window and step."""

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
