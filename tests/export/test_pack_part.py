"""A pack in the making: nothing half is left in its place, and what is whole is used again."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="onnx is not installed; it belongs to the exporter")

from descant.export.pack_part import PackPart, PartFile
from descant.models.spec import FileSpec, GraphSpec, PackSpec
from descant.runtime.errors import OutputError
from tests.export.test_export import pack_spec

KILLED = """
import os, sys
from pathlib import Path
from descant.export.pack_part import PackPart
from tests.export.test_pack_part import write_graph
with PackPart(Path(sys.argv[1])) as part:
    write_graph(part, "first", "key")
    with part.create("second.onnx") as file:
        file.write(b"half of it")
        os._exit(9)
"""


def write_graph(part: PackPart, name: str, key: str) -> GraphSpec:
    """Write a graph of a few bytes."""
    with part.create(f"{name}.onnx") as file:
        file.write(name.encode())
    spec = GraphSpec(file.spec.file, file.spec.sha256, file.spec.size_bytes, {}, {})
    part.finish(name, key, spec)
    return spec


def spec_of(**graphs: GraphSpec) -> PackSpec:
    spec = pack_spec("made")
    spec.graphs.update(graphs)
    return spec


def interrupted(target: Path) -> None:
    """Write one graph and leave before the pack is whole."""
    with PackPart(target) as part:
        write_graph(part, "first", "key")


def test_a_killed_run_leaves_no_pack_and_the_next_goes_on(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False, timeout=120)
    assert done.returncode == 9
    assert not target.exists()
    with PackPart(target) as part:
        first = part.finished("first", "key")
        assert first is not None
        assert part.finished("second", "key") is None
        part.commit(spec_of(first=first))
    assert sorted(path.name for path in target.iterdir()) == ["first.onnx", "pack.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_only_the_same_inputs_and_whole_files_are_used_again(tmp_path: Path) -> None:
    interrupted(tmp_path / "pack")
    with PackPart(tmp_path / "pack") as part:
        assert part.finished("first", "another key") is None
        assert part.finished("first", "key") is not None
        (part.folder / "first.onnx").write_bytes(b"fIrst")
        assert part.finished("first", "key") is None


@pytest.mark.parametrize("journal", [b"{", b"[]", b'{"first": 3}', b'{"first": {"key": "key"}}'])
def test_a_damaged_journal_is_no_journal(tmp_path: Path, journal: bytes) -> None:
    interrupted(tmp_path / "pack")
    (tmp_path / ".pack.part" / ".journal.json").write_bytes(journal)
    with PackPart(tmp_path / "pack") as part:
        assert part.finished("first", "key") is None


def test_without_a_finished_graph_nothing_is_left(tmp_path: Path) -> None:
    with PackPart(tmp_path / "pack") as part, part.create("vocab.json") as file:
        file.write(b"{}")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_clear_error_and_the_old_pack_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pack"
    with PackPart(target) as part:
        part.commit(spec_of(old=write_graph(part, "old", "key")))

    def full(self: PartFile, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with PackPart(target) as part:
        write_graph(part, "first", "key")
        monkeypatch.setattr(PartFile, "write", full)
        with pytest.raises(OutputError, match="No space left") as caught:
            write_graph(part, "second", "key")
    assert "disk is full" in caught.value.hint
    assert "goes on" in caught.value.hint
    assert sorted(path.name for path in target.iterdir()) == ["old.onnx", "pack.json"]
    names = {path.name for path in (tmp_path / ".pack.part").iterdir()}
    assert names == {"first.onnx", ".journal.json"}


def test_too_little_room_is_seen_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(9, 9, 3 * 10**9))
    with PackPart(tmp_path / "pack") as part:
        part.require(2 * 10**9)
        with pytest.raises(OutputError, match=r"needs about 4\.0 GB and 3\.0 GB are free"):
            part.require(4 * 10**9)
    with PackPart(tmp_path / "pack.descant") as part, pytest.raises(OutputError, match=r"4\.0 GB"):
        part.require(2 * 10**9)  # twice: the folder, and the archive made of it


def test_the_archive_is_the_same_every_time_and_replaces_the_old(tmp_path: Path) -> None:
    target = tmp_path / "pack.descant"
    contents = []
    for _ in range(2):
        with PackPart(target) as part:
            spec = spec_of(first=write_graph(part, "first", "key"))
            with part.create("stray.bin") as file:
                file.write(b"of another run")
            part.commit(spec)
        contents.append(target.read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == ["first.onnx", "pack.json"]
        assert archive.read("first.onnx") == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["pack.descant"]


def test_hash_and_size_are_those_of_what_was_written(tmp_path: Path) -> None:
    with PackPart(tmp_path / "pack") as part:
        with part.create("a.bin") as file:
            file.write(b"ab")
            file.write(memoryview(b"c"))
        assert file.spec == FileSpec(
            "a.bin", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3
        )
