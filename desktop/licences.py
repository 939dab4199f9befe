"""The licences of descant and of everything by others that is installed with it. No Qt."""

from __future__ import annotations

import contextlib
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

TEXTS = Path(__file__).parent / "assets" / "licences"
OURS = "descant"
QT = {"pyside6", "pyside6-essentials", "pyside6-addons", "shiboken6"}
_TEXT_FILE = re.compile(r"licen[cs]|copying|notice|copyright", re.IGNORECASE)
_NO_TEXT = {".py", ".pyc", ".pyi", ".so", ".dll", ".pyd", ".json"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_TEXT = 2_000_000

QT_NOTICE = """\
Qt {version}, and its Python bindings PySide6 and Shiboken6, are copyright of The Qt Company Ltd.
and other contributors. descant uses them under the GNU Lesser General Public License, version 3,
whose text follows, with that of the GNU General Public License, version 3, to which it adds.

The libraries are unmodified and are linked when the program runs. You may replace them by a build
of your own: they lie in

  {folder}

Their source code is at https://code.qt.io and is offered by The Qt Company at
https://download.qt.io. You may take this program apart to debug such changes.
"""


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is installed and has a licence."""

    name: str
    version: str
    licence: str
    """Short: an SPDX expression or the name that its makers give it."""
    summary: str = ""


def components() -> list[Component]:
    """Return what is installed: descant, Python, then all others by name.

    Others are the distributions that descant or its extras ask for, and those that these ask for.
    In a program that was packed as a whole all that were packed are meant.
    """
    found = {_key(each.metadata["Name"] or ""): each for each in metadata.distributions()}
    names = reachable(found) or set(found)
    others = sorted(names - {OURS, ""})
    ours = [_component(found[OURS])] if OURS in found else [Component(OURS, "", "MIT")]
    python = Component("Python", sys.version.split()[0], "PSF-2.0", "The language and its library")
    return [*ours, python, *(_component(found[name]) for name in others)]


def licence_text(name: str) -> str:
    """Return the whole text of a component's licences and notices."""
    if name == "Python":
        return _python_text()
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return _ours() if name == OURS else ""
    if _key(name) in QT:
        return _qt_text(found.version)
    texts = [f"{file.name}\n\n{text}" for file, text in _texts(found)]
    if not texts and _key(name) == OURS:
        return _ours()
    return ("\n\n" + "─" * 60 + "\n\n").join(texts) or _without_text(found)


def reachable(found: dict[str, metadata.Distribution]) -> set[str]:
    """Return the names of installed distributions that descant leads to; none without descant."""
    names: set[str] = set()
    waiting = [OURS] if OURS in found else []
    while waiting:
        name = waiting.pop()
        if name in names or name not in found:
            continue
        names.add(name)
        for wanted in found[name].requires or ():
            of_extra = "extra ==" in wanted.partition(";")[2]
            is_test = 'extra == "test"' in wanted
            match = _NAME.match(wanted)
            if match and not is_test and (name == OURS or not of_extra):
                waiting.append(_key(match.group()))
    return names


def _component(found: metadata.Distribution) -> Component:
    name = _field(found, "Name")
    return Component(name, found.version, short_licence(found), _field(found, "Summary"))


def short_licence(found: metadata.Distribution) -> str:
    """Return a licence's name as the distribution gives it."""
    if expression := _field(found, "License-Expression"):
        return expression
    stated = _field(found, "License").strip()
    if stated and len(stated) <= 80 and "\n" not in stated and stated.upper() != "UNKNOWN":
        return stated
    prefix = "License :: "
    kinds = [kind for kind in found.metadata.get_all("Classifier") or () if kind.startswith(prefix)]
    return ", ".join(kind.split(" :: ")[-1] for kind in kinds) or "see its text"


def _field(found: metadata.Distribution, name: str) -> str:
    """Return a field of the metadata; empty where there is none."""
    return next(iter(found.metadata.get_all(name) or ()), "")


def _texts(found: metadata.Distribution) -> Iterable[tuple[metadata.PackagePath, str]]:
    for file in found.files or ():
        named = _TEXT_FILE.search(file.name) or "licenses/" in file.as_posix()
        if not named or file.suffix.lower() in _NO_TEXT:
            continue
        with contextlib.suppress(OSError):
            content = Path(str(file.locate())).read_bytes()[:LONGEST_TEXT]
            yield file, content.decode("utf-8", "replace").strip()


def _qt_text(version: str) -> str:
    import PySide6

    folder = Path(PySide6.__file__).parent
    texts = [
        (TEXTS / f"{name}.txt").read_text(encoding="utf-8") for name in ("LGPL-3.0", "GPL-3.0")
    ]
    return "\n\n".join([QT_NOTICE.format(version=version, folder=folder), *texts])


def _ours() -> str:
    with contextlib.suppress(OSError):
        return (Path(__file__).parents[1] / "LICENSE").read_text(encoding="utf-8")
    return "MIT License"


def _python_text() -> str:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    for place in places:
        for name in ("LICENSE.txt", "LICENSE"):
            with contextlib.suppress(OSError):
                return (place / name).read_text(encoding="utf-8", errors="replace")
    return f"{sys.copyright}\n\nPython Software Foundation License, version 2."


def _without_text(found: metadata.Distribution) -> str:
    return (
        f"{found.metadata['Name']} {found.version}\n\n{short_licence(found)}\n\nIt brings no text."
    )


def _key(name: str) -> str:
    """Return a distribution's name as names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
