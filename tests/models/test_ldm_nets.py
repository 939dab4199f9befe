"""The latent diffusion networks beyond the conformance vectors: sizes, lengths, refusals."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import UNETS, AutoencoderConfig, HifiGanConfig, UNetConfig
from descant.models.nets.ldm.autoencoder import AutoencoderKL, Posterior
from descant.models.nets.ldm.blocks import GroupNorm
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.shapes import ShapeError
from descant.models.nets.ldm.trunk import ResBlock
from descant.models.nets.ldm.unet import UNet

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

SMALL = UNetConfig(
    32, condition_dim=12, channel_mult=(1, 1, 2, 2), num_res_blocks=1, attention_resolutions=(8, 4)
)
"""As deep as the published one, hence with its stride of 8, and thin."""


@pytest.fixture(name="unet", scope="module")
def small_unet() -> UNet:
    torch.manual_seed(3)
    return UNet(SMALL).eval()


def parameters(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("audioldm-s", 185_036_552), ("audioldm-m", 415_954_568),
        ("audioldm-l", 739_139_080), ("mg2", 416_347_784),
    ],
)  # fmt: skip
def test_published_unets_have_their_size(name: str, count: int) -> None:
    with torch.device("meta"):
        assert parameters(UNet(UNETS[name])) == count


def test_published_vae_and_vocoder_have_their_size() -> None:
    with torch.device("meta"):
        vae, vocoder = AutoencoderKL(), HifiGan()
    assert parameters(vae.encoder) == 22_395_024
    assert parameters(vae.decoder) == 32_981_505
    assert parameters(vocoder) == 55_264_897
    assert vocoder.config.hop_length == 160
    assert vocoder.config.samples(1024) == 163_872


@torch.no_grad()
def test_shares_of_time_and_condition_are_the_whole_bias(unet: UNet) -> None:
    time, y = torch.randn(2, SMALL.time_dim), torch.randn(2, 12)
    embedding = torch.cat([time, unet.film_emb(y)], 1)
    blocks = [module for module in unet.modules() if isinstance(module, ResBlock)]
    shares = torch.split(unet.condition_biases(y), unet.bias_widths, 1)
    for block, share in zip(blocks, shares, strict=True):
        whole = block.emb_layers(embedding)
        torch.testing.assert_close(block.time_bias(functional.silu(time)) + share, whole)


@torch.no_grad()
@pytest.mark.parametrize("frames", [8, 40])
def test_any_multiple_of_eight_frames(unet: UNet, frames: int) -> None:
    x, t, y = torch.randn(2, 8, frames, 16), torch.tensor([1, 999]), torch.randn(2, 12)
    whole = unet(x, t, y)
    assert whole.shape == x.shape
    torch.testing.assert_close(unet.forward_with_bias(x, t, unet.condition_biases(y)), whole)
    # rows don't see each other, so guidance may run both conditions as one batch
    alone = unet(x[1:], t[1:], y[1:])
    torch.testing.assert_close(alone, whole[1:], rtol=1e-4, atol=1e-5)
    assert float((unet(x, t, y.flip(0)) - whole).abs().max()) > 1e-4


@torch.no_grad()
def test_timesteps_may_be_fractions(unet: UNet) -> None:
    x, y = torch.randn(1, 8, 8, 16), torch.randn(1, 12)
    torch.testing.assert_close(unet(x, torch.tensor([7]), y), unet(x, torch.tensor([7.0]), y))
    low, middle, high = (unet(x, torch.tensor([t]), y) for t in (7.0, 7.5, 8.0))
    torch.testing.assert_close(middle, (low + high) / 2, rtol=0.0, atol=1e-2)


def good_inputs(unet: UNet) -> dict[str, Tensor]:
    return {
        "x": torch.zeros(2, 8, 16, 16),
        "t": torch.zeros(2),
        "bias": torch.zeros(2, sum(unet.bias_widths)),
    }


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("x", (2, 8, 12, 16), r"x: expected \(B, 8, 8\*F, 8\*W\), got \(2, 8, 12, 16\)"),
        ("x", (2, 8, 16, 12), "x"),
        ("x", (2, 8, 0, 16), "x"),
        ("x", (2, 4, 16, 16), "x"),
        ("x", (8, 16, 16), "x"),
        ("t", (1,), r"t: expected \(2\), got \(1\)"),
        ("t", (2, 1), "t"),
        ("bias", (1, 256), "bias"),
        ("bias", (2, 7), "bias"),
    ],
)
def test_unet_refuses_other_shapes(
    unet: UNet, name: str, shape: tuple[int, ...], message: str
) -> None:
    inputs = {**good_inputs(unet), name: torch.zeros(shape)}
    with pytest.raises(ShapeError, match=message) as caught:
        unet.forward_with_bias(**inputs)
    assert caught.value.hint


def test_unet_names_a_condition_of_the_other_model(unet: UNet) -> None:
    with pytest.raises(ShapeError, match=r"y: expected \(B, 12\), got \(1, 24\)") as caught:
        unet.condition_biases(torch.zeros(1, 24))
    assert "MG2" in caught.value.hint


@torch.no_grad()
@pytest.mark.parametrize("frames", [1, 6])
def test_vae_takes_any_length(frames: int) -> None:
    vae = AutoencoderKL(AutoencoderConfig(32, (1, 1, 2), 1)).eval()
    moments = vae.encode_moments(torch.randn(2, 1, 4 * frames, 64))
    assert moments.shape == (2, 16, frames, 16)
    assert vae.decode(Posterior.of(moments).mean).shape == (2, 1, 4 * frames, 64)
    with pytest.raises(ShapeError, match="mel: expected") as caught:
        vae.encode_moments(torch.zeros(2, 1, 4 * frames + 1, 64))
    assert "multiple of 4" in caught.value.hint
    with pytest.raises(ShapeError, match="latents: expected"):
        vae.decode(torch.zeros(1, 16, frames, 16))


@torch.no_grad()
@pytest.mark.parametrize(
    "config", [AutoencoderConfig(32), AutoencoderConfig(32, (1, 2), 1), AutoencoderConfig(32, (1,))]
)
def test_decoder_reach_is_how_far_its_convolutions_see(config: AutoencoderConfig) -> None:
    """Without norms and attention the decoder is local; a changed latent moves just its reach."""
    vae = AutoencoderKL(config).double().eval()
    vae.decoder.mid.attn_1 = nn.Identity()  # type: ignore[assignment]
    for module in [m for m in vae.modules() if isinstance(m, GroupNorm)]:
        module.forward = lambda x: x  # type: ignore[method-assign]
    middle, reach = 24, config.decoder_reach
    latents = torch.randn(1, 8, 2 * middle + 1, 4, dtype=torch.float64)
    changed = latents.clone()
    changed[:, :, middle] += 100.0
    moved = (
        (vae.decode(changed) - vae.decode(latents)).abs().amax((0, 1, 3)).view(-1, config.stride)
    )
    touched = torch.nonzero(moved.amax(1)).flatten() - middle
    assert int(touched.min()) == -reach
    assert int(touched.max()) == reach


def test_posterior_of_a_standard_normal_has_no_divergence() -> None:
    standard = Posterior.of(torch.zeros(2, 16, 3, 4))
    assert standard.kl().tolist() == [0.0, 0.0]
    noise = torch.randn(2, 8, 3, 4)
    torch.testing.assert_close(standard.sample(noise), noise)
    shifted = Posterior.of(torch.cat([torch.ones(1, 8, 3, 4), torch.zeros(1, 8, 3, 4)], 1))
    torch.testing.assert_close(shifted.kl(), torch.tensor([0.5]))
    wild = Posterior.of(torch.full((1, 16, 1, 1), 1e4))
    assert float(wild.log_variance.max()) == 20.0


@torch.no_grad()
@pytest.mark.parametrize(
    ("rates", "kernels"), [((5, 4), (16, 16)), ((2, 2, 2), (8, 4, 4)), ((3,), (3,)), ((5,), (8,))]
)
def test_vocoder_length_is_as_its_config_says(
    rates: tuple[int, ...], kernels: tuple[int, ...]
) -> None:
    config = HifiGanConfig(8, 16, rates, kernels, (3, 5), ((1, 3), (1,)))
    vocoder = HifiGan(config).eval()
    for frames in (1, 2, 9):
        samples = vocoder(torch.randn(2, 8, frames))
        assert samples.shape == (2, config.samples(frames))
        assert float(samples.abs().max()) <= 1.0
    with pytest.raises(ShapeError, match="mel"):
        vocoder(torch.zeros(2, 9, 4))


@torch.no_grad()
def test_unet_of_half_precision_is_close(unet: UNet) -> None:
    x, t, y = torch.randn(1, 8, 8, 16), torch.tensor([999]), torch.randn(1, 12)
    half = copy.deepcopy(unet).half()(x.half(), t, y.half())
    assert half.dtype == torch.float16
    error = (half.float() - unet(x, t, y)).square().mean().sqrt() / unet(
        x, t, y
    ).square().mean().sqrt()
    assert float(error) < 5e-3  # measured 2e-3


@pytest.mark.parametrize(
    ("kind", "sizes", "message"),
    [
        (UNetConfig, {"model_channels": 48}, "multiple of 32"),
        (UNetConfig, {"channel_mult": ()}, "channel"),
        (UNetConfig, {"num_res_blocks": 0}, "num_res_blocks must be at least 1, got 0"),
        (AutoencoderConfig, {"ch": 16}, "multiple of 32"),
        (AutoencoderConfig, {"z_channels": 0}, "z_channels"),
        (HifiGanConfig, {"upsample_rates": (5, 4)}, "one length"),
        (HifiGanConfig, {"upsample_initial_channel": 24}, "halved"),
        (HifiGanConfig, {"upsample_kernel_sizes": (4, 16, 8, 4, 4)}, "as long as its rate"),
    ],
)
def test_impossible_sizes_are_refused(
    kind: Callable[..., object], sizes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**sizes)
