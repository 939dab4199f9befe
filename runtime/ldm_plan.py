"""Understand a request for a latent diffusion pack."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from descant.models.diffusion import (
    SolverTable,
    ddim_table,
    dpm_solver_table,
    scaled_linear_schedule,
)
from descant.models.spec import DiffusionSpec, PackSpec, PipelineSpec
from descant.runtime.audio_file import Recording, read_recording
from descant.runtime.checks import check_choice
from descant.runtime.errors import RequestError
from descant.runtime.families import FAMILIES
from descant.runtime.inputs import Inputs, source
from descant.runtime.ldm_condition import LdmCondition, LdmConditioner
from descant.runtime.ldm_edit import Edit, read_edit
from descant.runtime.pack import Pack
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions
from descant.runtime.settled import Settled


@dataclass(frozen=True, slots=True, eq=False)
class LdmPlan:
    """A request that has been understood; only the seed is open."""

    request: Request
    settled: Settled
    condition: LdmCondition
    table: SolverTable
    frames: int
    """Of the latents."""
    edit: Edit | None
    inputs: Inputs
    """Files that were read."""
    warnings: tuple[str, ...]

    @property
    def is_ranked(self) -> bool:
        """Whether more clips are made than kept."""
        return self.settled.candidates > self.request.count


def make_plan(
    request: Request, pack: Pack, sessions: Sessions, conditioner: LdmConditioner
) -> LdmPlan:
    """Read words, melody and recording, and choose the solver's steps.

    Raises:
        RequestError: The pack can't do what is asked, or a file can't be used.
    """
    spec = pack.spec
    assert spec.pipeline.diffusion is not None
    recording = None
    if request.deadline_ms is not None:
        raise RequestError(
            f"deadline_ms: the pack {spec.id!r} can't promise a time",
            hint="use a pack that has previews, such as starter",
        )
    if request.continues is not None:
        raise RequestError(
            f"continues: the pack {spec.id!r} can't go on from a recording",
            hint="use a pack such as starter, or make a part of it anew with init and inpaint",
        )
    if request.init is not None:
        recording = read_recording(request.init, spec.limits.max_seconds + 1.0)
    settled = _settle(request, spec, recording)
    frames = latent_frames(settled.seconds, spec.pipeline)
    condition = conditioner.read(request, settled)
    warnings = condition.warnings
    edit = None
    if recording is not None:
        warnings = (*recording.warnings, *warnings)
        edit = read_edit(sessions["vae_encoder"], spec.pipeline, recording, frames, request.inpaint)
        if recording.seconds > settled.seconds + 0.01:
            cut = f"init lasts {recording.seconds:.1f} s and was cut to {settled.seconds:g} s"
            warnings = (cut, *warnings)
    table = solver_table(settled, spec.pipeline.diffusion)
    inputs = Inputs(audio=source(condition.sound), init=source(recording))
    return LdmPlan(request, settled, condition, table, frames, edit, inputs, warnings)


def solver_table(settled: Settled, diffusion: DiffusionSpec) -> SolverTable:
    """Return the steps of the solver that was asked for."""
    schedule = scaled_linear_schedule(
        diffusion.linear_start, diffusion.linear_end, diffusion.training_steps
    )
    if settled.sampler == "ddim":
        return ddim_table(schedule, settled.steps, settled.eta, settled.strength)
    return dpm_solver_table(schedule, settled.steps, settled.strength)


def latent_frames(seconds: float, pipeline: PipelineSpec) -> int:
    """F, a multiple of what the UNet halves, that covers the clip."""
    assert pipeline.diffusion is not None
    multiple = pipeline.diffusion.frame_multiple
    return math.ceil(seconds * pipeline.latent_rate / multiple - 1e-9) * multiple


def check_no_bars(request: Request, pack: str) -> None:
    """Refuse what needs music in an exact tempo.

    Raises:
        RequestError: It is asked for.
    """
    asked = "loop" if request.loop else "bars" if request.bars is not None else None
    if asked is not None:
        raise RequestError(
            f"{asked}: the pack {pack!r} keeps no exact tempo",
            hint="give seconds, or use a pack that plays from notes, such as starter",
        )


def _settle(request: Request, spec: PackSpec, recording: Recording | None) -> Settled:
    """Fill the gaps; a clip that starts from a recording is as long as it."""
    check_choice("sampler", request.sampler, FAMILIES[spec.family].samplers)
    check_no_bars(request, spec.id)
    defaults, limits = spec.defaults, spec.limits
    if recording is not None:
        seconds = min(max(recording.seconds, limits.min_seconds), limits.max_seconds)
        defaults = dataclasses.replace(defaults, seconds=seconds)
    settled = request.settle(defaults, limits)
    if settled.candidates > request.count and "audio_encoder" not in spec.graphs:
        raise RequestError(
            f"candidates must be {request.count} here, got {settled.candidates}: "
            f"the pack {spec.id!r} can't hear which is best",
            hint="leave candidates out, or use a pack with an audio_encoder",
        )
    return settled
