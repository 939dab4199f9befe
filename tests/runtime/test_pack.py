"""Packs are untrusted: one flipped byte, a missing graph, a path outside, and none gets in."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from descant.runtime.errors import (
    PackError,
    PackFormatError,
    PackIntegrityError,
    PackNotFoundError,
)
from descant.runtime.families import FAMILIES
from descant.runtime.pack import open_pack, read_manifest

Json = dict[str, Any]


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack that may be changed."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "pack"))


def change(pack: Path, edit: Callable[[Json], None]) -> None:
    """Edit ``pack.json``."""
    path = pack / "pack.json"
    spec = json.loads(path.read_text())
    edit(spec)
    path.write_text(json.dumps(spec))


def zipped(pack: Path, target: Path) -> Path:
    """Return the pack as one file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(pack.iterdir()):
            archive.write(file, file.name)
    return target


def test_opens_from_folder_and_file(pack: Path, tmp_path: Path) -> None:
    with open_pack(pack) as folder, open_pack(zipped(pack, tmp_path / "a.descant")) as archive:
        assert folder.spec == archive.spec
        assert folder.sha256 == archive.sha256
        assert folder.read("graphs.vocoder") == archive.read("graphs.vocoder")
        assert set(folder.spec.graphs) >= set(FAMILIES["starter"].graphs)


@pytest.mark.parametrize("name", ["nowhere", "", "../starter", "a\0b", "/", "x" * 5000])
def test_not_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PackError) as refused:
        open_pack(name)
    assert refused.value.hint or isinstance(refused.value, PackFormatError)


def test_the_suffix_of_a_file_may_be_left_out(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped(pack, tmp_path / "mine.descant")
    monkeypatch.chdir(tmp_path)
    with open_pack("mine") as opened, open_pack(pack) as folder:
        assert opened.sha256 == folder.sha256


def test_not_found_names_what_there_is() -> None:
    with pytest.raises(PackNotFoundError, match="nowhere"):
        open_pack("nowhere")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_one_flipped_byte_in_any_file(pack: Path, tmp_path: Path, kind: str) -> None:
    for file in sorted(pack.iterdir()):
        whole = file.read_bytes()
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 1
        file.write_bytes(bytes(damaged))
        target = pack if kind == "folder" else zipped(pack, tmp_path / "a.descant")
        if file.name == "pack.json":
            # The manifest has no hash of its own: a changed letter may still be a valid name.
            file.write_bytes(whole)
            continue
        with pytest.raises(PackIntegrityError, match=file.name):
            open_pack(target)
        file.write_bytes(whole)
    open_pack(pack).close()


def test_flipped_byte_inside_the_archive(pack: Path, tmp_path: Path) -> None:
    path = zipped(pack, tmp_path / "a.descant")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("conditioner.onnx").header_offset + 200
    content[place] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(PackIntegrityError, match="conditioner"):
        open_pack(path)


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"no zip at all" * 100])
def test_file_that_is_no_pack(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.descant"
    path.write_bytes(content)
    with pytest.raises(PackFormatError):
        open_pack(path)


@pytest.mark.parametrize("name", ["pack.json", "vocoder.onnx", "vocab.txt", "library.faiss"])
def test_missing_file(pack: Path, name: str) -> None:
    (pack / name).unlink()
    with pytest.raises(PackError, match=name):
        open_pack(pack)


def test_cut_file(pack: Path) -> None:
    path = pack / "vocoder.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(PackIntegrityError, match=r"vocoder\.onnx"):
        read_manifest(pack)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("surprise",), 1, "spec.surprise: unknown key"),
        (("pipeline", "audio", "sample_rate"), "44100", "spec.pipeline.audio.sample_rate"),
        (("pipeline", "latents", "channels"), True, "spec.pipeline.latents.channels"),
        (("format",), 2, "spec.format"),
        (("family",), "mg2", "spec.graphs.unet_condition: missing"),
        (("family",), "other", "spec.family"),
        (("graphs", "vocoder"), None, "spec.graphs.vocoder: missing"),
        (("graphs", "vocoder", "inputs", "mel"), None, "spec.graphs.vocoder.inputs"),
        (("graphs", "vocoder", "outputs", "extra"), ["float32", [1]], "spec.graphs.vocoder"),
        (("graphs", "vocoder", "sha256"), "00", "spec.graphs.vocoder.sha256"),
        (("graphs", "vocoder", "size_bytes"), -1, "spec.graphs.vocoder.size_bytes"),
        (("files", "index"), None, "spec.files.index: missing"),
        (("limits", "max_seconds"), 0.0, "spec.limits"),
        (("licence",), None, "spec.licence: missing"),
        (("pipeline", "prediction_type"), "v", "prediction_type"),
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

    change(pack, edit)
    with pytest.raises(PackFormatError, match=message):
        open_pack(pack)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"format": 1, "format": 1}', '{"format": NaN}', "[" * 100000]
)
def test_manifest_that_is_none(pack: Path, text: str) -> None:
    (pack / "pack.json").write_text(text)
    with pytest.raises(PackFormatError):
        open_pack(pack)


def test_manifest_that_is_not_text(pack: Path) -> None:
    (pack / "pack.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(PackFormatError):
        open_pack(pack)


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/b", "..", "", "C:\\x", "nul\0", "a:b", "./vocab.txt"]
)
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_path_outside_the_pack(pack: Path, tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "secret").write_bytes((pack / "vocab.txt").read_bytes())
    change(pack, lambda spec: spec["files"]["tokenizer"].update(file=name))
    target = pack if kind == "folder" else zipped(pack, tmp_path / "a.descant")
    with pytest.raises(PackFormatError):
        open_pack(target)


def test_symlinks_are_refused(pack: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    (pack / "vocab.txt").rename(outside)
    try:
        (pack / "vocab.txt").symlink_to(outside)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")
    with pytest.raises(PackFormatError, match="link"):
        open_pack(pack)


def test_symlink_in_an_archive(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.descant"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(pack.iterdir()):
            entry = zipfile.ZipInfo(file.name)
            entry.external_attr = (0o120777 if file.name == "vocab.txt" else 0o100644) << 16
            archive.writestr(entry, file.read_bytes())
    with pytest.raises(PackFormatError, match="link"):
        open_pack(path)


def test_archive_that_unpacks_to_more_than_it_says(pack: Path, tmp_path: Path) -> None:
    (pack / "vocab.txt").write_bytes(b"a" * 10_000_000)
    with pytest.raises(PackIntegrityError, match="10000000"):
        open_pack(zipped(pack, tmp_path / "a.descant"))


def test_hash_is_checked_again_when_a_graph_is_loaded(pack: Path) -> None:
    with open_pack(pack) as opened:
        path = pack / "vocoder.onnx"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(bytes(content))
        with pytest.raises(PackIntegrityError, match="vocoder"):
            opened.read("graphs.vocoder")


def rehash(pack: Path, role: str, kind: str, content: bytes) -> None:
    """Replace a file of the pack and its hash, as somebody with bad intentions would."""

    def edit(spec: Json) -> None:
        item = spec[kind][role]
        (pack / item["file"]).write_bytes(content)
        item["sha256"], item["size_bytes"] = hashlib.sha256(content).hexdigest(), len(content)

    change(pack, edit)
