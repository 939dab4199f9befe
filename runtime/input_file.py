"""The way to every file that a user hands in: local, regular, and of a sensible size."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from descant.runtime.errors import RequestError


@contextmanager
def open_input(
    path: str | Path, what: str, hint: str, max_bytes: int = 1 << 32
) -> Iterator[BufferedReader]:
    """Open a file for reading.

    Pipes and devices are refused before they are opened: one may never end, or never begin.

    Args:
        path: Of the file; an address on a network is refused.
        what: Begins every message, such as "audio".
        hint: Ends it: what to give instead.
        max_bytes: Larger files are refused.

    Raises:
        RequestError: It is missing, a folder, no regular file, empty or too large.
    """
    name = f"{what} {str(path)!r:.200}"
    if "://" in str(path):
        raise RequestError(f"{name} is an address, not a file", hint="download it first")
    try:
        found = Path(path).stat()
        if stat.S_ISDIR(found.st_mode):
            raise RequestError(f"{name} is a folder", hint=hint)
        if not stat.S_ISREG(found.st_mode):
            raise RequestError(f"{name} is a pipe or a device", hint=hint)
        if not 0 < found.st_size <= max_bytes:
            size = f"has {found.st_size} bytes, the limit is {max_bytes}"
            raise RequestError(f"{name} {size if found.st_size else 'is empty'}", hint=hint)
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below; errors inside stay as they are
    except (OSError, ValueError) as error:
        if isinstance(error, RequestError):
            raise
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise RequestError(f"{name} can't be read: {reason}", hint=hint) from error
    with stream:
        yield stream


def digest(stream: BufferedReader) -> str:
    """Return the SHA-256 of a whole file and go back to its beginning."""
    stream.seek(0)
    sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return sha256
