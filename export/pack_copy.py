"""Take over the files of a pack into one that is made of it."""

from __future__ import annotations

from collections.abc import Collection

from descant.export.pack_part import PackPart
from descant.runtime.errors import PackIntegrityError
from descant.runtime.pack import Pack


def copy_files(pack: Pack, part: PackPart, replaced: Collection[str]) -> None:
    """Copy every file but those of the replaced graphs, checking it once more on the way.

    Raises:
        PackIntegrityError: A file has changed since the pack was opened.
        OutputError: One can't be written.
    """
    skipped = {f"graphs.{graph}{kind}" for graph in replaced for kind in ("", ".weights")}
    for role, item in pack.items().items():
        if role in skipped:
            continue
        with part.create(item.file) as file:
            for chunk in pack.source.chunks(item.file, item.size_bytes):
                file.write(chunk)
        if file.spec.sha256 != item.sha256:
            raise PackIntegrityError(
                f"{item.file!r} has changed while it was copied", hint="run the command again"
            )
