"""Programs that are run from another folder, and find the same descant as the tests."""

from __future__ import annotations

import os
from pathlib import Path


def environment() -> dict[str, str]:
    """Return this process's, whose paths of Python hold from every folder."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = os.pathsep.join(str(Path(path).resolve()) for path in given if path)
    return {**os.environ, "PYTHONPATH": paths}
