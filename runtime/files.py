"""Write whole files or none."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from descant.runtime.errors import DescantError, OutputError

_HINTS = {
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "choose a path inside a folder",
    errno.EISDIR: "give a file name, not a folder",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up: free some space",
    errno.EFBIG: "the file would be larger than is allowed here",
    errno.ENAMETOOLONG: "choose a shorter file name",
}


def write_atomically(path: str | Path, content: bytes | memoryview) -> None:
    """Replace ``path`` by ``content`` in one step; raises as ``whole_file``."""
    with whole_file(path) as part, part.open("xb") as file:
        file.write(content)


@contextlib.contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give the name of a file to write; at the end it replaces ``path`` in one step.

    On failure the old file is untouched. The temporary name is unique, so two processes that
    write the same file each write their own and the last one to finish wins, whole.

    Raises:
        OutputError: The file can't be written.
    """
    target = Path(path)
    # A part of the name that leaves room for the rest, cut between characters.
    begin = os.fsencode(target.name)[:80].decode("utf-8", "ignore")
    part = target.with_name(f".{begin}.{secrets.token_hex(6)}.part")
    try:
        check_writable(target)
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink()
    except (OSError, ValueError) as error:
        if isinstance(error, DescantError):
            raise
        raise output_error(target, error) from error


def check_writable(path: str | Path) -> None:
    """Fail early, before minutes of work, when ``path`` can't become a file.

    Raises:
        OutputError: Its folder is missing or read-only, or ``path`` is a folder.
    """
    target = Path(path)
    try:
        if not target.name or target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if not target.parent.exists():
            raise FileNotFoundError(errno.ENOENT, f"the folder {target.parent} does not exist")
        if not target.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{target.parent} is not a folder")
        if not os.access(target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, f"the folder {target.parent} is read-only")
    except (OSError, ValueError) as error:
        raise output_error(target, error) from error


def check_not_inputs(
    outputs: Iterable[str | Path], inputs: Iterable[str | Path | None], what: str = "an input"
) -> None:
    """Fail before the work when a file that is read would be replaced by one that is written.

    Args:
        outputs: Names of files to write.
        inputs: Names of files that are read; None is none.
        what: The outputs would replace.

    Raises:
        OutputError: One of the outputs is one of the inputs, by this name or another.
    """
    read = [found for path in inputs if path is not None and (found := _found(path))]
    for path in outputs if read else ():
        found = _found(path)
        if found is not None and any(os.path.samestat(found, other) for other in read):
            raise OutputError(
                f"can't write {str(path)!r:.300}: it is {what}", hint="choose another name"
            )


def _found(path: str | Path) -> os.stat_result | None:
    """Return what lies there, if anything does."""
    try:
        return Path(path).stat()
    except (OSError, ValueError):
        return None


def numbered(path: str | Path, number: int, count: int) -> Path:
    """Return ``path`` for a single file, or ``name-02.wav`` for the second of many."""
    target = Path(path)
    if count == 1:
        return target
    digits = max(2, len(str(count)))
    return target.with_name(f"{target.stem}-{number:0{digits}d}{target.suffix}")


def output_error(target: Path, error: OSError | ValueError) -> OutputError:
    """Return what to tell the user when ``target`` could not be written."""
    if isinstance(error, OSError):
        reason, hint = error.strerror or type(error).__name__, _HINTS.get(error.errno or 0, "")
    else:
        reason, hint = "not a usable path", ""
    return OutputError(
        f"can't write {str(target)!r:.300}: {reason}", hint=hint or "choose another file name"
    )
