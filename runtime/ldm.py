"""The pipeline of published latent diffusion models (AudioLDM, MG2); see ``_make``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.kernels.fit_length import fit_length
from descant.kernels.resample import resample
from descant.models.spec import DiffusionSpec
from descant.models.theory.sheet import LeadSheet
from descant.runtime.clip import Clip
from descant.runtime.clmp_space import WordSpace
from descant.runtime.decode import cut
from descant.runtime.epsilon_sampling import NoiseStream, edit_start
from descant.runtime.errors import GraphMismatchError, RequestError
from descant.runtime.finish import finish
from descant.runtime.health import check_finite, texts
from descant.runtime.ldm_condition import LdmConditioner
from descant.runtime.ldm_plan import LdmPlan, make_plan
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.pipeline import Clips
from descant.runtime.progress import OnProgress, Reporter, Stopwatch, WorkClock
from descant.runtime.receipt import make_receipt
from descant.runtime.request import Request
from descant.runtime.retrieval import Neighbour
from descant.runtime.sampling import OnStep
from descant.runtime.sessions import Sessions
from descant.runtime.solving import solve_diffusion
from descant.runtime.tiled_decode import decode_tiled

FloatArray = NDArray[np.float32]

RUNAWAY, GUARD = 100.0, 10.0
"""Latents with a value beyond the first are clipped to the second, as AudioLDM does."""


class LdmPipeline:
    """Packs of the families "mg2" and "audioldm"."""

    has_notes = False

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        """Read the vocabulary; graphs are loaded when they are first used.

        Raises:
            PackFormatError: The vocabulary is none.
        """
        assert pack.spec.pipeline.diffusion is not None
        self.pack = pack
        self._diffusion: DiffusionSpec = pack.spec.pipeline.diffusion
        self._device = sessions.choice.device
        self._sessions = sessions
        self._conditioner = LdmConditioner(pack, self._sessions)
        self.space = WordSpace(lambda text: self._conditioner.embed(text)[0], pack.spec.id)

    def search(self, text: str, count: int) -> tuple[Neighbour, ...]:
        """Return the melodies that fit a text best.

        Raises:
            RequestError: The pack has none.
        """
        if not self._conditioner.has_melodies:
            raise RequestError(
                f"the pack {self.pack.spec.id!r} has no melodies",
                hint="search another pack, such as starter",
            )
        return self._conditioner.melodies.find(self._conditioner.embed(text)[0], count)

    def sheet(self, neighbour: Neighbour) -> LeadSheet:
        """Refuse: such packs hold a melody as one vector.

        Raises:
            RequestError: Always.
        """
        raise RequestError(
            f"the pack {self.pack.spec.id!r} has no notes of {neighbour.title!r}",
            hint="its melodies are vectors; write notes from another pack, such as starter",
        )

    def clips(self, request: Request, listener: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make all candidates, each from its own seed alone, and keep the best.

        It stops between the solver's steps, the decoder's tiles and the other stages.
        """
        watch = Stopwatch(clock=clock)
        Reporter(listener, 1, request.count)("prepare", 0.0)
        yield Piece("prepare")
        with watch.stage("prepare"):
            plan = make_plan(request, self.pack, self._sessions, self._conditioner)
        count = plan.settled.candidates
        first = request.first_seed()
        clips = []
        for i in range(count):
            report = Reporter(listener, i + 1, count)
            clips.append((yield from self._make(plan, first + i, report, watch)))
        if plan.is_ranked:
            clips.sort(key=lambda clip: -(clip.similarity or 0.0))
        return tuple(clips[: request.count])

    def _make(self, plan: LdmPlan, seed: int, report: Reporter, before: Stopwatch) -> Pieces[Clip]:
        """Take one clip the whole way: latents, mel, samples, clip."""
        rate, settled = self.pack.spec.pipeline.audio.sample_rate, plan.settled
        watch = before.copy()
        with watch.stage("sample"):
            latents = yield from self._sample(
                plan, seed, lambda done, steps: report("sample", 0.75 * done / max(steps, 1))
            )
        with watch.stage("decode"):
            mel = yield from decode_tiled(
                lambda tile: self._sessions["vae_decoder"].run(latents=tile)["mel"],
                latents / np.float32(self._diffusion.scale_factor),
                on_tile=lambda done, tiles: report("decode", 0.75 + 0.15 * done / tiles),
            )
        with watch.stage("vocode"):
            whole = yield from self._vocode(mel, round(settled.seconds * rate))
            raw = cut(whole, settled.seconds, rate)
        similarity = None
        if plan.is_ranked:
            report("decode", 0.95)
            with watch.stage("rank"):
                similarity = yield from self._similarity(raw, plan.condition.wish)
        with watch.stage("finish"):
            samples, heard = yield from finish(raw, rate)
        report("done", 1.0)
        return Clip(
            samples=samples,
            sample_rate=rate,
            seed=seed,
            request=plan.request,
            device=self._device,
            receipt=make_receipt(
                plan.request, settled, seed, self.pack, self._device,
                melody=plan.condition.melody, inputs=plan.inputs,
            ),
            retrieved=plan.condition.retrieved,
            similarity=similarity,
            warnings=(*plan.warnings, *texts(heard)),
            timings_ms=watch.timings_ms,
        )  # fmt: skip

    def _sample(self, plan: LdmPlan, seed: int, on_step: OnStep) -> Pieces[FloatArray]:
        """Return (1, C, F, W) latents of the diffusion."""
        channels = self.pack.spec.pipeline.latents.channels
        draw = NoiseStream([seed], (channels, plan.frames, self._diffusion.latent_bins))
        start = draw()
        if plan.edit is not None:
            start = edit_start(plan.table, plan.edit.latents, start)
        keep = plan.edit.keep if plan.edit else None
        guidance, bias = plan.settled.guidance_scale, plan.condition.bias
        latents = yield from solve_diffusion(
            self._sessions, start, plan.table, draw, on_step, guidance, bias, keep
        )
        return guarded(latents)

    def _vocode(self, mel: FloatArray, count: int) -> Pieces[FloatArray]:
        """(1, 1, T, M) log-mel to (N,) samples, ``count`` or more."""
        rows = np.ascontiguousarray(mel[:, 0].transpose(0, 2, 1))
        out = yield from call(self._sessions, "vocoder", mel=rows)
        samples: FloatArray = out["samples"][0]
        check_finite(samples, "the vocoder")
        if len(samples) < count:
            raise GraphMismatchError(
                f"graph 'vocoder' made {len(samples)} samples where {count} are needed",
                hint="get the pack again",
            )
        return samples

    def _similarity(self, raw: FloatArray, wish: FloatArray) -> Pieces[float]:
        """Cosine of a clip (N,) to an embedding (D,) in CLMP space."""
        rate = self._diffusion.clmp_sample_rate
        yield Piece("resample", raw.size)
        heard = resample(raw, self.pack.spec.pipeline.audio.sample_rate, rate)
        wave = fit_length(heard, self._diffusion.clmp_samples)
        out = yield from call(self._sessions, "audio_encoder", samples=wave[None])
        embedding: FloatArray = out["embedding"]
        lengths = np.linalg.norm(embedding[0]) * np.linalg.norm(wish)
        return float(embedding[0] @ wish / max(float(lengths), 1e-12))


def guarded(latents: FloatArray) -> FloatArray:
    """Clip latents that have run away."""
    return np.clip(latents, -GUARD, GUARD) if np.abs(latents).max() > RUNAWAY else latents
