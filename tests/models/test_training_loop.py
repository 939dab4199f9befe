"""The training loop: bounded by time, resumable, best checkpoint kept, whole files only."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from descant.models.training.loop import LoopConfig, Metrics, load_best, load_matching, train
from descant.models.training.parallel import Peers, run_together

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


class LinePhase:
    """Learns y = 2x."""

    name = "line"
    learning_rate = 0.1
    bf16 = False

    def __init__(self, poison: bool = False) -> None:
        self.module = nn.Linear(1, 1, bias=False)
        self.poison = poison
        self.asked = 0

    def batches(self) -> Iterator[object]:
        while True:
            self.asked += 1
            yield torch.linspace(-1, 1, 9)[:, None]

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        assert isinstance(batch, Tensor)
        factor = math.nan if self.poison and self.asked % 5 == 0 else 1.0
        return ((self.module(batch) - 2 * batch) ** 2).mean() * factor, {}

    def evaluate(self) -> Metrics:
        error = abs(float(self.module.weight) - 2.0)
        return {"score": error, "error": error}


def quiet(line: str) -> None:
    assert line


def config(folder: Path, seconds: float, resume: bool = False) -> LoopConfig:
    return LoopConfig(folder, seconds / 60, resume, ema=0.9)


def test_learns_and_keeps_the_best(tmp_path: Path) -> None:
    metrics = train(LinePhase(), config(tmp_path, 1.5), quiet)
    assert metrics["error"] < 0.05
    module = nn.Linear(1, 1, bias=False)
    loaded = load_best(tmp_path, "line", module)
    assert loaded["error"] == pytest.approx(abs(float(module.weight.detach()) - 2.0), abs=1e-6)
    assert loaded["minutes"] > 0
    assert (tmp_path / "line.png").stat().st_size > 1000
    assert not list(tmp_path.glob("*.part"))


def test_resume_goes_on_where_it_stopped(tmp_path: Path) -> None:
    train(LinePhase(), config(tmp_path, 0.5), quiet)
    first = torch.load(tmp_path / "line.last.pt")["progress"]
    train(LinePhase(), config(tmp_path, 0.5, resume=True), quiet)
    second = torch.load(tmp_path / "line.last.pt")["progress"]
    assert second[0] > first[0]
    assert second[1] > first[1]
    with (tmp_path / "line.csv").open(newline="") as file:
        steps = [int(row["step"]) for row in csv.DictReader(file)]
    assert steps == sorted(steps)


def test_peak_scales_the_learning_rate(tmp_path: Path) -> None:
    still = LoopConfig(tmp_path, 0.3 / 60, ema=0.9, peak=0.0)
    phase = LinePhase()
    before = float(phase.module.weight.detach())
    train(phase, still, quiet)
    assert float(phase.module.weight.detach()) == before


def test_a_bad_batch_does_not_poison_the_weights(tmp_path: Path) -> None:
    metrics = train(LinePhase(poison=True), config(tmp_path, 1.0), quiet)
    assert metrics["error"] < 0.1


def test_buffers_measured_by_an_evaluation_are_kept(tmp_path: Path) -> None:
    phase = LinePhase()
    phase.module.register_buffer("scale", torch.zeros(1))
    evaluate = phase.evaluate

    def measure() -> Metrics:
        phase.module.get_buffer("scale").fill_(3.0)
        return evaluate()

    phase.evaluate = measure  # type: ignore[method-assign]
    train(phase, config(tmp_path, 0.3), quiet)
    assert float(torch.load(tmp_path / "line.best.pt")["model"]["scale"]) == 3.0


def test_unknown_phase_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_best(tmp_path, "line", nn.Linear(1, 1))


def test_a_checkpoint_begins_a_run_with_what_fits(tmp_path: Path) -> None:
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    old, new = nn.Sequential(first, nn.Linear(2, 3)), nn.Sequential(second)
    torch.save({"model": old.state_dict()}, tmp_path / "old.pt")
    assert load_matching(tmp_path / "old.pt", new) == 2
    torch.testing.assert_close(second.weight, first.weight)
    wider = nn.Linear(3, 2)
    kept = wider.weight.detach().clone()
    assert load_matching(tmp_path / "old.pt", nn.Sequential(wider)) == 1
    torch.testing.assert_close(wider.weight, kept)


def _average(folder: Path, peers: Peers) -> None:
    torch.set_num_threads(1)
    weight = nn.Parameter(torch.full((3,), float(peers.rank + 1)))
    peers.agree([weight.data])
    weight.sum().mul(peers.rank + 1.0).backward()  # type: ignore[no-untyped-call]
    peers.mean_gradients([weight])
    result = {"weight": weight.data, "grad": weight.grad, "first": peers.first(peers.rank + 5.0)}
    torch.save(result, folder / f"{peers.rank}.pt")


@pytest.mark.parametrize("count", [1, 2])
def test_processes_that_train_together_agree(tmp_path: Path, count: int) -> None:
    run_together(count, partial(_average, tmp_path))
    for rank in range(count):
        result = torch.load(tmp_path / f"{rank}.pt")
        assert result["weight"].tolist() == [1.0] * 3
        assert result["grad"].tolist() == [sum(range(1, count + 1)) / count] * 3
        assert result["first"] == 5.0
