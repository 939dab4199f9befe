"""From words and a lead sheet to what the denoiser is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from descant.models.spec import PipelineSpec
from descant.models.theory.control import MELODY, MELODY_ONSET, control_track, drop_parts
from descant.models.theory.sheet import LeadSheet
from descant.models.tokenizer import Tokenizer
from descant.runtime.errors import PackFormatError
from descant.runtime.pack import Pack
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

MELODY_STRIDE = 4
"""Mel frames per frame of the melody encoder's roll."""


@dataclass(frozen=True, slots=True)
class Text:
    """An encoded text, or another wish that stands in its place and may have no words at all."""

    embedding: FloatArray
    """(1, 512) unit vector in CLMP space."""
    hidden: FloatArray
    """(1, S, D) token features."""
    mask: FloatArray
    """(1, S) 1 for real tokens."""
    truncated: bool = False
    unknown: int = 0
    tokens: int = 0
    """Words and pieces that were read, without the marks at both ends."""


@dataclass(frozen=True, slots=True)
class Synapse:
    """Pictures as the denoiser's attention takes them (MeLFusion, section 4)."""

    keys: FloatArray
    """(L, H, N, D) of the image branch's last layers; N tokens, as many as a text has at most."""
    values: FloatArray
    """(L, H, N, D)."""
    strength: float
    """What the learned share of each layer is multiplied by, above 0."""

    @property
    def tokens(self) -> int:
        """N."""
        return int(self.keys.shape[2])


@dataclass(frozen=True, slots=True)
class Condition:
    """What the step graph takes besides latents and times; rows are [cond, uncond]."""

    condition: FloatArray
    """(2, D)."""
    context: FloatArray
    """(2, S, D)."""
    mask: FloatArray
    """(2, S)."""
    control_latents: FloatArray
    """(2, D, F)."""
    image: Mapping[str, FloatArray] = field(default_factory=dict)
    """Keys and values (2, L, H, S, D) and strength (2,) by input; none where the pack's graph has
    no synapse."""

    def part(self, begin: int, end: int) -> Condition:
        """Return the condition of some latent frames."""
        return replace(self, control_latents=self.control_latents[:, :, begin:end])

    def feeds(self) -> dict[str, FloatArray]:
        """Return the step graph's inputs by name."""
        return {
            "condition": self.condition,
            "context": self.context,
            "mask": self.mask,
            "control_latents": np.ascontiguousarray(self.control_latents),
            **self.image,
        }


def load_tokenizer(pack: Pack) -> Tokenizer:
    """Read a pack's vocabulary.

    Raises:
        PackFormatError: It is not a vocabulary.
        PackIntegrityError: The file has changed since the pack was opened.
    """
    try:
        words = pack.read("files.tokenizer").decode("utf-8").split("\n")
        return Tokenizer([w for w in words if w], pack.spec.pipeline.text_max_tokens)
    except ValueError as error:
        raise PackFormatError(f"vocabulary: {error}", hint="get the pack again") from error


def encode_text(sessions: Sessions, tokenizer: Tokenizer, text: str) -> Pieces[Text]:
    """Run the text encoder."""
    tokens = tokenizer.encode(text)
    ids = np.array([tokens.ids], np.int64)
    mask = np.ones(ids.shape, np.float32)
    out = yield from call(sessions, "text_encoder", tokens=ids, mask=mask)
    return Text(
        out["embedding"], out["hidden"], mask, tokens.truncated, tokens.unknown, ids.shape[1] - 2
    )


def latent_frames(seconds: float, pipeline: PipelineSpec) -> int:
    """F that covers the clip and one latent frame more, whose edge is cut off."""
    return math.ceil(seconds * pipeline.latent_rate - 1e-9) + 1


def fit_sheet(sheet: LeadSheet, frames: int, pipeline: PipelineSpec) -> LeadSheet:
    """Cut or repeat a sheet, bar by bar, so that it covers ``frames`` mel frames."""
    seconds = frames / pipeline.audio.frame_rate
    bars = math.ceil(seconds * sheet.tempo_bpm / 60.0 / sheet.beats_per_bar) + 1
    return sheet.window(0, bars)


