"""Build the tiny latent diffusion packs: ``python -m tests.make_tiny_ldm_pack mg2 FOLDER``.

Names and dynamic axes are those of packs of published checkpoints; see ``tests.tiny_ldm_graphs``.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from descant.models.bpe import SPECIAL, byte_symbols
from descant.models.spec import (
    PACK_FORMAT,
    AudioSpec,
    DefaultsSpec,
    DiffusionSpec,
    FileSpec,
    GraphSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    PipelineSpec,
    ProvenanceSpec,
)
from descant.models.strict_json import to_json
from descant.runtime.index_kinds import Hnsw
from descant.runtime.vector_index import VectorIndex
from tests.tiny_graphs import TinyGraph
from tests.tiny_ldm_graphs import BANDS, CHANNELS, CLMP, CLMP_SAMPLES, HOP, STRIDE, tiny_ldm_graphs

Family = Literal["mg2", "audioldm"]
MELODIES = 40
SCALE_FACTOR = 0.8
MERGES = (("p", "i"), ("pi", "a"), ("a", "n"))
FILES = {
    "vocabulary": "vocab.json",
    "merges": "merges.txt",
    "melodies": "melody.npy",
    "melody_index": "melody.faiss",
}


def write_tiny_ldm_pack(folder: Path, family: Family) -> Path:
    """Write a pack into an empty or new folder and return it; its UNet has a file of weights."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = _tokenizer()
    if family == "mg2":
        contents |= _melodies()
    graphs: dict[str, GraphSpec] = {}
    for name, graph in tiny_ldm_graphs(_vocabulary_size(), family == "mg2").items():
        content, weights = graph.content, None
        if name == "unet":
            content, contents["unet.weights"] = outside(graph.content, "unet.weights")
            weights = _file("unet.weights", contents["unet.weights"])
        contents[f"{name}.onnx"] = content
        graphs[name] = _graph(name, content, graph, weights)
    files = {role: _file(name, contents[name]) for role, name in FILES.items() if name in contents}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    text = json.dumps(to_json(_spec(family, graphs, files)), indent=1)
    (folder / "pack.json").write_text(text, encoding="utf-8")
    return folder


def outside(content: bytes, name: str) -> tuple[bytes, bytes]:
    """Move a graph's larger weights to a file; return the graph and the file."""
    model = onnx.load_from_string(content)
    weights = b""
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) < 128:
            continue  # shapes, which are needed before weights are there
        weights += bytes(-len(weights) % 64)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (
            ("location", name),
            ("offset", str(len(weights))),
            ("length", str(len(tensor.raw_data))),
        ):
            tensor.external_data.add(key=key, value=value)
        weights += tensor.raw_data
        tensor.ClearField("raw_data")
    return model.SerializeToString(deterministic=True), weights


def melody_vectors() -> NDArray[np.float32]:
    """(MELODIES, CLMP) unit vectors."""
    drawn = np.random.default_rng(3).standard_normal((MELODIES, CLMP))
    unit: NDArray[np.float32] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype("f4")
    return unit


def _spec(family: Family, graphs: dict[str, GraphSpec], files: dict[str, FileSpec]) -> PackSpec:
    return PackSpec(
        format=PACK_FORMAT,
        id=f"tiny-{family}",
        name="Tiny latent diffusion pack for tests",
        version="1",
        licence="CC0-1.0",
        family=family,
        pipeline=PipelineSpec(
            AudioSpec(16000, 1, 1024, HOP, BANDS, 1e-5),
            LatentSpec(CHANNELS, STRIDE),
            clmp_dim=CLMP,
            control_channels=0,
            text_max_tokens=40,
            prediction_type="epsilon",
            diffusion=DiffusionSpec(
                SCALE_FACTOR,
                CLMP * (2 if family == "mg2" else 1),
                framing=family,
                clmp_samples=CLMP_SAMPLES,
            ),
        ),
        defaults=DefaultsSpec(seconds=2.0, steps=5, guidance_scale=2.0, sampler="dpm++", eta=1.0),
        limits=LimitsSpec(max_steps=500),
        graphs=graphs,
        files=files,
        provenance=ProvenanceSpec("none", "none"),
    )


def _tokenizer() -> dict[str, bytes]:
    tokens = [*SPECIAL, *byte_symbols(), *("".join(pair) for pair in MERGES)]
    ids = {token: i for i, token in enumerate(tokens)}
    lines = "".join(f"{left} {right}\n" for left, right in MERGES)
    return {"vocab.json": json.dumps(ids).encode(), "merges.txt": lines.encode()}


def _vocabulary_size() -> int:
    return len(SPECIAL) + len(byte_symbols()) + len(MERGES)


def _melodies() -> dict[str, bytes]:
    vectors = melody_vectors()
    buffer = io.BytesIO()
    np.save(buffer, vectors)
    index = VectorIndex.build(vectors, Hnsw(m=8, ef_construction=40, ef_search=16))
    return {"melody.npy": buffer.getvalue(), "melody.faiss": index.to_bytes()}


def _graph(name: str, content: bytes, graph: TinyGraph, weights: FileSpec | None) -> GraphSpec:
    file = _file(f"{name}.onnx", content)
    return GraphSpec(
        file.file, file.sha256, file.size_bytes, graph.inputs, graph.outputs, weights=weights
    )


def _file(name: str, content: bytes) -> FileSpec:
    return FileSpec(name, hashlib.sha256(content).hexdigest(), len(content))


if __name__ == "__main__":
    family: Family = "mg2" if sys.argv[1] == "mg2" else "audioldm"
    print(write_tiny_ldm_pack(Path(sys.argv[2]), family))  # noqa: T201 - a command
