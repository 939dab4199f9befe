"""Why a checkpoint is not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from descant.export.errors import ExportInputError

REPLACE = "Fetch the file again and compare its size and hash with the publisher's."


class CheckpointError(ExportInputError):
    """A checkpoint can't be imported."""


class UnreadableCheckpointError(CheckpointError):
    """The file is missing, cut off, damaged, of an outdated format or no checkpoint at all."""


class UnsafeCheckpointError(CheckpointError):
    """The file asks for more than tensors and plain values; nothing of it was executed."""


class UnknownCheckpointError(CheckpointError):
    """The file holds tensors, but of no model that descant knows."""


class MissingPartError(CheckpointError):
    """A part was asked for that this kind of file does not hold."""


class NonFiniteWeightsError(CheckpointError):
    """Weights are NaN or infinite; names every such tensor."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"{len(names)} tensors hold NaN or infinity: {', '.join(names)}", hint=REPLACE
        )
        self.names = tuple(names)


@dataclass(frozen=True)
class Misshapen:
    """A tensor whose shape or kind of number does not fit the model."""

    name: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.name}: expected {self.expected}, found {self.found}"


class CheckpointKeysError(CheckpointError):
    """Keys and shapes are not those of the model; every one of them is named."""

    def __init__(
        self,
        kind: str,
        missing: Sequence[str] = (),
        unexpected: Sequence[str] = (),
        misshapen: Sequence[Misshapen] = (),
        hint: str = "",
    ) -> None:
        self.missing, self.unexpected = tuple(missing), tuple(unexpected)
        self.misshapen = tuple(misshapen)
        faults: list[tuple[str, Sequence[object]]] = [
            ("missing", missing), ("unexpected", unexpected), ("misshapen", misshapen)
        ]  # fmt: skip
        lines = [f"{fault} ({len(names)}): {_listed(names)}" for fault, names in faults if names]
        if not hint:
            hint = "It may be of another version, incomplete, or changed by another program."
            if not missing and not misshapen:
                hint = "If the extra tensors don't matter, name their beginnings in `ignore`."
        super().__init__(f"not a whole {kind} checkpoint; " + "; ".join(lines), hint=hint)


def _listed(names: Sequence[object]) -> str:
    return ", ".join(map(str, names))
