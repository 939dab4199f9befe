"""The engine that the worker's thread holds, opened when it is needed and again when it changes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from descant.runtime import DescantError

if TYPE_CHECKING:
    from descant.runtime import Engine


def describe(error: BaseException) -> tuple[str, str]:
    """Return what went wrong and what to do about it, as sentences for a person."""
    if isinstance(error, DescantError):
        return _sentence(str(error)), _sentence(error.hint)
    logging.getLogger(__name__).error("unexpected error", exc_info=error)
    if isinstance(error, MemoryError):
        return "There is not enough memory.", "Ask for fewer seconds, or close other programs."
    return f"Unexpected {type(error).__name__}: {str(error)[:300]}", ""


def _sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


class EngineHolder:
    """For one thread; only ``wish`` is set by another."""

    def __init__(self, pack: str, device: str) -> None:
        self.wish = (pack, device)
        self._engine: Engine | None = None
        self._made_of: tuple[str, str] | None = None
        self.told: tuple[str, str] | None = None
        """What ``news`` returned last."""

    def opened(self) -> Engine:
        """Return the engine that is wished for.

        Raises:
            DescantError: It can't be opened. The one before stays closed.
        """
        wish = self.wish
        if self._engine is not None and self._made_of == wish:
            return self._engine
        self.close()
        self.told = None
        from descant.runtime import Engine  # ONNX Runtime takes a while; the window is there first

        self._engine, self._made_of = Engine.open(*wish), wish
        return self._engine

    def news(self) -> tuple[str, str] | None:
        """Return the device and the reason for it, if they are not those returned last."""
        if self._engine is None:
            return None
        choice = self._engine.choice
        if (choice.device, choice.reason) == self.told:
            return None
        self.told = (choice.device, choice.reason)
        return self.told

    def close(self) -> None:
        """Free the engine, if there is one."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
