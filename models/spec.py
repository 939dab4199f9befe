"""The pack's contract: frozen dataclasses; ``descant.models.strict_json`` reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

PACK_FORMAT = 1

Shape = tuple[int | str, ...]
"""Axis sizes; a string is a symbolic dimension, possibly a multiple such as ``"8*F"``."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of a graph."""

    dtype: Literal["float32", "float16", "int64"]
    shape: Shape


@dataclass(frozen=True, slots=True)
class ParitySpec:
    """How far the exported graph is from its fp32 network."""

    max_error: float
    """Largest absolute difference over the test batch."""
    relative_error: float
    """RMS of the difference over RMS of the network's output."""
    tolerance: float
    """Limit on ``relative_error`` that the export enforced."""


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file of the pack that is not a graph."""

    file: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """The whole contract of one ONNX graph; export, runtime and engine builder read it."""

    file: str
    sha256: str
    size_bytes: int
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]
    parity: ParitySpec | None = None
    weights: FileSpec | None = None
    """The graph's one file of external weights, when it has one."""


class Manifest(Protocol):
    """What every kind of pack says of its files."""

    @property
    def id(self) -> str:
        """Name of the kind."""

    @property
    def version(self) -> str:
        """Of the weights."""

    @property
    def graphs(self) -> dict[str, GraphSpec]:
        """Graphs by name."""

    @property
    def files(self) -> dict[str, FileSpec]:
        """Other files by role."""


@dataclass(frozen=True, slots=True)
class AudioSpec:
    """Sampling and the mel front end."""

    sample_rate: int = 44100
    channels: int = 1
    n_fft: int = 2048
    hop_length: int = 512
    n_mels: int = 128
    mel_floor: float = 1e-2
    """Mel magnitudes are clipped to this (about -94 dBFS) before the natural logarithm."""

    @property
    def frame_rate(self) -> float:
        """Mel frames per second."""
        return self.sample_rate / self.hop_length


@dataclass(frozen=True, slots=True)
class LatentSpec:
    """The VAE's space."""

    channels: int = 64
    time_stride: int = 8
    """Mel frames per latent frame."""


@dataclass(frozen=True, slots=True)
class DiffusionSpec:
    """What a latent diffusion pack (AudioLDM, MG2) adds to the pipeline."""

    scale_factor: float
    """The VAE's latents are the diffusion's over this."""
    condition_dim: int
    """512: the query alone; 1024: query and melody embedding."""
    latent_bins: int = 16
    """W of latents (B, C, F, W)."""
    frame_multiple: int = 8
    """F is a multiple of this."""
    linear_start: float = 0.0015
    linear_end: float = 0.0195
    training_steps: int = 1000
    framing: Literal["mg2", "audioldm"] = "audioldm"
    """Of the mel that given audio is turned into."""
    clmp_sample_rate: int = 48000
    clmp_samples: int = 480000
    """Length of the audio tower's input."""


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """What every graph of the pack agrees on."""

    audio: AudioSpec
    latents: LatentSpec
    clmp_dim: int = 512
    control_channels: int = 126
    text_max_tokens: int = 64
    prediction_type: Literal["flow", "epsilon", "v"] = "flow"
    diffusion: DiffusionSpec | None = None
    """Of latent diffusion packs; None for flows."""

    @property
    def latent_rate(self) -> float:
        """Latent frames per second."""
        return self.audio.frame_rate / self.latents.time_stride


@dataclass(frozen=True, slots=True)
class DefaultsSpec:
    """Values of a request's fields that the user left unset."""

    seconds: float = 10.0
    steps: int = 8
    guidance_scale: float = 4.0
    melody_strength: float = 1.0
    shift: float = 1.0
    sampler: Literal["euler", "ddim", "dpm++"] = "euler"
    eta: float = 0.0
    """Randomness of DDIM: 0 none, 1 that of the training's own process."""
    candidates: int = 1
    """Clips made, of which as many as were asked for are kept, the best by CLMP similarity."""
    unconditional: Literal["query", "nearest"] = "query"
    """Melody half of the unconditional side: the empty query again, or its nearest melody."""


@dataclass(frozen=True, slots=True)
class LimitsSpec:
    """What the pack can do."""

    min_seconds: float = 1.0
    max_seconds: float = 60.0
    max_steps: int = 100
    max_guidance_scale: float = 15.0
    max_count: int = 16
    max_candidates: int = 16


@dataclass(frozen=True, slots=True)
class ProvenanceSpec:
    """Where the weights come from; the model card tells it in prose."""

    training_data: str
    hardware: str
    phases: dict[str, dict[str, float]] = field(default_factory=dict)
    """Per phase: minutes, steps and final metrics."""
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackSpec:
    """The content of ``pack.json``."""

    format: int
    id: str
    name: str
    version: str
    licence: str
    family: Literal["starter", "mg2", "audioldm"]
    pipeline: PipelineSpec
    defaults: DefaultsSpec
    limits: LimitsSpec
    graphs: dict[str, GraphSpec]
    files: dict[str, FileSpec]
    provenance: ProvenanceSpec
