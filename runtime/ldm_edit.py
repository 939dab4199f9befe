"""What a latent diffusion starts from when it edits a recording, and what of it stays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.kernels.ldm_mel import load_mel
from descant.models.ldm_spec import LdmMelConfig
from descant.models.spec import PipelineSpec
from descant.runtime.audio_file import Recording
from descant.runtime.epsilon_sampling import Keep
from descant.runtime.errors import PackFormatError
from descant.runtime.graph import Graph
from descant.runtime.tiled_decode import OVERLAP, TILE

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A recording as latents of the diffusion."""

    recording: Recording
    latents: FloatArray
    """(1, C, F, W)."""
    keep: Keep | None
    """What stays; None when all of it may change."""


def read_edit(
    encoder: Graph,
    pipeline: PipelineSpec,
    recording: Recording,
    frames: int,
    inpaint: tuple[float, float] | None,
) -> Edit:
    """Encode a recording.

    The published code draws from the VAE's posterior; its mean is taken here, so that the same
    file is always the same latents.

    Args:
        encoder: ``vae_encoder``.
        pipeline: Of the pack.
        recording: Cut or filled up with silence to ``frames``.
        frames: F.
        inpaint: Seconds that are made anew.
    """
    diffusion, latents = pipeline.diffusion, pipeline.latents
    assert diffusion is not None
    config = mel_config(pipeline)
    mel_frames = frames * latents.time_stride
    # A recording is scaled by its peak; what the clip won't hold has no say in it.
    used = math.ceil(mel_frames * config.hop_length / config.sample_rate * recording.sample_rate)
    mel = load_mel(recording.samples[:, :used], recording.sample_rate, mel_frames, config)
    mean = _encode(encoder, mel[None, None], latents.time_stride)
    encoded = mean * np.float32(diffusion.scale_factor)
    keep = None
    if inpaint is not None:
        mask = keep_mask(inpaint, frames, pipeline.latent_rate)
        whole = np.broadcast_to(mask[None, None, :, None], (1, 1, frames, diffusion.latent_bins))
        keep = Keep(encoded, whole.astype(np.float32))
    return Edit(recording, encoded, keep)


def keep_mask(inpaint: tuple[float, float], frames: int, latent_rate: float) -> FloatArray:
    """(F,) 1 where latents stay, 0 on every frame that a span in seconds touches."""
    mask = np.ones(frames, np.float32)
    mask[math.floor(inpaint[0] * latent_rate) : math.ceil(inpaint[1] * latent_rate)] = 0.0
    return mask


def mel_config(pipeline: PipelineSpec) -> LdmMelConfig:
    """Return the front end that a pack's VAE was trained behind."""
    audio = pipeline.audio
    assert pipeline.diffusion is not None
    return LdmMelConfig(
        pipeline.diffusion.framing,
        audio.sample_rate,
        audio.n_fft,
        audio.hop_length,
        audio.n_mels,
        0.0,
        audio.sample_rate / 2,
        audio.mel_floor,
    )


def _encode(encoder: Graph, mel: FloatArray, stride: int) -> FloatArray:
    """(1, 1, nF, M) -> (1, C, F, W), in overlapping pieces, cut in the middle of the overlap."""
    frames = mel.shape[2] // stride
    pieces: list[FloatArray] = []
    for start in range(0, max(frames - OVERLAP, 1), TILE - OVERLAP):
        part = mel[:, :, start * stride : (start + TILE) * stride]
        mean: FloatArray = encoder.run(mel=part)["mean"]
        if mean.shape[2] != part.shape[2] // stride:
            raise PackFormatError(
                f"vae_encoder made {mean.shape[2]} frames of {part.shape[2]}",
                hint="get the pack again",
            )
        last = start + TILE >= frames
        pieces.append(
            mean[:, :, OVERLAP // 2 if start else 0 : None if last else TILE - OVERLAP // 2]
        )
    return np.concatenate(pieces, axis=2)
