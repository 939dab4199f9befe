"""Texts that may be shown to anyone: no folders, no user, no host."""

from __future__ import annotations

import contextlib
import getpass
import platform
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

_ROOT = r"(?:[A-Za-z]:[\\/]|\\\\|~?/)"
_QUOTED = re.compile(rf"""(['"]){_ROOT}[^'"]*[\\/]([^'"\\/]*)\1""")
"""An absolute path in quotes, which may hold blanks."""
_FOLDERS = re.compile(rf"(?<![\w.]){_ROOT}(?=\w|\.)(?:[^\\/\s'\":;,()]+[\\/])*")
"""What comes before the name in one without quotes."""
LONGEST = 500


def shareable(text: str) -> str:
    """Return a text without the folders of its paths and without names of user and host."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    text = _FOLDERS.sub("", _QUOTED.sub(r"\1\2\1", text))
    for secret in _secrets():
        text = re.sub(rf"\b{re.escape(secret)}\b", "…", text)
    return " ".join(text.split())[:LONGEST]


def shareable_command(words: Sequence[str]) -> str:
    """Return a command line whose paths are bare names."""
    return shareable(" ".join(_bare(word) for word in words))


def _bare(word: str) -> str:
    """Cut ``--html=a/b.html`` to ``--html=b.html``; a text with blanks stays, in quotes."""
    if " " in word:
        return repr(word)
    option, sign, value = word.rpartition("=") if word.startswith("-") else ("", "", word)
    name = PureWindowsPath(PurePosixPath(value).name).name if value else value
    return f"{option}{sign}{name}"


def _secrets() -> list[str]:
    """Return names of user and host that are long enough not to be a word of ours."""
    names = [platform.node(), platform.node().partition(".")[0]]
    with contextlib.suppress(OSError, KeyError, ImportError):  # some containers have no such user
        names.append(getpass.getuser())
    return [name for name in dict.fromkeys(names) if len(name) > 3 and name != "root"]
