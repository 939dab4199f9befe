"""What the documents promise exists: commands, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from descant.runtime.cli.parser import build_parser

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def commands() -> list[list[str]]:
    """Return the words of every ``descant`` command in the README's shell blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    parts = [part for block in blocks for line in block.splitlines() for part in line.split("&&")]
    words = [shlex.split(part, comments=True) for part in parts]
    return [found[1:] for found in words if found[:1] == ["descant"]]


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words[:2]))
def test_readme_commands_are_understood(words: list[str]) -> None:
    options = build_parser().parse_args(words)
    assert callable(options.run)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert not [link for link in local if not (document.parent / link).exists()]
