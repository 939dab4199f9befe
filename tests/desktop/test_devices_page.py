"""Devices say why they can't be used, the choice holds at once, trials come from a process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from descant.desktop import device_look
from descant.desktop.context import AppContext
from descant.desktop.device_look import NAMED, look_at_engines
from descant.desktop.engine_build import EngineBuild
from descant.desktop.pages.devices import DevicesPage
from descant.runtime import Choice, Probe

TIMEOUT = 20_000
PROBES = {
    "cpu": Probe("cpu", True, "always there"),
    "cuda": Probe("cuda", True, "RTX 9090"),
    "trt-rtx": Probe(
        "trt-rtx", False, "the plug-in is not installed", "pip install 'descant[gpu]'"
    ),
    "tensorrt": Probe("tensorrt", False, "no NVIDIA driver", "install NVIDIA's driver"),
    "openvino": Probe("openvino", False, "finds no device", ""),
}


@pytest.fixture
def page(
    context: AppContext, tiny_pack: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DevicesPage]:
    """Return the page of a machine with a card that only CUDA can use."""
    monkeypatch.setattr(device_look, "look_at", PROBES.__getitem__)
    chosen = Choice("cuda", "CUDAExecutionProvider", "the first that can be used", (), True)
    monkeypatch.setattr(device_look, "choose_provider", lambda device: chosen)
    context.settings.update(pack=str(tiny_pack), device="auto")
    made = DevicesPage(context)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.look_found is not None, timeout=TIMEOUT)
    yield made
    made.close_threads()


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if not each.isHidden())


def test_each_device_has_its_reason_and_what_would_help(page: DevicesPage) -> None:
    assert set(page.cards) == {"auto", *NAMED}
    for device, probe in PROBES.items():
        shown = words(page.cards[device])
        assert probe.reason[1:] in shown
        assert ("Ready" in shown) is probe.usable
        assert page.cards[device].radio.isEnabled() is probe.usable
        assert page.cards[device].radio.accessibleName()
    assert "NVIDIA with CUDA" in words(page.cards["auto"])
    page.cards["trt-rtx"]._copy.click()
    assert QGuiApplication.clipboard().text() == "pip install 'descant[gpu]'"
    assert page.cards["tensorrt"]._copy.isHidden()


def test_a_choice_holds_at_once(
    page: DevicesPage, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    wished: list[tuple[str, str]] = []
    monkeypatch.setattr(context.queue, "set_engine", lambda *wish: wished.append(wish))
    page.cards["cpu"].radio.click()
    assert context.settings.value.device == "cpu"
    assert wished == [(context.settings.value.pack, "cpu")]
    assert [device for device, card in page.cards.items() if card.radio.isChecked()] == ["cpu"]


def test_an_engine_that_is_open_already_is_known(
    page: DevicesPage, context: AppContext, tiny_pack: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(context.queue.engine_changed, timeout=TIMEOUT):
        context.queue.set_engine(tiny_pack, "cpu")
    late = DevicesPage(context)
    qtbot.addWidget(late)
    assert "Processor" in late._now.text()
    assert late._why.text().startswith("Asked for")
    assert late._now.text() == page._now.text()


def test_what_can_not_be_used_can_not_be_chosen(page: DevicesPage, context: AppContext) -> None:
    page.cards["trt-rtx"]._choose()
    assert context.settings.value.device == "auto"
    assert page.cards["auto"].radio.isChecked()


def test_a_failure_to_open_is_shown(page: DevicesPage, context: AppContext) -> None:
    context.queue.engine_failed.emit("The card was lost.")
    assert page._why.text() == "The card was lost."


def test_trials_are_shown_beside_the_devices(
    page: DevicesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    report: dict[str, Any] = {
        "providers": [
            {"device": "cpu", "trial": {"seconds": 0.5, "warnings": []}},
            {"device": "cuda", "trial": {"seconds": 0.1, "same": False, "difference": 0.4}},
            {"device": "trt-rtx", "trial": None},
            {"device": "openvino", "trial": {"error": "it broke", "hint": ""}},
        ]
    }
    code = f"print({json.dumps(report)!r})"
    monkeypatch.setattr("descant.desktop.child.own_command", lambda: [sys.executable, "-c", code])
    with qtbot.waitSignal(page.trials.finished, timeout=TIMEOUT):
        page.try_devices()
        assert not page._try.isEnabled()
    assert page._try.isEnabled()
    assert "0.50 s" in words(page.cards["cpu"])
    assert "does not sound like" in words(page.cards["cuda"])
    assert "it broke" in words(page.cards["openvino"])


def test_a_finished_build_is_taken_up(
    page: DevicesPage, context: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed: list[bool] = []
    monkeypatch.setattr("descant.runtime.Engine.free", lambda engine: freed.append(True))
    page.builder.changed.emit(EngineBuild("p", "done", share=1.0, folder="there"))
    qtbot.waitUntil(lambda: bool(freed), timeout=TIMEOUT)
    assert "there" in words(page.panel)
    qtbot.waitUntil(lambda: page._work is None, timeout=TIMEOUT)


def test_engines_are_counted(page: DevicesPage, tiny_pack: Path) -> None:
    found = look_at_engines(str(tiny_pack))
    assert (found.ready, found.reasons) == (0, ())
    assert found.graphs > 5
    assert f"None of this pack's {found.graphs} networks" in words(page.panel)
