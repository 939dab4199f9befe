"""The VAE over frames of log-mel and note roll."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import conv_stack

N_MELS = 128
ROLL = 88
PATCH = 8
"""Mel frames per latent frame."""
LATENT_CHANNELS = 96
MEL_CENTRE = -0.5
MEL_SPREAD = 2.2
"""Mean and standard deviation of SynthSet's log-mel, so that the networks see unit numbers."""
ROLL_GAIN = 2.0
LEAST_VARIANCE = 0.02
"""Of a scaled latent channel; the mean over all is 1."""
FIRST_LOG_VARIANCE = -6.0
"""Of the posterior before training: noise of a twentieth of the latents' spread."""


class VaeEncoder(nn.Module):
    """(B, 128, T) log-mel and (B, 88, T) roll -> latents (B, 96, T / 8).

    Works on patches of eight frames: a linear map, which training starts from the principal
    components of the patches, plus what convolutions over neighbouring patches add to it.
    """

    def __init__(self, dim: int = 384, depth: int = 2) -> None:
        super().__init__()
        self.linear = nn.Conv1d(N_MELS + ROLL, LATENT_CHANNELS, PATCH, stride=PATCH)
        self.stem = nn.Conv1d(N_MELS + ROLL, dim, PATCH, stride=PATCH)
        self.body = conv_stack(dim, depth)
        self.out = nn.Conv1d(dim, LATENT_CHANNELS * 2, 1)
        nn.init.normal_(self.out.weight, std=0.002)
        first = torch.tensor([0.0, FIRST_LOG_VARIANCE]).repeat_interleave(LATENT_CHANNELS)
        self.out.bias = nn.Parameter(first)

    def moments(self, mel: Tensor, roll: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log-variance, each (B, 96, T / 8), in the encoder's own scale."""
        x = torch.cat([(mel - MEL_CENTRE) / MEL_SPREAD, roll * ROLL_GAIN], 1)
        correction, log_variance = self.out(self.body(self.stem(x))).chunk(2, 1)
        return self.linear(x) + correction, log_variance.clamp(-10.0, 4.0)


class VaeDecoder(nn.Module):
    """Latents (B, 96, F) -> log-mel (B, 128, 8F) and roll logits (B, 88, 8F), patch by patch."""

    def __init__(self, dim: int = 384, depth: int = 4) -> None:
        super().__init__()
        self.linear = nn.Conv1d(LATENT_CHANNELS, (N_MELS + ROLL) * PATCH, 1)
        self.stem = nn.Conv1d(LATENT_CHANNELS, dim, 3, padding=1)
        self.body = conv_stack(dim, depth)
        self.out = nn.Conv1d(dim, (N_MELS + ROLL) * PATCH, 1)
        nn.init.normal_(self.out.weight, std=0.002)
        nn.init.zeros_(self.out.bias)  # type: ignore[arg-type]

    def logits(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and the roll before its sigmoid."""
        patches = self.linear(latents) + self.out(self.body(self.stem(latents)))
        batch, _, count = patches.shape
        frames = patches.reshape(batch, -1, PATCH, count).transpose(2, 3)
        mel, roll = frames.reshape(batch, -1, count * PATCH).split([N_MELS, ROLL], 1)
        return mel * MEL_SPREAD + MEL_CENTRE, roll

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and the roll in 0 … 1."""
        mel, roll = self.logits(latents)
        return mel, roll.sigmoid()


class Vae(nn.Module):
    """Encoder and decoder with the latents' scale, measured whenever training evaluates."""

    centre: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder = VaeEncoder()
        self.decoder = VaeDecoder()
        self.register_buffer("centre", torch.zeros(LATENT_CHANNELS, 1))
        self.register_buffer("spread", torch.ones(LATENT_CHANNELS, 1))

    def encode(self, mel: Tensor, roll: Tensor) -> Tensor:
        """Return the posterior's mean as scaled latents (B, 96, F)."""
        mean, _ = self.encoder.moments(mel, roll)
        return (mean - self.centre) / self.spread

    def decode(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and roll (0 … 1) of scaled latents."""
        mel, roll = self.decoder(latents * self.spread + self.centre)
        return mel, roll

    @torch.no_grad()
    def measure_scale(self, mean: Tensor) -> None:
        """Set the latents' scale from posterior means (B, 96, F).

        A channel's variance becomes proportional to how far it moves the decoded mel. Noise then
        hides fine detail before it hides what matters most, and a mean squared error over latents
        weighs a channel by what is heard of it.
        """
        centre = mean.mean((0, 2))[:, None]
        deviation = mean.std((0, 2))[:, None].clamp(min=1e-3)
        base = self.decoder.logits(mean)[0]
        moved = []
        for channel in range(LATENT_CHANNELS):
            step = torch.zeros_like(deviation)
            step[channel] = deviation[channel]
            moved.append((self.decoder.logits(mean + step)[0] - base).abs().mean())
        effect = torch.stack(moved)[:, None]
        effect = (effect / effect.mean()).clamp(min=LEAST_VARIANCE)
        self.centre.copy_(centre)
        self.spread.copy_(deviation / effect.sqrt())

    def loss(self, mel: Tensor, roll: Tensor, kl_weight: float) -> tuple[Tensor, dict[str, Tensor]]:
        """Return reconstruction plus a small KL, and its parts."""
        mean, log_variance = self.encoder.moments(mel, roll)
        noise = torch.randn_like(mean) * (0.5 * log_variance).exp()
        mel_out, roll_out = self.decoder.logits(mean + noise)
        mel_error = (mel_out - mel).abs().mean()
        slope = (mel_out.diff(dim=-1) - mel.diff(dim=-1)).abs().mean()
        roll_error = functional.binary_cross_entropy_with_logits(roll_out, roll)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()
        loss = mel_error + 0.25 * slope + 4.0 * roll_error + kl_weight * kl
        parts = {"mel": mel_error, "roll": roll_error, "kl": kl}
        return loss, {name: part.detach() for name, part in parts.items()}
