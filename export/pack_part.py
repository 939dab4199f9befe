"""A pack in the making: a hidden folder that is filled file by file and then put in place.

What an interrupted export has finished stays there, and the next run takes it over if it is made
from the same inputs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from descant.export.pack_writer import swap_in, write_manifest, zip_folder
from descant.models.spec import FileSpec, GraphSpec, Manifest
from descant.models.strict_json import from_json, to_json
from descant.runtime.errors import OutputError
from descant.runtime.files import output_error
from descant.runtime.pack_source import MANIFEST, SUFFIX

JOURNAL = ".journal.json"


class PartFile:
    """A file being written, hashed on the way."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.name, self.size = name, 0
        self._stream, self._hash = stream, hashlib.sha256()

    def write(self, content: bytes | memoryview) -> int:
        """Append bytes."""
        self._hash.update(content)
        self._stream.write(content)
        written = memoryview(content).nbytes
        self.size += written
        return written

    @property
    def spec(self) -> FileSpec:
        """What the manifest says of the file."""
        return FileSpec(self.name, self._hash.hexdigest(), self.size)


class PackPart:
    """Context in which a pack is written; leaving it without ``commit`` leaves the old pack."""

    def __init__(self, target: Path) -> None:
        """Prepare to write a pack.

        Args:
            target: The pack's folder, or a file whose name ends in ``.descant``.
        """
        self.target = target
        self.folder = target.parent / f".{target.name}.part"
        self._journal: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> PackPart:
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
        self._journal = self._read_journal()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._journal:
            shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def create(self, name: str) -> Iterator[PartFile]:
        """Write a file; it gets its name when it is whole.

        Raises:
            OutputError: It can't be written.
        """
        half = self.folder / f".{name}.half"
        try:
            with self._writing():
                with half.open("wb") as stream:
                    file = PartFile(name, stream)
                    yield file
                    stream.flush()
                    os.fsync(stream.fileno())
                half.replace(self.folder / name)
        finally:
            half.unlink(missing_ok=True)

    def finished(self, graph: str, key: str) -> GraphSpec | None:
        """Return a graph that an earlier run has finished from the same inputs.

        Args:
            graph: Its name.
            key: Of the inputs.
        """
        entry = self._journal.get(graph)
        if entry is None or entry.get("key") != key:
            return None
        try:
            spec: GraphSpec = from_json(GraphSpec, entry.get("spec"))
        except (ValueError, TypeError):
            return None
        files = [FileSpec(spec.file, spec.sha256, spec.size_bytes)]
        files += [spec.weights] if spec.weights else []
        return spec if all(self._is_whole(file) for file in files) else None

    def finish(self, graph: str, key: str, spec: GraphSpec) -> None:
        """Remember that a graph is written and checked.

        Raises:
            OutputError: The note can't be written.
        """
        self._journal[graph] = {"key": key, "spec": to_json(spec)}
        with self.create(JOURNAL) as file:
            file.write(json.dumps(self._journal).encode())

    def require(self, size_bytes: int) -> None:
        """Fail before the work if the disk has less room than the pack needs.

        Raises:
            OutputError: It has.
        """
        with self._writing():
            files = [file.stat().st_size for file in self.folder.iterdir()]
            free = shutil.disk_usage(self.folder).free + sum(files)
        if self.target.suffix == SUFFIX:
            size_bytes *= 2  # the folder and the file made of it
        if free < size_bytes:
            raise OutputError(
                f"{self.target.name} needs about {size_bytes / 1e9:.1f} GB and "
                f"{free / 1e9:.1f} GB are free",
                hint="free some space or choose another folder",
            )

    def commit(self, spec: Manifest) -> None:
        """Put the pack in its place; only files that ``spec`` names come along.

        Raises:
            OutputError: The disk refuses; what is finished is kept.
        """
        named = {MANIFEST} | {file.file for file in spec.files.values()}
        for graph in spec.graphs.values():
            named |= {graph.file} | ({graph.weights.file} if graph.weights else set())
        with self._writing():
            write_manifest(self.folder, spec)
            if self.target.suffix == SUFFIX:
                zip_folder(self.folder, sorted(named), self.target)
                shutil.rmtree(self.folder)
            else:
                for stray in {file.name for file in self.folder.iterdir()} - named:
                    (self.folder / stray).unlink()
                swap_in(self.folder, self.target)
        self._journal = {}

    def _is_whole(self, file: FileSpec) -> bool:
        path = self.folder / file.file
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256

    def _read_journal(self) -> dict[str, dict[str, Any]]:
        try:
            journal = json.loads((self.folder / JOURNAL).read_bytes())
        except (OSError, ValueError):
            return {}  # no run has been here, or what it wrote is lost
        entries = journal if isinstance(journal, Mapping) else {}
        return {name: entry for name, entry in entries.items() if isinstance(entry, dict)}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn what the system says into our error."""
        try:
            yield
        except OSError as error:
            failure = output_error(self.target, error)
            if self._journal:
                failure.hint += "; the next run of the same command goes on from here"
            raise failure from error
