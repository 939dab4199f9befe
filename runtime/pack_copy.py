"""A pack copied whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from descant.runtime.errors import DescantError
from descant.runtime.files import output_error, whole_file
from descant.runtime.pack import Pack
from descant.runtime.pack_source import CHUNK, MANIFEST, MAX_MANIFEST_BYTES

CHECKING = 0.5
"""Share of the work that goes into hashes."""


def copy_pack(pack: Pack, target: Path, on_progress: Callable[[float], None]) -> None:
    """Check every hash of an open pack, then copy it.

    Args:
        pack: A file is copied as it is; of a folder, the files that its manifest names.
        target: File or folder that does not exist.
        on_progress: Called with the share that is done, 0 … 1; what it raises leaves nothing.

    Raises:
        PackIntegrityError: A file is damaged.
        OutputError: The copy can't be written.
    """
    pack.verify(lambda share: on_progress(CHECKING * share))

    def report(share: float) -> None:
        on_progress(CHECKING + (1.0 - CHECKING) * min(share, 1.0))

    if pack.path.is_file():
        _copy_file(pack.path, target, report)
    else:
        _copy_folder(pack, target, report)
    report(1.0)


def _copy_file(source: Path, target: Path, report: Callable[[float], None]) -> None:
    total, done = max(source.stat().st_size, 1), 0
    with whole_file(target) as part, source.open("rb") as old, part.open("xb") as new:
        for chunk in iter(lambda: old.read(CHUNK), b""):
            new.write(chunk)
            done += len(chunk)
            report(done / total)


def _copy_folder(pack: Pack, target: Path, report: Callable[[float], None]) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    total, done = pack.size_bytes, 0
    try:
        part.mkdir()
        for name, size in {item.file: item.size_bytes for item in pack.items().values()}.items():
            with (part / name).open("xb") as file:
                for chunk in pack.source.chunks(name, size):
                    file.write(chunk)
                    done += len(chunk)
                    report(done / total)
        (part / MANIFEST).write_bytes(pack.source.read(MANIFEST, MAX_MANIFEST_BYTES))
        part.rename(target)
    except (OSError, ValueError) as error:
        if isinstance(error, DescantError):
            raise
        raise output_error(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
