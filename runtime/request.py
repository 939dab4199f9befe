"""What a caller asks for: one frozen value, checked when it is made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from descant.models.spec import DefaultsSpec, LimitsSpec
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.checks import (
    check_choice,
    check_deadline,
    check_flag,
    check_integer,
    check_levels,
    check_notes,
    check_number,
    check_path,
    check_paths,
    check_span,
    check_text,
    parse_key,
)
from descant.runtime.errors import RequestError
from descant.runtime.settled import Sampler, Settled, settle
from descant.runtime.sheet_rows import check_sheet

if TYPE_CHECKING:
    from descant.runtime.film import Film

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 30.0, 300.0
MIN_SECONDS, MAX_SECONDS = 1.0, 600.0
MAX_SEED = 2**63 - 1
MAX_COUNT = 1000
MAX_BARS = 1500
MAX_STORY_WORDS, MAX_STORY_CHARACTERS = 4000, 40_000
MAX_CAPTION_CHARACTERS = 1000
MAX_IMAGES = 32
MAX_IMAGE_STRENGTH = 2.0


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
    images: tuple[str | Path, ...] = ()
    """Picture files that the music should go with, 32 at most."""
    video: str | Path | Film | None = None
    """A film, or its file: the music goes with its pictures and is as long as it, unless
    ``seconds`` is given."""
    image_strength: float | None = None
    """0 … 2: weight of pictures and film beside the rest, 1 by default; at 0 what they look like
    has no effect at all."""
    image_branch: str | Path | None = None
    """Folder of an image branch that takes the place of the pack's own."""
    caption: str = ""
    """What the pictures show, in place of the captioner's words."""
    music_prompt: str = ""
    """What music they make, in place of the bridge's words; a part of the prompt."""
    melody: str | Path | tuple[Note, ...] | LeadSheet | None = None
    """A MIDI file, notes in beats, or a whole lead sheet such as ``Clip.sheet``, whose chords and
    bass are kept; it replaces the retrieved melody."""
    hum: str | Path | None = None
    """A recording of a voice or an instrument, whose notes are the melody."""
    tempo_bpm: float | None = None
    """Quarter notes per minute; overrides tempo words in the prompt."""
    key: Key | str | None = None
    """Such as ``"D minor"``; overrides a key in the prompt."""
    seconds: float | None = None
    """Length of the clip, 1 … 600 as far as the pack goes."""
    bars: int | None = None
    """Length in bars at the music's tempo, in place of ``seconds``; exact to the sample."""
    loop: bool = False
    """Whether the end leads into the beginning, so that the clip can be repeated without a seam.
    A loop has whole bars: the nearest number of them when ``seconds`` are given."""
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
    continues: str | Path | None = None
    """An audio file that the clip goes on from; the clip is what comes after it."""
    joined: bool = False
    """Whether that file is a part of the clip, before what comes after it."""
    deadline_ms: float | None = None
    """Milliseconds in which the clips are to be there: fewer steps are taken, or a preview of the
    melody is played; ``Clip.gave_up`` says so. 0 asks for the preview."""

    def __post_init__(self) -> None:
        self._check_texts()
        self._check_files()
        self._check_something()
        check_number("seconds", self.seconds, MIN_SECONDS, MAX_SECONDS)
        self._check_bars()
        check_number("tempo_bpm", self.tempo_bpm, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
        check_number("guidance_scale", self.guidance_scale, 0.0, 100.0)
        check_number("melody_strength", self.melody_strength, 0.0, 1.0)
        check_integer("steps", self.steps, 1, 1000)
        check_integer("count", 0 if self.count is None else self.count, 1, MAX_COUNT)
        check_integer("candidates", self.candidates, int(self.count), MAX_COUNT)
        check_integer("seed", self.seed, 0, MAX_SEED)
        self.check_room(max(self.count, self.candidates or 1))
        check_choice("sampler", self.sampler, get_args(Sampler))
        check_number("eta", self.eta, 0.0, 1.0)
        self._check_edit()
        check_deadline(self.deadline_ms, self.init or self.continues)
        object.__setattr__(self, "intensity", check_levels("intensity", self.intensity))
        if isinstance(self.key, str):
            object.__setattr__(self, "key", parse_key(self.key))
        elif self.key is not None and not isinstance(self.key, Key):
            raise RequestError(
                f"key must be a text or a Key, got {self.key!r:.60}", hint="such as 'D minor'"
            )
        if isinstance(self.melody, (tuple, list)):
            object.__setattr__(self, "melody", check_notes(tuple(self.melody)))
        elif isinstance(self.melody, LeadSheet):
            check_sheet(self.melody)

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
        return settle(self, defaults, limits)

    def check_room(self, clips: int) -> None:
        """Hold that so many clips have seeds, one after the other."""
        if self.seed is not None and self.seed > MAX_SEED - clips + 1:
            raise RequestError(
                f"seed must leave room for {clips} clips below 2^63, got {self.seed}",
                hint="choose a smaller seed",
            )

    def _check_edit(self) -> None:
        check_number("strength", self.strength, 0.0, 1.0)
        if self.inpaint is not None:
            object.__setattr__(self, "inpaint", check_span("inpaint", self.inpaint, MAX_SECONDS))
        check_path("init", self.init, "give an audio file, or leave it out")
        check_path("continues", self.continues, "give an audio file, or leave it out")
        if self.init is not None and self.continues is not None:
            raise RequestError(
                "init and continues are both given", hint="leave one out: there is one recording"
            )
        if self.joined and self.continues is None:
            raise RequestError(
                "joined is given without continues", hint="name the audio file to go on from"
            )
        if self.init is None:
            for name, value in (("strength", self.strength), ("inpaint", self.inpaint)):
                if value is not None:
                    raise RequestError(
                        f"{name} is given without init", hint="name the audio file to start from"
                    )

    def _check_bars(self) -> None:
        check_integer("bars", self.bars, 1, MAX_BARS)
        check_flag("loop", self.loop)
        if self.bars is not None and self.seconds is not None:
            raise RequestError(
                f"bars and seconds are both given, {self.bars} and {self.seconds:g}",
                hint="leave one out: bars last as long as the tempo says",
            )
        if self.loop and (self.init is not None or self.continues is not None):
            raise RequestError(
                "loop is given with a recording to start from",
                hint="leave one out: a recording's end does not lead into its beginning",
            )

    def _check_texts(self) -> None:
        check_text("prompt", self.prompt)
        check_text("negative_prompt", self.negative_prompt)
        check_text("story", self.story, MAX_STORY_WORDS, MAX_STORY_CHARACTERS)
        check_text("caption", self.caption, max_characters=MAX_CAPTION_CHARACTERS)
        check_text("music_prompt", self.music_prompt, max_characters=MAX_CAPTION_CHARACTERS)

    def _check_files(self) -> None:
        check_path("audio", self.audio, "give an audio file, or leave it out")
        check_path("hum", self.hum, "give a recording of the tune, or leave it out")
        object.__setattr__(self, "images", check_paths("images", self.images, MAX_IMAGES))
        check_number("image_strength", self.image_strength, 0.0, MAX_IMAGE_STRENGTH)
        check_path("image_branch", self.image_branch, "give a branch's folder, or leave it out")
        if self.image_branch is not None and not self.images and self.video is None:
            raise RequestError(
                "image_branch is given without images or video", hint="name a picture to look at"
            )
        if self.video is not None:
            from descant.runtime.film import Film

            if not isinstance(self.video, Film):
                check_path("video", self.video, "give a film, or leave it out")
        if isinstance(self.melody, str) and not self.melody:
            raise RequestError("melody is an empty path", hint="give a MIDI file or leave it out")
        if self.melody is not None and self.hum is not None:
            raise RequestError(
                "hum and melody are both given", hint="leave one out: there is one tune"
            )

    def _check_something(self) -> None:
        texts = (self.prompt, self.story, self.caption, self.music_prompt)
        seen = self.image_strength != 0 and (self.images or self.video is not None)
        given = (self.melody, self.hum, self.audio, self.init, self.continues)
        if not any(t.strip() for t in texts) and not seen and all(g is None for g in given):
            raise RequestError(
                "prompt is empty and there is no melody, story, sound or picture either",
                hint="say what to play, such as 'calm piano in the rain', or give a MIDI file",
            )
