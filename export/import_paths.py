"""Tell the files of an import apart by what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from descant.export.errors import ExportInputError

Role = Literal["checkpoint", "vocabulary", "merges", "melodies", "index"]

PUBLISHED: dict[Role, tuple[str, ...]] = {
    "checkpoint": (
        "mg2-diffusion-checkpoint.ckpt", "mmgen-diffusion-checkpoint.ckpt",
        "audioldm-*.ckpt",
    ),
    "vocabulary": ("vocab.json",),
    "merges": ("merges.txt",),
    "melodies": ("melody.npy",),
    "index": ("melody.faiss",),
}  # fmt: skip
"""Names, or patterns of them, under which the files are published."""
PIPELINE_FILE, TOKENIZER_FOLDER = "model_index.json", "tokenizer"
"""Of a folder that diffusers saved."""
HEAD_BYTES = 4096

_LFS = b"version https://git-lfs"
_MERGES = re.compile(rb"\A(\xef\xbb\xbf)?(#version[^\n]*\n)?([^\s]+ [^\s]+\r?\n)+")
_FAISS = re.compile(rb"\AI[HxwMv][A-Za-z0-9]{2}")


@dataclass(frozen=True, slots=True)
class ImportPaths:
    """Where the files of an import are."""

    checkpoint: Path | None = None
    """File, or folder of diffusers."""
    vocabulary: Path | None = None
    merges: Path | None = None
    melodies: Path | None = None
    index: Path | None = None


def sort_paths(paths: Sequence[Path]) -> ImportPaths:
    """Tell files and folders apart, in any order; a file that is named wins over a folder's.

    Args:
        paths: A checkpoint, ``vocab.json``, ``merges.txt``, ``melody.npy``, ``melody.faiss``, a
            folder that diffusers saved, or a folder that holds some of these under the names that
            they are published under.

    Raises:
        ExportInputError: One is missing, is nothing of this, or there are two for one purpose.
    """
    named = ImportPaths()
    for path in paths:
        if not path.is_dir():
            named = _take(named, role_of(path), path)
        elif (path / PIPELINE_FILE).is_file():
            named = _take(named, "checkpoint", path)
    for path in paths:
        if path.is_dir():
            pipeline = (path / PIPELINE_FILE).is_file()
            named = _fill(named, path / TOKENIZER_FOLDER if pipeline else path)
            if not pipeline and not any(_published(path, role) for role in PUBLISHED):
                raise ExportInputError(
                    f"{path}: a folder without files to import",
                    hint=f"It should hold {PUBLISHED['checkpoint'][0]} or the like; files of other "
                    "names can be given one by one.",
                )
    return named


def role_of(path: Path) -> Role:
    """Return what a file is, by its first bytes.

    Raises:
        ExportInputError: It can't be read, or is of no known kind.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise ExportInputError(
            f"{path}: {error.strerror or error}", hint="Check the path."
        ) from error
    if head.startswith(_LFS):
        raise ExportInputError(
            f"{path}: a Git LFS pointer, not the file itself", hint="Run `git lfs pull`."
        )
    for role, matches in _KINDS:
        if matches(head):
            return role
    raise ExportInputError(
        f"{path}: neither a checkpoint nor a vocabulary, merges, melodies or index of melodies",
        hint="A checkpoint is a zip file written by torch.save.",
    )


def _is_checkpoint(head: bytes) -> bool:
    # The second is the format before PyTorch 1.6, which the reader knows how to refuse.
    return head.startswith((b"PK\x03\x04", b"\x80\x02"))


def _is_merges(head: bytes) -> bool:
    return _MERGES.match(head) is not None


_KINDS: tuple[tuple[Role, Callable[[bytes], bool]], ...] = (
    ("checkpoint", _is_checkpoint),
    ("melodies", lambda head: head.startswith(b"\x93NUMPY")),
    ("index", lambda head: _FAISS.match(head) is not None and b"\0" in head[:16]),
    ("vocabulary", lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")),
    ("merges", _is_merges),
)


def _take(paths: ImportPaths, role: Role, path: Path) -> ImportPaths:
    other = getattr(paths, role)
    if other is not None:
        raise ExportInputError(
            f"{other} and {path} are both {_article(role)}", hint="Give one of each kind."
        )
    return replace(paths, **{role: path})


def _article(role: Role) -> str:
    return {"checkpoint": "checkpoints", "vocabulary": "vocabularies", "index": "indexes"}.get(
        role, role
    )


def _fill(paths: ImportPaths, folder: Path) -> ImportPaths:
    """Take from a folder what is not named."""
    for role in PUBLISHED:
        if getattr(paths, role) is None:
            for path in _published(folder, role):
                paths = _take(paths, role, path)
    return paths


def _published(folder: Path, role: Role) -> list[Path]:
    def matching(patterns: Iterable[str]) -> Iterable[Path]:
        for pattern in patterns:
            yield from sorted(folder.glob(pattern))

    return [path for path in matching(PUBLISHED[role]) if path.is_file()]
