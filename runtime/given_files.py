"""Files that a receipt names by content, looked for in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from descant.runtime.errors import RequestError
from descant.runtime.input_file import digest, open_input
from descant.runtime.inputs import Source
from descant.runtime.pack_source import MANIFEST

MAX_LOOKED_AT = 4000
"""Files of a folder that are looked at, those of the same name and kind first."""


class GivenFiles:
    """Finds files by their hash; each is read once at most."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(dict.fromkeys(folders))
        self._known: dict[Path, str] = {}

    def find(self, field: str, source: Source) -> Path:
        """Return where a file lies.

        Args:
            field: Of the request, such as "audio".
            source: The file that it named. Its name is only a guess where to look first.

        Raises:
            RequestError: No file of the folders has this content.
        """
        for path in self._candidates(field, Path(source.name)):
            if self._sha256(field, path) == source.sha256:
                return path
        places = ", ".join(str(folder) for folder in self._folders)
        raise RequestError(
            f"{field}: {source.name!r:.200} is missing: no file with the SHA-256 "
            f"{source.sha256[:12]}… is in {places:.400}",
            hint="put the file beside the clip, or name its folder with --inputs",
        )

    def _candidates(self, field: str, named: Path) -> Iterator[Path]:
        for folder in self._folders:
            try:
                inside = sorted(folder.iterdir(), key=lambda path: _unlikeness(path, named))
            except OSError as error:
                raise RequestError(
                    f"the folder {str(folder)!r:.200} can't be read: {error.strerror}",
                    hint="name a folder that you may read",
                ) from error
            for path in inside[:MAX_LOOKED_AT]:
                if field == "image_branch":
                    if (path / MANIFEST).is_file():
                        yield path
                elif path.is_file():
                    yield path

    def _sha256(self, field: str, path: Path) -> str:
        """SHA-256 of a file, of a branch's manifest; "" of what can't be read."""
        file = path / MANIFEST if field == "image_branch" else path
        if file not in self._known:
            try:
                with open_input(file, field, "") as stream:
                    self._known[file] = digest(stream)
            except (RequestError, OSError):
                self._known[file] = ""
        return self._known[file]


def _unlikeness(path: Path, named: Path) -> tuple[bool, bool, str]:
    """Order files: the same name first, then the same kind, then the others."""
    return (path.name != named.name, path.suffix.lower() != named.suffix.lower(), path.name)
