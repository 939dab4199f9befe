"""Where a pack's bytes come from: a folder, or one ``.descant`` zip of it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from descant.runtime.errors import PackFormatError, PackIntegrityError, PackNotFoundError
from descant.runtime.user_folders import packs_folder

MANIFEST = "pack.json"
MAX_MANIFEST_BYTES = 2**20
MAX_FILE_BYTES = 2**32
SUFFIX = ".descant"
CHUNK = 1 << 20
_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError, RuntimeError)


class PackSource(Protocol):
    """Reads whole files by their plain name."""

    path: Path

    def size(self, name: str) -> int:
        """Bytes of a file."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a file of at most ``limit`` bytes."""

    def chunks(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield such a file piece by piece."""

    def close(self) -> None:
        """Let go of open files."""


def find_pack(name: str | Path) -> PackSource:
    """Find a pack by built-in name, folder, ``.descant`` file or the name of an installed one.

    The suffix ``.descant`` may be left out.

    Raises:
        PackNotFoundError: There is none.
        PackFormatError: The file is not a zip archive.
    """
    text = str(name)
    plain = text and not set(text) & set("/\\\0") and text not in (".", "..")
    path = Path(name)
    try:
        if plain and (built_in_folder() / text / MANIFEST).is_file():
            return FolderSource(built_in_folder() / text)
        if path.is_dir():
            return FolderSource(path)
        if path.is_file():
            return ZipSource(path)
        if plain and path.with_name(f"{text}{SUFFIX}").is_file():
            return ZipSource(path.with_name(f"{text}{SUFFIX}"))
        installed = packs_folder() / text
        if plain and (installed / MANIFEST).is_file():
            return FolderSource(installed)
        if plain and installed.with_name(f"{text}{SUFFIX}").is_file():
            return ZipSource(installed.with_name(f"{text}{SUFFIX}"))
    except (ValueError, OSError):
        pass  # a name with a zero byte in it, or too long for the system
    known = ", ".join(built_in_names()) or "none"
    raise PackNotFoundError(
        f"no pack {text!r:.200}", hint=f"name a folder, a {SUFFIX} file or one of: {known}"
    )


def built_in_folder() -> Path:
    """Folder of the packs that ship with descant."""
    found = find_spec("descant.models")
    assert found is not None
    assert found.submodule_search_locations
    return Path(next(iter(found.submodule_search_locations))) / "packs"


def built_in_names() -> list[str]:
    """Names that ``find_pack`` knows without a path."""
    return sorted(path.parent.name for path in built_in_folder().glob(f"*/{MANIFEST}"))


def made_folder(path: str | Path, what: str, hint: str) -> Path:
    """Return a folder that holds a manifest.

    Raises:
        PackNotFoundError: It does not.
    """
    folder = Path(path)
    try:
        found = (folder / MANIFEST).is_file()
    except (ValueError, OSError):
        found = False  # a name with a zero byte in it, or too long for the system
    if not found:
        raise PackNotFoundError(f"no {what} {str(path)!r:.200}", hint=hint)
    return folder


class FolderSource:
    """A pack as a folder of plain files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self, name: str) -> int:
        """Bytes of a file; refuses what is not a plain file inside the folder."""
        file = self.path / plain_name(name)
        try:
            status = file.lstat()
        except OSError as error:
            raise PackFormatError(
                f"{self.path.name}: file {name!r} is missing", hint="get the pack again"
            ) from error
        if not stat.S_ISREG(status.st_mode):
            raise PackFormatError(
                f"{self.path.name}: {name!r} is a link or a folder, not a plain file",
                hint="get the pack again",
            )
        return status.st_size

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes."""
        with self._open(name, limit) as file:
            return file.read(limit + 1)

    def chunks(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield a file's bytes piece by piece."""
        with self._open(name, limit) as file:
            yield from iter(lambda: file.read(CHUNK), b"")

    def close(self) -> None:
        """Nothing is held open."""

    @contextmanager
    def _open(self, name: str, limit: int) -> Iterator[IO[bytes]]:
        size = self.size(name)
        if size > limit:
            raise PackIntegrityError(
                f"{self.path.name}: {name!r} has {size} bytes, at most {limit} expected",
                hint="get the pack again",
            )
        try:
            with (self.path / name).open("rb") as file:
                yield file
        except OSError as error:
            raise PackIntegrityError(
                f"{self.path.name}: {name!r} can't be read: {error.strerror}"
            ) from error


class ZipSource:
    """A pack as one zip archive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise PackFormatError(
                f"{path.name} is not a pack: {error}", hint=f"choose a {SUFFIX} file"
            ) from error
        names = self._zip.namelist()
        if len(names) != len(set(names)):
            self._zip.close()
            raise PackFormatError(f"{path.name}: two files have the same name")

    def size(self, name: str) -> int:
        """Bytes of a file; refuses links."""
        return self._entry(name).file_size

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes; never unpacks more than ``limit``."""
        with self._open(name, limit) as file:
            return file.read(limit + 1)

    def chunks(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield a file's bytes piece by piece, never more than its entry says."""
        with self._open(name, limit) as file:
            yield from iter(lambda: file.read(CHUNK), b"")

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()

    @contextmanager
    def _open(self, name: str, limit: int) -> Iterator[IO[bytes]]:
        entry = self._entry(name)
        if entry.file_size > limit:
            raise PackIntegrityError(
                f"{self.path.name}: {name!r} has {entry.file_size} bytes, at most {limit} expected",
                hint="get the pack again",
            )
        try:
            with self._zip.open(entry) as file:
                yield file
        except _DAMAGE as error:
            raise PackIntegrityError(
                f"{self.path.name}: {name!r} is damaged: {error}", hint="get the pack again"
            ) from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            entry = self._zip.getinfo(plain_name(name))
        except KeyError as error:
            raise PackFormatError(
                f"{self.path.name}: file {name!r} is missing", hint="get the pack again"
            ) from error
        if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
            raise PackFormatError(f"{self.path.name}: {name!r} is a link or a folder")
        return entry


def plain_name(name: str) -> str:
    """Return ``name`` when it is a file right inside the pack.

    Raises:
        PackFormatError: It is a path, or would mean something else on some system.
    """
    bad = not name or name != PurePosixPath(name).name or set(name) & set('/\\:\0<>"|?*')
    if bad or name in (".", ".."):
        raise PackFormatError(
            f"{name!r:.120} is not the name of a file inside the pack", hint="get the pack again"
        )
    return name
