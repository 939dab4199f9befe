"""The packs of this machine: those that came with descant and those that the user installed."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from descant.runtime.errors import OutputError, PackError, PackNotFoundError
from descant.runtime.files import output_error
from descant.runtime.pack import Pack, read_manifest
from descant.runtime.pack_copy import copy_pack
from descant.runtime.pack_source import MANIFEST, SUFFIX, built_in_folder, built_in_names
from descant.runtime.pack_summary import PackSummary, summarise
from descant.runtime.user_folders import packs_folder

OnProgress = Callable[[float], None]
"""Called with the share that is done, 0 … 1; what it raises ends the work and undoes it."""
ENGINES = "engines"
"""Subfolder that holds the packs' engines, see ``engine_cache.default_folder``."""
REMOVED = ".removed"
STALE_S = 86_400.0
"""Half a copy that is older than this belongs to an installation that was killed."""
_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
_RESERVED = {"con", "prn", "aux", "nul", *_PORTS}
"""Names that Windows keeps for itself."""


@dataclass(frozen=True, slots=True)
class StoredPack:
    """A pack that is there, whole or not."""

    name: str
    """By which ``Engine.open`` finds it: built in, or in the usual folder."""
    path: Path
    is_built_in: bool
    summary: PackSummary | None
    """None when its manifest can't be believed."""
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RemovedPack:
    """A pack that was moved aside, from where it can come back."""

    path: Path
    """Where it was."""
    aside: Path


class PackStore:
    """Lists, installs and removes packs."""

    def __init__(self, folder: str | Path | None = None) -> None:
        """Use ``folder``, or the usual one; it is made when something is installed."""
        self.folder = Path(folder) if folder is not None else packs_folder()

    def packs(self) -> list[StoredPack]:
        """Return what is there, built-in packs first; a broken one says what is wrong with it."""
        found = [_look_at(name, built_in_folder() / name, True) for name in built_in_names()]
        return found + [_look_at(_stem(path), path, False) for path in self._installed()]

    def look_at(self, name: str | Path) -> StoredPack:
        """Return one pack by the name or path that opens it; one that is gone says so."""
        for known in self.packs():
            if str(name) in (known.name, str(known.path)):
                return known
        path = Path(name)
        return _look_at(_stem(path) or str(name), path, False)

    def install(
        self, source: str | Path, on_progress: OnProgress = lambda share: None
    ) -> StoredPack:
        """Check a pack to the last byte and copy it here; a pack that is here already is returned.

        Args:
            source: A ``.descant`` file or a folder. Of a folder only the files that its manifest
                names are copied.

        Raises:
            PackError: It is no pack, is damaged, or another one has its name and version.
            OutputError: The copy can't be written.
        """
        path = Path(source)
        if path.name == MANIFEST:
            path = path.parent
        if not path.exists():
            raise PackNotFoundError(
                f"there is no {str(path)!r:.200}", hint=f"choose a {SUFFIX} file or a pack's folder"
            )
        with read_manifest(path.absolute()) as pack:
            for known in self.packs():
                if known.summary is not None and known.summary.sha256 == pack.sha256:
                    pack.verify(on_progress)
                    return known
            target = self._target(pack, path.is_file())
            self._make_room(pack, path)
            copy_pack(pack, target, on_progress)
        return _look_at(_stem(target), target, False)

    def remove(self, pack: StoredPack) -> RemovedPack:
        """Move a pack aside; ``restore`` brings it back and ``purge`` deletes it.

        Raises:
            PackError: It came with descant, or is no pack of this folder.
            OutputError: It can't be moved, as on Windows while a program has it open.
        """
        if pack.is_built_in or pack.path.parent != self.folder:
            raise PackError(
                f"pack {pack.name!r} came with descant and stays", hint="choose another pack to use"
            )
        aside = self.folder / REMOVED / f"{secrets.token_hex(4)}-{pack.path.name}"
        with _moving(pack.path):
            aside.parent.mkdir(exist_ok=True)
            pack.path.rename(aside)
        return RemovedPack(pack.path, aside)

    def restore(self, removed: RemovedPack) -> StoredPack:
        """Bring a removed pack back.

        Raises:
            PackError: Another one has taken its place, or it was purged.
            OutputError: It can't be moved.
        """
        if removed.path.exists() or not removed.aside.exists():
            raise PackError(
                f"{removed.path.name!r} can't come back: "
                + ("another has its place" if removed.path.exists() else "it was deleted"),
                hint="install it again",
            )
        with _moving(removed.path):
            removed.aside.rename(removed.path)
        return _look_at(_stem(removed.path), removed.path, False)

    def purge(self, removed: RemovedPack | None = None) -> None:
        """Delete what was moved aside, all of it by default, with engines and halves of copies."""
        with contextlib.suppress(OSError):
            aside = [removed.aside] if removed else list((self.folder / REMOVED).iterdir())
            for path in aside:
                _delete(path)
                engines = self.folder / ENGINES / _stem(path).partition("-")[2]
                if not any(_stem(pack) == engines.name for pack in self._installed()):
                    _delete(engines)
            for part in self.folder.glob(".*.part"):
                if time.time() - part.stat().st_mtime > STALE_S:
                    _delete(part)

    def _installed(self) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            for path in sorted(self.folder.iterdir()):
                is_pack = path.suffix == SUFFIX or (path / MANIFEST).is_file()
                if is_pack and not path.name.startswith("."):
                    yield path

    def _target(self, pack: Pack, is_file: bool) -> Path:
        """Return a free name: the pack's id, with its version where the id is taken."""
        name, version = _plain(pack.spec.id), _plain(pack.spec.version)
        taken = {_stem(path).lower() for path in self._installed()}
        taken |= {ENGINES, *built_in_names(), *_RESERVED}
        free = next((n for n in (name, f"{name}-{version}") if n.lower() not in taken), None)
        if free is None:
            raise PackError(
                f"another pack is installed as {name!r}, version {pack.spec.version!r:.40}",
                hint="remove that one first",
            )
        return self.folder / (f"{free}{SUFFIX}" if is_file else free)

    def _make_room(self, pack: Pack, source: Path) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise output_error(self.folder, error) from error
        needed = source.stat().st_size if source.is_file() else pack.size_bytes
        if free < needed + 2**24 or not os.access(self.folder, os.W_OK):
            raise OutputError(
                f"can't write to {str(self.folder)!r:.300}: {free / 1e6:.0f} MB are free and the "
                f"pack has {needed / 1e6:.0f} MB",
                hint="free some space or choose another folder for packs",
            )


def _look_at(name: str, path: Path, is_built_in: bool) -> StoredPack:
    try:
        with read_manifest(path.absolute()) as pack:
            return StoredPack(name, path, is_built_in, summarise(pack))
    except PackError as error:
        return StoredPack(name, path, is_built_in, None, str(error), error.hint)


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def _plain(text: str) -> str:
    """Return what is left of a name that any system takes as a file's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:60].strip("-.") or "pack"


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _moving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path.name!r} can't be moved: {error.strerror}",
            hint="close what uses the pack and try again",
        ) from error
