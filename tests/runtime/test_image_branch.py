"""Pictures reach the denoiser: what it is told, whom it concerns, and packs that know of none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from descant.models.image_branch_spec import INVERSION_STEPS
from descant.models.theory.sheet import LeadSheet
from descant.runtime import Engine, Request
from descant.runtime.conditioning import (
    Condition,
    Synapse,
    encode_text,
    load_tokenizer,
    make_conditions,
)
from descant.runtime.families import check_spec
from descant.runtime.image_branch import REMEMBERED, FlowBranch, mean_synapse
from descant.runtime.pieces import Pieces, drain, ready
from descant.runtime.providers import choose_provider
from descant.runtime.sampling import initial_noise
from descant.runtime.schedule import flow_times
from descant.runtime.sessions import Sessions
from descant.runtime.windows import WINDOW, sample_windows, window_spans
from tests.tiny_graphs import CHANNELS, IMAGE_TOKENS, IMAGE_WIDTH

GREY, FRAMES = 100, 64


@pytest.fixture(scope="module")
def sessions(tiny_engine: Engine) -> Iterator[Sessions]:
    """Return the tiny pack's graphs."""
    made = Sessions(tiny_engine.pack, choose_provider("cpu"), 1)
    yield made
    made.close()


class _Counting:
    """Sessions whose graphs' calls are counted."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self.pack, self.calls = sessions, sessions.pack, 0
        self.loaded = tuple(sessions.pack.spec.graphs)

    def __getitem__(self, name: str) -> Any:
        self.calls += 1
        return self._sessions[name]


def flat() -> NDArray[np.uint8]:
    return np.full((128, 128, 3), GREY, np.uint8)


def chequered() -> NDArray[np.uint8]:
    """Return a picture that the tiny tower can't tell from ``flat``, but the branch can."""
    rows, columns = np.indices((128, 128)) // 2
    return np.repeat(((rows + columns) % 2 * 2 * GREY)[..., None], 3, 2).astype(np.uint8)


def conditions(sessions: Sessions, sheet: LeadSheet, synapse: Synapse | None) -> Condition:
    tokenizer = load_tokenizer(sessions.pack)
    prompt = drain(encode_text(sessions, tokenizer, "calm piano"))
    texts = prompt, drain(encode_text(sessions, tokenizer, ""))
    spec = sessions.pack.spec.pipeline
    (made,) = drain(make_conditions(sessions, spec, sheet, FRAMES, texts, 1, 1, synapse))
    return made


@pytest.fixture(scope="module")
def sheet(tiny_engine: Engine) -> LeadSheet:
    """Return any melody."""
    made = tiny_engine.generate(Request(prompt="calm piano", seconds=1, seed=0)).sheet
    assert made is not None
    return made


def test_the_conditional_row_sees_and_the_other_does_not(
    sessions: Sessions, sheet: LeadSheet
) -> None:
    synapse = drain(mean_synapse(FlowBranch(sessions), [flat()], 1.5))
    assert synapse is not None
    told = conditions(sessions, sheet, synapse)
    assert told.image["image_strength"].tolist() == [1.5, 0.0]
    np.testing.assert_array_equal(told.image["image_keys"][0], synapse.keys)
    np.testing.assert_array_equal(told.image["image_values"][0], synapse.values)
    assert not told.image["image_keys"][1].any()
    assert told.context.shape[1] == told.mask.shape[1] == IMAGE_TOKENS


def test_without_pictures_the_text_keeps_its_length(sessions: Sessions, sheet: LeadSheet) -> None:
    told = conditions(sessions, sheet, None)
    length = told.mask.shape[1]
    assert length < 10
    assert told.image["image_keys"].shape == (2, 1, 1, length, IMAGE_WIDTH)
    assert not any(array.any() for array in told.image.values())


def test_no_strength_is_no_picture(sessions: Sessions) -> None:
    branch = FlowBranch(sessions)
    assert drain(mean_synapse(branch, [flat()], 0.0)) is None
    assert drain(mean_synapse(branch, [], 1.0)) is None


def test_several_pictures_count_alike(sessions: Sessions) -> None:
    branch = FlowBranch(sessions)
    both = drain(mean_synapse(branch, [flat(), chequered()], 1.0))
    one, other = (drain(branch.keys_values(p)) for p in (flat(), chequered()))
    assert both is not None
    np.testing.assert_allclose(both.keys, (one[0] + other[0]) / 2, rtol=1e-6)
    np.testing.assert_allclose(both.values, (one[1] + other[1]) / 2, rtol=1e-6)


def test_a_picture_is_inverted_once_while_it_is_remembered(sessions: Sessions) -> None:
    counting = _Counting(sessions)
    branch = FlowBranch(counting)  # type: ignore[arg-type]
    pictures = [np.full((4, 6, 3), shade, np.uint8) for shade in range(REMEMBERED + 1)]
    first = drain(branch.keys_values(pictures[0]))
    assert drain(branch.keys_values(pictures[0].copy()))[0] is first[0]
    assert counting.calls == INVERSION_STEPS
    for picture in pictures[1:]:
        drain(branch.keys_values(picture))
    np.testing.assert_array_equal(drain(branch.keys_values(pictures[0]))[0], first[0])
    assert counting.calls == (REMEMBERED + 2) * INVERSION_STEPS


