"""The Devices page: what computes, why not another, and engines for NVIDIA cards."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from descant.desktop.child import ChildCommand
from descant.desktop.context import AppContext
from descant.desktop.device_look import NAMED, DeviceLook, look_at_devices, look_at_engines
from descant.desktop.engine_build import EngineBuild, EngineBuilder
from descant.desktop.engine_choice import use_device
from descant.desktop.long_work import LongWork, Report
from descant.desktop.widgets.device_card import DeviceCard, device_titles
from descant.desktop.widgets.engine_panel import EnginePanel
from descant.desktop.widgets.page_parts import (
    button,
    card,
    column,
    label,
    page,
    row,
    set_kind,
    tile,
)


class DevicesPage(QWidget):
    """Chooses a device and builds engines."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.look_found: DeviceLook | None = None
        self._work: LongWork | None = None
        self._device, self._reason = "", ""
        self.builder = EngineBuilder(self)
        self.trials = ChildCommand(self)
        again = button(self.tr("Look again"), lambda: self.look(True), "", "search")
        again.setToolTip(self.tr("After something was installed or a card was plugged in"))
        inside = page(
            self,
            self.tr("Devices"),
            self.tr("Where the music is computed. Everything happens on this machine."),
            again,
        )
        inside.addWidget(self._make_now())
        self.cards = {device: DeviceCard(device) for device in ("auto", *NAMED)}
        choices = QVBoxLayout()
        choices.setSpacing(8)
        for each in self.cards.values():
            each.chosen.connect(self.choose)
            choices.addWidget(each)
        inside.addLayout(choices)
        self.panel = EnginePanel()
        inside.addWidget(self.panel)
        self._connect()
        self._mark()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at devices and engines."""
        super().showEvent(event)
        self.look()

    def look(self, again: bool = False) -> None:
        """Ask every device whether it can be used; ``again`` also those that were asked."""
        if self._work is not None:
            return
        pack = self._context.settings.value.pack

        def work(report: Report) -> Any:
            devices = look_at_devices(again)
            try:
                return devices, look_at_engines(pack)
            except Exception:  # noqa: BLE001 - the Packs page says what is wrong with a pack
                return devices, None

        self._work = LongWork(work, self)
        self._work.done.connect(self._on_found)
        self._work.failed.connect(lambda error, hint: self._end_work())
        self._work.start()

    def choose(self, device: str) -> None:
        """Compute on a device from now on."""
        use_device(self._context, device)
        self._mark()

    def build_engines(self) -> None:
        """Build engines of the pack that is used, in a process beside this one."""
        self.builder.start(self._context.settings.value.pack)

    def try_devices(self) -> None:
        """Make a second of music on each device, in a process that may crash."""
        self._try.setEnabled(False)
        self._try.setText(self.tr("Trying …"))
        pack = self._context.settings.value.pack
        self.trials.start(["doctor", "--pack", pack, "--json"])

    def close_threads(self) -> None:
        """End what runs beside this process."""
        self.builder.close()
        self.trials.close()
        if self._work is not None:
            self._work.wait(5.0)

    def _connect(self) -> None:
        context = self._context
        context.settings.changed.connect(lambda _: self._mark())
        context.queue.engine_changed.connect(self._on_engine)
        context.queue.engine_failed.connect(self._on_engine_failed)
        if context.queue.engine is not None:
            self._on_engine(*context.queue.engine)
        self.builder.changed.connect(self._on_build)
        self.panel.build_asked.connect(self.build_engines)
        self.panel.stop_asked.connect(self.builder.cancel)
        self.trials.finished.connect(self._on_trials)
        self.trials.failed.connect(lambda error, hint: self._end_trials(error))
        self.trials.cancelled.connect(lambda: self._end_trials(""))

    def _make_now(self) -> QFrame:
        """Return the card that says what computes at the moment."""
        self._now = label(self.tr("Not decided yet"), "heading", wrap=True)
        self._why = label(
            self.tr("The pack is opened when the first music is made."), "soft", wrap=True
        )
        self._try = button(self.tr("Try every device"), self.try_devices, "", "play")
        self._try.setToolTip(self.tr("Makes a second of music on each and compares what comes out"))
        words = column(self._now, self._why)
        words.setSpacing(4)
        line = row(tile("devices", accent=True), words, self._try, gap=2)
        line.setStretch(1, 1)
        return card(line, name=self.tr("What computes now"))

    def _mark(self) -> None:
        chosen = self._context.settings.value.device
        for device, each in self.cards.items():
            each.set_chosen(device == chosen)

    def _on_engine(self, device: str, reason: str) -> None:
        self._device = device
        titles = device_titles()
        name = titles[device][0] if device in titles else device
        self._now.setText(self.tr("Computes on: {0}").format(name))
        self._why.setText(reason[:1].upper() + reason[1:])
        set_kind(self._why, "soft")

    def _on_engine_failed(self, message: str) -> None:
        self._now.setText(self.tr("No music can be made at the moment"))
        self._why.setText(message)
        set_kind(self._why, "problem")

    def _on_found(self, found: Any) -> None:
        self._end_work()
        self.look_found, engines = found
        assert self.look_found is not None
        self.cards["auto"].show_auto(self.look_found.auto.device)
        for probe in self.look_found.probes:
            self.cards[probe.device].show_found(probe)
        if engines is not None:
            self.panel.show_look(engines, self._device or self.look_found.auto.device)

    def _end_work(self) -> None:
        if self._work is not None:
            self._work.deleteLater()
            self._work = None

    def _on_build(self, build: EngineBuild) -> None:
        self.panel.show_build(build)
        if build.state == "done" and not self.isVisible():
            self._context.notify(self.tr("The engines are ready"))
        if build.state == "done":
            # Graphs are loaded again when they are needed, and then by their engines.
            self._context.queue.engine_call(lambda engine: engine.free(), _nothing, _nothing)
            self.look()

    def _on_trials(self, report: Any) -> None:
        rows = report.get("providers", []) if isinstance(report, dict) else []
        for each in rows:
            trial, shown = each.get("trial"), self.cards.get(each.get("device"))
            if shown is not None and trial:
                shown.show_trial(*self._trial_words(trial))
        self._end_trials("")

    def _trial_words(self, trial: dict[str, Any]) -> tuple[str, bool]:
        if "error" in trial:
            return self.tr("The trial failed: {0}").format(trial["error"]), False
        words = self.tr("✓ A second of music in {0:.2f} s, with loading").format(trial["seconds"])
        if "same" not in trial:
            return words, True
        same = self.tr("sounds like the processor's")
        other = self.tr("does not sound like the processor's")
        return f"{words}; {same if trial['same'] else other}", bool(trial["same"])

    def _end_trials(self, error: str) -> None:
        self._try.setEnabled(True)
        self._try.setText(self.tr("Try every device"))
        if error:
            self._context.notify(error)


def _nothing(_: object) -> None:
    """Take an answer that says nothing."""
