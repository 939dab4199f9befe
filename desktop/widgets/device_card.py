"""One device to choose: whether it can be used, why or why not, and what would help."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QRadioButton, QSizePolicy, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import badge, button, column, label, row, set_kind
from descant.desktop.widgets.parts import restyle
from descant.runtime import Probe

_COMMAND = re.compile(r"pip install [^,;)]+")


def device_titles() -> dict[str, tuple[str, str]]:
    """Return each device's name and one line about it."""
    translate = QCoreApplication.translate
    return {
        "auto": (
            translate("Devices", "Automatic"),
            translate("Devices", "The fastest that works; another takes over when it fails."),
        ),
        "trt-rtx": (
            translate("Devices", "NVIDIA RTX with TensorRT-RTX"),
            translate(
                "Devices", "Graphs compiled for the card; engines built ahead start at once."
            ),
        ),
        "cuda": (
            translate("Devices", "NVIDIA with CUDA"),
            translate("Devices", "Any newer NVIDIA card, without compiling."),
        ),
        "tensorrt": (
            translate("Devices", "NVIDIA with TensorRT"),
            translate("Devices", "Compiles for minutes at every new length."),
        ),
        "openvino": (
            translate("Devices", "Intel with OpenVINO"),
            translate("Devices", "Processors and graphics of Intel's."),
        ),
        "cpu": (
            translate("Devices", "Processor"),
            translate("Devices", "Works everywhere; music comes faster than it plays."),
        ),
    }


class DeviceCard(QFrame):
    """A row with a round button; the whole of it can be clicked."""

    chosen = Signal(str)
    """Name of the device."""

    def __init__(self, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.device = device
        self.setProperty("kind", "card")
        title, about = device_titles()[device]
        self.radio = QRadioButton()
        self.radio.setAccessibleName(title)
        self.radio.setAutoExclusive(False)
        self.radio.clicked.connect(self._choose)
        self._name = label(title)
        self._name.setProperty("kind", "strong")
        self._badge: QLabel = badge(self.tr("Looking …"), "plain")
        self._about = label(about, "small", wrap=True)
        self._reason = label("", "small", wrap=True)
        self._trial = label("", "small", wrap=True)
        self._copy = button(self.tr("Copy the command"), self._copy_command, "chip", "copy")
        for each in (self._reason, self._trial, self._copy):
            each.hide()
        for each in (self._name, self._about, self._reason, self._trial):
            each.installEventFilter(self)
        words = column(row(self._name, self._badge, 1), self._about, self._reason, self._trial)
        words.setSpacing(tokens().space // 2)
        words.addLayout(row(self._copy, 1))
        line = row(self.radio, words, gap=2)
        line.setStretch(1, 1)
        line.setAlignment(self.radio, Qt.AlignmentFlag.AlignTop)
        space = tokens().space
        line.setContentsMargins(space * 5 // 2, space * 3 // 2, space * 5 // 2, space * 3 // 2)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._usable = True
        self._command = ""

    def show_found(self, found: Probe) -> None:
        """Say whether it can be used, and what would help."""
        hint = f" {_sentence(found.hint)}" if found.hint else ""
        self._show(found.usable, _sentence(found.reason) + hint)
        match = _COMMAND.search(found.hint)
        self._command = match.group().strip() if match and not found.usable else ""
        self._copy.setVisible(bool(self._command))

    def show_auto(self, device: str) -> None:
        """Say what the automatic choice takes here."""
        self._show(True, self.tr("Here it takes: {0}").format(device_titles()[device][0]))

    def show_trial(self, text: str, good: bool) -> None:
        """Say how a trial went."""
        self._trial.setText(text)
        self._trial.setVisible(bool(text))
        set_kind(self._trial, "small" if good else "error")

    def set_chosen(self, chosen: bool) -> None:
        """Mark it as the one that is used."""
        self.radio.setChecked(chosen)
        self.setProperty("chosen", chosen)
        restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it by a click anywhere."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self._choose()
        super().mouseReleaseEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose it by a click on its words."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._choose()
        return False

    def _choose(self) -> None:
        self.radio.setChecked(bool(self.property("chosen")))
        if self._usable:
            self.chosen.emit(self.device)

    def _show(self, usable: bool, reason: str) -> None:
        self._usable = usable
        self.radio.setEnabled(usable)
        words, tone = (
            (self.tr("Ready"), "") if usable else (self.tr("Can't be used here"), "warning")
        )
        self._badge.setText(words)
        self._badge.setProperty("tone", tone)
        restyle(self._badge)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        set_kind(self._reason, "small")
        self.radio.setAccessibleDescription(f"{words}. {reason}")

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(self._command)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?…" else ".") if text else ""
