"""The pack's contract: frozen dataclasses that read and write strict JSON."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

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
class GraphSpec:
    """The whole contract of one ONNX graph; export, runtime and engine builder read it."""

    file: str
    sha256: str
    size_bytes: int
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]
    parity: ParitySpec | None = None


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file of the pack that is not a graph."""

    file: str
    sha256: str
    size_bytes: int


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
class PipelineSpec:
    """What every graph of the pack agrees on."""

    audio: AudioSpec
    latents: LatentSpec
    clmp_dim: int = 512
    control_channels: int = 126
    text_max_tokens: int = 64
    prediction_type: Literal["flow", "epsilon", "v"] = "flow"

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


@dataclass(frozen=True, slots=True)
class LimitsSpec:
    """What the pack can do."""

    min_seconds: float = 1.0
    max_seconds: float = 60.0
    max_steps: int = 100
    max_guidance_scale: float = 15.0
    max_count: int = 16


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


T = TypeVar("T")


def to_json(spec: Any) -> dict[str, Any]:
    """Return a spec as plain JSON values."""
    plain: dict[str, Any] = dataclasses.asdict(spec)
    return plain


def from_json(kind: type[T], value: object, path: str = "spec") -> T:
    """Build a spec from parsed JSON, refusing missing, unknown and mistyped keys.

    Args:
        kind: The dataclass to build.
        value: What ``json.loads`` returned.
        path: Name of the value in error messages.

    Raises:
        ValueError: With the key's path, e.g. ``spec.latents.channels: expected int, got True``.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected an object, got {value!r:.60}")
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    names = {f.name for f in fields}
    for key in value:
        if key not in names:
            raise ValueError(f"{path}.{key}: unknown key")
    arguments: dict[str, object] = {}
    for f in fields:
        if f.name in value:
            arguments[f.name] = _convert(hints[f.name], value[f.name], f"{path}.{f.name}")
        elif f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            raise ValueError(f"{path}.{f.name}: missing")
    return kind(**arguments)


def _convert(hint: Any, value: object, path: str) -> object:
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast("type[object]", hint), value, path)
    if origin is Literal:
        if value in options:
            return value
        raise ValueError(
            f"{path}: expected one of {', '.join(map(str, options))}, got {value!r:.60}"
        )
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{path}: expected a list, got {value!r:.60}")
        return tuple(_convert(options[0], v, f"{path}[{i}]") for i, v in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"{path}: expected an object, got {value!r:.60}")
        return {str(k): _convert(options[1], v, f"{path}.{k}") for k, v in value.items()}
    if origin in (types.UnionType, typing.Union):
        return _convert_union(options, value, path)
    return _convert_scalar(hint, value, path)


def _convert_union(options: tuple[Any, ...], value: object, path: str) -> object:
    if value is None and type(None) in options:
        return None
    problems: list[str] = []
    for option in options:
        if option is not type(None):
            try:
                return _convert(option, value, path)
            except ValueError as error:
                problems.append(str(error))
    raise ValueError(problems[0])


def _convert_scalar(hint: Any, value: object, path: str) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"{path}: expected {hint.__name__}, got {value!r:.60}")
    return value
