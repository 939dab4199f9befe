"""What a caller asks for: one frozen value, checked when it is made."""

from __future__ import annotations

import math
import numbers
import secrets
from dataclasses import dataclass
from pathlib import Path

from descant.models.spec import DefaultsSpec, LimitsSpec
from descant.models.theory.notes import Key, Note
from descant.runtime.errors import RequestError

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 30.0, 300.0
MIN_SECONDS, MAX_SECONDS = 1.0, 60.0
MAX_SEED = 2**63 - 1
MAX_NOTES = 20_000


@dataclass(frozen=True, slots=True)
class Settled:
    """A request's numbers after the pack's defaults have filled the gaps."""

    seconds: float
    steps: int
    guidance_scale: float
    melody_strength: float


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
    melody: str | Path | tuple[Note, ...] | None = None
    """A MIDI file, or notes in beats; it replaces the retrieved melody."""
    tempo_bpm: float | None = None
    """Quarter notes per minute; overrides tempo words in the prompt."""
    key: Key | str | None = None
    """Such as ``"D minor"``; overrides a key in the prompt."""
    seconds: float | None = None
    """Length of the clip, 1 … 60."""
    seed: int | None = None
    """0 … 2⁶³-1; None draws one and reports it. Zero is a seed like any other."""
    steps: int | None = None
    """Solver steps."""
    guidance_scale: float | None = None
    """Weight of the prompt; 1 switches guidance off."""
    melody_strength: float | None = None
    """0 … 1: share of the solver's steps, the first ones, that see the melody."""
    count: int = 1
    """Clips to make, with seeds ``seed``, ``seed + 1``, …"""

    def __post_init__(self) -> None:
        self._check_texts()
        _number("seconds", self.seconds, MIN_SECONDS, MAX_SECONDS)
        _number("tempo_bpm", self.tempo_bpm, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
        _number("guidance_scale", self.guidance_scale, 0.0, 100.0)
        _number("melody_strength", self.melody_strength, 0.0, 1.0)
        _integer("steps", self.steps, 1, 1000)
        _integer("count", self.count, 1, 1000)
        _integer("seed", self.seed, 0, MAX_SEED)
        if self.seed is not None and self.seed > MAX_SEED - self.count + 1:
            raise RequestError(
                f"seed must leave room for count {self.count} below 2^63, got {self.seed}",
                hint="choose a smaller seed",
            )
        if isinstance(self.key, str):
            object.__setattr__(self, "key", parse_key(self.key))
        elif self.key is not None and not isinstance(self.key, Key):
            raise RequestError(
                f"key must be a text or a Key, got {self.key!r:.60}", hint="such as 'D minor'"
            )
        if isinstance(self.melody, (tuple, list)):
            object.__setattr__(self, "melody", _checked_notes(tuple(self.melody)))

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
        _number("seconds", seconds, limits.min_seconds, limits.max_seconds)
        _integer("steps", steps, 1, limits.max_steps)
        _number("guidance_scale", guidance, 0.0, limits.max_guidance_scale)
        _integer("count", self.count, 1, limits.max_count)
        return Settled(seconds, int(steps), float(guidance), float(strength))

    def _check_texts(self) -> None:
        for name, value in (("prompt", self.prompt), ("negative_prompt", self.negative_prompt)):
            if not isinstance(value, str):
                raise RequestError(
                    f"{name} must be a text, got {type(value).__name__}", hint="give a str"
                )
        if not self.prompt.strip() and self.melody is None:
            raise RequestError(
                "prompt is empty and there is no melody",
                hint="say what to play, such as 'calm piano in the rain', or give a MIDI file",
            )
        if isinstance(self.melody, str) and not self.melody:
            raise RequestError("melody is an empty path", hint="give a MIDI file or leave it out")


def parse_key(text: str) -> Key:
    """Read a key, turning a bad one into a ``RequestError``."""
    try:
        return Key.parse(text)
    except ValueError as error:
        raise RequestError(
            f"key must be a note and a mode, got {text!r:.40}",
            hint="write it like 'D minor', 'F# major' or 'Bb'",
        ) from error


def _number(name: str, value: object, low: float, high: float) -> None:
    if value is None:
        return
    plain = isinstance(value, numbers.Real) and not isinstance(value, bool)
    number = float(value) if plain else math.nan  # type: ignore[arg-type]
    if not low <= number <= high:  # also refuses NaN
        raise RequestError(
            f"{name} must be between {low:g} and {high:g}, got {value!r:.40}",
            hint=f"choose a number from {low:g} to {high:g}",
        )


def _integer(name: str, value: object, low: int, high: int) -> None:
    if value is None:
        return
    plain = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not plain or not low <= value <= high:  # type: ignore[operator]
        raise RequestError(
            f"{name} must be a whole number from {low} to {high}, got {value!r:.40}",
            hint=f"choose a whole number from {low} to {high}",
        )


def _checked_notes(notes: tuple[object, ...]) -> tuple[Note, ...]:
    if not 1 <= len(notes) <= MAX_NOTES:
        raise RequestError(
            f"melody must have 1 to {MAX_NOTES} notes, got {len(notes)}",
            hint="give the part that should be heard",
        )
    checked: list[Note] = []
    for i, note in enumerate(notes):
        if not isinstance(note, Note):
            raise RequestError(
                f"melody[{i}] must be a Note, got {type(note).__name__}",
                hint="import Note from descant.runtime",
            )
        _number(f"melody[{i}].start", note.start, 0.0, 1e5)
        _number(f"melody[{i}].duration", note.duration, 1e-3, 1e5)
        _integer(f"melody[{i}].pitch", note.pitch, 0, 127)
        _integer(f"melody[{i}].velocity", note.velocity, 1, 127)
        checked.append(note)
    return tuple(sorted(checked))
