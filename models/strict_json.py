"""Frozen dataclasses to JSON and back; missing, unknown and mistyped keys are refused by path."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, Literal, TypeVar

T = TypeVar("T")


def to_json(spec: Any) -> dict[str, Any]:
    """Return a spec as plain JSON values."""
    plain: dict[str, Any] = dataclasses.asdict(spec)
    return plain


def from_json(kind: type[T], value: object, path: str = "spec") -> T:
    """Build a spec from parsed JSON, refusing missing, unknown and mistyped keys.

    Args:
        kind: The dataclass to build.
        value: What ``json.loads`` returned.
        path: Name of the value in error messages.

    Raises:
        ValueError: With the key's path, e.g. ``spec.latents.channels: expected int, got True``.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected an object, got {value!r:.60}")
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    names = {f.name for f in fields}
    for key in value:
        if key not in names:
            raise ValueError(f"{path}.{key}: unknown key")
    arguments: dict[str, object] = {}
    for f in fields:
        if f.name in value:
            arguments[f.name] = _convert(hints[f.name], value[f.name], f"{path}.{f.name}")
        elif f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            raise ValueError(f"{path}.{f.name}: missing")
    return kind(**arguments)


def _convert(hint: Any, value: object, path: str) -> object:
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast("type[object]", hint), value, path)
    if origin is Literal:
        if value in options:
            return value
        raise ValueError(
            f"{path}: expected one of {', '.join(map(str, options))}, got {value!r:.60}"
        )
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{path}: expected a list, got {value!r:.60}")
        return tuple(_convert(options[0], v, f"{path}[{i}]") for i, v in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"{path}: expected an object, got {value!r:.60}")
        return {str(k): _convert(options[1], v, f"{path}.{k}") for k, v in value.items()}
    if origin in (types.UnionType, typing.Union):
        return _convert_union(options, value, path)
    return _convert_scalar(hint, value, path)


def _convert_union(options: tuple[Any, ...], value: object, path: str) -> object:
    if value is None and type(None) in options:
        return None
    problems: list[str] = []
    for option in options:
        if option is not type(None):
            try:
                return _convert(option, value, path)
            except ValueError as error:
                problems.append(str(error))
    raise ValueError(problems[0])


def _convert_scalar(hint: Any, value: object, path: str) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"{path}: expected {hint.__name__}, got {value!r:.60}")
    return value
