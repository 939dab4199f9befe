"""The library that builds engines: TensorRT-RTX, or TensorRT where that is what is installed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from descant.export.errors import ExportInputError
from descant.runtime.errors import BackendError

NAMES = ("tensorrt_rtx", "tensorrt")
"""In the order of preference. Both have the same builder; TensorRT-RTX needs no card to build, and
what it builds runs on several kinds of card."""
CARDS = (86, 89, 120)
"""Compute capabilities that are built for unless others are asked for: RTX 30, 40 and 50."""
HINT = "pip install 'descant[engines]'"


@dataclass(frozen=True)
class Library:
    """An imported library."""

    name: str
    module: Any

    @property
    def version(self) -> str:
        """Such as 1.7.1.116; a plan is read by this one alone."""
        return str(self.module.__version__)

    @property
    def has_targets(self) -> bool:
        """Whether it builds for cards that are not in the machine."""
        return hasattr(self.module, "ComputeCapability")

    def known_cards(self) -> tuple[int, ...]:
        """Compute capabilities that can be asked for."""
        if not self.has_targets:
            return ()
        members = self.module.ComputeCapability.__members__
        found = [re.fullmatch(r"SM(\d+)", name) for name in members]
        return tuple(int(match[1]) for match in found if match)

    def cards(self, text: str | None) -> tuple[int, ...]:
        """Read a list such as ``86,89,120``.

        Args:
            text: None for the usual ones.

        Returns:
            In order, each once; empty when the library builds for the card in the machine.

        Raises:
            ExportInputError: It is something else, or the library can't build for one of them.
        """
        if not self.has_targets:
            if text is not None:
                raise ExportInputError(
                    f"{self.name} builds for the card in this machine, not for --sm {text!r:.40}",
                    hint=f"leave --sm out, or {HINT}",
                )
            return ()
        if text is None:
            return CARDS
        known = self.known_cards()
        found = set()
        for word in text.split(","):
            match = re.fullmatch(r"\s*(?:sm_?)?(\d{2,3})\s*", word, re.ASCII)
            if match is None or int(match[1]) not in known:
                raise ExportInputError(
                    f"sm {word!r:.40} is no compute capability that {self.name} builds for",
                    hint=f"choose from {', '.join(map(str, known))}, such as --sm 86,89",
                )
            found.add(int(match[1]))
        return tuple(sorted(found))


def find_library() -> Library:
    """Import the library.

    Raises:
        BackendError: None is installed.
    """
    for name in NAMES:
        try:
            return Library(name, import_module(name))
        except ImportError:
            continue
    raise BackendError(
        "engines are built by TensorRT-RTX, which is not installed or can't be loaded", hint=HINT
    )
