"""What a take is called when nobody has said so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from descant.desktop.library.request_json import FILES, prompt_of

MAX_TITLE, LONGEST_DEFAULT = 200, 60


def clean_title(title: str) -> str:
    """Return a title on one line, without what can't be seen."""
    plain = "".join(c if c.isprintable() else " " for c in title)
    return " ".join(plain.split())[:MAX_TITLE].strip()


def title_of(request: dict[str, Any]) -> str:
    """Return the first words of a request, else the name of a file that it begins from."""
    words = clean_title(prompt_of(request))
    if len(words) > LONGEST_DEFAULT:
        words = (
            words[: LONGEST_DEFAULT + 1].rsplit(" ", 1)[0][:LONGEST_DEFAULT].rstrip(" ,;:-") + "…"
        )
    if words:
        return words[0].upper() + words[1:]
    for name in FILES:
        value = request.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and Path(first).stem:
            return clean_title(Path(first).stem)
    return "Untitled"
