"""Build the tiny pack: real graphs of a few kB that play the melody they are told to.

``python -m tests.make_tiny_pack FOLDER`` writes it. All names and dynamic axes are those of a
starter pack; widths are smaller. The latents hold the control track's melody row by row, so what
comes out can be heard and compared.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from pathlib import Path

import numpy as np

from descant.models.library import LibraryEntry, pack_library, unpack_library
from descant.models.spec import (
    PACK_FORMAT,
    AudioSpec,
    DefaultsSpec,
    FileSpec,
    GraphSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    PipelineSpec,
    ProvenanceSpec,
)
from descant.models.strict_json import to_json
from descant.models.theory.control import control_track
from descant.models.theory.harmonise import harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from tests.tiny_adapters import tiny_adapters
from tests.tiny_graphs import CHANNELS, CLMP, TinyGraph, tiny_graphs
from tests.tiny_transcriber import tiny_transcriber

WORDS = """
calm piano in the rain happy sad slow fast major minor waltz bright dark guitar flute strings
key bpm at of a drums jazz rock pop folk dance music song melody with and soft loud
"""
ENTRIES = 80


def write_tiny_pack(folder: Path, pictures: bool = True) -> Path:
    """Write the pack, or one that neither sees nor takes humming, into a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {}
    words = _vocabulary()
    contents["vocab.txt"] = ("\n".join(words) + "\n").encode()
    graphs: dict[str, GraphSpec] = {}
    made = tiny_graphs(len(words), pictures)
    if pictures:
        made |= {**tiny_adapters(), "transcriber": tiny_transcriber()}
    for name, graph in made.items():
        contents[f"{name}.onnx"] = graph.content
        graphs[name] = GraphSpec(
            f"{name}.onnx",
            hashlib.sha256(graph.content).hexdigest(),
            len(graph.content),
            graph.inputs,
            graph.outputs,
        )
    entries = [_entry(i) for i in range(ENTRIES)]
    contents["library.npz"] = pack_library(entries, "CC0-1.0")
    contents["library.faiss"] = _index(contents["library.npz"], made["melody_encoder"])
    roles = {"tokenizer": "vocab.txt", "library": "library.npz", "index": "library.faiss"}
    files = {
        role: FileSpec(name, hashlib.sha256(contents[name]).hexdigest(), len(contents[name]))
        for role, name in roles.items()
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    text = json.dumps(to_json(_spec(graphs, files)), indent=1)
    (folder / "pack.json").write_text(text, encoding="utf-8")
    return folder


def _spec(graphs: dict[str, GraphSpec], files: dict[str, FileSpec]) -> PackSpec:
    return PackSpec(
        format=PACK_FORMAT,
        id="tiny",
        name="Tiny pack for tests",
        version="1",
        licence="CC0-1.0",
        family="starter",
        pipeline=PipelineSpec(AudioSpec(), LatentSpec(channels=CHANNELS), clmp_dim=CLMP),
        defaults=DefaultsSpec(seconds=2.0, steps=3),
        limits=LimitsSpec(),
        graphs=graphs,
        files=files,
        provenance=ProvenanceSpec("none", "none"),
    )


def _vocabulary() -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    marks = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    singles = [*letters, *(f"##{letter}" for letter in letters)]
    return list(
        dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *marks, *singles, *WORDS.split()])
    )


def _entry(i: int) -> LibraryEntry:
    """Return a random walk over a scale, harmonised."""
    rng = random.Random(i)
    key = Key(i % 12, "minor" if i % 2 else "major")
    metre = 3 if i % 4 == 0 else 4
    bars = 8
    scale = [p for p in range(60, 85) if p % 12 in key.scale]
    notes: list[Note] = []
    place, beat = len(scale) // 2, 0.0
    while beat < bars * metre:
        duration = min(rng.choice((0.5, 1.0, 1.0, 2.0)), bars * metre - beat)
        notes.append(Note(beat, duration, scale[place], 90))
        place = min(max(place + rng.randint(-2, 2), 0), len(scale) - 1)
        beat += duration
    sheet: LeadSheet = harmonise(notes, float(60 + 10 * (i % 11)), metre, key)
    return LibraryEntry(sheet, "folk", "happy" if key.mode == "major" else "sad", "flute")


def _index(library: bytes, encoder: TinyGraph) -> bytes:
    """Build the search index over the tiny encoder's embeddings."""
    import faiss
    import onnxruntime

    session = onnxruntime.InferenceSession(encoder.content)
    melodies = unpack_library(library)
    rows = []
    for i in range(len(melodies)):
        track = control_track(melodies[i].sheet, 512, AudioSpec().frame_rate)
        roll = track[:89].reshape(89, 128, 4).max(2)
        rows.append(session.run(None, {"roll": roll[None]})[0][0])
    faiss.omp_set_num_threads(1)
    index = faiss.IndexHNSWFlat(CLMP, 8, faiss.METRIC_INNER_PRODUCT)
    index.add(np.stack(rows))
    return bytes(faiss.serialize_index(index).tobytes())


if __name__ == "__main__":
    print(write_tiny_pack(Path(sys.argv[1])))  # noqa: T201 - a command
