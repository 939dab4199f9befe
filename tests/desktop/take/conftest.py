"""The page of a take with a library of two takes and a sound card that the test drives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.pages.take import TakePage
from descant.desktop.player import Player
from descant.runtime import Engine, Request
from tests.desktop.fake_sound import Clock, FakeBackend


@pytest.fixture
def library(tmp_path: Path, tiny_engine: Engine) -> Iterator[Library]:
    """Return a library of two takes of four seconds."""
    made = Library(tmp_path / "library")
    for seed, title in ((11, "First light"), (12, "Second thoughts")):
        wish = Request(prompt="slow piano, 90 bpm", seconds=4, seed=seed)
        made.add(tiny_engine.generate(wish), title)
    yield made
    made.close()


@pytest.fixture
def card() -> FakeBackend:
    return FakeBackend(Clock(), "Speakers", "Headphones")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def page(
    qtbot: QtBot, context: AppContext, library: Library, card: FakeBackend, told: list[str]
) -> Iterator[TakePage]:
    """Return the page with the first take on it."""
    player = Player(card, card.clock)
    context.library, context.player = library, player
    context.notify = lambda text, action="", on_action=None: told.append(text)
    made = TakePage(context)
    qtbot.addWidget(made)
    made.resize(1100, 820)
    made.show()
    made.show_take(1)
    qtbot.waitUntil(lambda: made.data is not None and made.views.spectrogram.ready)
    yield made
    made.close_threads()
    player.close()
