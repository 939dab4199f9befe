"""A request as JSON and back, with the paths of its files."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from descant.runtime import Film, Key, Note, Request, RequestError

FILES = ("audio", "continues", "hum", "image_branch", "images", "init", "melody", "video")
"""Fields whose texts are paths."""


def request_to_json(request: Request) -> dict[str, Any]:
    """Return what differs from an empty request as plain JSON values; paths are absolute."""
    return {
        field.name: _plain(value, field.name in FILES)
        for field in dataclasses.fields(request)
        if (value := getattr(request, field.name)) != field.default
    }


def request_from_json(values: dict[str, Any]) -> Request | None:
    """Return the request, or None when these values make none; unknown names are left out."""
    names = {field.name for field in dataclasses.fields(Request)}
    try:
        return Request(**{k: _value(k, v) for k, v in values.items() if k in names})
    except (RequestError, TypeError, ValueError):
        return None


def request_from_receipt(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a request that a receipt alone can tell: no files, they have no paths."""
    asked = receipt.get("request")
    if not isinstance(asked, dict):
        return {}
    plain = {k: v for k, v in asked.items() if v is not None and not _is_file(v)}
    for name in ("strength", "inpaint", "joined"):  # belong to a file
        plain.pop(name, None)
    if isinstance(plain.get("melody"), str):  # some packs read a melody as text: no path either
        del plain["melody"]
    plain["seed"] = receipt.get("seed")
    return plain


def prompt_of(values: dict[str, Any]) -> str:
    """Return a request's words: of the prompt, else of the story, else of its pictures."""
    for name in ("prompt", "music_prompt", "story", "caption"):
        text = values.get(name)
        if isinstance(text, str) and text.strip():
            return " ".join(text.split())
    return ""


def _is_file(value: Any) -> bool:
    rows = value if isinstance(value, list) else [value]
    return any(isinstance(row, dict) for row in rows)


def _plain(value: Any, is_path: bool) -> Any:
    if isinstance(value, Film):
        value = value.path
    if isinstance(value, Path) or (is_path and isinstance(value, str)):
        return str(Path(value).absolute())
    if isinstance(value, Key):
        return str(value)
    if isinstance(value, Note):
        return [value.start, value.duration, value.pitch, value.velocity]
    if isinstance(value, tuple | list):
        return [_plain(item, is_path) for item in value]
    return value


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(Note(*item) if name == "melody" else item for item in value)
    return value
