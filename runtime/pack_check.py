"""A pack looked at to the last byte: hashes, graphs that load, a library that can be searched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from descant.runtime.pack import Pack, read_manifest
from descant.runtime.pack_summary import PackSummary, summarise

HASHING = 0.8
"""Share of the work that goes into hashes; loading the graphs is the rest."""


@dataclass(frozen=True, slots=True)
class CheckedPack:
    """A pack that is whole."""

    summary: PackSummary
    files: int
    graphs: int
    melodies: int
    """Of its library; 0 where it has none."""


def check_pack(
    name: str | Path, on_progress: Callable[[float], None] = lambda share: None
) -> CheckedPack:
    """Check every hash and load every graph on the CPU.

    Args:
        name: Of a pack, or its folder or file.
        on_progress: Called with the share that is done, 0 … 1; what it raises ends the check.

    Raises:
        PackError: The pack is missing, malformed or damaged.
        BackendError: A graph can't be loaded.
    """
    with read_manifest(name) as pack:
        pack.verify(lambda share: on_progress(HASHING * share))
        from descant.runtime.providers import choose_provider
        from descant.runtime.sessions import Sessions

        sessions = Sessions(pack, choose_provider("cpu"))
        try:
            for place, graph in enumerate(pack.spec.graphs):
                on_progress(HASHING + (1.0 - HASHING) * place / len(pack.spec.graphs))
                _ = sessions[graph]
        finally:
            sessions.close()
        melodies = _count_melodies(pack)
        on_progress(1.0)
        return CheckedPack(summarise(pack), len(pack.items()), len(pack.spec.graphs), melodies)


def _count_melodies(pack: Pack) -> int:
    """Read everything that is no graph."""
    if pack.spec.family == "starter":
        from descant.runtime.retrieval import load_index

        return len(load_index(pack).library)
    from descant.runtime.ldm_condition import load_bpe
    from descant.runtime.ldm_melody import load_melodies

    load_bpe(pack)
    return len(load_melodies(pack)) if pack.spec.family == "mg2" else 0
