"""What this version can run: the graphs, files and numbers that each family of packs must have."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from descant.models.spec import PACK_FORMAT, DiffusionSpec, GraphSpec, PackSpec

Names = tuple[str, ...]
Sides = tuple[Names, Names]
"""Names of a graph's inputs and outputs."""
MOST_TRAINING_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Family:
    """Contract of a family; a pack may hold more than it."""

    graphs: dict[str, Sides]
    """Graphs that making music needs."""
    files: Names
    prediction_type: Literal["flow", "epsilon"]
    samplers: Names
    optional_graphs: dict[str, Sides] = field(default_factory=dict)
    optional_inputs: dict[str, Names] = field(default_factory=dict)
    """Inputs that a graph has all of or none of."""
    condition_parts: int = 0
    """Embeddings that a latent diffusion's condition is made of."""


IMAGE_BRANCH = "image_branch_step"
ATTRIBUTES = "attributes"
"""The graph that reads genre, mood and lead from a place in CLMP space; older packs lack it."""
SYNAPSE_INPUTS = ("image_keys", "image_values", "image_strength")
"""Of ``denoiser_step``: what its text attention takes of a picture."""
_TEXT_ENCODER: Sides = (("tokens", "mask"), ("embedding",))
_LATENT_DIFFUSION: dict[str, Sides] = {
    "text_encoder": _TEXT_ENCODER,
    "unet_condition": (("condition",), ("condition_bias",)),
    "unet": (("latents", "timesteps", "condition_bias"), ("noise",)),
    "vae_encoder": (("mel",), ("mean", "std")),
    "vae_decoder": (("latents",), ("mel",)),
    "vocoder": (("mel",), ("samples",)),
}
_AUDIO_ENCODER: dict[str, Sides] = {"audio_encoder": (("samples",), ("embedding",))}
_TRANSCRIBER: dict[str, Sides] = {"transcriber": (("spectrum",), ("onset", "note", "fine"))}
_DIFFUSION_SAMPLERS = ("ddim", "dpm++")

FAMILIES: dict[str, Family] = {
    "starter": Family(
        {
            "text_encoder": (("tokens", "mask"), ("embedding", "hidden")),
            "melody_encoder": (("roll",), ("embedding",)),
            "conditioner": (
                (
                    "query", "query_present", "reference", "reference_present", "hidden", "mask",
                    "control",
                ),
                ("condition", "context", "control_latents"),
            ),
            "denoiser_step": (
                (
                    "latents", "condition", "context", "mask", "control_latents", "time",
                    "next_time", "guidance_scale",
                ),
                ("next_latents",),
            ),
            "vae_decoder": (("latents",), ("mel", "roll")),
            "vocoder": (("mel", "excitation_cos", "excitation_sin"), ("real", "imag")),
        },
        ("tokenizer", "library", "index"),
        "flow",
        ("euler",),
        {
            **_TRANSCRIBER,
            "audio_encoder": (("mel",), ("embedding",)),
            "vae_encoder": (("mel", "roll"), ("latents",)),
            "picture_encoder": (("picture",), ("feature",)),
            "picture_adapter": (("feature",), ("embedding",)),
            "story_adapter": (("windows", "mask", "tokens"), ("embedding",)),
            "caption_adapter": (("embedding",), ("adapted",)),
            ATTRIBUTES: (("embedding",), ("genres", "moods", "leads")),
            "picture_words": (("feature",), ("places", "times", "weathers")),
            IMAGE_BRANCH: (
                ("picture", "text", "time", "next_time"), ("next_picture", "keys", "values")
            ),
        },
        {"denoiser_step": SYNAPSE_INPUTS},
    ),
    "mg2": Family(
        {**_LATENT_DIFFUSION, "melody_encoder": (("counts",), ("embedding",))},
        ("vocabulary", "merges", "melodies", "melody_index"),
        "epsilon",
        _DIFFUSION_SAMPLERS,
        _AUDIO_ENCODER,
        condition_parts=2,
    ),
    "audioldm": Family(
        _LATENT_DIFFUSION,
        ("vocabulary", "merges"),
        "epsilon",
        _DIFFUSION_SAMPLERS,
        _AUDIO_ENCODER,
        condition_parts=1,
    ),
}  # fmt: skip


