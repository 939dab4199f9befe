"""Engines are built for real in a process beside the app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop import engine_build
from descant.desktop.engine_build import INSTALL, EngineBuild, EngineBuilder
from descant.desktop.widgets.engine_panel import EnginePanel
from tests.export.engine_tools import SMALL, needs_builder

TIMEOUT = 120_000


@pytest.fixture
def builder(qtbot: QtBot) -> Iterator[EngineBuilder]:
    made = EngineBuilder()
    yield made
    made.close()


def ended(build: EngineBuild) -> bool:
    return build.state != "idle" and not build.is_active


@needs_builder
def test_a_tiny_packs_engine_is_built_and_then_kept(
    builder: EngineBuilder, tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    seen: list[EngineBuild] = []
    builder.changed.connect(seen.append)
    for reused in (False, True):
        with qtbot.waitSignal(builder.changed, timeout=TIMEOUT, check_params_cb=ended):
            builder.start(str(tiny_pack), ["--graphs", SMALL, "-o", str(tmp_path)])
            assert builder.build.is_active
        build = builder.build
        assert (build.state, build.share) == ("done", 1.0), build.error
        (made,) = build.engines
        assert (made.graph, made.reused) == (SMALL, reused)
        assert made.size_bytes > 0
        assert build.folder == str(tmp_path)
    assert any(build.graph == SMALL for build in seen)
    assert {path.suffix for path in tmp_path.iterdir()} >= {".plan", ".onnx", ".json"}


@needs_builder
def test_an_error_comes_with_its_hint(builder: EngineBuilder, qtbot: QtBot) -> None:
    with qtbot.waitSignal(builder.changed, timeout=TIMEOUT, check_params_cb=ended):
        builder.start("no such pack")
    assert builder.build.state == "failed"
    assert "no such pack" in builder.build.error
    assert builder.build.hint


def test_a_build_can_be_stopped(qtbot: QtBot) -> None:
    code = (
        "import sys, json, time\n"
        "print(json.dumps({'step': 'vocoder', 'share': 0.5}), file=sys.stderr, flush=True)\n"
        "time.sleep(60)"
    )
    builder = EngineBuilder(command=[sys.executable, "-c", code])
    with qtbot.waitSignal(
        builder.changed, timeout=20_000, check_params_cb=lambda build: build.share == 0.5
    ):
        builder.start("any")
    assert builder.build.graph == "vocoder"
    with qtbot.waitSignal(
        builder.changed, timeout=20_000, check_params_cb=lambda b: b.state == "cancelled"
    ):
        builder.cancel()
        assert builder.build.state == "stopping"


@pytest.mark.parametrize("said", ["[]", '{"engines": [{}], "folder": ""}', '{"engines": 3}'])
def test_another_language_is_an_error(qtbot: QtBot, said: str) -> None:
    builder = EngineBuilder(command=[sys.executable, "-c", f"print({said!r})"])
    with qtbot.waitSignal(builder.changed, timeout=20_000, check_params_cb=ended):
        builder.start("any")
    assert builder.build.state == "failed"


def test_what_is_missing_is_named_with_the_way_to_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_build, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    panel = EnginePanel()
    qtbot.addWidget(panel)
    texts = [each.text() for each in panel.findChildren(type(panel._problem))]
    assert any("TensorRT-RTX" in text and INSTALL in text for text in texts)
    assert not panel._start.isEnabled()


def test_the_panel_follows_a_build(qtbot: QtBot) -> None:
    panel = EnginePanel()
    qtbot.addWidget(panel)
    panel.show_build(EngineBuild("p", "running", "vocoder", 0.25, started=1.0))
    assert panel._bar.value() == 250
    assert "vocoder" in panel._step.text()
    assert not panel._stop.isHidden()
    panel.show_build(EngineBuild("p", "failed", error="It broke.", hint="Mend it."))
    assert panel._problem.text() == "It broke. Mend it."
    assert panel._stop.isHidden()
