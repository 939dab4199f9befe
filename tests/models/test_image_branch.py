"""The image branch: what it learns, what inversion keeps, and the same numbers at run time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from descant.export.image_branch_graphs import image_branch_plan
from descant.export.onnx_graph import export_onnx
from descant.export.parity import measure_parity
from descant.models.image_branch_spec import INVERSION_END, INVERSION_STEPS, inversion_times
from descant.models.nets.denoiser import flow_loss
from descant.models.nets.image_branch import ImageBranch, branch_pixels, keys_values
from descant.models.spec import AudioSpec, LatentSpec, PipelineSpec
from descant.runtime.image_branch import branch_picture, picture_synapse
from descant.runtime.pieces import drain

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@pytest.fixture(scope="module")
def branch() -> ImageBranch:
    """Return a branch whose every layer does something."""
    torch.manual_seed(0)
    made = ImageBranch().eval().requires_grad_(False)
    for layer in made.layers:
        nn.init.normal_(layer.modulate.weight, std=0.02)  # type: ignore[union-attr, arg-type]
    nn.init.normal_(made.exit.weight, std=0.05)
    return made


def pixels() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (3, 128, 128), np.uint8)


def test_keys_and_values_have_unit_size_and_tell_pictures_apart(branch: ImageBranch) -> None:
    keys, values = keys_values(branch, torch.rand(2, 3, 128, 128))
    for taken in (keys, values):
        assert taken.shape == (2, 3, 4, 64, 64)
        torch.testing.assert_close(taken.square().mean(-1), torch.ones(2, 3, 4, 64))
        assert not torch.allclose(taken[0], taken[1], atol=0.1)


def test_a_token_is_a_patch(branch: ImageBranch) -> None:
    """Row by row: without attention and MLP, a patch has a hand in its own token only."""
    plain = ImageBranch().eval().requires_grad_(False)  # its layers add nothing yet
    nn.init.normal_(plain.exit.weight, std=0.05)
    picture = torch.rand(1, 3, 64, 64)
    changed = picture.clone()
    changed[:, :, 8:16, 24:32] = 0.0
    nothing = torch.zeros(1, 512), torch.tensor([0.3])
    before, after = plain(picture, *nothing), plain(changed, *nothing)
    moved = (before[1] != after[1]).any(-1).any(2).any(1)[0]
    assert moved.nonzero().flatten().tolist() == [11]
    velocity = (before[0] != after[0]).any(1)[0]
    assert bool(velocity[8:16, 24:32].any())
    velocity[8:16, 24:32] = False
    assert not bool(velocity.any())


def test_words_and_time_are_heard(branch: ImageBranch) -> None:
    picture, time = torch.rand(1, 3, 64, 64), torch.tensor([0.5])
    text = nn.functional.normalize(torch.randn(1, 512), dim=-1)
    silent = branch(picture, torch.zeros(1, 512), time)[0]
    assert not torch.allclose(branch(picture, text, time)[0], silent, atol=1e-3)
    assert not torch.allclose(branch(picture, text * 0.0, time * 0.5)[0], silent, atol=1e-3)


def test_it_learns_a_picture() -> None:
    torch.manual_seed(0)
    branch = ImageBranch()
    picture = torch.linspace(-1, 1, 64).expand(2, 3, 64, 64)
    optimizer = torch.optim.Adam(branch.parameters(), 1e-3)
    losses = []
    for _ in range(8):
        time, noise = torch.rand(2), torch.randn_like(picture)
        mixed = torch.lerp(picture, noise, time[:, None, None, None])
        loss = flow_loss(branch(mixed, torch.zeros(2, 512), time)[0], picture, noise)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.9 * losses[0]


def test_inversion_ends_where_it_is_said() -> None:
    times = inversion_times()
    assert len(times) == INVERSION_STEPS + 1
    assert (times[0], times[-1]) == (0.0, INVERSION_END)
    assert list(times) == sorted(set(times))


def test_pixels_are_the_same_in_training_and_at_run_time() -> None:
    wanted = branch_pixels(torch.from_numpy(pixels())[None].float() / 255.0)
    np.testing.assert_allclose(branch_picture(pixels()), wanted.numpy(), atol=1e-6)


class _Graph:
    """What the runtime needs of a loaded graph and of the pack around it."""

    def __init__(self, content: bytes) -> None:
        self._session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        self.calls = 0

    def run(self, **feeds: Any) -> dict[str, Any]:
        self.calls += 1
        names = [output.name for output in self._session.get_outputs()]
        return dict(zip(names, self._session.run(names, feeds), strict=True))


class _Sessions:
    loaded = ("image_branch_step",)

    def __init__(self, graph: _Graph) -> None:
        self._graph = graph
        self.pack = SimpleNamespace(
            spec=SimpleNamespace(pipeline=PipelineSpec(AudioSpec(), LatentSpec()))
        )

    def __getitem__(self, name: str) -> _Graph:
        assert name == "image_branch_step"
        return self._graph


def test_the_graph_in_the_runtimes_loop_gives_trainings_numbers(branch: ImageBranch) -> None:
    plan = image_branch_plan(branch)
    content = export_onnx(plan).SerializeToString()
    assert measure_parity(plan, content, 1e-4).relative_error < 1e-4
    graph = _Graph(content)
    made = drain(picture_synapse(_Sessions(graph), pixels()))  # type: ignore[arg-type]
    assert graph.calls == INVERSION_STEPS
    wanted = keys_values(branch, torch.from_numpy(pixels())[None].float() / 255.0)
    for given, taken in zip(made, wanted, strict=True):
        np.testing.assert_allclose(given, taken[0].numpy(), atol=1e-3)
