"""The loop that every phase runs in: bounded by time, resumable, safe to kill at any moment."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from descant.models.training.device import has_fast_bf16
from descant.models.training.pace import pace
from descant.models.training.parallel import Peers
from descant.models.training.plot import plot_log

Metrics = dict[str, float]
Parts = Mapping[str, Tensor | float]
"""What to log of a step: tensors stay on their device until they are shown."""


class Phase(Protocol):
    """What one network needs to be trained."""

    name: str
    learning_rate: float
    bf16: bool
    """Whether to autocast where the device has fast bfloat16."""

    @property
    def module(self) -> nn.Module:
        """Everything that is trained and saved."""

    def batches(self) -> Iterator[object]:
        """Yield training batches without end."""

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Return the loss to minimise and what to log."""

    def evaluate(self) -> Metrics:
        """Return held-out metrics; ``score`` (lower is better) picks the best checkpoint."""


@dataclass(frozen=True, slots=True)
class LoopConfig:
    """How long and where to train."""

    folder: Path
    minutes: float
    resume: bool = False
    device: str = "cpu"
    evaluate_every: float = 180.0
    """Seconds between evaluations."""
    ema: float = 0.999
    """Decay of the averaged weights, which are evaluated and exported."""
    peak: float = 1.0
    """Share of the phase's learning rate; a short resumed run needs less."""
    peers: Peers = field(default_factory=Peers)
    """Processes that train together; the first alone evaluates, writes and decides when to stop."""


@dataclass(slots=True)
class Progress:
    """Where a run stands; stored in the checkpoint."""

    step: int = 0
    seconds: float = 0.0
    best: float = math.inf


def train(phase: Phase, config: LoopConfig, report: Callable[[str], None]) -> Metrics:
    """Train until the minutes are used up; return the best checkpoint's metrics.

    Writes ``<phase>.{last,best}.pt``, ``.csv`` and ``.png``, each replaced atomically.
    """
    config.folder.mkdir(parents=True, exist_ok=True)
    return _Run(phase, config, report).run()


