"""What a caller asks for: one frozen value, checked when it is made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from descant.models.spec import DefaultsSpec, LimitsSpec
from descant.models.theory.notes import Key, Note
from descant.runtime.checks import (
    check_choice,
    check_integer,
    check_levels,
    check_notes,
    check_number,
    check_path,
    check_span,
    check_text,
    parse_key,
)
from descant.runtime.errors import RequestError

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 30.0, 300.0
MIN_SECONDS, MAX_SECONDS = 1.0, 600.0
MAX_SEED = 2**63 - 1
MAX_COUNT = 1000
MAX_STORY_WORDS, MAX_STORY_CHARACTERS = 4000, 40_000
EDIT_STRENGTH = 0.5
"""Of an edit that says nothing else; the published default."""

Sampler = Literal["euler", "ddim", "dpm++"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A request's numbers after the pack's defaults have filled the gaps."""

    seconds: float
    steps: int
    guidance_scale: float
    melody_strength: float
    sampler: Sampler
    eta: float
    candidates: int
    """Clips to make; at least ``count``."""
    strength: float
    """Of the edit; 1 when music is made anew."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish for music. ``None`` means the pack's default.

    Raises:
        RequestError: A value is out of range; with the field, the value and the limit.
    """

    prompt: str = ""
    """What to play, in words; tempo and key words in it are understood."""
    negative_prompt: str = ""
    """What to move away from."""
    story: str = ""
    """A text of up to 4,000 words that the music should go with; its words are no orders."""
    audio: str | Path | None = None
    """An audio file that the music should sound like."""
    melody: str | Path | tuple[Note, ...] | None = None
    """A MIDI file, or notes in beats; it replaces the retrieved melody."""
    tempo_bpm: float | None = None
    """Quarter notes per minute; overrides tempo words in the prompt."""
    key: Key | str | None = None
    """Such as ``"D minor"``; overrides a key in the prompt."""
    seconds: float | None = None
    """Length of the clip, 1 … 600 as far as the pack goes."""
    seed: int | None = None
    """0 … 2⁶³-1; None draws one and reports it. Zero is a seed like any other."""
    steps: int | None = None
    """Solver steps."""
    guidance_scale: float | None = None
    """Weight of the prompt; 1 switches guidance off."""
    melody_strength: float | None = None
    """0 … 1: share of the solver's steps, the first ones, that see the melody."""
    intensity: tuple[float, ...] = ()
    """0 … 1: how strong the music is, at even steps over the clip; the melody's own if empty."""
    count: int = 1
    """Clips to make, with seeds ``seed``, ``seed + 1``, …"""
    sampler: Sampler | None = None
    """Solver: ``euler`` for flows, ``ddim`` or ``dpm++`` for latent diffusion."""
    eta: float | None = None
    """Randomness of DDIM, 0 … 1."""
    candidates: int | None = None
    """Clips to make, of which the ``count`` most similar to the prompt are kept, best first."""
    init: str | Path | None = None
    """An audio file to start from."""
    strength: float | None = None
    """0 … 1: how far to move away from ``init``; 0 gives it back as the model hears it."""
    inpaint: tuple[float, float] | None = None
    """Start and end in seconds of what is made anew; the rest of ``init`` stays."""

    def __post_init__(self) -> None:
        self._check_texts()
        check_number("seconds", self.seconds, MIN_SECONDS, MAX_SECONDS)
        check_number("tempo_bpm", self.tempo_bpm, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
        check_number("guidance_scale", self.guidance_scale, 0.0, 100.0)
        check_number("melody_strength", self.melody_strength, 0.0, 1.0)
        check_integer("steps", self.steps, 1, 1000)
        check_integer("count", self.count, 1, MAX_COUNT)
        check_integer("candidates", self.candidates, int(self.count), MAX_COUNT)
        check_integer("seed", self.seed, 0, MAX_SEED)
        self._check_room(max(self.count, self.candidates or 1))
        check_choice("sampler", self.sampler, get_args(Sampler))
        check_number("eta", self.eta, 0.0, 1.0)
        self._check_edit()
        object.__setattr__(self, "intensity", check_levels("intensity", self.intensity))
        if isinstance(self.key, str):
            object.__setattr__(self, "key", parse_key(self.key))
        elif self.key is not None and not isinstance(self.key, Key):
            raise RequestError(
                f"key must be a text or a Key, got {self.key!r:.60}", hint="such as 'D minor'"
            )
        if isinstance(self.melody, (tuple, list)):
            object.__setattr__(self, "melody", check_notes(tuple(self.melody)))

    @property
    def asked_key(self) -> Key | None:
        """The key, parsed."""
        return self.key if isinstance(self.key, Key) else None

    def first_seed(self) -> int:
        """Return the seed, or a new one, short enough to read out."""
        return secrets.randbelow(2**32) if self.seed is None else int(self.seed)

    def settle(self, defaults: DefaultsSpec, limits: LimitsSpec) -> Settled:
        """Fill the gaps from the pack and hold the result against the pack's limits.

        Raises:
            RequestError: The pack can't do what is asked.
        """
        seconds = defaults.seconds if self.seconds is None else float(self.seconds)
        steps = defaults.steps if self.steps is None else self.steps
        guidance = defaults.guidance_scale if self.guidance_scale is None else self.guidance_scale
        strength = (
            defaults.melody_strength if self.melody_strength is None else self.melody_strength
        )
        check_number("seconds", seconds, limits.min_seconds, limits.max_seconds)
        check_integer("steps", steps, 1, limits.max_steps)
        check_number("guidance_scale", guidance, 0.0, limits.max_guidance_scale)
        check_integer("count", self.count, 1, limits.max_count)
        check_integer("candidates", self.candidates, 1, limits.max_candidates)
        if self.inpaint is not None:
            check_number("inpaint end", self.inpaint[1], 0.0, seconds)
        eta = defaults.eta if self.eta is None else self.eta
        candidates = defaults.candidates if self.candidates is None else self.candidates
        candidates = max(int(candidates), int(self.count))
        self._check_room(candidates)
        return Settled(
            seconds,
            int(steps),
            float(guidance),
            float(strength),
            self.sampler or defaults.sampler,
            float(eta),
            candidates,
            self._edit_strength(),
        )

    def _edit_strength(self) -> float:
        if self.strength is not None:
            return float(self.strength)
        return 1.0 if self.init is None or self.inpaint is not None else EDIT_STRENGTH

    def _check_room(self, clips: int) -> None:
        if self.seed is not None and self.seed > MAX_SEED - clips + 1:
            raise RequestError(
                f"seed must leave room for {clips} clips below 2^63, got {self.seed}",
                hint="choose a smaller seed",
            )

    def _check_edit(self) -> None:
        check_number("strength", self.strength, 0.0, 1.0)
        if self.inpaint is not None:
            object.__setattr__(self, "inpaint", check_span("inpaint", self.inpaint, MAX_SECONDS))
        if self.init is None:
            for name, value in (("strength", self.strength), ("inpaint", self.inpaint)):
                if value is not None:
                    raise RequestError(
                        f"{name} is given without init", hint="name the audio file to start from"
                    )

    def _check_texts(self) -> None:
        check_text("prompt", self.prompt)
        check_text("negative_prompt", self.negative_prompt)
        check_text("story", self.story, MAX_STORY_WORDS, MAX_STORY_CHARACTERS)
        check_path("audio", self.audio, "give an audio file, or leave it out")
        said = self.prompt.strip() or self.story.strip()
        if not said and self.melody is None and self.audio is None:
            raise RequestError(
                "prompt is empty and there is no melody, story or sound either",
                hint="say what to play, such as 'calm piano in the rain', or give a MIDI file",
            )
        if isinstance(self.melody, str) and not self.melody:
            raise RequestError("melody is an empty path", hint="give a MIDI file or leave it out")
