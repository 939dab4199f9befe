"""Where descant keeps what belongs to a user, by the system's custom."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Return descant's folder for what can't be made again; it need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "descant"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "descant"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "descant"


def packs_folder() -> Path:
    """Return the folder to which packs are installed unless another is named."""
    return data_folder() / "packs"
