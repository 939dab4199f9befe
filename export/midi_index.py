"""A folder of MIDI files -> a pack whose melody library they are. Needs no PyTorch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.export.pack_writer import check_new_output, file_spec, write_pack
from descant.models.library import MAX_ENTRIES, LibraryEntry, pack_library
from descant.models.spec import PipelineSpec
from descant.models.theory.control import control_track
from descant.models.theory.harmonise import estimate_key, harmonise
from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.conditioning import embed_melody, fit_sheet
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.midi import Melody, read_melody
from descant.runtime.pack import Pack
from descant.runtime.pieces import drain
from descant.runtime.retrieval import LIBRARY_FRAMES, LIBRARY_INDEX
from descant.runtime.sessions import Sessions
from descant.runtime.vector_index import VectorIndex

SUFFIXES = (".mid", ".midi")
MAX_BARS = 64
"""What a clip of the longest length can use of a melody."""
MAX_GENRES = 255
SLOW_BPM, FAST_BPM = 80.0, 132.0
OnFile = Callable[[int, int], None]
"""Called with (files done, files); raises to stop."""


@dataclass(frozen=True, slots=True)
class FolderIndex:
    """What became of the files of a folder."""

    entries: tuple[LibraryEntry, ...]
    """The library, in the order of ``files``."""
    files: tuple[str, ...]
    """Paths inside the folder."""
    skipped: tuple[tuple[str, str], ...]
    """Files without a usable melody, each with the reason."""


def index_folder(
    folder: Path, pack: Pack, sessions: Sessions, output: Path, licence: str, on_file: OnFile
) -> FolderIndex:
    """Write a copy of a pack that searches the melodies of a folder.

    The genre of a melody is the name of the subfolder that its file is in.

    Args:
        folder: Searched with all its subfolders for ``.mid`` and ``.midi``.
        pack: Gives the graphs, among them the one that embeds a melody.
        sessions: Of the pack.
        output: Folder of the new pack; replaced if it is a pack already.
        licence: Of the melodies; shown with each that is found.
        on_file: Told before the first and after each file.

    Raises:
        RequestError: The folder is missing or has no usable melody, or the pack has no scores.
        OutputError: ``output`` is something else than a pack, or can't be written.
    """
    if pack.spec.family != "starter":
        raise RequestError(
            f"pack {pack.spec.id!r} holds melody embeddings, not scores that could be replaced",
            hint="index melodies for a starter pack",
        )
    check_new_output(output, pack.path)
    if output.is_file():
        raise OutputError(f"{str(output)!r:.300} is a file", hint="name a new folder")
    found = _read_folder(folder, on_file)
    rows = [embed_sheet(sessions, pack.spec.pipeline, entry.sheet) for entry in found.entries]
    replaced = {
        "library": pack_library(found.entries, licence),
        "index": VectorIndex.build(np.stack(rows), LIBRARY_INDEX).to_bytes(),
    }
    files = dict(pack.spec.files)
    contents = {item.file: pack.read(role) for role, item in pack.items().items()}
    for role, content in replaced.items():
        files[role] = file_spec(files[role].file, content)
        contents[files[role].file] = content
    name = f"{pack.spec.name} with {len(rows)} melodies of its user"
    spec = dataclasses.replace(pack.spec, id=output.resolve().name, name=name, files=files)
    try:
        write_pack(output, spec, contents)
    except OSError as error:
        raise OutputError(f"can't write {str(output)!r:.300}: {error.strerror}") from error
    return found


def embed_sheet(
    sessions: Sessions, pipeline: PipelineSpec, sheet: LeadSheet
) -> NDArray[np.float32]:
    """Return the (D,) unit embedding of a melody's first ten seconds."""
    fitted = fit_sheet(sheet, LIBRARY_FRAMES, pipeline)
    track = control_track(fitted, LIBRARY_FRAMES, pipeline.audio.frame_rate)
    embedding: NDArray[np.float32] = drain(embed_melody(sessions, track))[0]
    return embedding


def _read_folder(folder: Path, on_file: OnFile) -> FolderIndex:
    if not folder.is_dir():
        raise RequestError(
            f"{str(folder)!r:.300} is not a folder", hint="name a folder of MIDI files"
        )
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not 0 < len(paths) <= MAX_ENTRIES:
        raise RequestError(
            f"{str(folder)!r:.300} has {len(paths)} MIDI files, want 1 to {MAX_ENTRIES}",
            hint="name a folder of .mid files",
        )
    entries: dict[str, LibraryEntry] = {}
    skipped: list[tuple[str, str]] = []
    on_file(0, len(paths))
    for done, path in enumerate(paths, 1):
        name = path.relative_to(folder).as_posix()
        try:
            melody = read_melody(path)
        except RequestError as error:
            skipped.append((name, str(error)))
        else:
            entries[name] = make_entry(melody, _genre(name, folder))
        on_file(done, len(paths))
    if not entries:
        raise RequestError(
            f"no file has a usable melody; the first: {skipped[0][1]}", hint="add MIDI files"
        )
    if len({entry.genre for entry in entries.values()}) > MAX_GENRES:
        raise RequestError(
            f"the folder has more than {MAX_GENRES} subfolders with melodies",
            hint="sort the files into fewer",
        )
    return FolderIndex(tuple(entries.values()), tuple(entries), tuple(skipped))


def make_entry(melody: Melody, genre: str) -> LibraryEntry:
    """Give a melody chords and bass, and say of it what can be known."""
    tempo = melody.tempo_bpm
    pace = "slow" if tempo < SLOW_BPM else "fast" if tempo >= FAST_BPM else "steady"
    beats = MAX_BARS * melody.beats_per_bar
    heard = [note for note in melody.notes if note.start < beats]
    last = heard[-1]
    heard[-1] = Note(last.start, min(last.duration, beats - last.start), last.pitch, last.velocity)
    # The key is heard better in the whole melody than in the part that is kept.
    key = estimate_key(melody.notes, melody.beats_per_bar)
    return LibraryEntry(harmonise(heard, tempo, melody.beats_per_bar, key), genre, pace, "melody")


def _genre(name: str, folder: Path) -> str:
    parts = name.split("/")
    return parts[0] if len(parts) > 1 else folder.resolve().name
