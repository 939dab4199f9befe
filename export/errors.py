"""What can go wrong while exporting."""

from __future__ import annotations

from descant.runtime.errors import DescantError, RequestError


class ExportError(DescantError):
    """A graph or pack could not be exported."""


class ExportInputError(ExportError, RequestError):
    """What was given to be exported is missing, damaged or does not fit together."""


class ParityError(ExportError):
    """An exported graph is further from its network than allowed."""

    def __init__(self, graph: str, relative: float, tolerance: float) -> None:
        super().__init__(
            f"{graph}: relative error {relative:.2e} exceeds {tolerance:.2e}",
            hint="Store it with more precision: fp16 instead of int8, or fp32.",
        )
        self.graph, self.relative, self.tolerance = graph, relative, tolerance
