"""The files of a pack that are no graphs: RoBERTa's tokenizer, the melodies and their index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.export.errors import ExportInputError
from descant.export.import_paths import ImportPaths
from descant.export.pack_part import PackPart
from descant.models.bpe import BpeTokenizer, VocabularyError
from descant.models.clmp_spec import RobertaSpec
from descant.models.spec import FileSpec
from descant.runtime.vector_index import VectorIndex, VectorIndexError, check_vectors

FILE_NAMES = {
    "vocabulary": "vocab.json",
    "merges": "merges.txt",
    "melodies": "melody.npy",
    "melody_index": "melody.faiss",
}
PROBES = 64
"""Melodies that are looked up in a given index."""
SAME = 0.999
"""Cosine above which a melody is found itself."""
ROBERTA_HINT = "Take vocab.json and merges.txt of roberta-base."
MELODY_HINT = "MG2 is published with melody.npy and melody.faiss; take both from one place."


@dataclass(frozen=True)
class SideFiles:
    """What goes into the pack beside the graphs, checked."""

    vocabulary: bytes
    merges: bytes
    melodies: NDArray[np.float32] | None
    """(N, D) unit vectors."""
    index: bytes | None
    """FAISS file over them."""

    def write(self, part: PackPart) -> dict[str, FileSpec]:
        """Write all files into a pack.

        Raises:
            OutputError: One can't be written.
        """
        contents = {"vocabulary": self.vocabulary, "merges": self.merges}
        if self.index is not None:
            contents["melody_index"] = self.index
        files = {}
        for role, content in contents.items():
            with part.create(FILE_NAMES[role]) as file:
                file.write(content)
            files[role] = file.spec
        if self.melodies is not None:
            with part.create(FILE_NAMES["melodies"]) as file:
                np.lib.format.write_array(file, self.melodies, (1, 0), allow_pickle=False)
            files["melodies"] = file.spec
        return files


def read_side_files(paths: ImportPaths, text: RobertaSpec, melody_dim: int | None) -> SideFiles:
    """Read and check the files.

    Args:
        paths: Where they are.
        text: The text tower that the tokenizer is for.
        melody_dim: Width of melody embeddings; None for a model that searches no melodies.

    Raises:
        ExportInputError: One is missing, damaged, or does not fit the model or the others.
    """
    vocabulary = _read(paths.vocabulary, "vocab.json", ROBERTA_HINT)
    merges = _read(paths.merges, "merges.txt", ROBERTA_HINT)
    _check_tokenizer(vocabulary, merges, text)
    if melody_dim is None:
        given = paths.melodies or paths.index
        if given is not None:
            raise ExportInputError(
                f"{given}: AudioLDM searches no melodies", hint="Leave the file out."
            )
        return SideFiles(vocabulary, merges, None, None)
    melodies = read_melodies(paths.melodies, melody_dim)
    return SideFiles(vocabulary, merges, melodies, _index(paths.index, melodies))


def read_melodies(path: Path | None, dim: int) -> NDArray[np.float32]:
    """Return the (N, dim) unit vectors of a ``.npy`` file; they stay in it until they are used.

    Raises:
        ExportInputError: There is no such file, or it holds something else.
    """
    if path is None:
        raise ExportInputError("melody.npy is missing", hint=MELODY_HINT)
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ExportInputError(f"{path}: not readable: {error}", hint=MELODY_HINT) from error
    if stored.ndim != 2 or stored.shape[1] != dim or stored.dtype.kind != "f":
        raise ExportInputError(
            f"{path}: {stored.dtype} of shape {stored.shape}, want reals of shape (N, {dim})",
            hint="Its rows must be embeddings of this model's melody tower.",
        )
    try:
        return check_vectors(stored)
    except VectorIndexError as error:
        raise ExportInputError(f"{path}: {error}", hint=error.hint or MELODY_HINT) from error


def _check_tokenizer(vocabulary: bytes, merges: bytes, text: RobertaSpec) -> None:
    try:
        tokenizer = BpeTokenizer.from_files(vocabulary, merges, text.max_tokens)
    except VocabularyError as error:
        raise ExportInputError(f"{error}", hint=ROBERTA_HINT) from error
    if len(tokenizer) != text.vocabulary:
        raise ExportInputError(
            f"vocab.json has {len(tokenizer)} tokens, the text tower {text.vocabulary}",
            hint=ROBERTA_HINT,
        )


def _index(path: Path | None, melodies: NDArray[np.float32]) -> bytes:
    """Return the index's file; made here if none is given."""
    if path is None:
        return VectorIndex.build(melodies).to_bytes()
    content = _read(path, "melody.faiss", MELODY_HINT)
    try:
        index = VectorIndex.from_bytes(content)
        index.check_fits(melodies.shape[1], len(melodies))
    except VectorIndexError as error:
        raise ExportInputError(f"{path}: {error}", hint=error.hint or MELODY_HINT) from error
    probes = melodies[:: max(1, len(melodies) // PROBES)]
    found = np.mean(index.search(probes, 1).similarity[:, 0] > SAME)
    if found < 0.5:  # a graph may miss some, but not most
        raise ExportInputError(
            f"{path}: finds {found:.0%} of the melodies in melody.npy; it is of others",
            hint=f"{MELODY_HINT} Without one, an index is made.",
        )
    return content


def _read(path: Path | None, name: str, hint: str) -> bytes:
    if path is None:
        raise ExportInputError(f"{name} is missing", hint=hint)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportInputError(f"{path}: {error.strerror or error}", hint=hint) from error
