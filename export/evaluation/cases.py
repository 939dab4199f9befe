"""Held-out test pieces as requests: seeds and wording that no training phase has seen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import AudioSpec
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Piece, compose
from descant.models.synthset.render import SoundfontRenderer
from descant.models.synthset.wording import LEAD_WORDS
from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.prompt import read_prompt

AUDIO = AudioSpec()
FIRST_SEED = 100_000
"""Training tests itself on pieces 0 … 511 of the same split."""
FRAMES = 864
"""Mel frames of a real clip: 10.03 s, as in training."""
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Case:
    """A test piece, the window of it that is heard, and what a person would ask for to get it."""

    piece: Piece
    start_seconds: float
    """Of the window in the piece; the beginning of a bar."""
    caption: str
    """Any level of detail."""
    prompt: str
    """Every detail; names the lead instrument."""
    short_prompt: str
    """Names the lead, but neither key nor tempo: for requests that bring their own melody."""

    @property
    def seed(self) -> int:
        """Of the piece, and of the clip."""
        return self.piece.seed

    @property
    def sheet(self) -> LeadSheet:
        """The music of the window, from beat 0."""
        sheet = self.piece.sheet
        bar = sheet.beats_per_bar * 60.0 / sheet.tempo_bpm
        return sheet.window(round(self.start_seconds / bar), int(SECONDS / bar) + 2)

    @property
    def melody(self) -> tuple[Note, ...]:
        """Notes of the lead that begin inside the clip, in beats from its first bar."""
        beats = SECONDS * self.piece.sheet.tempo_bpm / 60.0
        return tuple(note for note in self.sheet.notes if note.start < beats - 0.1)


def make_case(seed: int, split: str = "test") -> Case:
    """Compose the piece with this number and choose its window and words."""
    piece = compose(seed, "test" if split == "test" else "train")
    rng = random.Random(f"bench {split} {seed}")
    sheet = piece.sheet
    bar = sheet.beats_per_bar * 60.0 / sheet.tempo_bpm
    bars = int(max(sheet.seconds - SECONDS, 0.0) / bar + 1e-6)
    start = rng.randint(0, bars) * bar
    text = caption(piece.truth, rng, split)
    return Case(piece, start, text, _prompt(piece, rng, split), _short_prompt(piece, rng, split))


def render(case: Case) -> NDArray[np.float32]:
    """Play the window: (FRAMES * hop_length,) float32."""
    count = FRAMES * AUDIO.hop_length
    samples = _renderer().render(case.piece, count / AUDIO.sample_rate, case.start_seconds)[:count]
    return np.pad(samples, (0, count - len(samples)))


def level(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring (N,) samples to the loudness of SynthSet's renderings, as far as peaks allow."""
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < 1e-6:
        return samples
    return (samples * np.float32(min(0.126 / rms, 0.95 / peak))).astype(np.float32)


def names_lead(text: str, lead: str) -> bool:
    """Whether a text holds one of the words for an instrument."""
    return any(word in text.lower() for word in lead_words(lead))


def lead_words(lead: str) -> Sequence[str]:
    """All words for an instrument."""
    return LEAD_WORDS.get(lead, (lead,))


@lru_cache(maxsize=1)
def _renderer() -> SoundfontRenderer:
    return SoundfontRenderer()


def _prompt(piece: Piece, rng: random.Random, split: str) -> str:
    text = caption(piece.truth, rng, split, 3)
    return text if names_lead(text, piece.truth.lead) else f"{piece.truth.lead}: {text}"


def _short_prompt(piece: Piece, rng: random.Random, split: str) -> str:
    for _ in range(40):
        text = caption(piece.truth, rng, split, rng.choice((1, 2)))
        hints = read_prompt(text)
        if hints.key is None and hints.tempo_bpm is None and names_lead(text, piece.truth.lead):
            return text
    return f"{piece.truth.mood} {piece.truth.genre} with {piece.truth.lead}"
