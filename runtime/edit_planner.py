"""Understand a request that starts from a recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.pitch_spectrum import SAMPLE_RATE
from descant.kernels.resample import resample
from descant.models.theory.notes import Key
from descant.models.theory.sheet import LeadSheet
from descant.runtime.arrange import arrange_found, arrange_given, given_melody, with_intensity
from descant.runtime.edit_plan import Span, kind_of, settle_edit, span_of
from descant.runtime.flow_edit import Known, staying
from descant.runtime.heard_lead import heard_lead
from descant.runtime.hearing import Hearing, listen
from descant.runtime.inputs import source
from descant.runtime.latent_encoder import check_can_start_from_sound, encode_samples
from descant.runtime.lead import Lead, followed_by, lead_of, repeated
from descant.runtime.original import Original, asked_like, read_original
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.plan import Plan, check_can_do
from descant.runtime.prompt import Hints, read_prompt
from descant.runtime.query import Query
from descant.runtime.request import MAX_SECONDS, MAX_TEMPO_BPM, MIN_TEMPO_BPM, Request
from descant.runtime.retrieval import Neighbour
from descant.runtime.sessions import Sessions
from descant.runtime.starter_plan import HUMMING, Planner
from descant.runtime.transcribe import transcribing

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class EditPlan:
    """A request that has been understood, and what is known of its recording."""

    plan: Plan
    original: Original
    span: Span
    known: Known
    heard: FloatArray
    """(N,) the recording from the span's beginning on, as the encoder heard it."""
    gain: float
    """What that was multiplied by."""
    begin_seconds: float
    """Of the recording, where the span begins."""
    tune: LeadSheet | None
    """A melody that was given, with its chords and bass; it may be a part of the plan's sheet."""


@dataclass(frozen=True, slots=True)
class _Music:
    lead: Lead
    tune: LeadSheet | None = None
    retrieved: tuple[Neighbour, ...] = ()
    warnings: tuple[str, ...] = ()


