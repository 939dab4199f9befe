"""Packs of latent diffusion models are untrusted too, and every file of theirs is checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.runtime import Engine, Request, RequestError
from descant.runtime.errors import (
    GraphMismatchError,
    PackError,
    PackFormatError,
    PackIntegrityError,
)
from descant.runtime.pack import open_pack, read_manifest
from tests.runtime.ldm_clips import make
from tests.runtime.test_pack import change, rehash, zipped

onnx = pytest.importorskip("onnx", reason="onnx is not installed; it changes the graphs")

Json = dict[str, Any]


@pytest.fixture
def pack(tiny_mg2: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny MG2 that may be changed."""
    return Path(shutil.copytree(tiny_mg2, tmp_path / "pack"))


def test_folder_and_file_make_the_same_music(pack: Path, tmp_path: Path) -> None:
    archive = zipped(pack, tmp_path / "a.descant")
    with Engine.open(pack, threads=1) as one, Engine.open(archive, threads=1) as other:
        assert make(one).samples.tobytes() == make(other).samples.tobytes()
        assert one.pack.size_bytes == sum(
            file.stat().st_size for file in pack.iterdir() if file.name != "pack.json"
        )


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("name", ["unet.weights", "unet.onnx", "melody.npy", "merges.txt"])
def test_one_flipped_byte(pack: Path, tmp_path: Path, kind: str, name: str) -> None:
    content = bytearray((pack / name).read_bytes())
    content[len(content) // 2] ^= 1
    (pack / name).write_bytes(content)
    target = pack if kind == "folder" else zipped(pack, tmp_path / "a.descant")
    with pytest.raises(PackIntegrityError, match=name):
        open_pack(target)


def test_missing_and_cut_weights(pack: Path) -> None:
    path = pack / "unet.weights"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(PackIntegrityError, match=r"unet\.weights"):
        read_manifest(pack)
    path.unlink()
    with pytest.raises(PackFormatError, match=r"unet\.weights"):
        read_manifest(pack)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("graphs", "vae_encoder"), None, "spec.graphs.vae_encoder: missing"),
        (("graphs", "melody_encoder"), None, "spec.graphs.melody_encoder: missing"),
        (("graphs", "audio_encoder", "inputs", "samples"), None, "spec.graphs.audio_encoder"),
        (("graphs", "unet", "outputs", "more"), {"dtype": "float32", "shape": [1]}, "graphs.unet"),
        (("graphs", "unet", "weights", "sha256"), "00", "graphs.unet.weights.sha256"),
        (("graphs", "unet", "weights", "file"), "../unet.weights", "not the name of a file"),
        (("files", "melody_index"), None, "spec.files.melody_index: missing"),
        (("files", "vocabulary"), None, "spec.files.vocabulary: missing"),
        (("pipeline", "diffusion"), None, "spec.pipeline.diffusion: missing"),
        (("pipeline", "prediction_type"), "flow", "prediction_type"),
        (("pipeline", "diffusion", "scale_factor"), 0.0, "scale_factor"),
        (("pipeline", "diffusion", "scale_factor"), 1e999, "scale_factor"),
        (("pipeline", "diffusion", "condition_dim"), 16, "condition_dim"),
        (("pipeline", "diffusion", "latent_bins"), 15, "latent_bins"),
        (("pipeline", "diffusion", "frame_multiple"), 0, "frame_multiple"),
        (("pipeline", "diffusion", "linear_start"), 0.5, "linear_start"),
        (("pipeline", "diffusion", "training_steps"), 499, "training_steps"),
        (("pipeline", "diffusion", "clmp_samples"), 0, "clmp_samples"),
        (("pipeline", "diffusion", "framing"), "other", "framing"),
        (("pipeline", "audio", "channels"), 2, "channels"),
        (("defaults", "sampler"), "euler", "spec.defaults.sampler"),
        (("defaults", "eta"), 1.5, "spec.defaults.eta"),
        (("defaults", "candidates"), 17, "candidates"),
        (("defaults", "steps"), 501, "spec.limits: steps"),
    ],
)
def test_manifest_with_a_wrong_key(
    pack: Path, path: tuple[str, ...], value: Any, message: str
) -> None:
    def edit(spec: Json) -> None:
        for key in path[:-1]:
            spec = spec[key]
        if value is None:
            del spec[path[-1]]
        else:
            spec[path[-1]] = value

    text = (pack / "pack.json").read_text()
    spec = json.loads(text)
    edit(spec)
    # The largest number of JSON is infinity to Python.
    (pack / "pack.json").write_text(json.dumps(spec).replace("Infinity", "1e999"))
    with pytest.raises(PackFormatError, match=message):
        read_manifest(pack)


