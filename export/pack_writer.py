"""Put packs in their place: all files beside the old one, then one rename."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from descant.models.spec import FileSpec, Manifest, PackSpec
from descant.models.strict_json import to_json
from descant.runtime.errors import OutputError
from descant.runtime.pack_source import MANIFEST, SUFFIX

CHUNK = 1 << 20


def file_spec(name: str, content: bytes) -> FileSpec:
    """Describe a file of the pack."""
    return FileSpec(name, hashlib.sha256(content).hexdigest(), len(content))


def write_pack(folder: Path, spec: PackSpec, contents: dict[str, bytes]) -> None:
    """Replace ``folder`` by a pack with these files.

    A kill at any moment leaves the old pack, or the new one, or (between two renames) the old one
    beside it under a name that ends in ``.old``.

    Args:
        folder: The pack's folder.
        spec: What ``pack.json`` says.
        contents: File name -> bytes, everything but ``pack.json``.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in contents.items():
            (part / name).write_bytes(content)
        write_manifest(part, spec)
        part.chmod(0o755)
        swap_in(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_manifest(folder: Path, spec: Manifest) -> None:
    """Write ``pack.json``."""
    (folder / MANIFEST).write_bytes(manifest_bytes(spec))


def manifest_bytes(spec: Manifest) -> bytes:
    """Return the content of ``pack.json``."""
    return (json.dumps(to_json(spec), indent=1, ensure_ascii=False) + "\n").encode()


def swap_in(part: Path, folder: Path) -> None:
    """Rename ``part`` to ``folder``, whose old content goes."""
    old = folder.with_name(f"{folder.name}.old")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def zip_folder(folder: Path, names: Iterable[str], target: Path) -> None:
    """Write files of a folder as one archive, whole or not at all.

    They are stored as they are: weights don't shrink, and the same pack is the same archive.
    """
    half = target.with_name(f".{target.name}.half")
    try:
        with zipfile.ZipFile(half, "w") as archive:
            for name in names:
                entry = zipfile.ZipInfo(name)
                with (
                    (folder / name).open("rb") as source,
                    archive.open(entry, "w", force_zip64=True) as stored,
                ):
                    shutil.copyfileobj(source, stored, CHUNK)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def check_output(output: Path) -> None:
    """Refuse to replace what is not a pack.

    Args:
        output: Folder of a pack, or a ``.descant`` file.

    Raises:
        OutputError: Something else is there.
    """
    if output.is_dir() and not (output / MANIFEST).is_file() and any(output.iterdir()):
        raise OutputError(
            f"{str(output)!r:.300} is a folder with other files", hint="name a new folder"
        )
    if output.suffix == SUFFIX and output.is_dir():
        raise OutputError(f"{str(output)!r:.300} is a folder", hint="name a new file")
    if output.exists() and not output.is_dir() and not _is_archive(output):
        raise OutputError(f"{str(output)!r:.300} is a file", hint="name a new folder")


def check_new_output(output: Path, source: Path) -> None:
    """Refuse to replace what is not a pack, or the pack that is being read.

    Raises:
        OutputError: See above.
    """
    if output.resolve() == source.resolve():
        raise OutputError("the new pack would replace the one it is made of", hint="name another")
    check_output(output)


def _is_archive(path: Path) -> bool:
    """Whether a file is a pack that may be replaced by another."""
    try:
        with zipfile.ZipFile(path) as archive:
            return path.suffix == SUFFIX and MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
