"""Lengths of clips to shapes: what is read, what is refused, and that every call fits."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.export.engine_profiles import Seconds, input_shapes, parse_seconds
from descant.export.errors import ExportInputError
from descant.models.spec import GraphSpec, PackSpec, TensorSpec
from descant.runtime import conditioning, ldm_plan
from descant.runtime.decode import PIECE_FRAMES, VOCODER_REACH
from descant.runtime.engine_cache import ShapeRange
from descant.runtime.pack import read_manifest

lengths = st.lists(st.floats(1.0, 60.0), min_size=3, max_size=3).map(sorted)


def spec_of(pack: Path | str) -> PackSpec:
    with read_manifest(pack) as opened:
        return opened.spec


STARTER = spec_of("starter")


@given(lengths)
def test_what_is_written_is_read(seconds: list[float]) -> None:
    text = "seconds=" + ":".join(f"{value:.6f}" for value in seconds)
    read = parse_seconds(f" {text} ", STARTER)
    assert (read.min, read.opt, read.max) == tuple(float(f"{value:.6f}") for value in seconds)


@given(st.text(max_size=40))
def test_anything_else_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ExportInputError) as refused:
        parse_seconds(text, STARTER)
    assert "seconds=1:10:60" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seconds=10:1:60", "not in order"),
        ("seconds=1:60:10", "not in order"),
        ("seconds=0.5:10:60", "makes 1 to 60 seconds"),
        ("seconds=1:10:61", "makes 1 to 60 seconds"),
        ("seconds=1:10", "can't be read"),
        ("seconds=1:10:60:90", "can't be read"),
        ("seconds=1:-5:60", "can't be read"),
        ("seconds=1:nan:60", "can't be read"),
        ("seconds=1:1e1:60", "can't be read"),
        ("seconds=\u0661:10:60", "can't be read"),
        ("frames=1:10:60", "can't be read"),
        ("", "can't be read"),
    ],
)
def test_nonsense_is_named(text: str, words: str) -> None:
    with pytest.raises(ExportInputError, match=words) as refused:
        parse_seconds(text, STARTER)
    assert refused.value.hint


def test_without_a_profile_all_that_the_pack_can_do() -> None:
    assert parse_seconds(None, STARTER) == Seconds(1.0, 10.0, 60.0)


@given(lengths)
def test_shapes_are_in_order_and_agree_on_names(seconds: list[float]) -> None:
    for name, graph in STARTER.graphs.items():
        shapes = input_shapes(STARTER, name, Seconds(*seconds))
        assert list(shapes) == list(graph.inputs)
        for end in ("min", "opt", "max"):
            assert_one_size_per_name(graph, {key: getattr(shapes[key], end) for key in shapes})
        for span in shapes.values():
            for low, high in pairwise((span.min, span.opt, span.max)):
                assert all(1 <= a <= b for a, b in zip(low, high, strict=True))


def assert_one_size_per_name(graph: GraphSpec, shapes: dict[str, tuple[int, ...]]) -> None:
    sizes: dict[str, int] = {}
    for name, tensor in graph.inputs.items():
        for size, made in zip(tensor.shape, shapes[name], strict=True):
            if isinstance(size, int):
                assert made == size
            else:
                factor, _, symbol = size.rpartition("*")
                assert made == int(factor or 1) * sizes.setdefault(symbol, made // int(factor or 1))


@given(lengths, st.floats(0.0, 1.0))
def test_every_length_between_the_ends_fits(seconds: list[float], where: float) -> None:
    """The calls are those of the pipelines: two rows to condition, one clip of latents."""
    clip = seconds[0] + where * (seconds[2] - seconds[0])
    frames = conditioning.latent_frames(clip, STARTER.pipeline)
    for graph, name, shape in (
        ("conditioner", "control", (2, 126, 8 * frames)),
        ("conditioner", "mask", (2, 64)),
        ("denoiser_step", "latents", (1, 96, frames)),
        ("denoiser_step", "control_latents", (2, 256, frames)),
        ("denoiser_step", "context", (2, 2, 256)),
        ("vae_decoder", "latents", (1, 96, frames)),
        ("melody_encoder", "roll", (1, 89, 2 * frames)),
        ("text_encoder", "tokens", (1, 2)),
    ):
        assert_fits(input_shapes(STARTER, graph, Seconds(*seconds))[name], shape)
    mel = input_shapes(STARTER, "vocoder", Seconds(*seconds))["mel"]
    for length in vocoder_lengths(8 * frames):
        assert_fits(mel, (1, 128, length))


def vocoder_lengths(frames: int) -> list[int]:
    """Lengths of the pieces that a mel is vocoded in, with what is around them."""
    pieces = -(-frames // PIECE_FRAMES)
    edges = [frames * i // pieces for i in range(pieces + 1)]
    return [
        min(end + VOCODER_REACH, frames) - max(begin - VOCODER_REACH, 0)
        for begin, end in pairwise(edges)
    ]


def assert_fits(span: ShapeRange, shape: tuple[int, ...]) -> None:
    assert all(a <= n <= b for a, n, b in zip(span.min, shape, span.max, strict=True)), (
        span,
        shape,
    )


def test_a_latent_diffusion_has_two_rows_with_guidance_and_one_without(tiny_mg2: Path) -> None:
    spec = spec_of(tiny_mg2)
    for clip in (1.0, 7.3, 41.5, 60.0):
        frames = ldm_plan.latent_frames(clip, spec.pipeline)
        shapes = input_shapes(spec, "unet", Seconds(1.0, 10.0, 60.0))
        for rows in (1, 2):
            assert_fits(shapes["latents"], (rows, 8, frames, 16))
            assert_fits(shapes["timesteps"], (rows,))
        mel = input_shapes(spec, "vocoder", Seconds(1.0, 10.0, 60.0))["mel"]
        assert_fits(mel, (1, 64, 4 * frames))
    assert shapes["latents"].opt == (2, 8, 256, 16)
    decoder = input_shapes(spec, "vae_decoder", Seconds(1.0, 10.0, 60.0))["latents"]
    assert (decoder.min[2], decoder.max[2]) == (32, 1024)  # a longer clip is decoded in tiles
    encoder = input_shapes(spec, "vae_encoder", Seconds(45.0, 50.0, 60.0))["mel"]
    assert_fits(encoder, (1, 1, 4 * 104, 64))  # the last piece of 1032 frames
    assert input_shapes(spec, "melody_encoder", Seconds(1.0, 2.0, 3.0))["counts"].max == (1, 655)


def test_axes_that_do_not_follow_from_a_length_are_refused() -> None:
    graph = dataclasses.replace(
        STARTER.graphs["vae_decoder"], inputs={"latents": TensorSpec("float32", ("B", "C", "F"))}
    )
    for name, words in (("vae_decoder", "size 'C' of input 'latents'"), ("echo", "'echo' is none")):
        spec = dataclasses.replace(STARTER, graphs={**STARTER.graphs, name: graph})
        with pytest.raises(ExportInputError, match=words) as refused:
            input_shapes(spec, name, Seconds(1.0, 2.0, 3.0))
        assert refused.value.hint
    odd = dataclasses.replace(graph, inputs={"latents": TensorSpec("float32", ("B", 96, "F+1"))})
    spec = dataclasses.replace(STARTER, graphs={"vae_decoder": odd})
    with pytest.raises(ExportInputError, match="'F\\+1' is not a size"):
        input_shapes(spec, "vae_decoder", Seconds(1.0, 2.0, 3.0))


def test_a_picture_has_a_token_for_each_of_the_longest_text(tiny_pack: Path) -> None:
    spec, seconds = spec_of(tiny_pack), Seconds(1.0, 10.0, 60.0)
    step = input_shapes(spec, "denoiser_step", seconds)
    for name in ("image_keys", "image_values"):
        assert_fits(step[name], (2, 1, 1, 64, 3))
        assert_fits(step[name], (2, 1, 1, 2, 3))
    assert step["image_strength"].max == (2,)
    assert input_shapes(spec, "image_branch_step", seconds)["picture"].opt == (1, 3, 64, 64)
