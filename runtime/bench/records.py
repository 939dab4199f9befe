"""What a bench has found, as it is stored; ``docs/bench.md`` explains every field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FORMAT = "descant-bench"
SCHEMA = 1
RTF_MEANS = "seconds of audio per second of computing, from the median run; bigger is better"

Status = Literal["measured", "skipped", "failed"]
FidelityKind = Literal["reference", "measured", "unmeasured"]


@dataclass(frozen=True, slots=True)
class Stats:
    """Of many runs, in milliseconds."""

    mean: float
    std: float
    """Of a sample: over n - 1."""
    min: float
    p25: float
    p50: float
    p75: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class Cold:
    """From nothing to the first clip, in milliseconds. The file cache may be warm."""

    start_ms: float
    """Process and interpreter."""
    import_ms: float
    open_ms: float
    """Finding the pack and checking all of its hashes."""
    first_ms: float
    """Loading the graphs and making one clip."""
    total_ms: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Of the cell's process, in MB of 10^6 bytes; None where nothing tells."""

    rss_mb: float | None
    """Held after the last run."""
    peak_rss_mb: float | None
    """Most that was held since the process began."""
    device_mb: float | None
    """Of the graphics card, above what was used before, after the last run."""
    peak_device_mb: float | None
    """The same, most that was seen while the first clip and the warm-ups were made."""


@dataclass(frozen=True, slots=True)
class Energy:
    """What the graphics card has used."""

    joules_per_clip: float | None
    reason: str
    """Where the number comes from, or why there is none."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Distance to what the CPU makes in float32 of the same request and seed."""

    kind: FidelityKind
    mel_nats: float | None
    """Mean absolute difference of the log-mel spectrograms, natural logarithm."""
    clmp_cosine: float | None
    """Cosine of the clips' CLMP embeddings."""
    reason: str
    """What the reference is, or why a number is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the grid."""

    pack: str
    """Label of one of the report's packs."""
    seconds: float
    steps: int
    provider: str
    """As it was asked for."""
    status: Status
    reason: str = ""
    """Why it was skipped or failed."""
    device: str | None = None
    """What computed."""
    rtf: float | None = None
    total: Stats | None = None
    """Whole warm runs."""
    stages: dict[str, Stats] = field(default_factory=dict)
    runs_ms: tuple[float, ...] = ()
    """Every timed run, in order."""
    cold: Cold | None = None
    memory: Memory | None = None
    energy: Energy | None = None
    fidelity: Fidelity | None = None
    repeatable: bool | None = None
    """Whether all runs gave the same samples, bit for bit."""
    samples: int | None = None
    """Of the clip, per channel."""
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, float, int, str]:
        """What makes two rows comparable."""
        return self.pack, self.seconds, self.steps, self.provider


@dataclass(frozen=True, slots=True)
class PackInfo:
    """A pack that was measured."""

    label: str
    """Its id, with the version where two packs have the same one."""
    id: str
    name: str
    version: str
    sha256: str
    """Of its manifest, which holds the hashes of everything else."""
    family: str
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics card."""

    name: str
    memory_mb: float
    driver: str
    compute_capability: str | None
    clock_mhz: int | None
    """Of its processors, when the bench began."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What computed; it names neither the host nor its user."""

    cpu: str
    cores: int
    """That the process may use."""
    threads: int
    """That each cell was given."""
    memory_mb: float | None
    os: str
    python: str
    onnxruntime: str
    numpy: str
    gpus: tuple[Gpu, ...]
    gpu_reason: str
    """Why no card is named; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How each cell was measured."""

    runs: int
    """Timed runs wanted."""
    warm_ups: int
    """Untimed ones before, without the first clip."""
    budget_s: float
    """After this time no further run is begun."""
    quick: bool
    prompt: str
    seed: int
    reference: str
    """Label of the pack that fidelity refers to; empty: each pack's own."""


@dataclass(frozen=True, slots=True)
class Report:
    """One bench of one machine."""

    format: str
    schema: int
    descant: str
    """Version."""
    date: str
    """UTC, to the minute."""
    command: str
    """With the names of files, not their folders."""
    rtf_means: str
    machine: Machine
    protocol: Protocol
    packs: tuple[PackInfo, ...]
    rows: tuple[Row, ...]
    complete: bool
    """False when it was interrupted."""