def check_spec(spec: PackSpec) -> None:
    """Hold a pack's spec against what this version can run.

    Raises:
        ValueError: They differ; the message holds the key's path.
    """
    if spec.format != PACK_FORMAT:
        raise ValueError(f"spec.format: expected {PACK_FORMAT}, got {spec.format}")
    family = FAMILIES[spec.family]
    for key, wanted, given in (
        ("graphs", family.graphs, set(spec.graphs)),
        ("files", family.files, set(spec.files)),
    ):
        for name in wanted:
            if name not in given:
                raise ValueError(f"spec.{key}.{name}: missing")
    for name, sides in {**family.graphs, **family.optional_graphs}.items():
        if name in spec.graphs:
            more = family.optional_inputs.get(name, ())
            inputs = (*sides[0], *(more if set(more) & set(spec.graphs[name].inputs) else ()))
            _check_sides(name, (inputs, sides[1]), spec.graphs[name])
    if IMAGE_BRANCH in spec.graphs and spec.family == "starter":
        _check_synapse(spec)
    _check_defaults(spec, family)
    if spec.pipeline.prediction_type != family.prediction_type:
        raise ValueError(
            f"spec.pipeline.prediction_type: {spec.family} packs predict {family.prediction_type!r}"
        )
    if (spec.pipeline.diffusion is None) != (family.condition_parts == 0):
        needed = "missing" if family.condition_parts else f"not a part of {spec.family} packs"
        raise ValueError(f"spec.pipeline.diffusion: {needed}")
    if spec.pipeline.diffusion is not None:
        _check_diffusion(spec, spec.pipeline.diffusion, family)


def _check_sides(name: str, sides: Sides, graph: GraphSpec) -> None:
    for side, wanted, given in (
        ("inputs", sides[0], graph.inputs),
        ("outputs", sides[1], graph.outputs),
    ):
        if set(wanted) != set(given):
            different = ", ".join(sorted(set(wanted) ^ set(given)))
            raise ValueError(f"spec.graphs.{name}.{side}: differ from the format: {different}")


def _check_synapse(spec: PackSpec) -> None:
    """The image branch's keys and values must be what the denoiser takes, for any text."""
    made, taken = spec.graphs[IMAGE_BRANCH].outputs, spec.graphs["denoiser_step"].inputs
    for output, name in (("keys", "image_keys"), ("values", "image_values")):
        given = made[output].shape
        wanted = taken[name].shape if name in taken else ()
        fits = len(given) == len(wanted) == 5 and all(isinstance(size, int) for size in given[1:])
        if not fits or (given[1:3], given[4]) != (wanted[1:3], wanted[4]):
            raise ValueError(f"spec.graphs.{IMAGE_BRANCH}.outputs.{output}: not {name}'s shape")
        if given[3] != spec.pipeline.text_max_tokens:
            raise ValueError(
                f"spec.graphs.{IMAGE_BRANCH}.outputs.{output}: a token for each of a text's "
                f"{spec.pipeline.text_max_tokens}, got {given[3]}"
            )


def _check_defaults(spec: PackSpec, family: Family) -> None:
    limits, defaults = spec.limits, spec.defaults
    if not 0 < limits.min_seconds <= defaults.seconds <= limits.max_seconds <= 3600:
        raise ValueError("spec.limits: seconds of limits and defaults don't fit together")
    if not 1 <= defaults.steps <= limits.max_steps:
        raise ValueError("spec.limits: steps of limits and defaults don't fit together")
    if not 1 <= defaults.candidates <= limits.max_candidates:
        raise ValueError("spec.limits: candidates of limits and defaults don't fit together")
    if not 0.0 <= defaults.eta <= 1.0:
        raise ValueError(f"spec.defaults.eta: {defaults.eta} is not in 0 … 1")
    if defaults.sampler not in family.samplers:
        known = ", ".join(family.samplers)
        raise ValueError(f"spec.defaults.sampler: {spec.family} packs have {known}")
    if defaults.candidates > 1 and "audio_encoder" not in spec.graphs:
        raise ValueError("spec.defaults.candidates: more than 1 needs an audio_encoder")


def _check_diffusion(spec: PackSpec, diffusion: DiffusionSpec, family: Family) -> None:
    pipeline, audio = spec.pipeline, spec.pipeline.audio
    for ok, key, what in (
        (0.0 < diffusion.scale_factor < math.inf, "scale_factor", "must be above 0"),
        (
            diffusion.condition_dim == family.condition_parts * pipeline.clmp_dim,
            "condition_dim", f"must be {family.condition_parts} x clmp_dim {pipeline.clmp_dim}",
        ),
        (diffusion.frame_multiple >= 1, "frame_multiple", "must be at least 1"),
        (
            0.0 < diffusion.linear_start < diffusion.linear_end < 1.0,
            "linear_start", "must be above 0 and below linear_end, which is below 1",
        ),
        (
            spec.limits.max_steps <= diffusion.training_steps <= MOST_TRAINING_STEPS,
            "training_steps", "must be at least limits.max_steps",
        ),
        (
            pipeline.latents.time_stride >= 1
            and diffusion.latent_bins * pipeline.latents.time_stride == audio.n_mels,
            "latent_bins", f"and the latents' stride must make {audio.n_mels} mel bands",
        ),
        (min(diffusion.clmp_sample_rate, diffusion.clmp_samples) >= 1, "clmp_samples", "too few"),
        (audio.channels == 1, "channels", "of the audio must be 1"),
        (min(audio.sample_rate, audio.hop_length, audio.n_fft) >= 1, "audio", "sizes below 1"),
        (audio.hop_length < audio.n_fft, "audio", "hop_length must be below n_fft"),
    ):  # fmt: skip
        if not ok:
            raise ValueError(f"spec.pipeline.diffusion.{key}: {what}")
