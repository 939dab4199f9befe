"""What can be done with the takes that are chosen: one list for buttons, menu and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from descant.desktop.actions import Action, Obstacle, PackView, obstacle
from descant.desktop.icons import icon
from descant.desktop.library import TakeRecord

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Command:
    """One thing to do."""

    name: str
    """Such as ``vary``; the method of the page is called ``on_vary``."""
    icon: str
    keys: tuple[str, ...]
    many: bool = False
    """Whether it works on several takes at once."""
    action: Action | None = None
    """Whether a pack is needed, and for what."""


COMMANDS = (
    Command("open", "take", ("Return", "Enter")),
    Command("play", "play", ("P",)),
    Command("more", "sound", ("M",), action="more"),
    Command("vary", "vary", ("V",), action="vary"),
    Command("vary-little", "vary", ("Shift+V",), action="vary"),
    Command("vary-lot", "vary", ("Ctrl+Shift+V",), action="vary"),
    Command("continue", "continue", ("C",), action="continue"),
    Command("replace", "region", ("R",), action="replace"),
    Command("change", "make", ("E",)),
    Command("favourite", "star", ("F",), many=True),
    Command("tags", "tag", ("T",), many=True),
    Command("rename", "edit", ("F2",)),
    Command("export", "export", ("Ctrl+E",)),
    Command("folder", "folder", ()),
    Command("delete", "delete", ("Del",), many=True),
    Command("restore", "undo", (), many=True),
    Command("purge", "delete", ("Del",), many=True),
)
OF_DELETED = ("restore", "purge")
"""What can be done with deleted takes alone; nothing else can."""


def command_text(name: str) -> str:
    """Return what a command is called."""
    return {
        "open": translate("TakeCommands", "Open"),
        "play": translate("TakeCommands", "Play"),
        "more": translate("TakeCommands", "More like this"),
        "vary": translate("TakeCommands", "Vary"),
        "vary-little": translate("TakeCommands", "Vary a little"),
        "vary-lot": translate("TakeCommands", "Vary a lot"),
        "continue": translate("TakeCommands", "Continue"),
        "replace": translate("TakeCommands", "Replace region…"),
        "change": translate("TakeCommands", "Change and make again"),
        "favourite": translate("TakeCommands", "Favourite"),
        "tags": translate("TakeCommands", "Tags…"),
        "rename": translate("TakeCommands", "Rename"),
        "export": translate("TakeCommands", "Export…"),
        "folder": translate("TakeCommands", "Show in folder"),
        "delete": translate("TakeCommands", "Delete"),
        "restore": translate("TakeCommands", "Restore"),
        "purge": translate("TakeCommands", "Delete for good…"),
    }[name]


def obstacle_text(found: Obstacle) -> str:
    """Return why something can't be done, in words."""
    return {
        "file": translate("TakeCommands", "The audio file is missing."),
        "edit": translate(
            "TakeCommands",
            "This pack can't start from a recording. Choose another one, such as starter.",
        ),
        "continue": translate(
            "TakeCommands", "This pack can't go on from a recording. The starter pack can."
        ),
        "nothing": translate(
            "TakeCommands", "This pack does not hear sounds, and the take was made without words."
        ),
    }[found]


class TakeCommands(QObject):
    """Actions with their keys; which of them can be used follows what is chosen."""

    def __init__(self, view: QWidget, do: Callable[[str], None]) -> None:
        """Make the actions.

        Args:
            view: Takes the keys while it has the focus.
            do: Called with a command's name.
        """
        super().__init__(view)
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command_text(command.name), view)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, name=command.name: do(name))
            view.addAction(action)
            self.actions[command.name] = action
        self.actions["favourite"].setCheckable(True)
        self.redraw()

    def redraw(self) -> None:
        """Draw the icons in the colours that hold now."""
        for command in COMMANDS:
            self.actions[command.name].setIcon(icon(command.icon))

    def follow(self, takes: Sequence[TakeRecord], pack: PackView | None) -> None:
        """Allow what can be done with takes."""
        gone = bool(takes) and takes[0].deleted is not None
        for command in COMMANDS:
            action = self.actions[command.name]
            why = self._why_not(command, takes, pack, gone)
            action.setEnabled(why == "")
            keys = " / ".join(k.toString(QKeySequence.SequenceFormat.NativeText)
                              for k in action.shortcuts()[:1])  # fmt: skip
            text = command_text(command.name).rstrip("…")
            action.setToolTip(why or (f"{text} ({keys})" if keys else text))
        for name in OF_DELETED:
            self.actions[name].setVisible(gone)
        self.actions["favourite"].setChecked(bool(takes) and all(t.favourite for t in takes))

    def menu(self, parent: QWidget) -> QMenu:
        """Return a context menu."""
        made = QMenu(parent)
        made.setToolTipsVisible(True)
        for command in COMMANDS:
            if command.name in ("more", "favourite", "export", "delete"):
                made.addSeparator()
            made.addAction(self.actions[command.name])
        return made

    @staticmethod
    def _why_not(
        command: Command, takes: Sequence[TakeRecord], pack: PackView | None, gone: bool
    ) -> str:
        """Return why a command can't be used now, empty when it can."""
        if not takes:
            return translate("TakeCommands", "Choose a take first.")
        if len(takes) > 1 and not command.many:
            return translate("TakeCommands", "Choose one take only.")
        if gone != (command.name in OF_DELETED):
            return (
                translate("TakeCommands", "Restore the take first.")
                if gone
                else translate("TakeCommands", "It is not deleted.")
            )
        if command.name in ("play", "export", "folder") and takes[0].missing:
            return obstacle_text("file")
        if command.action is not None:
            found = obstacle(command.action, takes[0], pack)
            return "" if found is None else obstacle_text(found)
        return ""
