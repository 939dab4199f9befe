"""Engines on disk: one builder at a time, and files that are whole or not there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from descant.models.spec import FileSpec
from descant.models.strict_json import to_json
from descant.runtime.engine_cache import SIDECAR_FORMAT, EngineFiles, EngineKey, Sidecar
from descant.runtime.files import output_error, write_atomically


@contextmanager
def locked(files: EngineFiles, on_wait: Callable[[], None]) -> Iterator[Path]:
    """Hold an engine's lock, across processes, and give a folder to work in.

    The system lets go of the lock when the process ends, however it ends; what a killed one has
    left behind is removed.

    Args:
        files: Of the engine; their folder is made.
        on_wait: Called when another process holds the lock.

    Raises:
        OutputError: The folder can't be written.
    """
    work = files.folder / f".{files.stem}.work"
    try:
        files.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(files.folder / f".{files.stem}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
    except OSError as error:
        raise output_error(files.folder, error) from error
    try:
        _remove_leftovers(files, work)
        work.mkdir()
        yield work
    except OSError as error:
        raise output_error(files.folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()


def store_engine(
    files: EngineFiles,
    key: EngineKey,
    plan: memoryview | bytes,
    wrapper: bytes,
    build_seconds: float,
    relative_error: float | None,
) -> Sidecar:
    """Write an engine, its sidecar last; call it with the lock held.

    Killed at any moment it leaves the old engine, or none that ``check_engine`` accepts, or the new
    one.

    Raises:
        OutputError: A file can't be written.
    """
    sidecar = Sidecar(
        format=SIDECAR_FORMAT,
        key=key,
        plan=_describe(files.plan, plan),
        wrapper=_describe(files.wrapper, wrapper),
        build_seconds=round(build_seconds, 3),
        relative_error=relative_error,
    )
    write_atomically(files.plan, plan)
    write_atomically(files.wrapper, wrapper)
    text = json.dumps(to_json(sidecar), indent=1) + "\n"
    write_atomically(files.sidecar, text.encode())
    return sidecar


def _describe(path: Path, content: memoryview | bytes) -> FileSpec:
    return FileSpec(path.name, hashlib.sha256(content).hexdigest(), memoryview(content).nbytes)


def _remove_leftovers(files: EngineFiles, work: Path) -> None:
    """Remove what a killed process was writing."""
    shutil.rmtree(work, ignore_errors=True)
    for path in (files.plan, files.wrapper, files.sidecar):
        for part in files.folder.glob(f".{path.name}.*.part"):
            part.unlink()
