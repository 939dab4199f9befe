"""How numbers are written for people, the same in every output."""

from __future__ import annotations

from descant.runtime.bench.records import Fidelity, Row

NONE = "-"


def milliseconds(value: float | None) -> str:
    """Return ``412 ms``, ``3.82 ms`` or ``2.41 s``."""
    if value is None:
        return NONE
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    if value >= 1000:
        return f"{value / 1000:.2f} s"
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def times(value: float | None) -> str:
    """Return an RTF such as ``24.3``."""
    if value is None:
        return NONE
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def megabytes(value: float | None) -> str:
    """Return ``351 MB`` or ``5.82 GB``."""
    if value is None:
        return NONE
    if value >= 10_000:
        return f"{value / 1000:.0f} GB"
    return f"{value / 1000:.2f} GB" if value >= 1000 else f"{value:.0f} MB"


def distance(fidelity: Fidelity | None) -> str:
    """Return ``reference``, or ``0.013 nats, cos 0.9991``."""
    if fidelity is None or fidelity.kind == "unmeasured":
        return NONE
    if fidelity.kind == "reference":
        return "reference"
    cosine = "" if fidelity.clmp_cosine is None else f", cos {fidelity.clmp_cosine:.4f}"
    return f"{fidelity.mel_nats or 0.0:.3g} nats{cosine}"


def joules(row: Row) -> str:
    """Return the energy of a clip."""
    value = row.energy.joules_per_clip if row.energy else None
    return NONE if value is None else f"{value:.3g} J"


def provider(row: Row) -> str:
    """Return ``cpu``, or ``auto: cuda`` where the name asked for is not the device."""
    if row.device is None or row.device == row.provider:
        return row.provider
    return f"{row.provider}: {row.device}"


def duration(seconds: float) -> str:
    """Return ``1:05`` or ``2:03:10``."""
    whole = max(round(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
