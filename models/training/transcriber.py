"""Phase ``transcriber``: notes of instruments, mixes and voices, heard through rooms and noise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from descant.kernels.note_events import NoteEvent, NoteRule, note_events
from descant.kernels.pitch_spectrum import FRAME_RATE, LOWEST_PITCH
from descant.models.nets.transcriber import Transcriber
from descant.models.note_score import TimedPitch, note_f1
from descant.models.training.hum_data import FRAMES, KINDS, SHARD_SIZE
from descant.models.training.hum_features import PitchSpectrum, fine_target, note_targets
from descant.models.training.loop import Metrics, Parts
from descant.models.training.recording import NOISY, Damage, as_recorded

BATCH, CPU_BATCH = 64, 4
TEST_CLIPS, CPU_TEST_CLIPS, TEST_BATCH = 256, 64, 32
GATHERS = 8
"""Shards that the clips of a batch come from."""
REFRESH_STEPS = 50
ONSET_WEIGHT, NOTE_WEIGHT = 3.0, 1.5
"""Of frames with an onset or a note over those without, in the cross entropy."""
CLEAN_SHARE = 0.25


class HumShards:
    """All clips of one split as tensors on the device."""

    def __init__(self, folder: Path, split: str, device: str) -> None:
        """Load what there is.

        Raises:
            FileNotFoundError: There are no shards.
        """
        self.folder, self.split, self.device = folder, split, device
        self.names: set[str] = set()
        self.kinds: list[str] = []
        self.arrays: dict[str, list[Tensor]] = {"audio": [], "notes": [], "pitch": []}
        self.refresh()
        if not self.kinds:
            raise FileNotFoundError(f"no {split} shards in {folder}: run 'hum_data' first")

    def refresh(self) -> None:
        """Take in the shards that were written since."""
        for path in sorted(self.folder.glob(f"{self.split}-*")):
            if path.name in self.names:
                continue
            self.names.add(path.name)
            for name, kept in self.arrays.items():
                kept.append(torch.from_numpy(np.load(path / f"{name}.npy")).to(self.device))
            self.kinds += json.loads((path / "kinds.json").read_text())

    def draw(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """``take`` random clips of a few random shards."""
        shards = torch.randint(len(self.names), (GATHERS,)).tolist()
        share = -(-count // GATHERS)
        rows = [torch.randint(SHARD_SIZE, (share,)) for _ in shards]
        parts = [self.take(*place) for place in zip(shards, rows, strict=True)]
        samples, notes, pitch = (torch.cat(column)[:count] for column in zip(*parts, strict=True))
        return samples, notes, pitch

    def take(self, shard: int, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Samples (B, N), notes (B, 384, 3) and pitch (B, T) of rows, (B,) int64."""
        index = rows.to(self.device)
        audio, notes, pitch = (parts[shard][index].float() for parts in self.arrays.values())
        return audio / 32767.0, notes, pitch


class TranscriberPhase:
    """Cross entropy of onsets, notes and fine pitch."""

    name = "transcriber"
    learning_rate = 2e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Transcriber()
        self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.spectrum = PitchSpectrum().to(device)
        self.train_clips = HumShards(folder / "hum", "train", device)
        self.test_clips = HumShards(folder / "hum", "test", device)
        self.batch = BATCH if device.startswith("cuda") else CPU_BATCH
        self.generator = torch.Generator(device).manual_seed(int(torch.initial_seed()) % 2**31)

    def batches(self) -> Iterator[object]:
        """Yield samples, notes and pitch."""
        for step in range(10**9):
            if step % REFRESH_STEPS == REFRESH_STEPS - 1:
                self.train_clips.refresh()
            yield self.train_clips.draw(self.batch)

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Weighted cross entropy; three quarters of the clips go through a room and noise."""
        assert isinstance(batch, tuple)
        samples, notes, pitch = batch
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            damaged = as_recorded(samples, Damage(), self.generator)
            clean = torch.rand(len(samples), 1, generator=self.generator, device=self.device)
            spectrum = self.spectrum(torch.where(clean < CLEAN_SHARE, samples, damaged))
            spectrum = spectrum.contiguous(memory_format=torch.channels_last)
            onset_target, note_target = note_targets(notes, FRAMES)
            fine = fine_target(pitch, note_target)
        logits = self.module.logits(spectrum)
        onset = _entropy(logits[0], onset_target, ONSET_WEIGHT)
        note = _entropy(logits[1], note_target, NOTE_WEIGHT)
        detail = _entropy(logits[2], fine, 1.0)
        total = 100.0 * (onset + note + 0.5 * detail)
        return total, {"onset": onset.detach(), "note": note.detach()}

    def evaluate(self) -> Metrics:
        """Note F1 of the test clips, clean and noisy; ``score`` is 1 minus their mean."""
        count = TEST_CLIPS if self.device.startswith("cuda") else CPU_TEST_CLIPS
        scores: dict[str, list[float]] = {}
        for first in range(0, min(count, len(self.test_clips.kinds)), TEST_BATCH):
            shard, row = divmod(first, SHARD_SIZE)
            samples, notes, _ = self.test_clips.take(shard, torch.arange(row, row + TEST_BATCH))
            generator = torch.Generator(self.device).manual_seed(first)
            with torch.autocast(samples.device.type, enabled=False):
                noisy = as_recorded(samples, NOISY, generator)
            kinds = self.test_clips.kinds[first : first + TEST_BATCH]
            for name, heard in (("clean", samples), ("noisy", noisy)):
                for kind, value in zip(kinds, self._scores(heard, notes), strict=True):
                    scores.setdefault(name, []).append(value)
                    scores.setdefault(f"{name}_{kind}", []).append(value)
        means = {name: sum(values) / len(values) for name, values in scores.items()}
        ordered = {k: means[k] for k in _columns() if k in means}
        return {"score": 1.0 - 0.5 * (means["clean"] + means["noisy"]), **ordered}

    def _scores(self, samples: Tensor, notes: Tensor) -> list[float]:
        with torch.autocast(samples.device.type, enabled=False):  # as the runtime computes
            onset, note, _ = self.module(self.spectrum(samples))
        onset, note = onset.cpu().numpy(), note.cpu().numpy()
        return [
            note_f1(table_notes(truth), timed(note_events(onset[i], note[i], NoteRule())))
            for i, truth in enumerate(notes.cpu().numpy())
        ]


def _columns() -> list[str]:
    heard = ("clean", "noisy")
    return [*heard, *(f"{name}_{kind}" for name in heard for kind in KINDS)]


def _entropy(logits: Tensor, target: Tensor, weight: float) -> Tensor:
    factor = 1.0 + (weight - 1.0) * target
    return functional.binary_cross_entropy_with_logits(logits.float(), target, factor)


def timed(events: list[NoteEvent]) -> list[TimedPitch]:
    """Notes in seconds."""
    return [(e.begin / FRAME_RATE, e.end / FRAME_RATE, float(e.row + LOWEST_PITCH)) for e in events]


def table_notes(table: np.ndarray) -> list[TimedPitch]:
    """Notes of a row of ``notes.npy``."""
    return [(float(a), float(b), float(p)) for a, b, p in table if p >= 0]
