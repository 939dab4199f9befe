"""The card about engines: what they are, which are there, and a build that can be watched."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from descant.desktop.device_look import EngineLook
from descant.desktop.engine_build import INSTALL, EngineBuild, has_wheel, missing
from descant.desktop.pack_words import size_words
from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import button, column, label, row, set_kind, titled


class EnginePanel(QFrame):
    """Shows an ``EngineBuild``; asks for one to begin or to stop."""

    build_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._build = EngineBuild()
        head = titled(
            self.tr("Engines for NVIDIA cards"),
            self.tr(
                "An engine is a network compiled for the card. It is built once, beside the music, "
                "which goes on on the processor or with CUDA meanwhile."
            ),
        )
        self._status = label(self.tr("Looking for engines …"), "soft", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of the build"))
        self._step = label("", "small", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._start = button(self.tr("Build engines"), self.build_asked.emit, "", "devices")
        self._stop = button(self.tr("Stop"), self.stop_asked.emit, "", "close")
        self._stop.setAccessibleName(self.tr("Stop building engines"))
        self._copy = button(self.tr("Copy the command"), self._copy_command, "chip", "copy")
        buttons = row(self._start, self._stop, self._copy, 1)
        inside = column(head, self._status, self._bar, self._step, self._problem, buttons, gap=1)
        space = tokens().space
        inside.setSpacing(space * 3 // 2)
        inside.setContentsMargins(space * 5 // 2, space * 2, space * 5 // 2, space * 2)
        self.setLayout(inside)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_step)
        self.show_build(self._build)

    def show_look(self, found: EngineLook, device: str) -> None:
        """Say which engines are there, and whether ``device`` would use them."""
        if found.ready == 0:
            text = self.tr("None of this pack's {0} networks has one yet.").format(found.graphs)
        else:
            text = self.tr("{0} of this pack's {1} networks have one.").format(
                found.ready, found.graphs
            )
        if found.reasons:
            text += " " + self.tr("Others are not used: {0}.").format("; ".join(found.reasons))
        if device != "trt-rtx":
            text += " " + self.tr(
                "Nothing here uses them at the moment; they can be built all the same and carried "
                "to a machine with a card."
            )
        self._status.setText(text)

    def show_build(self, build: EngineBuild) -> None:
        """Show how far a build is."""
        self._build = build
        lacks = missing()
        for widget, visible in (
            (self._start, not build.is_active),
            (self._stop, build.is_active),
            (self._bar, build.is_active),
            (self._step, build.state != "idle"),
            (self._problem, build.state == "failed" or bool(lacks)),
            (self._copy, bool(lacks) and has_wheel()),
        ):
            widget.setVisible(visible)
        self._start.setEnabled(not lacks)
        self._stop.setEnabled(build.state == "running")
        self._bar.setValue(round(build.share * 1000))
        if build.is_active:
            self._clock.start()
        else:
            self._clock.stop()
        self._problem.setText(self._lacking(lacks) if lacks else f"{build.error} {build.hint}")
        set_kind(self._problem, "warning" if lacks else "problem")
        self._show_step()

    def _show_step(self) -> None:
        build = self._build
        words = {
            "running": self.tr("Building {0} · {1} s").format(
                build.graph or "…", round(build.seconds)
            ),
            "stopping": self.tr("Stopping …"),
            "cancelled": self.tr("Stopped. Engines that were done are kept."),
            "done": self._done_words(build),
        }
        self._step.setText(words.get(build.state, ""))
        self._step.setVisible(bool(self._step.text()))

    def _done_words(self, build: EngineBuild) -> str:
        built = sum(not engine.reused for engine in build.engines)
        size = size_words(sum(engine.size_bytes for engine in build.engines))
        return self.tr("✓ {0} engines are ready, {1} of them built now. {2} in {3}").format(
            len(build.engines), built, size, build.folder
        )

    def _lacking(self, lacks: str) -> str:
        if not has_wheel():
            return self.tr("{0} does not exist for this kind of machine.").format(lacks)
        return self.tr("{0} is not installed. To install it: {1}").format(lacks, INSTALL)

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(INSTALL)
