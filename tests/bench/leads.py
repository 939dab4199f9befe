"""Which lead instrument is heard: a small classifier, trained on real train renderings."""

from __future__ import annotations

import json
import random
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from descant.export.evaluation.cases import AUDIO, make_case, render
from descant.export.evaluation.real import fingerprint
from descant.kernels.mel import log_mel
from descant.models.theory.words import LEADS
from tests.bench.context import Bench

NAMES = tuple(LEADS)
MAX_CLIPS = 6000
OWN_CLIPS = 3000
"""Rendered when the training folder holds fewer."""
OWN_FIRST_SEED = 300_000
POOL = 2
"""Mel frames averaged into one frame of the classifier."""
CROP = 144
"""Classifier frames of a training view: 3.3 s."""
BATCH = 32
STEPS = 1600
MAX_CPU_SECONDS = 480.0
"""Four minutes of two cores."""


class LeadNet(nn.Module):
    """Convolutions over (B, 1, 128, T) log-mel, statistics over time, register kept."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 24, 48, 96, 128)
        layers: list[nn.Module] = []
        for narrow, wide in pairwise(widths):
            layers += [nn.Conv2d(narrow, wide, 3, 2, 1), nn.BatchNorm2d(wide), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.out = nn.Sequential(nn.Dropout(0.3), nn.Linear(widths[-1] * 8 * 2, len(NAMES)))

    def forward(self, mel: Tensor) -> Tensor:
        """(B, 128, T) pooled log-mel -> (B, leads) logits."""
        hidden = self.body((mel.unsqueeze(1) + 0.5) / 2.2)
        both = torch.cat([hidden.mean(-1), hidden.amax(-1)], 1)
        logits: Tensor = self.out(both.flatten(1))
        return logits


def pooled_mel(samples: NDArray[np.float32]) -> NDArray[np.float16]:
    """(N,) levelled samples -> (128, T // POOL) float16."""
    return _pool(log_mel(samples, AUDIO))


def trained_classifier(bench: Bench) -> LeadNet:
    """Return the classifier, trained on the first call and kept in the work folder."""
    path = bench.work / f"leads-{fingerprint(Path(__file__))}.pt"
    torch.set_num_threads(bench.threads)
    net = LeadNet()
    if path.is_file():
        net.load_state_dict(torch.load(path, weights_only=True))
        return net.eval()
    mels, labels = _training_clips(bench)
    bench.say(f"leads: training on {len(labels)} real clips")
    _train(net, mels, labels, bench)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
    return net.eval()


@torch.no_grad()
def hear_leads(net: LeadNet, mels: list[NDArray[np.float16]]) -> list[list[str]]:
    """Return all names for each clip, most likely first."""
    orders = [net(torch.from_numpy(mel.astype(np.float32))[None])[0].argsort() for mel in mels]
    return [[NAMES[int(i)] for i in order.flip(0)] for order in orders]


def _pool(mel: NDArray[np.float32]) -> NDArray[np.float16]:
    count = mel.shape[1] // POOL
    pooled: NDArray[np.float32] = mel[:, : count * POOL].reshape(len(mel), count, POOL).mean(2)
    return pooled.astype(np.float16)


def _training_clips(bench: Bench) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """(n, 128, T) mels and (n,) labels from training's shards, or rendered here."""
    shards = sorted((bench.training / "data").glob("train-*"))
    mels: list[NDArray[np.float16]] = []
    names: list[str] = []
    for shard in shards[: MAX_CLIPS // 128]:
        stored = np.load(shard / "mel.npy", mmap_mode="r")
        mels += [_pool(np.asarray(mel, np.float32)) for mel in stored]
        names += [str(text["lead"]) for text in json.loads((shard / "text.json").read_text())]
    if len(names) < OWN_CLIPS:
        seeds = [OWN_FIRST_SEED + i for i in range(OWN_CLIPS)]
        made = bench.map(_render_train, seeds, "leads: train clips")
        mels, names = [m for m, _ in made] + mels, [n for _, n in made] + names
    return np.stack(mels), np.array([NAMES.index(name) for name in names])


def _render_train(seed: int) -> tuple[NDArray[np.float16], str]:
    case = make_case(seed, "train")
    return pooled_mel(render(case)), case.piece.truth.lead


def _train(
    net: LeadNet, mels: NDArray[np.float16], labels: NDArray[np.int64], bench: Bench
) -> None:
    torch.manual_seed(0)
    rng = random.Random(0)
    begin = time.process_time()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    steps = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, STEPS)
    net.train()
    for step in range(STEPS):
        rows = [rng.randrange(len(labels)) for _ in range(BATCH)]
        view = torch.from_numpy(np.stack([_crop(mels[row], rng) for row in rows]))
        loss = functional.cross_entropy(
            net(_varied(view)), torch.from_numpy(labels[rows]), label_smoothing=0.05
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        steps.step()
        if step % 400 == 399:
            bench.say(f"leads: step {step + 1} of {STEPS}, loss {loss.item():.2f}")
        if time.process_time() - begin > MAX_CPU_SECONDS:
            bench.say(f"leads: stopped at step {step + 1}, time is up")
            break


def _crop(mel: NDArray[np.float16], rng: random.Random) -> NDArray[np.float32]:
    begin = rng.randrange(mel.shape[1] - CROP + 1)
    return mel[:, begin : begin + CROP].astype(np.float32)


def _varied(mel: Tensor) -> Tensor:
    """Change loudness and tilt a little, so that neither gives an instrument away."""
    count, bands, _ = mel.shape
    slope = torch.linspace(-1.0, 1.0, bands)[None, :, None]
    gain = torch.randn(count, 1, 1) * 0.3 + torch.randn(count, 1, 1) * 0.3 * slope
    return mel + gain + torch.randn_like(mel) * 0.1
