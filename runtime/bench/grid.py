"""The grid: which cells are measured, in which order, against which reference."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass

from descant.runtime.bench.records import PackInfo, Protocol
from descant.runtime.checks import check_integer, check_number
from descant.runtime.errors import RequestError
from descant.runtime.pack import read_manifest
from descant.runtime.request import Request

MOST_CELLS = 200
CPU, AUTO = "cpu", "auto"


@dataclass(frozen=True, slots=True)
class BenchPack:
    """A pack as it was named, and what it is."""

    name: str
    """Built-in name or path."""
    info: PackInfo


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination."""

    pack: BenchPack
    seconds: float
    steps: int
    provider: str
    reference: BenchPack
    """Pack whose clip from the CPU this one is compared with."""

    @property
    def is_reference(self) -> bool:
        """Whether it makes the very clip that others are compared with."""
        return self.provider == CPU and self.pack.name == self.reference.name

    @property
    def key(self) -> tuple[str, float, int, str]:
        """The same as its row's."""
        return self.pack.info.label, self.seconds, self.steps, self.provider

    @property
    def label(self) -> str:
        """For messages."""
        return f"{self.pack.info.label}, {self.seconds:g} s, {self.steps} steps, {self.provider}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; None is the pack's own default."""

    packs: tuple[str, ...]
    seconds: tuple[float, ...] | None
    steps: tuple[int, ...] | None
    providers: tuple[str, ...]
    reference: str | None
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked grid."""

    cells: tuple[Cell, ...]
    """Sorted for reading."""
    packs: tuple[PackInfo, ...]
    protocol: Protocol

    def command(self, threads: int | None) -> list[str]:
        """Return the words that ask for this grid, whatever defaults filled in."""
        cells, protocol = self.cells, self.protocol
        words = ["descant", "bench"]
        for name in dict.fromkeys(cell.pack.name for cell in cells):
            words += ["--pack", name]
        if protocol.reference:
            words += ["--reference", cells[0].reference.name]
        for option, values in (
            ("--seconds", [f"{cell.seconds:g}" for cell in cells]),
            ("--steps", [str(cell.steps) for cell in cells]),
            ("--provider", [cell.provider for cell in cells]),
        ):
            words += [option, ",".join(dict.fromkeys(values))]
        words += ["--runs", str(protocol.runs), "--warm-ups", str(protocol.warm_ups)]
        words += ["--budget-s", f"{protocol.budget_s:g}"]
        return words if threads is None else [*words, "--threads", str(threads)]

    def in_running_order(self) -> list[Cell]:
        """Return the cells, those first that others are compared with."""
        return sorted(self.cells, key=lambda cell: not cell.is_reference)


def make_plan(wanted: Wanted) -> Plan:
    """Lay out the grid and hold every cell against its pack's limits.

    Raises:
        PackError: A pack is missing or malformed.
        RequestError: A number is out of range, or there are too many cells.
    """
    check_integer("runs", wanted.protocol.runs, 1, 10_000)
    check_integer("warm-ups", wanted.protocol.warm_ups, 0, 1000)
    check_number("budget-s", wanted.protocol.budget_s, 0.0, 86_400.0)
    names = list(dict.fromkeys(wanted.packs))
    if wanted.reference is not None and wanted.reference not in names:
        names.append(wanted.reference)
    infos = {name: _look_into(name) for name in names}
    if len({info.sha256 for info in infos.values()}) < len(infos):
        raise RequestError("two of the packs are the same", hint="name each pack once")
    packs = _label(infos)
    cells: list[Cell] = []
    for name in dict.fromkeys(wanted.packs):
        cells += _cells(packs[name], packs[wanted.reference or name], wanted)
    if len(cells) > MOST_CELLS:
        raise RequestError(
            f"the grid has {len(cells)} cells, at most {MOST_CELLS} are measured",
            hint="ask for fewer lengths, steps, providers or packs",
        )
    reference = packs[wanted.reference].info.label if wanted.reference else ""
    protocol = dataclasses.replace(wanted.protocol, reference=reference)
    return Plan(tuple(cells), tuple(pack.info for pack in packs.values()), protocol)


def _cells(pack: BenchPack, reference: BenchPack, wanted: Wanted) -> list[Cell]:
    with read_manifest(pack.name) as opened:
        defaults, limits = opened.spec.defaults, opened.spec.limits
    found = []
    for seconds, steps in itertools.product(
        dict.fromkeys(wanted.seconds or (defaults.seconds,)),
        dict.fromkeys(wanted.steps or (defaults.steps,)),
    ):
        settled = Request(
            prompt=wanted.protocol.prompt, seconds=seconds, steps=steps, seed=wanted.protocol.seed
        ).settle(defaults, limits)
        for provider in dict.fromkeys(wanted.providers):
            found.append(Cell(pack, settled.seconds, settled.steps, provider, reference))
    return found


def _look_into(name: str) -> PackInfo:
    with read_manifest(name) as pack:
        spec = pack.spec
        return PackInfo(
            label=spec.id,
            id=spec.id,
            name=spec.name,
            version=spec.version,
            sha256=pack.sha256,
            family=spec.family,
            sample_rate=spec.pipeline.audio.sample_rate,
        )


def _label(infos: dict[str, PackInfo]) -> dict[str, BenchPack]:
    """Give packs of one id labels that tell them apart: by version, then by hash."""
    packs = {}
    for name, info in infos.items():
        twins = [other for other in infos.values() if other.id == info.id]
        same_version = [other for other in twins if other.version == info.version]
        label = info.id if len(twins) == 1 else f"{info.id} {info.version}"
        if len(same_version) > 1:
            label += f" {info.sha256[:8]}"
        packs[name] = BenchPack(name, dataclasses.replace(info, label=label))
    return packs