def test_starter_packs_have_no_diffusion(tiny_pack: Path, tiny_mg2: Path, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "starter"))
    diffusion = json.loads((tiny_mg2 / "pack.json").read_text())["pipeline"]["diffusion"]
    change(pack, lambda spec: spec["pipeline"].update(diffusion=diffusion))
    with pytest.raises(PackFormatError, match="not a part of starter"):
        read_manifest(pack)


def replace_file(pack: Path, role: str, content: bytes) -> None:
    """Replace a file that is no graph, with its hash."""
    rehash(pack, role, "files", content)


@pytest.mark.parametrize(
    ("role", "content"),
    [
        ("vocabulary", b"[]"),
        ("merges", b"a b c\n"),
        ("melodies", b"no array"),
        (
            "melodies",
            b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,)",
        ),
        ("melody_index", b"no index"),
    ],
)
def test_file_that_is_something_else(pack: Path, role: str, content: bytes) -> None:
    replace_file(pack, role, content)
    with pytest.raises(PackError, match=r"vocabulary|merges|melodies"), Engine.open(pack) as engine:
        engine.search("calm piano")


def test_melodies_that_are_no_unit_vectors_or_too_few(pack: Path) -> None:
    path = pack / "melody.npy"
    vectors = np.load(path)
    for wrong, message in (
        (2 * vectors, "length 2"),
        (vectors[:-1], "want 39 vectors"),
        (vectors.astype(np.float64), "float32"),
        (np.where(vectors > 0.5, np.nan, vectors).astype(np.float32), "not finite"),
    ):
        np.save(path, wrong)
        replace_file(pack, "melodies", path.read_bytes())
        with pytest.raises(PackFormatError, match=message), Engine.open(pack) as engine:
            engine.search("calm piano")


def test_without_an_audio_encoder_nothing_is_ranked(pack: Path) -> None:
    change(pack, lambda spec: spec["graphs"].pop("audio_encoder"))
    with Engine.open(pack, threads=1) as engine:
        assert len(engine.generate_many(Request(prompt="x", seconds=1, count=2))) == 2
        with pytest.raises(RequestError, match="candidates"):
            engine.generate_many(Request(prompt="x", seconds=1, count=2, candidates=3))
    change(pack, lambda spec: spec["defaults"].update(candidates=3))
    with pytest.raises(PackFormatError, match="audio_encoder"):
        read_manifest(pack)


def test_default_candidates_are_made(pack: Path) -> None:
    with Engine.open(pack, threads=1) as engine:
        best = engine.generate(Request(prompt="x", seconds=1, seed=0, candidates=4))
    change(pack, lambda spec: spec["defaults"].update(candidates=4))
    with Engine.open(pack, threads=1) as engine:
        clip = engine.generate(Request(prompt="x", seconds=1, seed=0))
        assert clip.samples.tobytes() == best.samples.tobytes()
        assert clip.receipt["request"]["candidates"] == 4
        with pytest.raises(RequestError, match="seed"):
            engine.generate(Request(prompt="x", seconds=1, seed=2**63 - 1))


def test_unconditional_side_as_in_training(pack: Path) -> None:
    with Engine.open(pack, threads=1) as engine:
        query, plain = make(engine), make(engine, guidance_scale=1.0)
    change(pack, lambda spec: spec["defaults"].update(unconditional="nearest"))
    with Engine.open(pack, threads=1) as engine:
        assert make(engine).samples.tobytes() != query.samples.tobytes()
        assert make(engine, guidance_scale=1.0).samples.tobytes() == plain.samples.tobytes()


def test_vocoder_that_is_too_short(pack: Path) -> None:
    model = onnx.load(pack / "vocoder.onnx")
    for node in model.graph.node:
        if node.op_type == "Pad":
            constant = next(c for c in model.graph.initializer if c.name == node.input[1])
            constant.CopyFrom(
                onnx.numpy_helper.from_array(np.array([0, 0, 0, -20000]), constant.name)
            )
    rehash(pack, "vocoder", "graphs", model.SerializeToString())
    with Engine.open(pack, threads=1) as engine, pytest.raises(GraphMismatchError, match="vocoder"):
        make(engine)
