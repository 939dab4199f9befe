"""One pack as a card: what it is, what it can do, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from descant.desktop.pack_words import ability_words, licence_details, short_path, sound_words
from descant.desktop.theme import tokens
from descant.desktop.widgets.flow_layout import FlowLayout
from descant.desktop.widgets.page_parts import badge, button, column, label, row, set_kind, tile
from descant.desktop.widgets.text_dialog import TextDialog
from descant.runtime import PackSummary, StoredPack


class PackCard(QFrame):
    """Shows a pack and asks for what its buttons say."""

    use_asked = Signal(object)
    check_asked = Signal(object)
    remove_asked = Signal(object)
    stop_asked = Signal()
    """A check that runs is to end."""

    def __init__(self, pack: StoredPack, in_use: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pack = pack
        self.in_use = in_use
        self.setProperty("kind", "card")
        self.setAccessibleName(pack.summary.name if pack.summary else pack.name)
        space = tokens().space
        inside = column(gap=1)
        inside.setContentsMargins(space * 5 // 2, space * 2, space * 5 // 2, space * 2)
        inside.setSpacing(space * 3 // 2)
        self._add_words(inside)
        self._note = label(kind="small", wrap=True)
        self._note.hide()
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of the check"))
        self._bar.hide()
        inside.addWidget(self._bar)
        inside.addWidget(self._note)
        inside.addLayout(self._make_buttons())
        self.setLayout(inside)

    def show_progress(self, share: float) -> None:
        """Show how much of a check is done."""
        self._bar.setValue(round(share * 1000))
        self._set_busy(True)
        self._say(self.tr("Checking every file and loading every graph …"))

    def show_result(self, text: str, kind: str = "small") -> None:
        """Say how a check ended."""
        self._set_busy(False)
        self._say(text, kind)

    def show_licence(self) -> None:
        """Show the whole licence in a window of its own."""
        if self.pack.summary is not None:
            title = self.tr("Licence of {0}").format(self.pack.summary.name)
            TextDialog(title, licence_details(self.pack.summary), self).open()

    def _add_words(self, inside: QVBoxLayout) -> None:
        summary, space = self.pack.summary, tokens().space
        mark = tile("packs", accent=self.in_use)
        name = label(summary.name if summary else self.pack.name, "heading")
        names = row(name, *self._badges(), 1)
        place = short_path(self.pack.path)
        second = self.tr("Version {0}").format(summary.version) if summary else place
        words = column(names, label(second, "small"))
        words.setSpacing(space // 2)
        head = row(mark, words, gap=2)
        head.setStretch(1, 1)
        inside.addLayout(head)
        if summary is None:
            hint = f" {self.pack.hint[:1].upper()}{self.pack.hint[1:]}." if self.pack.hint else ""
            inside.addWidget(label(f"{self.pack.error}.{hint}", "problem", wrap=True))
            return
        inside.addWidget(label(sound_words(summary), "soft", wrap=True))
        inside.addWidget(_abilities(summary, self.tr("What it can do")))
        first = summary.licence.split("\n")[0]
        told = self.tr("Licence: {0}").format(first if len(first) <= 160 else first[:159] + "…")
        inside.addWidget(label(told, "small", wrap=True))
        inside.addWidget(label(place, "small", wrap=True))

    def _badges(self) -> list[QLabel]:
        found = []
        if self.in_use:
            found.append(badge(self.tr("In use")))
        if self.pack.summary is None:
            found.append(badge(self.tr("Damaged"), "problem"))
        elif self.pack.is_built_in:
            found.append(badge(self.tr("Built in"), "plain"))
        return found

    def _make_buttons(self) -> QVBoxLayout:
        whole, name = self.pack.summary is not None, self.accessibleName()
        self._buttons: list[QPushButton] = []
        if whole and not self.in_use:
            self._buttons.append(
                button(
                    self.tr("Use this pack"), lambda: self.use_asked.emit(self.pack), "primary",
                    "check", self.tr("Use {0}").format(name),
                )
            )  # fmt: skip
        self._check = button(
            self.tr("Check"), lambda: self.check_asked.emit(self.pack), "", "",
            self.tr("Check {0}").format(name),
        )  # fmt: skip
        self._stop = button(
            self.tr("Stop"),
            self.stop_asked.emit,
            "",
            "close",
            self.tr("Stop checking {0}").format(name),
        )
        self._stop.hide()
        self._buttons.append(self._check)
        if whole:
            licence = self.tr("Licence of {0}").format(name)
            self._buttons.append(
                button(self.tr("Licence"), self.show_licence, "quiet", "story", licence)
            )
        line = row(*self._buttons, self._stop, 1)
        if not self.pack.is_built_in:
            remove = button(
                self.tr("Remove"), lambda: self.remove_asked.emit(self.pack), "quiet", "delete",
                self.tr("Remove {0}").format(name),
            )  # fmt: skip
            self._buttons.append(remove)
            line.addWidget(remove)
        made = QVBoxLayout()
        made.addLayout(line)
        return made

    def _set_busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        self._stop.setVisible(busy)
        self._check.setVisible(not busy)
        for each in self._buttons:
            each.setEnabled(not busy)

    def _say(self, text: str, kind: str = "small") -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        if self._note.property("kind") != kind:
            set_kind(self._note, kind)


def _abilities(summary: PackSummary, name: str) -> QWidget:
    words = ability_words()
    made = QWidget()
    made.setAccessibleName(name)
    flow = FlowLayout(tokens().space, made)
    for ability in summary.abilities:
        flow.addWidget(badge(words[ability], "plain"))
    return made
