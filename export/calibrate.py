"""Ranges of a denoiser's inner values, seen while it makes music."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from descant.export.quantise import Watch
from descant.models.spec import LimitsSpec
from descant.runtime.epsilon_sampling import NoiseStream, sample_epsilon
from descant.runtime.ldm_condition import LdmConditioner
from descant.runtime.ldm_plan import LdmPlan, make_plan
from descant.runtime.pack import Pack
from descant.runtime.pieces import drain
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
Feeds = dict[str, FloatArray]

PROMPTS = (
    "calm piano in the rain",
    "a heavy metal band with distorted guitars and fast double bass drums",
    "warm strings and a french horn, slow and solemn",
    "upbeat funk with slap bass and brass hits",
    "a deep techno beat with a dark synthesizer",
    "a children's tune on glockenspiel, bright and playful",
)
SECONDS, STEPS = 2.5, 10
PROBED = 4
"""Every so many calls one is kept, with its result, to measure the graph that is made."""
LARGEST = 2.0
"""Standard deviation of the latents that are fed. A model's own are near 1 at every level of noise,
as its clean latents are; more would widen all ranges for the sake of a run that has gone astray."""
OnCall = Callable[[int, int], None]
"""Called with (calls done, calls); raises to stop."""


@dataclass(frozen=True)
class Probe:
    """One call of the denoiser in float32."""

    feeds: Feeds
    noise: FloatArray


def calibrate(
    pack: Pack,
    sessions: Sessions,
    observed: onnxruntime.InferenceSession,
    outputs: Sequence[str],
    watch: Watch,
    on_call: OnCall,
) -> list[Probe]:
    """Make music for a few prompts, from noise to clean latents, and watch the UNet at it.

    Args:
        pack: Of a latent diffusion family.
        sessions: Of the pack; its UNet is not used.
        observed: The UNet with the outputs that ``quantise.observe`` adds.
        outputs: Their names.
        watch: Is told what they say.
        on_call: Told after each call.

    Returns:
        Some of the calls.
    """
    probes: list[Probe] = []
    plans = list(_plans(pack, sessions))
    calls = sum(len(plan.table) for plan in plans)
    done = 0
    for seed, plan in enumerate(plans):

        def predict(
            latents: FloatArray,
            timesteps: NDArray[np.int64],
            bias: FloatArray = plan.condition.bias,
        ) -> FloatArray:
            nonlocal done
            feeds = {
                "latents": latents * np.float32(min(1.0, LARGEST / latents.std())),
                "timesteps": timesteps.astype(np.float32),
                "condition_bias": bias[: len(latents)],
            }
            noise, *extremes = observed.run(["noise", *outputs], feeds)
            watch.see(extremes)
            if done % PROBED == 0:
                probes.append(Probe(feeds, noise))
            done += 1
            on_call(done, calls)
            made: FloatArray = noise
            return made

        _sample(pack, plan, seed, predict)
    return probes


def _plans(pack: Pack, sessions: Sessions) -> Iterator[LdmPlan]:
    conditioner = LdmConditioner(pack, sessions)
    limits = pack.spec.limits
    for prompt in PROMPTS:
        yield make_plan(_request(prompt, limits), pack, sessions, conditioner)


def _request(prompt: str, limits: LimitsSpec) -> Request:
    seconds = min(max(SECONDS, limits.min_seconds), limits.max_seconds)
    return Request(
        prompt=prompt, seconds=seconds, steps=min(STEPS, limits.max_steps), sampler="dpm++"
    )


def _sample(
    pack: Pack,
    plan: LdmPlan,
    seed: int,
    predict: Callable[[FloatArray, NDArray[np.int64]], FloatArray],
) -> None:
    assert pack.spec.pipeline.diffusion is not None
    bins = pack.spec.pipeline.diffusion.latent_bins
    draw = NoiseStream([seed], (pack.spec.pipeline.latents.channels, plan.frames, bins))
    guidance = plan.settled.guidance_scale
    drain(sample_epsilon(predict, draw(), plan.table, draw, lambda done, steps: None, guidance))
