"""One loop made in several ways: on a ring, cut off, and cross-faded."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import soundfile
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.models.theory.words import GENRES, LEADS, MOODS
from descant.runtime.branches import Branches
from descant.runtime.conditioning import load_tokenizer, make_conditions
from descant.runtime.decode import decode_latents, vocode
from descant.runtime.encode import encode_audio
from descant.runtime.loop_decode import decode_ring, normalising_ring, vocode_ring
from descant.runtime.loop_music import ring_conditions
from descant.runtime.loop_ring import Ring
from descant.runtime.loop_sampling import sample_ring
from descant.runtime.pieces import Pieces, call
from descant.runtime.plan import Plan
from descant.runtime.request import Request
from descant.runtime.sampling import initial_noise, sample
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions
from descant.runtime.starter_plan import Planner

FloatArray = NDArray[np.float32]

TEMPOS = (66, 78, 84, 97, 104.5, 110, 123.5, 128, 140, 151)
BARS = (2, 4, 4, 4, 8)
FADE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Loop:
    """One request's loop in all ways."""

    bars: int
    beats_per_bar: int
    ways: dict[str, FloatArray]
    """(L,) samples by the way's name."""
    similarity: dict[str, float]
    """Cosine to the prompt in CLMP space."""


def random_request(seed: int) -> Request:
    """Ask for a loop of any kind."""
    draw = random.Random(seed)
    words = draw.choice(MOODS), draw.choice(GENRES), draw.choice(list(LEADS))
    return Request(
        prompt="{} {} with {}".format(*words),
        tempo_bpm=draw.choice(TEMPOS),
        bars=draw.choice(BARS),
        loop=True,
        seed=seed,
    )


class LoopMaker:
    """A pack of the starter's family, taken apart."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._spec = sessions, sessions.pack.spec
        tokenizer = load_tokenizer(sessions.pack)
        self._planner = Planner(sessions.pack, sessions, tokenizer, Branches(sessions))

    def make(self, request: Request) -> Pieces[Loop]:
        """Make one loop in all ways, from the same lead sheet and seed."""
        plan = yield from self._planner.plan(request)
        ring = plan.ring
        assert ring is not None
        circular = yield from self._on_a_ring(plan, ring)
        beat = ring.samples // (ring.bars * ring.beats_per_bar)
        longer = yield from self._on_a_line(plan, ring.samples + beat)
        rate = self._spec.pipeline.audio.sample_rate
        ways = {
            "circular": circular,
            "plain cut": longer[: ring.samples],
            "cross-fade of 50 ms": cross_faded(longer, ring.samples, round(FADE_SECONDS * rate)),
            "cross-fade of a beat": cross_faded(longer, ring.samples, beat),
        }
        levelled = {}
        for name, way in ways.items():
            levelled[name] = (yield from normalising_ring(way[None], rate))[0]
        ogg = encode_audio(levelled["circular"][None], rate, ".ogg", 16, "bench", loop=True)
        levelled["circular, in OGG"] = soundfile.read(io.BytesIO(ogg), dtype="float32")[0]
        similarity = {}
        for name, way in levelled.items():
            similarity[name] = yield from self._similarity(plan, way)
        return Loop(ring.bars, ring.beats_per_bar, levelled, similarity)

    def _similarity(self, plan: Plan, samples: FloatArray) -> Pieces[float]:
        mel = log_mel(samples, self._spec.pipeline.audio)[None]
        heard = (yield from call(self._sessions, "audio_encoder", mel=mel))["embedding"]
        assert plan.prompt is not None
        return float(heard[0] @ plan.prompt.embedding[0])

    def _on_a_ring(self, plan: Plan, ring: Ring) -> Pieces[FloatArray]:
        sessions, audio = self._sessions, self._spec.pipeline.audio
        conditions = yield from ring_conditions(sessions, plan, ring, None)
        follow: Callable[..., Pieces[FloatArray]] = sample_ring
        latents = yield from self._solve(follow, plan, ring.latent_frames, conditions)
        mel, roll = yield from decode_ring(sessions, latents)
        return (yield from vocode_ring(sessions, mel, roll, audio, ring.samples))

    def _on_a_line(self, plan: Plan, samples: int) -> Pieces[FloatArray]:
        """Make music that goes on with its first bar after the last, and has no faded ends."""
        sessions, pipeline, steps = self._sessions, self._spec.pipeline, plan.settled.steps
        stride = pipeline.latents.time_stride
        frames = math.ceil(samples / (stride * pipeline.audio.hop_length)) + 1
        sheet = plan.sheet.window(0, plan.sheet.bars + 4)
        texts = plan.prompt, plan.negative
        conditions = yield from make_conditions(
            sessions, pipeline, sheet, frames * stride, texts, steps, steps
        )
        latents = yield from self._solve(sample, plan, frames, conditions)
        mel, roll = yield from decode_latents(sessions, latents)
        return (yield from vocode(sessions, mel, roll, pipeline.audio))

    def _solve(
        self, follow: Callable[..., Pieces[FloatArray]], plan: Plan, frames: int, told: object
    ) -> Pieces[FloatArray]:
        noise = initial_noise(
            plan.request.first_seed(), self._spec.pipeline.latents.channels, frames
        )
        times = flow_times(plan.settled.steps, self._spec.defaults.shift)
        step, guidance = partial(call, self._sessions, "denoiser_step"), plan.settled.guidance_scale
        return follow(step, noise, told, times, guidance, lambda done, steps: None)


def cross_faded(longer: FloatArray, samples: int, fade: int) -> FloatArray:
    """Lay what follows a loop's end over its beginning, at equal power."""
    loop, turn = longer[:samples].copy(), np.linspace(0, np.pi / 2, fade, dtype=np.float32)
    loop[:fade] = loop[:fade] * np.sin(turn) + longer[samples : samples + fade] * np.cos(turn)
    return loop
