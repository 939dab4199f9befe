"""A card that is not there: sessions of the CPU under another name, which can be made to fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import provider_target, providers, sessions
from descant.runtime.nvidia import Driver
from descant.runtime.provider_probe import Probe
from descant.runtime.provider_target import Target


@dataclass
class FakeDevice:
    """What it does and what was done with it."""

    fails: Callable[[str], str | None] = lambda graph: None
    """What a call of a graph raises, by the graph's name."""
    opened: list[tuple[str, str]] = field(default_factory=list)
    """Device and graph of every session."""
    paths: list[str] = field(default_factory=list)
    """Of every session that was made of a file."""


class _Session:
    """A session that fails when it is told to."""

    def __init__(self, real: Any, graph: str, fake: FakeDevice) -> None:
        self._real, self._graph, self._fake = real, graph, fake

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def run(self, *arguments: Any) -> Any:
        message = self._fake.fails(self._graph)
        if message is not None:
            raise RuntimeError(message)
        return self._real.run(*arguments)


def install(monkeypatch: pytest.MonkeyPatch, *devices: str) -> FakeDevice:
    """Let these devices, and the CPU, be usable; all but the CPU do what the result says."""
    fake = FakeDevice()

    def probe(device: str) -> Probe:
        return Probe(device, device in (*devices, "cpu"), "a fake")

    def make_target(device: str, cache: Path | None = None) -> Target:
        return Target(device, "CPUExecutionProvider")

    def open_session(model: bytes | str, options: Any, target: Target, name: str) -> Any:
        fake.opened.append((target.device, name))
        fake.paths += [model] if isinstance(model, str) else []
        plain = Target("cpu", "CPUExecutionProvider")
        session = provider_target.open_session(model, options, plain, name)
        return session if target.device == "cpu" else _Session(session, name, fake)

    monkeypatch.setattr(providers, "probe", probe)
    monkeypatch.setattr(providers, "driver", Driver)
    monkeypatch.setattr(sessions, "make_target", make_target)
    monkeypatch.setattr(sessions, "open_session", open_session)
    monkeypatch.setattr(sessions, "check_taken", lambda *_: None)
    return fake
