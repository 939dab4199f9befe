"""The networks: shapes, independence of length and padding, and what each loss means."""

from __future__ import annotations

import pytest
import torch

from descant.models.nets.clmp import (
    AudioEncoder,
    MelodyEncoder,
    TextConfig,
    TextEncoder,
    contrastive_loss,
    melody_roll,
)
from descant.models.nets.conditioner import Conditioner
from descant.models.nets.denoiser import (
    REACH,
    Denoiser,
    DenoiserConfig,
    DenoiserStep,
    flow_loss,
)
from descant.models.nets.vae import LATENT_CHANNELS, PATCH, Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.spec import AudioSpec

SMALL = DenoiserConfig(dim=32, layers=2, heads=2, text_dim=16)

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@pytest.mark.parametrize("frames", [8, 40, 200])
def test_vae_keeps_the_frame_count(frames: int) -> None:
    vae = Vae().eval()
    mel, roll = torch.randn(1, 128, frames), torch.rand(1, 88, frames)
    latents = vae.encode(mel, roll)
    assert latents.shape == (1, LATENT_CHANNELS, frames // PATCH)
    mel_out, roll_out = vae.decode(latents)
    assert mel_out.shape == mel.shape
    assert roll_out.shape == roll.shape
    assert 0.0 <= float(roll_out.detach().min()) <= float(roll_out.detach().max()) <= 1.0


def test_vae_learns_one_batch() -> None:
    vae = Vae()
    mel, roll = torch.randn(1, 128, 1).expand(-1, -1, 32), torch.zeros(1, 88, 32)
    optimizer = torch.optim.Adam(vae.parameters(), 1e-3)
    losses = []
    for _ in range(40):
        loss, _ = vae.loss(mel, roll, 1e-3)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.75 * losses[0]


def test_scaled_latents_weigh_what_is_heard() -> None:
    vae = Vae().eval()
    torch.nn.init.zeros_(vae.decoder.linear.weight[:, 1])  # nothing is heard of this channel
    torch.nn.init.zeros_(vae.decoder.stem.weight[:, 1])
    mean = torch.randn(4, LATENT_CHANNELS, 16)
    vae.measure_scale(mean)
    variance = (mean / vae.spread).var((0, 2))
    assert float(variance[1]) < 0.1 * float(variance.median())
    assert 0.8 < float(variance.mean()) < 1.25
    scaled = (mean - vae.centre) / vae.spread
    torch.testing.assert_close(scaled * vae.spread + vae.centre, mean)


def test_untrained_vocoder_already_has_the_mel_and_the_excitations_phase() -> None:
    vocoder = Vocoder(AudioSpec(), dim=16, depth=1).eval()
    mel, angle = torch.randn(1, 128, 12), torch.rand(1, 1025, 12) * 6.28
    real, imag = vocoder(mel, angle.cos(), angle.sin())
    turned = torch.atan2(imag, real) - angle
    assert float(torch.cos(turned).detach().min()) > 0.95
    assert vocoder.samples(mel, angle.cos(), angle.sin()).shape == (1, 12 * 512)


def test_padding_does_not_change_a_text() -> None:
    tower = TextEncoder(TextConfig(vocabulary=100, token_dim=8, dim=16, layers=1, heads=2)).eval()
    short = torch.tensor([[2, 7, 9, 3]])
    padded = torch.tensor([[2, 7, 9, 3, 0, 0]])
    mask = torch.tensor([[1.0, 1, 1, 1, 0, 0]])
    alone, _ = tower(short, torch.ones(1, 4))
    beside, _ = tower(padded, mask)
    torch.testing.assert_close(alone, beside, rtol=1e-4, atol=1e-5)


def test_towers_return_unit_vectors() -> None:
    audio = AudioEncoder()(torch.randn(2, 128, 100))
    melody = MelodyEncoder()(melody_roll(torch.rand(2, 126, 104)))
    for vectors in (audio, melody):
        assert vectors.shape == (2, 512)
        torch.testing.assert_close(vectors.norm(dim=1), torch.ones(2))


def test_contrastive_loss_rewards_matching_views() -> None:
    views = torch.nn.functional.normalize(torch.randn(8, 512), dim=-1)
    scale = torch.tensor(20.0)
    matched = contrastive_loss([views, views, views], scale)
    shuffled = contrastive_loss([views, views.roll(1, 0), views.roll(2, 0)], scale)
    assert float(matched) < 0.1 < float(shuffled)


def conditions(frames: int, rows: int = 2) -> tuple[torch.Tensor, ...]:
    return (
        torch.randn(rows, 32), torch.randn(rows, 5, 32), torch.ones(rows, 5),
        torch.randn(rows, 32, frames),
    )  # fmt: skip


def pictures(rows: int = 2, tokens: int = 5, strength: float = 1.0) -> tuple[torch.Tensor, ...]:
    """Keys, values and strengths, of rows of which every second one has none."""
    strengths = torch.tensor([strength, 0.0] * rows)[:rows]
    return torch.randn(rows, 1, 2, tokens, 16), torch.randn(rows, 1, 2, tokens, 16), strengths


def random_denoiser() -> Denoiser:
    denoiser = Denoiser(SMALL).eval()
    torch.nn.init.normal_(denoiser.out.weight, std=0.1)
    return denoiser


def test_a_step_without_guidance_follows_the_conditional_velocity() -> None:
    denoiser = random_denoiser()
    condition, context, mask, control = conditions(6)
    seen, latents = pictures(), torch.randn(1, LATENT_CHANNELS, 6)
    velocity = denoiser(
        latents, torch.tensor([0.8]), condition[:1], context[:1], mask[:1], control[:1],
        *(part[:1] for part in seen),
    )  # fmt: skip
    step = DenoiserStep(denoiser)
    after = step(
        latents, condition, context, mask, control,
        torch.tensor([0.8]), torch.tensor([0.3]), torch.tensor([1.0]), *seen,
    )  # fmt: skip
    torch.testing.assert_close(after, latents - 0.5 * velocity, rtol=1e-4, atol=1e-5)


def test_attention_reaches_no_further_than_told() -> None:
    """Two layers see 2 * REACH frames (and the entry's kernel one more), whatever the length."""
    denoiser = random_denoiser()
    frames = 2 * REACH + 40
    condition, context, mask, control = conditions(frames, 1)
    latents = torch.randn(1, LATENT_CHANNELS, frames)
    changed = latents.clone()
    changed[..., -1] += 5.0
    time, seen = torch.tensor([0.5]), pictures(1)
    before = denoiser(latents, time, condition, context, mask, control, *seen)
    after = denoiser(changed, time, condition, context, mask, control, *seen)
    moved = (before - after).abs().amax((0, 1)) > 1e-6
    assert bool(moved[-1])
    assert not bool(moved[: frames - 2 * REACH - 3].any())


def test_absent_inputs_have_no_influence() -> None:
    net = Conditioner(SMALL).eval()
    absent, present = torch.zeros(1, 1), torch.ones(1, 1)
    hidden, mask, control = torch.randn(1, 3, 16), torch.ones(1, 3), torch.zeros(1, 126, 16)
    one, other = torch.randn(1, 512), torch.randn(1, 512)
    assert not net.attributes.weight.requires_grad
    first = net(one, absent, one, present, hidden, mask, control)
    second = net(other, absent, one, present, hidden, mask, control)
    third = net(other, present, one, present, hidden, mask, control)
    torch.testing.assert_close(first[0], second[0])
    assert not torch.allclose(second[0], third[0])
    assert first[2].shape == (1, 32, 2)


def test_flow_loss_is_zero_for_the_true_velocity() -> None:
    data, noise = torch.randn(1, LATENT_CHANNELS, 4), torch.randn(1, LATENT_CHANNELS, 4)
    assert float(flow_loss(noise - data, data, noise)) == 0.0
