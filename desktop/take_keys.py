"""The keys of the page of a take, for all that has no use for them itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from descant.desktop.player import Player

SECONDS = 1.0
"""That an arrow moves on by."""

Key = Qt.Key


class TakeKeys:
    """Space, arrows, Home, End, L, and A, B and X to compare."""

    def __init__(self, player: Player, bar: Callable[[], float], loop: Callable[[], None]) -> None:
        """Take the player, the length of a bar in seconds, and what turns the loop on or off."""
        self._player, self._bar, self._loop = player, bar, loop

    def press(self, key: int, shift: bool) -> bool:
        """Do what a key means; return whether it means anything."""
        player = self._player
        if key == Key.Key_Space:
            player.toggle()
        elif key in (Key.Key_Left, Key.Key_Right):
            step = self._bar() if shift else SECONDS
            player.seek(player.position + (step if key == Key.Key_Right else -step))
        elif key == Key.Key_Home:
            player.seek(0.0)
        elif key == Key.Key_End:
            player.seek(player.seconds)
        elif key == Key.Key_L:
            self._loop()
        elif key in (Key.Key_A, Key.Key_B, Key.Key_X) and player.comparing:
            other = key == Key.Key_B or (key == Key.Key_X and player.chosen == "a")
            player.choose("b" if other else "a")
        else:
            return False
        return True