def test_keys_are_those_of_the_last_step(sessions: Sessions) -> None:
    """The tiny branch fades a picture by each step's length; the last step adds none of its own."""
    keys, _ = drain(FlowBranch(sessions).keys_values(flat()))
    faded = (1 - 0.5 / INVERSION_STEPS) ** (INVERSION_STEPS - 1)
    np.testing.assert_allclose(keys, (GREY / 127.5 - 1) * faded, rtol=1e-5)


def generate(engine: Engine, **wish: Any) -> NDArray[np.float32]:
    request = Request(**{"prompt": "calm piano", "seconds": 1.0, "seed": 4, **wish})
    return engine.generate(request).samples


def test_changing_only_what_the_branch_sees_changes_the_music(
    tiny_engine: Engine, tmp_path: Path
) -> None:
    paths = [tmp_path / "flat.png", tmp_path / "chequered.png"]
    for path, pixels in zip(paths, (flat(), chequered()), strict=True):
        Image.fromarray(pixels).save(path)
    one, other = (generate(tiny_engine, images=(path,)) for path in paths)
    assert float(np.abs(one - other).max()) > 1e-2
    assert generate(tiny_engine, images=(paths[1],)).tobytes() == other.tobytes()
    plain = generate(tiny_engine)
    assert (
        plain.tobytes() == generate(tiny_engine, images=(paths[0],), image_strength=0.0).tobytes()
    )


def test_loops_on_the_device_see_pictures_too(
    tiny_pack: Path, tiny_engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "chequered.png"
    Image.fromarray(chequered()).save(path)
    wanted = generate(tiny_engine, images=(path,))
    with Engine.open(tiny_pack, threads=1, device_loop=True) as engine:
        for wish in ({"images": (path,)}, {}, {"images": (path,)}):
            made = generate(engine, **wish)
            assert made.tobytes() == generate(tiny_engine, **wish).tobytes()
        assert made.tobytes() == wanted.tobytes()


def test_every_window_of_a_long_clip_sees_pictures(sessions: Sessions, sheet: LeadSheet) -> None:
    synapse = drain(mean_synapse(FlowBranch(sessions), [flat()], 1.0))
    told = conditions(sessions, sheet, synapse)
    frames = 2 * WINDOW
    told = replace(told, control_latents=np.zeros((2, CHANNELS, frames), np.float32))
    calls: list[dict[str, Any]] = []

    def step(**inputs: Any) -> Pieces[dict[str, Any]]:
        calls.append(inputs)
        return ready({"next_latents": inputs["latents"]})

    noise = initial_noise(0, CHANNELS, frames)
    parts = [[told.part(*span)] for span in window_spans(frames)]
    drain(sample_windows(step, noise, parts, flow_times(1), 2.0, lambda *_: None))
    assert len(calls) == len(window_spans(frames)) > 1
    for inputs in calls:
        assert set(inputs) == set(sessions.pack.spec.graphs["denoiser_step"].inputs)
        np.testing.assert_array_equal(inputs["image_keys"], told.image["image_keys"])
        assert inputs["control_latents"].shape[2] == inputs["latents"].shape[2]


def test_packs_from_before_pictures_make_the_music_they_made(
    blind_pack: Path, tiny_engine: Engine
) -> None:
    spec = json.loads((blind_pack / "pack.json").read_text())
    assert "image_keys" not in spec["graphs"]["denoiser_step"]["inputs"]
    with Engine.open(blind_pack, threads=1) as engine:
        assert generate(engine).tobytes() == generate(tiny_engine).tobytes()


@pytest.mark.parametrize(
    ("shape", "words"),
    [(("B", 1, 1, 32, 3), "a token for each"), (("B", 2, 1, 64, 3), "image_keys's shape")],
)
def test_branches_that_do_not_fit_the_denoiser_are_refused(
    tiny_engine: Engine, shape: tuple[int | str, ...], words: str
) -> None:
    spec = tiny_engine.pack.spec
    graph = spec.graphs["image_branch_step"]
    keys = replace(graph.outputs["keys"], shape=shape)
    bad = replace(graph, outputs={**graph.outputs, "keys": keys})
    with pytest.raises(ValueError, match=words):
        check_spec(replace(spec, graphs={**spec.graphs, "image_branch_step": bad}))


def test_half_a_synapse_is_refused(tiny_engine: Engine) -> None:
    spec = tiny_engine.pack.spec
    step = spec.graphs["denoiser_step"]
    inputs = {name: tensor for name, tensor in step.inputs.items() if name != "image_values"}
    with pytest.raises(ValueError, match="image_values"):
        check_spec(
            replace(spec, graphs={**spec.graphs, "denoiser_step": replace(step, inputs=inputs)})
        )
