"""Makes clean clips sound recorded: room, microphone, noise, level; batched, on any device."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from descant.kernels.pitch_spectrum import SAMPLE_RATE

_TAIL = 16_384
"""Samples of silence against wrap-around of the reverberation, and its longest response."""


@dataclass(frozen=True, slots=True)
class Damage:
    """How bad recordings may be; each clip draws its own."""

    quiet: float = 0.0
    """Least signal-to-noise ratio, dB."""
    clean: float = 45.0
    """Greatest signal-to-noise ratio, dB."""
    share: float = 0.7
    """How likely each kind of damage is."""


NOISY = Damage(quiet=3.0, clean=20.0, share=0.8)
"""What the noisy test clips go through."""


def as_recorded(samples: Tensor, damage: Damage, generator: torch.Generator) -> Tensor:
    """Return clips as another microphone would have heard them.

    Args:
        samples: (B, N) float32.
        damage: Its limits.
        generator: Of the samples' device; decides everything.

    Returns:
        (B, N) float32, peaks below 1.
    """
    draw = _Draw(samples, damage.share, generator)
    spectrum = torch.fft.rfft(samples, samples.shape[1] + _TAIL)
    spectrum = spectrum * _equaliser(draw, spectrum.shape[1]) * _room(draw)
    heard = torch.fft.irfft(spectrum)[:, : samples.shape[1]]
    # Where nothing sounds there is noise all the same.
    rms = heard.square().mean(1, keepdim=True).sqrt().clamp(min=1e-3)
    ratio = draw.between(damage.quiet, damage.clean)
    noise = _coloured(draw) + _babble(draw) + _mains(draw)
    loudness = noise.square().mean(1, keepdim=True).sqrt().clamp(min=1e-8)
    heard = heard + noise * (rms / loudness * 10 ** (-ratio / 20))
    peak = heard.abs().amax(1, keepdim=True).clamp(min=1e-6)
    drive = 1.0 + draw.sometimes(0.3) * draw.between(0.0, 3.0)
    level = 10 ** (draw.between(-30.0, -0.5) / 20)
    bent: Tensor = torch.tanh(heard / peak * drive) / torch.tanh(drive) * level
    return bent


class _Draw:
    """Random numbers per clip, (B, 1) each."""

    def __init__(self, samples: Tensor, share: float, generator: torch.Generator) -> None:
        self.clips, self.count = samples.shape
        self.share, self.generator, self.device = share, generator, samples.device

    def between(self, low: float, high: float) -> Tensor:
        return low + (high - low) * self.uniform(1)

    def sometimes(self, factor: float = 1.0) -> Tensor:
        """1 for a share of the clips, 0 for the others."""
        return (self.uniform(1) < self.share * factor).float()

    def uniform(self, columns: int) -> Tensor:
        return torch.rand((self.clips, columns), generator=self.generator, device=self.device)

    def normal(self, columns: int) -> Tensor:
        return torch.randn((self.clips, columns), generator=self.generator, device=self.device)

    def frequencies(self, lines: int) -> Tensor:
        """(1, lines) Hz of a real transform's lines, at least 10."""
        hertz = torch.linspace(0.0, SAMPLE_RATE / 2, lines, device=self.device)
        return hertz.clamp(min=10.0)[None]


def _equaliser(draw: _Draw, lines: int) -> Tensor:
    """(B, lines) gains: three broad bumps of up to 12 dB, and a microphone's band limits."""
    hertz = draw.frequencies(lines)
    octave = hertz.log2()
    decibels = torch.zeros(draw.clips, lines, device=draw.device)
    for _ in range(3):
        centre, width = draw.between(6.0, 13.3), draw.between(0.5, 2.0)
        height = draw.sometimes() * draw.between(-12.0, 12.0)
        decibels = decibels + height * torch.exp(-(((octave - centre) / width) ** 2))
    low = draw.sometimes(0.6) * draw.between(60.0, 220.0)
    high = SAMPLE_RATE - draw.sometimes(0.5) * (SAMPLE_RATE - 2 ** draw.between(11.3, 13.3))
    steep = draw.between(2.0, 8.0)
    limits = 1.0 / (1.0 + (low / hertz) ** 4) / (1.0 + (hertz / high) ** steep)
    return 10 ** (decibels / 20) * limits


def _room(draw: _Draw) -> Tensor:
    """(B, lines) transfer functions: the direct sound and a tail of decaying noise."""
    seconds = torch.arange(_TAIL, device=draw.device)[None] / SAMPLE_RATE
    decay = draw.between(0.08, 0.9)
    tail = draw.normal(_TAIL) * torch.exp(-6.9 * seconds / decay)
    tail = tail * (seconds >= draw.between(0.001, 0.02))
    tail = tail / tail.norm(dim=1, keepdim=True)
    wet = draw.sometimes() * draw.between(0.1, 0.9)
    tail = tail * wet
    tail[:, 0] += 1.0
    return torch.fft.rfft(tail, draw.count + _TAIL)


def _coloured(draw: _Draw) -> Tensor:
    """(B, N) noise whose power falls with frequency: white, pink, or brown."""
    return _shaped(draw, draw.frequencies(draw.count // 2 + 1) ** (-draw.between(0.0, 1.0)))


def _babble(draw: _Draw) -> Tensor:
    """(B, N) several talkers' hiss: noise in the band of speech that comes and goes."""
    hertz = draw.frequencies(draw.count // 2 + 1)
    total = torch.zeros(draw.clips, draw.count, device=draw.device)
    seconds = torch.arange(draw.count, device=draw.device)[None] / SAMPLE_RATE
    for _ in range(3):
        octave = (hertz / 2 ** draw.between(8.3, 11.0)).log2()
        voice = _shaped(draw, torch.exp(-((octave / draw.between(0.4, 1.2)) ** 2)))
        turn = math.tau * (seconds * draw.between(2.0, 6.0) + draw.uniform(1))
        total = total + voice * (0.5 + 0.5 * torch.sin(turn)) ** 2
    return draw.sometimes(0.5) * draw.between(0.3, 2.0) * total


def _mains(draw: _Draw) -> Tensor:
    """(B, N) hum of the mains with overtones."""
    seconds = torch.arange(draw.count, device=draw.device)[None] / SAMPLE_RATE
    base = math.tau * torch.where(draw.uniform(1) < 0.5, 50.0, 60.0) * seconds
    total = torch.zeros(draw.clips, draw.count, device=draw.device)
    for overtone in (1, 2, 3, 5):
        phase = math.tau * draw.uniform(1)
        total = total + draw.between(0.0, 1.0) / overtone * torch.sin(overtone * base + phase)
    return draw.sometimes(0.3) * draw.between(0.1, 1.5) * total


def _shaped(draw: _Draw, gains: Tensor) -> Tensor:
    """(B, N) noise of unit power with a spectrum of these gains."""
    noise = torch.fft.irfft(torch.fft.rfft(draw.normal(draw.count)) * gains, draw.count)
    return noise / noise.square().mean(1, keepdim=True).sqrt().clamp(min=1e-8)