def make_conditions(
    sessions: Sessions,
    pipeline: PipelineSpec,
    sheet: LeadSheet,
    frames: int,
    texts: tuple[Text | None, Text],
    melody_steps: int,
    steps: int,
    synapse: Synapse | None = None,
    start_seconds: float = 0.0,
) -> Pieces[list[Condition]]:
    """Return the condition of every solver step.

    The first ``melody_steps`` steps, which lay out the music, see the melody; the others, which
    fill in the sound, see chords, bass, metre and intensity only. None at all leaves the tune to
    the prompt.

    Args:
        sessions: Of the pack.
        pipeline: Of the pack.
        sheet: Covers the clip.
        frames: T, mel frames, a multiple of the time stride.
        texts: What is asked (None for nothing) and the negative prompt or an empty text.
        melody_steps: 0 … steps.
        steps: Solver steps.
        synapse: Pictures, for a pack whose denoiser takes them.
        start_seconds: Of the sheet, where the frames begin.
    """
    yield Piece("control track", frames)
    track = control_track(sheet, frames, pipeline.audio.frame_rate, start_seconds)
    return (yield from track_conditions(sessions, track, texts, melody_steps, steps, synapse))


def track_conditions(
    sessions: Sessions,
    track: FloatArray,
    texts: tuple[Text | None, Text],
    melody_steps: int,
    steps: int,
    synapse: Synapse | None = None,
) -> Pieces[list[Condition]]:
    """Return the condition of every solver step, by a (126, T) track: see ``make_conditions``."""
    chosen: list[Condition] = []
    if melody_steps:
        chosen += [(yield from _condition(sessions, track, texts, True, synapse))] * melody_steps
    if melody_steps < steps:
        bare = drop_parts(track, ("melody",))
        without = yield from _condition(sessions, bare, texts, False, synapse)
        chosen += [without] * (steps - melody_steps)
    return chosen


def embed_melody(sessions: Sessions, track: FloatArray) -> Pieces[FloatArray]:
    """(1, 512) CLMP embedding of the melody in a (126, T) control track."""
    rows = np.concatenate([track[MELODY], track[MELODY_ONSET]])
    count = rows.shape[1] // MELODY_STRIDE
    pooled = rows[:, : count * MELODY_STRIDE].reshape(len(rows), count, MELODY_STRIDE).max(2)
    out = yield from call(sessions, "melody_encoder", roll=pooled[None])
    return out["embedding"]


def _condition(
    sessions: Sessions,
    track: FloatArray,
    texts: tuple[Text | None, Text],
    melody: bool,
    synapse: Synapse | None,
) -> Pieces[Condition]:
    prompt, negative = texts
    queries = [prompt or negative, negative]
    # A picture has a token for every one that a text may have; the text is filled up to them.
    length = max(text.mask.shape[1] for text in queries) if synapse is None else synapse.tokens
    query = np.concatenate([text.embedding for text in queries])
    present = np.array([[float(prompt is not None)], [float(negative.tokens > 0)]], np.float32)
    query[present[:, 0] == 0] = 0.0
    hidden = np.concatenate([_padded(text.hidden, length) for text in queries])
    mask = np.concatenate([_padded(text.mask, length) for text in queries])
    # An empty text is no text: only an empty first token stays, as of a sound in training.
    for row in (i for i, text in enumerate(queries) if text.tokens == 0):
        hidden[row], mask[row, 1:] = 0.0, 0.0
    reference = np.zeros_like(query[:1])
    if melody:
        reference = yield from embed_melody(sessions, track)
    out = yield from call(
        sessions,
        "conditioner",
        query=query,
        query_present=present,
        reference=np.repeat(reference, 2, 0),
        reference_present=np.full((2, 1), float(melody), np.float32),
        hidden=hidden,
        mask=mask,
        control=np.stack((track, track)),  # unlike repeat it lets other threads run meanwhile
    )
    image = _image_inputs(sessions, synapse, length)
    return Condition(out["condition"], out["context"], mask, out["control_latents"], image)


def _image_inputs(
    sessions: Sessions, synapse: Synapse | None, length: int
) -> dict[str, FloatArray]:
    """Return the synapse's inputs for [cond, uncond]: zeros without pictures, {} without inputs."""
    declared = sessions.pack.spec.graphs["denoiser_step"].inputs
    if "image_keys" not in declared:
        return {}
    layers, heads, _, width = declared["image_keys"].shape[1:]
    shape = (2, int(layers), int(heads), length, int(width))
    keys, values = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    strength = np.zeros(2, np.float32)
    if synapse is not None:
        keys[0], values[0], strength[0] = synapse.keys, synapse.values, synapse.strength
    return {"image_keys": keys, "image_values": values, "image_strength": strength}


def _padded(values: FloatArray, length: int) -> FloatArray:
    """Fill axis 1 with zeros up to ``length``."""
    missing = [(0, 0)] * values.ndim
    missing[1] = (0, length - values.shape[1])
    return np.pad(values, missing)
