"""The transcriber's data, features and training agree with one another."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from descant.kernels.note_events import NoteRule, note_events
from descant.kernels.pitch_spectrum import pitch_spectrum
from descant.models.note_score import note_f1
from descant.models.synthset.render import SoundfontRenderer
from descant.models.training.hum_data import FRAMES, SAMPLES, HumClip, make_clip, note_table

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def renderer() -> SoundfontRenderer:
    return SoundfontRenderer()


@pytest.fixture(scope="module")
def clips(renderer: SoundfontRenderer) -> list[HumClip]:
    kinds = ("instrument", "part", "mix", "hum", "whistle", "sing")
    return [make_clip(seed, "train", renderer, kind) for seed, kind in enumerate(kinds)]


def test_clips_hold_their_notes(clips: list[HumClip]) -> None:
    for clip in clips:
        assert clip.samples.shape == (SAMPLES,)
        assert np.isfinite(clip.samples).all()
        assert clip.notes
        assert all(0.0 <= n.start < n.end <= 5.95 for n in clip.notes)
        assert np.isfinite(clip.pitch).any() == (clip.kind in ("hum", "whistle", "sing"))


def test_splits_hear_different_pieces(renderer: SoundfontRenderer) -> None:
    first, again = (make_clip(5, "test", renderer, "sing") for _ in range(2))
    assert first.notes == again.notes
    np.testing.assert_array_equal(first.samples, again.samples)
    assert first.notes != make_clip(5, "train", renderer, "sing").notes


def test_the_device_sees_what_the_runtime_will(clips: list[HumClip]) -> None:
    from descant.models.training.hum_features import PitchSpectrum

    samples = np.stack([clip.samples for clip in clips[:2]])
    given = PitchSpectrum()(torch.from_numpy(samples)).numpy()
    np.testing.assert_allclose(given, [pitch_spectrum(s) for s in samples], atol=2e-4)


def test_targets_read_back_as_the_notes(clips: list[HumClip]) -> None:
    from descant.models.training.hum_features import fine_target, note_targets
    from descant.models.training.transcriber import table_notes, timed

    tables = np.stack([note_table(clip.notes) for clip in clips])
    onset, note = note_targets(torch.from_numpy(tables), FRAMES)
    for i, clip in enumerate(clips):
        found = timed(note_events(onset[i].numpy(), note[i].numpy(), NoteRule()))
        least = 0.9 if clip.kind == "mix" else 0.99
        assert note_f1(table_notes(tables[i]), found) > least
    pitch = torch.from_numpy(np.stack([clip.pitch for clip in clips]))
    fine = fine_target(pitch, note)
    assert fine.shape == (len(clips), 264, FRAMES)
    frame = int(np.flatnonzero(np.isfinite(clips[3].pitch))[40])
    expected = 3 * (clips[3].pitch[frame] - 21) + 1
    assert abs(int(fine[3, :, frame].argmax()) - expected) <= 0.51


def test_recordings_are_worse_but_whole(clips: list[HumClip]) -> None:
    from descant.models.training.recording import NOISY, as_recorded

    samples = torch.from_numpy(np.stack([*(c.samples for c in clips), np.zeros(SAMPLES, "f")]))
    heard, again = (as_recorded(samples, NOISY, torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(heard, again)
    assert bool(heard.isfinite().all())
    assert float(heard.abs().max()) < 1.0
    for before, after in zip(samples[:-1], heard, strict=False):
        likeness = torch.corrcoef(torch.stack([before, after]))[0, 1].abs()
        assert float(likeness) < 0.999


def test_a_step_of_training_learns(clips: list[HumClip]) -> None:
    from descant.models.nets.transcriber import Transcriber
    from descant.models.training.hum_features import PitchSpectrum, note_targets

    torch.manual_seed(0)
    net = Transcriber(stem=4, tone=4, width=8)
    frames = slice(0, 64)
    samples = torch.from_numpy(np.stack([clip.samples for clip in clips[3:]]))
    tables = torch.from_numpy(np.stack([note_table(clip.notes) for clip in clips[3:]]))
    spectrum = PitchSpectrum()(samples)[..., frames]
    _, note = note_targets(tables, FRAMES)
    optimizer = torch.optim.AdamW(net.parameters(), 1e-2)
    losses = []
    for _ in itertools.repeat(None, 12):
        onsets, notes, fine = net.logits(spectrum)
        assert onsets.shape == notes.shape == (3, 88, 64)
        assert fine.shape == (3, 264, 64)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(notes, note[..., frames])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]
