"""What every page is given when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from descant.desktop.settings import SettingsStore
from descant.desktop.worker import GenerationQueue


class Notify(Protocol):
    """Tells a person something that needs no answer."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """Show ``text`` for some seconds, with a button such as "Undo" when there is an action."""


def say_nothing(text: str, action: str = "", on_action: Callable[[], None] | None = None) -> None:
    """Stand in for a window."""


@dataclass
class AppContext:
    """The parts of the app that outlive a page."""

    settings: SettingsStore
    queue: GenerationQueue
    library: Any = None
    """The takes that were made; None until there is a library."""
    player: Any = None
    """What sounds; None where nothing can."""
    notify: Notify = say_nothing
    """Set by the window."""
