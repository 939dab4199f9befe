"""Qt's own tools, which PySide6 brings: lupdate finds texts in the code, lrelease compiles."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import PySide6

ROOM = Path(__file__).resolve().parent.parent
"""The app's folder."""


def _run(tool: str, *arguments: str) -> None:
    """Run a tool of Qt; what it says is kept for the error."""
    folder = Path(PySide6.__file__).parent
    name = f"{tool}.exe" if sys.platform == "win32" else tool
    found = [path for path in (folder / name, folder / "Qt" / "libexec" / name) if path.exists()]
    if not found:
        raise FileNotFoundError(f"PySide6 has no {tool}")
    done = subprocess.run(
        [str(found[0]), *arguments], capture_output=True, text=True, check=False, cwd=ROOM
    )
    if done.returncode:
        raise RuntimeError(f"{tool} failed: {done.stderr[-500:]}{done.stdout[-500:]}")


def update_language(target: Path, code: str) -> None:
    """Bring a ``.ts`` file up to the code: new texts come in, those that are gone go out.

    English is translated by itself.
    """
    sources = sorted(
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        if "i18n" not in path.relative_to(ROOM).parts
    )
    _run(
        "lupdate", *sources, "-ts", str(target), "-no-obsolete", "-locations", "none",
        "-source-language", "en", "-target-language", code,
    )  # fmt: skip
    if code == "en":
        _translate_by_itself(target)


def compile_language(source: Path, target: Path) -> None:
    """Make the ``.qm`` file that the app loads."""
    _run("lrelease", str(source), "-qm", str(target))


def unfinished(source: Path) -> list[tuple[str, str]]:
    """Return (context, text) of everything that is not translated."""
    gaps = []
    for context in ElementTree.parse(source).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") or not translation.text:
                gaps.append((name, message.findtext("source") or ""))
    return gaps


def _translate_by_itself(target: Path) -> None:
    tree = ElementTree.parse(target)
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        if translation is not None:
            translation.text = message.findtext("source")
            translation.attrib.pop("type", None)
    text = ElementTree.tostring(tree.getroot(), encoding="unicode")
    target.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n')
