"""Packs: found, checked to the last byte, and only then believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from descant.models.spec import FileSpec, GraphSpec, Manifest, PackSpec
from descant.models.strict_json import from_json
from descant.runtime.errors import PackFormatError, PackIntegrityError
from descant.runtime.families import check_spec
from descant.runtime.pack_source import (
    MANIFEST,
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    PackSource,
    find_pack,
)

Item = GraphSpec | FileSpec
"""A file of the pack."""


Spec = TypeVar("Spec", bound=Manifest, covariant=True)


@dataclass(frozen=True)
class PackFiles(Generic[Spec]):
    """Files whose manifest has been believed; ``read`` checks each one's hash."""

    source: PackSource
    spec: Spec
    sha256: str
    """Of ``pack.json``, which holds the hashes of all other files: it names the pack's content."""

    @property
    def path(self) -> Path:
        """Folder or file."""
        return self.source.path

    @property
    def size_bytes(self) -> int:
        """Sum of all files the manifest names."""
        return sum(item.size_bytes for item in self.items().values())

    def items(self) -> dict[str, Item]:
        """All files by their role, such as ``graphs.vocoder`` or ``graphs.unet.weights``."""
        found: dict[str, Item] = {}
        for name, graph in self.spec.graphs.items():
            found[f"graphs.{name}"] = graph
            if graph.weights is not None:
                found[f"graphs.{name}.weights"] = graph.weights
        return {**found, **{f"files.{name}": file for name, file in self.spec.files.items()}}

    def read(self, role: str) -> bytes:
        """Return a file's bytes after checking its size and hash.

        Raises:
            PackIntegrityError: The file is not the one that the manifest describes.
        """
        item = self.items()[role]
        content = self.source.read(item.file, item.size_bytes)
        self._check(item, len(content), hashlib.sha256(content).hexdigest())
        return content

    def verify(self, on_progress: Callable[[float], None] = lambda share: None) -> None:
        """Check every file, holding none of them in memory.

        Args:
            on_progress: Called with the share that is done, 0 … 1; what it raises ends the check.

        Raises:
            PackIntegrityError: A file is not the one that the manifest describes.
        """
        total, done = self.size_bytes, 0
        for item in self.items().values():
            size, digest = 0, hashlib.sha256()
            for chunk in self.source.chunks(item.file, item.size_bytes):
                size += len(chunk)
                digest.update(chunk)
                on_progress(min((done + size) / total, 1.0))
            self._check(item, size, digest.hexdigest())
            done += size

    def close(self) -> None:
        """Let go of open files."""
        self.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self, item: Item, size: int, sha256: str) -> None:
        if size == item.size_bytes and sha256 == item.sha256:
            return
        what = "its content has changed"
        if size != item.size_bytes:
            what = f"{size} bytes instead of {item.size_bytes}"
        raise PackIntegrityError(
            f"pack {self.spec.id!r}: {item.file!r} is damaged: {what}", hint="get the pack again"
        )


class Pack(PackFiles[PackSpec]):
    """An open pack that makes music."""


def open_pack(name: str | Path) -> Pack:
    """Open a pack by built-in name, folder or ``.descant`` file and check all of it.

    Raises:
        PackNotFoundError: There is none.
        PackFormatError: The manifest breaks the format; the message holds the key's path.
        PackIntegrityError: A file has another size or hash than the manifest says.
    """
    return verified(read_manifest(name))


def read_manifest(name: str | Path) -> Pack:
    """Open a pack, checking its manifest and the presence of its files but no hash.

    Raises:
        PackNotFoundError: There is none.
        PackFormatError: The manifest breaks the format, or a file is missing.
        PackIntegrityError: A file has another size than the manifest says.
    """
    return read_files(find_pack(name), Pack, _pack_spec)


Files = TypeVar("Files", bound=PackFiles[Any])


def verified(pack: Files) -> Files:
    """Return what was opened after checking every hash; close it if one is wrong."""
    try:
        pack.verify()
    except BaseException:
        pack.close()
        raise
    return pack


def read_files(
    source: PackSource, kind: Callable[[PackSource, Any, str], Files], parse: Callable[[Any], Any]
) -> Files:
    """Open a pack of some kind, checking its manifest and the presence of its files but no hash.

    Args:
        source: Of the bytes; it is closed when something is wrong.
        kind: Makes the pack of source, spec and hash.
        parse: Makes the spec of parsed JSON; raises ``ValueError`` with the key's path.

    Raises:
        PackFormatError: The manifest breaks the format, or a file is missing.
        PackIntegrityError: A file has another size than the manifest says.
    """
    try:
        content = source.read(MANIFEST, MAX_MANIFEST_BYTES)
        spec = _parse(content, source.path.name, parse)
        pack = kind(source, spec, hashlib.sha256(content).hexdigest())
        for role, item in pack.items().items():
            _check_item(source, role, item)
    except BaseException:
        source.close()
        raise
    return pack


def _pack_spec(value: Any) -> PackSpec:
    if isinstance(value, dict) and value.get("family") == "image_branch":
        raise ValueError("an image branch, which makes no music; give it as --image-branch")
    spec = from_json(PackSpec, value)
    check_spec(spec)
    return spec


def _parse(content: bytes, name: str, parse: Callable[[Any], Any]) -> Any:
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
        )
        return parse(value)
    except (ValueError, RecursionError, TypeError) as error:
        raise PackFormatError(
            f"pack {name!r}: {MANIFEST}: {error}", hint="get the pack again, or a newer descant"
        ) from error


def _check_item(source: PackSource, role: str, item: Item) -> None:
    if not 0 < item.size_bytes <= MAX_FILE_BYTES:
        raise PackFormatError(f"spec.{role}.size_bytes: {item.size_bytes} is out of range")
    if len(item.sha256) != 64 or set(item.sha256) - set("0123456789abcdef"):
        raise PackFormatError(f"spec.{role}.sha256: not a SHA-256 in small letters")
    size = source.size(item.file)
    if size != item.size_bytes:
        raise PackIntegrityError(
            f"pack {source.path.name!r}: {item.file!r} has {size} bytes instead of "
            f"{item.size_bytes}",
            hint="get the pack again",
        )


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!r} appears twice")
    return result


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
