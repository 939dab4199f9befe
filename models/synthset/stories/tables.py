"""The stories' tables of sentences, read once from the files beside this module."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

NAMES = ("air", "moods", "names", "places", "sounds", "voices")


@cache
def table(name: str) -> Any:
    """Return the content of one file of ``NAMES``."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
