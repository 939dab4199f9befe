"""Lengths of music -> shapes of a graph's inputs: what an engine takes, and is made fast for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from descant.export.errors import ExportInputError
from descant.kernels.pitch_spectrum import FRAME_RATE
from descant.models.spec import GraphSpec, LimitsSpec, PackSpec, Shape
from descant.models.story_windows import WINDOW_WORDS
from descant.runtime import conditioning, ldm_plan
from descant.runtime.conditioning import MELODY_STRIDE
from descant.runtime.decode import PIECE_FRAMES, VOCODER_REACH
from descant.runtime.engine_cache import ShapeRange
from descant.runtime.hearing import CHUNK_FRAMES, REACH_FRAMES
from descant.runtime.request import MAX_STORY_WORDS
from descant.runtime.sight import BATCH
from descant.runtime.tiled_decode import OVERLAP, TILE

USUAL_TOKENS = 16
"""Tokens of a prompt of a dozen words."""
_ENDS = ("min", "opt", "max")
FORM = "write it as seconds=1:10:60: the shortest, the usual and the longest clip"


@dataclass(frozen=True, slots=True)
class Seconds:
    """Lengths of clips."""

    min: float
    opt: float
    max: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of one axis."""

    min: int
    opt: int
    max: int

    def __floordiv__(self, divisor: int) -> Sizes:
        return Sizes(*(max(size // divisor, 1) for size in (self.min, self.opt, self.max)))

    def __mul__(self, factor: int) -> Sizes:
        return Sizes(self.min * factor, self.opt * factor, self.max * factor)

    def up_to(self, most: int) -> Sizes:
        """Cut all three off at ``most``."""
        return Sizes(min(self.min, most), min(self.opt, most), min(self.max, most))


ONE, TWO, UP_TO_TWO = Sizes(1, 1, 1), Sizes(2, 2, 2), Sizes(1, 2, 2)
HEARD = Sizes(REACH_FRAMES, round(10 * FRAME_RATE), CHUNK_FRAMES + 2 * REACH_FRAMES)
"""Frames of a recording, usually of ten seconds."""
PICTURES = Sizes(1, 1, BATCH)
WINDOWS = Sizes(1, 8, 2 * MAX_STORY_WORDS // WINDOW_WORDS)
STORY_TOKENS = Sizes(1, 8 * 64, 2 * MAX_STORY_WORDS // WINDOW_WORDS * 64)
"""Of a story; two in a row are more than one window's words."""
Known = Mapping[tuple[str, int], Sizes]
"""By input and axis; what the other axes are follows from the names they share."""


def parse_seconds(text: str | None, spec: PackSpec) -> Seconds:
    """Read ``seconds=MIN:OPT:MAX``; None means all that the pack can do.

    Raises:
        ExportInputError: It is something else, or reaches beyond the pack's limits.
    """
    limits = spec.limits
    if text is None:
        return Seconds(limits.min_seconds, spec.defaults.seconds, limits.max_seconds)
    number = r"([0-9]+(?:\.[0-9]+)?)"
    match = re.fullmatch(f"seconds={number}:{number}:{number}", text.strip(), re.ASCII)
    if match is None:
        raise ExportInputError(f"profile {text!r:.60} can't be read", hint=FORM)
    seconds = Seconds(*(float(group) for group in match.groups()))
    _check(seconds, limits)
    return seconds


def input_shapes(spec: PackSpec, graph: str, seconds: Seconds) -> dict[str, ShapeRange]:
    """Return the shapes with which the runtime calls a graph for clips of these lengths.

    Args:
        spec: The pack.
        graph: Name of one of its graphs.
        seconds: Of the clips.

    Returns:
        By input, in the order of the graph's contract.

    Raises:
        ExportInputError: The graph is none that the runtime calls, or its contract has axes whose
            sizes don't follow from a clip's length.
    """
    contract = spec.graphs[graph]
    symbols = _solve(graph, contract, _known(spec, graph, seconds))
    return {
        name: ShapeRange(
            *(tuple(_size(axis, symbols, end) for axis in tensor.shape) for end in _ENDS)
        )
        for name, tensor in contract.inputs.items()
    }


def _check(seconds: Seconds, limits: LimitsSpec) -> None:
    if not seconds.min <= seconds.opt <= seconds.max:
        raise ExportInputError(
            f"profile seconds={seconds.min:g}:{seconds.opt:g}:{seconds.max:g} is not in order",
            hint=FORM,
        )
    if seconds.min < limits.min_seconds or seconds.max > limits.max_seconds:
        raise ExportInputError(
            f"profile seconds={seconds.min:g}:{seconds.opt:g}:{seconds.max:g}: the pack makes "
            f"{limits.min_seconds:g} to {limits.max_seconds:g} seconds",
            hint="choose lengths between them",
        )


def _known(spec: PackSpec, graph: str, seconds: Seconds) -> Known:
    most = spec.pipeline.text_max_tokens
    tokens = Sizes(1, min(USUAL_TOKENS, most), most)
    known = (_starter if spec.family == "starter" else _latent_diffusion)(spec, seconds, tokens)
    if graph not in known:
        raise ExportInputError(
            f"graph {graph!r} is none that {spec.family} packs are run with",
            hint=f"choose from: {', '.join(name for name in known if name in spec.graphs)}",
        )
    return known[graph]


def _starter(spec: PackSpec, seconds: Seconds, tokens: Sizes) -> dict[str, Known]:
    """Calls of ``runtime.starter``: one clip at a time, conditioned and not in one batch."""
    stride = spec.pipeline.latents.time_stride
    frames = Sizes(
        *(conditioning.latent_frames(getattr(seconds, end), spec.pipeline) for end in _ENDS)
    )
    mel = frames * stride
    pieces = mel.up_to(PIECE_FRAMES + 2 * VOCODER_REACH)
    if mel.max > PIECE_FRAMES:  # a little longer, and a clip is two pieces of half that
        pieces = Sizes(min(pieces.min, PIECE_FRAMES // 2), pieces.opt, pieces.max)
    return {
        "text_encoder": {("tokens", 0): ONE, ("tokens", 1): tokens},
        "melody_encoder": {("roll", 0): ONE, ("roll", 2): mel // MELODY_STRIDE},
        "audio_encoder": {("mel", 0): ONE, ("mel", 2): mel},
        "conditioner": {("hidden", 0): TWO, ("hidden", 1): tokens, ("control", 2): mel},
        "denoiser_step": {("latents", 0): ONE, ("context", 1): tokens, ("latents", 2): frames},
        "vae_encoder": {("mel", 0): ONE, ("mel", 2): mel},
        "vae_decoder": {("latents", 0): ONE, ("latents", 2): frames},
        "vocoder": {("mel", 0): ONE, ("mel", 2): pieces},
        "picture_encoder": {("picture", 0): PICTURES},
        "picture_adapter": {("feature", 0): PICTURES},
        "picture_words": {("feature", 0): PICTURES},
        "image_branch_step": {("picture", 0): ONE},
        "story_adapter": {
            ("windows", 0): ONE,
            ("windows", 1): WINDOWS,
            ("tokens", 1): STORY_TOKENS,
        },
        "caption_adapter": {("embedding", 0): ONE},
        "attributes": {("embedding", 0): ONE},
        "transcriber": {("spectrum", 0): ONE, ("spectrum", 3): HEARD},
    }


def _latent_diffusion(spec: PackSpec, seconds: Seconds, tokens: Sizes) -> dict[str, Known]:
    """Calls of ``runtime.ldm``: with guidance two rows, without it one; the VAE in tiles."""
    stride = spec.pipeline.latents.time_stride
    frames = Sizes(*(ldm_plan.latent_frames(getattr(seconds, end), spec.pipeline) for end in _ENDS))
    tiles = frames.up_to(TILE)
    pieces = tiles
    if frames.max > TILE:  # the last piece that is encoded may be short
        pieces = Sizes(min(tiles.min, OVERLAP), tiles.opt, tiles.max)
    return {
        "text_encoder": {("tokens", 0): ONE, ("tokens", 1): tokens},
        "melody_encoder": {("counts", 0): ONE},
        "audio_encoder": {("samples", 0): ONE},
        "unet_condition": {("condition", 0): UP_TO_TWO},
        "unet": {("latents", 0): UP_TO_TWO, ("latents", 2): frames},
        "vae_encoder": {("mel", 0): ONE, ("mel", 2): pieces * stride},
        "vae_decoder": {("latents", 0): ONE, ("latents", 2): tiles},
        "vocoder": {("mel", 0): ONE, ("mel", 2): frames * stride},
    }


def _solve(graph: str, contract: GraphSpec, known: Known) -> dict[str, Sizes]:
    """Return the sizes of the names that the contract's axes have."""
    symbols: dict[str, Sizes] = {}
    for (name, axis), sizes in known.items():
        shape: Shape = contract.inputs[name].shape if name in contract.inputs else ()
        if axis >= len(shape) or isinstance(shape[axis], int):
            continue
        factor, symbol = _split(str(shape[axis]))
        symbols[symbol] = sizes // factor
    for name, tensor in contract.inputs.items():
        for size in tensor.shape:
            if isinstance(size, str) and _split(size)[1] not in symbols:
                raise ExportInputError(
                    f"graph {graph!r}: size {size!r} of input {name!r} does not follow from a "
                    "clip's length",
                    hint="get the pack again, or a newer descant",
                )
    return symbols


def _size(axis: int | str, symbols: dict[str, Sizes], end: str) -> int:
    if isinstance(axis, int):
        return axis
    factor, symbol = _split(axis)
    size: int = getattr(symbols[symbol], end)
    return factor * size


def _split(size: str) -> tuple[int, str]:
    """Take ``"8*F"`` apart."""
    match = re.fullmatch(r"(?:([1-9][0-9]{0,5})\*)?([A-Za-z]+)", size, re.ASCII)
    if match is None:
        raise ExportInputError(f"{size!r:.40} is not a size", hint="get the pack again")
    return int(match[1] or 1), match[2]
