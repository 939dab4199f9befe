"""From a tune to the music of a clip: in tempo and key, as long as asked, going round in a loop."""

from __future__ import annotations

from dataclasses import dataclass

from descant.models.spec import LimitsSpec, PipelineSpec
from descant.models.theory.sheet import LeadSheet
from descant.runtime.arrange import arrange_found, arrange_given, choose_tempo, with_intensity
from descant.runtime.conditioning import fit_sheet, latent_frames
from descant.runtime.loop_length import Metre, in_bars
from descant.runtime.loop_ring import Ring
from descant.runtime.loop_sheet import ring_sheet
from descant.runtime.midi import Melody
from descant.runtime.prompt import Hints
from descant.runtime.request import Request
from descant.runtime.settled import Settled


@dataclass(frozen=True, slots=True)
class Layout:
    """The music that leads a clip."""

    settled: Settled
    """With the length, where that depends on the music."""
    lead: LeadSheet
    """The music by itself, from its beginning to its end."""
    sheet: LeadSheet
    """Covers the clip."""
    ring: Ring | None
    """Of a loop."""
    latent_frames: int
    warnings: tuple[str, ...]


def lay_out(
    request: Request,
    hints: Hints,
    settled: Settled,
    limits: LimitsSpec,
    tune: Melody | LeadSheet,
    pipeline: PipelineSpec,
) -> Layout:
    """Settle on length, tempo and key, and lay the tune out over the clip.

    Args:
        request: As asked.
        hints: Of its prompt.
        settled: Its seconds are asked for, of a film, or the pack's default.
        limits: Of the clip's seconds.
        tune: A given melody, or a lead sheet that was given or found.
        pipeline: Of the pack.

    Raises:
        RequestError: The bars that are asked for are shorter or longer than a clip may be.
    """
    given = isinstance(request.melody, LeadSheet)  # its chords are meant as they are
    if isinstance(tune, Melody):
        tempo = choose_tempo(request, hints, tune.tempo_bpm)
        metre = Metre(tempo, tune.beats_per_bar, tune.notes[-1].end)
        settled, counted = in_bars(request, settled, limits, metre)
        sheet, warnings = arrange_given(tune, request, hints, settled.seconds)
    else:
        sheet, warnings = arrange_found(tune, request, hints)
        metre = Metre(sheet.tempo_bpm, sheet.beats_per_bar, sheet.beats if given else None)
        settled, counted = in_bars(request, settled, limits, metre)
    ring, lead = None, sheet
    if request.loop and settled.bars is not None:
        ring = Ring.of(settled.bars, sheet.tempo_bpm, sheet.beats_per_bar, pipeline)
        frames, sheet = ring.latent_frames, ring_sheet(sheet, ring.bars, not given)
    else:
        frames = latent_frames(settled.seconds, pipeline)
        sheet = fit_sheet(sheet, frames * pipeline.latents.time_stride, pipeline)
    sheet = with_intensity(sheet, request.intensity, settled.seconds, request.loop)
    return Layout(settled, lead, sheet, ring, frames, (*warnings, *counted))
