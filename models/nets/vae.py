"""The VAE over frames of log-mel and note roll, and the vocoder's torch twin of the mel scale."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import Upsample, conv_stack

N_MELS = 128
ROLL = 88
LATENT_CHANNELS = 64
MEL_CENTRE = -0.5
MEL_SPREAD = 2.2
"""Mean and standard deviation of SynthSet's log-mel, so that the networks see unit numbers."""


class VaeEncoder(nn.Module):
    """(B, 128, T) log-mel and (B, 88, T) roll -> latents (B, 64, T / 8)."""

    def __init__(self, dims: tuple[int, int, int] = (192, 256, 384)) -> None:
        super().__init__()
        low, middle, high = dims
        self.stem = nn.Conv1d(N_MELS + ROLL, low, 4, stride=2, padding=1)
        self.fine = conv_stack(low, 1)
        self.to_middle = nn.Conv1d(low, middle, 4, stride=2, padding=1)
        self.coarse = conv_stack(middle, 1)
        self.to_high = nn.Conv1d(middle, high, 4, stride=2, padding=1)
        self.deep = conv_stack(high, 2)
        self.out = nn.Conv1d(high, LATENT_CHANNELS * 2, 1)

    def moments(self, mel: Tensor, roll: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log-variance, each (B, 64, T / 8), in the encoder's own scale."""
        x = torch.cat([(mel - MEL_CENTRE) / MEL_SPREAD, roll * 2.0], 1)
        x = self.coarse(self.to_middle(self.fine(self.stem(x))))
        mean, log_variance = self.out(self.deep(self.to_high(x))).chunk(2, 1)
        return mean, log_variance.clamp(-10.0, 4.0)


class VaeDecoder(nn.Module):
    """Latents (B, 64, F) -> log-mel (B, 128, 8F) and roll logits (B, 88, 8F)."""

    def __init__(self, dims: tuple[int, int, int] = (192, 256, 384)) -> None:
        super().__init__()
        low, middle, high = dims
        self.stem = nn.Conv1d(LATENT_CHANNELS, high, 3, padding=1)
        self.deep = conv_stack(high, 3)
        self.to_middle = Upsample(high, middle)
        self.coarse = conv_stack(middle, 2)
        self.to_low = Upsample(middle, low)
        self.fine = conv_stack(low, 2)
        self.out = Upsample(low, N_MELS + ROLL)

    def logits(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and the roll before its sigmoid."""
        x = self.coarse(self.to_middle(self.deep(self.stem(latents))))
        mel, roll = self.out(self.fine(self.to_low(x))).split([N_MELS, ROLL], 1)
        return mel * MEL_SPREAD + MEL_CENTRE, roll

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and the roll in 0 … 1."""
        mel, roll = self.logits(latents)
        return mel, roll.sigmoid()


class Vae(nn.Module):
    """Encoder and decoder with the latents' scale, measured when training ends."""

    centre: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder = VaeEncoder()
        self.decoder = VaeDecoder()
        self.register_buffer("centre", torch.zeros(LATENT_CHANNELS, 1))
        self.register_buffer("spread", torch.ones(LATENT_CHANNELS, 1))

    def encode(self, mel: Tensor, roll: Tensor) -> Tensor:
        """Return the posterior's mean as unit-variance latents (B, 64, F)."""
        mean, _ = self.encoder.moments(mel, roll)
        return (mean - self.centre) / self.spread

    def decode(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel and roll (0 … 1) of unit-variance latents."""
        mel, roll = self.decoder(latents * self.spread + self.centre)
        return mel, roll

    def loss(self, mel: Tensor, roll: Tensor, kl_weight: float) -> tuple[Tensor, dict[str, float]]:
        """Return reconstruction plus a small KL, and its parts."""
        mean, log_variance = self.encoder.moments(mel, roll)
        noise = torch.randn_like(mean) * (0.5 * log_variance).exp()
        mel_out, roll_out = self.decoder.logits(mean + noise)
        mel_error = (mel_out - mel).abs().mean()
        slope = (mel_out.diff(dim=-1) - mel.diff(dim=-1)).abs().mean()
        roll_error = functional.binary_cross_entropy_with_logits(roll_out, roll)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()
        loss = mel_error + 0.25 * slope + 4.0 * roll_error + kl_weight * kl
        parts = {
            "mel": float(mel_error.detach()),
            "roll": float(roll_error.detach()),
            "kl": float(kl.detach()),
        }
        return loss, parts