class EditPlanner:
    """Makes plans of requests that start from a recording."""

    def __init__(self, pack: Pack, sessions: Sessions, planner: Planner) -> None:
        self._pack = pack
        self._sessions = sessions
        self._planner = planner

    def plan(self, request: Request) -> Pieces[EditPlan]:
        """Read the recording, encode what matters of it and settle on a lead sheet.

        Raises:
            RequestError: The pack can't do it, or a file can't be used.
        """
        spec = self._pack.spec
        path = request.init if request.init is not None else request.continues
        assert path is not None
        check_can_do(request)
        check_can_start_from_sound(self._pack, "init" if request.init is not None else "continues")
        yield Piece("read a recording")
        original = read_original(request)
        request = asked_like(request, original, path)
        limits = replace(spec.limits, max_seconds=MAX_SECONDS)
        settled = settle_edit(request, original, spec.defaults, limits)
        query = yield from self._planner.queries.read(request, settled.image_strength, None)
        span = span_of(request, original, settled.seconds, spec.pipeline)
        heard, gain = self._excerpt(request, original, span)
        notes, known = yield from self._listen(request, span, heard)
        music = yield from self._music(request, query, original, span, notes)
        inputs = replace(
            query.inputs,
            init=source(original) if request.init is not None else None,
            continues=source(original) if request.continues is not None else None,
            image_branch=self._planner.branches.source(request),
        )
        begin = span.first / spec.pipeline.latent_rate
        plan = Plan(
            request=request,
            settled=settled,
            sheet=self._fitted(music.lead, span, request.intensity, settled.seconds),
            prompt=None if query.is_empty else query.text,
            negative=query.negative,
            latent_frames=span.frames,
            ring=None,
            retrieved=music.retrieved,
            warnings=(*original.warnings, *query.warnings, *music.warnings),
            pictures=query.pictures,
            scene=None,
            inputs=inputs,
            begin_seconds=max(music.lead.begin_seconds + begin, 0.0),
        )
        return EditPlan(plan, original, span, known, heard, gain, begin, music.tune)

    def _excerpt(
        self, request: Request, original: Original, span: Span
    ) -> tuple[FloatArray, float]:
        """Return the recording where the span lies, and what it was multiplied by."""
        pipeline = self._pack.spec.pipeline
        audio = pipeline.audio
        per_frame = audio.hop_length * pipeline.latents.time_stride
        ratio = original.sample_rate / audio.sample_rate
        begin = round(span.first * per_frame * ratio)
        end = original.sound_end if request.continues is not None else original.total
        end = min(end, round((span.first + span.frames) * per_frame * ratio))
        return original.excerpt(begin, end, audio.sample_rate)

    def _listen(
        self, request: Request, span: Span, heard: FloatArray
    ) -> Pieces[tuple[Hearing, Known]]:
        """Return the recording as the transcriber hears it, and as latents of which some stay."""
        pipeline = self._pack.spec.pipeline
        yield Piece("resample", len(heard))
        low = resample(heard, pipeline.audio.sample_rate, SAMPLE_RATE)
        notes = yield from listen(self._sessions, low)
        latents = yield from encode_samples(self._sessions, heard, notes, pipeline)
        missing = span.frames - latents.shape[2]
        latents = np.pad(latents, ((0, 0), (0, 0), (0, max(missing, 0))))[:, :, : span.frames]
        stays = np.zeros(span.frames, np.float32)
        if kind_of(request) != "vary":
            stays = staying(span.frames, span.new)
        return notes, Known(latents, stays)

    def _music(
        self,
        request: Request,
        query: Query,
        original: Original,
        span: Span,
        notes: Hearing,
    ) -> Pieces[_Music]:
        """Settle on what leads: the recording's own music, and what is given or found after it."""
        kind, receipt = kind_of(request), original.receipt or {}
        start = span.first / self._pack.spec.pipeline.latent_rate
        lead, hints = lead_of(receipt), read_prompt(request.prompt)
        exact = lead is not None
        if lead is None:
            yield Piece("write down the music", notes.note.shape[1])
            lead = heard_lead(notes, start, told(receipt))
        has_tune = request.melody is not None or request.hum is not None
        if lead is None or (has_tune and kind == "vary"):
            sheet, retrieved, warnings = yield from self._tune(request, query, hints, original)
            tune = sheet if has_tune else None
            return _Music(Lead(sheet, 0.0), tune, retrieved, tuple(warnings))
        if kind == "vary":
            sheet, warnings = arrange_found(lead.sheet, request, hints)
            return _Music(lead.at_tempo(sheet), warnings=tuple(warnings))
        if not has_tune:
            end = original.sound_end / original.sample_rate
            until = (span.first + span.frames) / self._pack.spec.pipeline.latent_rate
            return _Music(lead if exact or kind == "replace" else repeated(lead, end, until))
        hints = replace(hints, beats_per_bar=lead.sheet.beats_per_bar)
        same = replace(request, tempo_bpm=_in_range(lead.sheet.tempo_bpm), key=lead.sheet.key)
        tune, retrieved, warnings = yield from self._tune(same, query, hints, original)
        place = request.inpaint[0] if request.inpaint else original.sound_end / original.sample_rate
        sheet = followed_by(lead.sheet, lead.bar_after(place), tune)
        return _Music(Lead(sheet, lead.begin_seconds), tune, retrieved, tuple(warnings))

    def _tune(
        self, request: Request, query: Query, hints: Hints, original: Original
    ) -> Pieces[tuple[LeadSheet, tuple[Neighbour, ...], list[str]]]:
        """Return the sheet of a tune that is given or found."""
        melody = given_melody(request)
        if request.hum is not None:
            hummed = yield from transcribing(self._sessions, request.hum, HUMMING)
            melody = hummed.melody
        tune, retrieved = yield from self._planner.tune(melody, request, query, hints)
        if isinstance(tune, LeadSheet):
            sheet, warnings = arrange_found(tune, request, hints)
        else:
            sheet, warnings = arrange_given(tune, request, hints, original.seconds)
        return sheet, retrieved, warnings

    def _fitted(
        self, lead: Lead, span: Span, intensity: tuple[float, ...], seconds: float
    ) -> LeadSheet:
        """Return a sheet that covers the span."""
        end = lead.begin_seconds + (span.first + span.frames) / self._pack.spec.pipeline.latent_rate
        bar = lead.sheet.beats_per_bar * 60.0 / lead.sheet.tempo_bpm
        sheet = lead.sheet.window(0, max(int(np.ceil(end / bar)), 1) + 1)
        return with_intensity(sheet, intensity, seconds)


def told(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return tempo, key and metre of a receipt that holds no lead; nothing where one is damaged."""
    music = receipt.get("music")
    if not isinstance(music, dict):
        return {}
    tempo, key, metre = (music.get(name) for name in ("tempo_bpm", "key", "beats_per_bar"))
    try:
        good = MIN_TEMPO_BPM <= float(tempo or 0) <= MAX_TEMPO_BPM and 2 <= int(metre or 0) <= 12
        Key.parse(str(key))
    except (TypeError, ValueError):
        return {}
    return {"tempo_bpm": float(tempo or 0), "key": key, "beats_per_bar": metre} if good else {}


def _in_range(tempo_bpm: float) -> float:
    return min(max(tempo_bpm, MIN_TEMPO_BPM), MAX_TEMPO_BPM)