class _Run:
    def __init__(self, phase: Phase, config: LoopConfig, report: Callable[[str], None]) -> None:
        self.phase, self.config, self.report = phase, config, report
        self.module = phase.module.to(config.device)
        self.parameters = [p for p in self.module.parameters() if p.requires_grad]
        self.peak = phase.learning_rate * config.peak
        self.optimizer = torch.optim.AdamW(
            self.parameters, self.peak, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )
        self.bf16 = phase.bf16 and has_fast_bf16(config.device)
        self.average = {k: v.detach().clone() for k, v in self.module.state_dict().items()}
        self.progress = Progress()
        self.log = config.folder / f"{phase.name}.csv"
        self.best_metrics: Metrics = {}
        self.recent: list[Tensor] = []  # training losses since the last evaluation
        if config.resume and self._path("last").exists():
            self._restore()
        elif config.peers.leads:
            self.log.unlink(missing_ok=True)
        config.peers.agree(self.module.state_dict().values())

    def run(self) -> Metrics:
        limit = self.config.minutes * 60.0
        started = time.monotonic()
        offset = self.progress.seconds
        next_evaluation = started + min(60.0, self.config.evaluate_every)
        shown, losses = started, []
        for batch in self.phase.batches():
            self.progress.seconds = offset + time.monotonic() - started
            fraction = self.config.peers.first((time.monotonic() - started) / limit)
            if fraction >= 1.0:
                break
            losses.append(self._step(batch, fraction))
            now = time.monotonic()
            if not self.config.peers.leads:
                continue
            if now - shown > 15.0:
                self._show(losses, limit * (1.0 - fraction))
                shown, losses = now, []
            if now > next_evaluation:
                self._evaluate()
                next_evaluation = time.monotonic() + self.config.evaluate_every
        if self.config.peers.leads:
            self._evaluate()
        return self.best_metrics

    def _step(self, batch: object, fraction: float) -> Parts:
        for group in self.optimizer.param_groups:
            group["lr"] = self.peak * pace(fraction, self.progress.step)
        self.module.train()
        with self._autocast():
            loss, metrics = self.phase.loss(batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.config.peers.mean_gradients(self.parameters)
        norm = nn.utils.clip_grad_norm_(self.parameters, 1.0)
        if torch.isfinite(norm):  # one bad batch must not poison the weights
            self.optimizer.step()
            self._average()
        self.progress.step += 1
        self.recent.append(loss.detach())
        return {"loss": loss.detach(), **metrics}

    def _autocast(self) -> AbstractContextManager[object]:
        if self.bf16:
            return torch.autocast(torch.device(self.config.device).type, torch.bfloat16)
        return nullcontext()

    def _average(self) -> None:
        """Move the averaged weights; the decay ramps up so that early steps are forgotten."""
        decay = min(self.config.ema, (1 + self.progress.step) / (10 + self.progress.step))
        now = {k: v for k, v in self.module.state_dict().items() if v.is_floating_point()}
        with torch.no_grad():
            torch._foreach_lerp_([self.average[k] for k in now], list(now.values()), 1.0 - decay)

    def _evaluate(self) -> None:
        current = {k: v.detach().clone() for k, v in self.module.state_dict().items()}
        self.module.load_state_dict(self.average)
        self.module.eval()
        with torch.random.fork_rng(), torch.no_grad(), self._autocast():
            torch.manual_seed(0)  # the same held-out crops every time
            metrics = self.phase.evaluate()
        # An evaluation may measure buffers, such as the latents' scale.
        self.average = {k: v.detach().clone() for k, v in self.module.state_dict().items()}
        progress = {"step": self.progress.step, "seconds": self.progress.seconds}
        mean_loss = float(torch.stack(self.recent).mean()) if self.recent else 0.0
        self._append({**progress, "train_loss": mean_loss, **metrics})
        self.recent.clear()
        text = " ".join(f"{k} {v:.4f}" for k, v in metrics.items())
        self.report(f"{self.phase.name} step {self.progress.step}: held out {text}")
        if metrics["score"] < self.progress.best:
            self.progress.best, self.best_metrics = metrics["score"], metrics
            self._save("best", {"model": self.average, "metrics": metrics})
        self.module.load_state_dict(current)
        self._save(
            "last",
            {
                "model": current,
                "average": self.average,
                "optimizer": self.optimizer.state_dict(),
                "progress": [self.progress.step, self.progress.seconds, self.progress.best],
                "best_metrics": self.best_metrics,
            },
        )

    def _show(self, losses: list[Parts], left: float) -> None:
        means = {}
        for name in dict.fromkeys(k for metrics in losses for k in metrics):
            values = [float(metrics[name]) for metrics in losses if name in metrics]
            means[name] = sum(values) / len(values)
        text = " ".join(f"{k} {v:.4f}" for k, v in means.items())
        self.report(
            f"{self.phase.name} step {self.progress.step}: {text} | "
            f"{left / 60:.1f} min left, {len(losses) / 15:.2f} steps/s"
        )

    def _append(self, row: Metrics) -> None:
        with self.log.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            if not file.tell():
                writer.writeheader()
            writer.writerow(row)
        plot_log(self.log, self.log.with_suffix(".png"))

    def _path(self, kind: str) -> Path:
        return self.config.folder / f"{self.phase.name}.{kind}.pt"

    def _save(self, kind: str, content: dict[str, object]) -> None:
        path = self._path(kind)
        part = path.with_suffix(".part")
        content["minutes"] = self.progress.seconds / 60
        content["step"] = self.progress.step
        torch.save(content, part)
        part.replace(path)

    def _restore(self) -> None:
        content = torch.load(self._path("last"), map_location=self.config.device)
        self.module.load_state_dict(content["model"])
        self.average = content["average"]
        self.optimizer.load_state_dict(content["optimizer"])
        step, seconds, best = content["progress"]
        self.progress = Progress(int(step), float(seconds), float(best))
        self.best_metrics = content["best_metrics"]


def load_best(folder: Path, name: str, module: nn.Module) -> Metrics:
    """Load a phase's best weights into a module; return the metrics they were chosen by.

    Raises:
        FileNotFoundError: The phase has not been trained in this folder.
    """
    content = torch.load(folder / f"{name}.best.pt", map_location="cpu")
    module.load_state_dict(content["model"])
    metrics: Metrics = dict(content["metrics"])
    return {**metrics, "minutes": float(content["minutes"]), "steps": float(content["step"])}


def load_matching(path: Path, module: nn.Module) -> int:
    """Load a checkpoint's tensors that have a module's names and shapes; return how many fit."""
    saved = torch.load(path, map_location="cpu")["model"]
    own = module.state_dict()
    fitting = {k: v for k, v in saved.items() if k in own and v.shape == own[k].shape}
    module.load_state_dict({**own, **fitting})
    return len(fitting)
