"""Packs come and go whole: what is hostile or damaged changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from descant.runtime.cli import main
from descant.runtime.errors import (
    GenerationCancelled,
    OutputError,
    PackError,
    PackFormatError,
    PackIntegrityError,
    PackNotFoundError,
)
from descant.runtime.pack import open_pack
from descant.runtime.pack_store import PackStore
from descant.runtime.pack_summary import abilities
from tests.runtime.cli_helpers import Capture, refused


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path / "store")


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack that may be changed."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "given"))


def zipped(pack: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(pack.iterdir()):
            archive.write(file, file.name)
    return target


def edit(pack: Path, **values: object) -> None:
    manifest = json.loads((pack / "pack.json").read_text())
    (pack / "pack.json").write_text(json.dumps({**manifest, **values}))


def content(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("kind", ["file", "folder", "manifest"])
def test_installed_packs_open_by_name(
    kind: str, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("descant.runtime.pack_source.packs_folder", lambda: tmp_path / "store")
    given = zipped(pack, tmp_path / "p.descant") if kind == "file" else pack
    (pack / "notes.txt").write_text("not in the manifest")
    shares: list[float] = []
    store = PackStore(tmp_path / "store")
    made = store.install(given / "pack.json" if kind == "manifest" else given, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert made in store.packs()
    assert not made.is_built_in
    with open_pack(made.name) as opened, open_pack(given) as source:
        assert opened.path == made.path
        assert opened.sha256 == source.sha256
        assert made.summary is not None
        assert made.summary.size_bytes == source.size_bytes
    assert not list(tmp_path.rglob("*.part")) + list((tmp_path / "store").rglob("notes.txt"))


def test_the_same_pack_twice_is_one(store: PackStore, pack: Path, tmp_path: Path) -> None:
    first = store.install(pack)
    assert store.install(zipped(pack, tmp_path / "again.descant")) == first
    edit(pack, version="9.9")
    second = store.install(pack)
    assert second.name == f"{first.name}-9.9"
    edit(pack, licence="another")
    with pytest.raises(PackError, match="another pack is installed"):
        store.install(pack)


@pytest.mark.parametrize("name", ["starter", "engines", "NUL", "../../x", "..", "a/b\\c:d", "…"])
def test_a_name_never_leads_out_of_the_folder(name: str, store: PackStore, pack: Path) -> None:
    edit(pack, id=name)
    made = store.install(pack)
    assert made.path.parent == store.folder
    assert made.name.lower() not in {"starter", "engines", "nul"}
    assert store.install(pack) == made


def test_damaged_and_hostile_packs_change_nothing(
    store: PackStore, pack: Path, tmp_path: Path
) -> None:
    store.install(pack)
    before = content(store.folder)
    edit(pack, version="2")
    vocoder = pack / "vocoder.onnx"
    vocoder.write_bytes(vocoder.read_bytes()[:-1] + b"\0")
    cut = tmp_path / "cut.descant"
    cut.write_bytes(zipped(pack, tmp_path / "whole.descant").read_bytes()[:3000])
    linked = Path(shutil.copytree(pack, tmp_path / "linked"))
    (linked / "vocoder.onnx").unlink()
    (linked / "vocoder.onnx").symlink_to("/etc/passwd")
    for given, error in (
        (pack, PackIntegrityError),
        (tmp_path / "whole.descant", PackIntegrityError),
        (cut, PackFormatError),
        (linked, PackFormatError),
        (tmp_path / "nowhere", PackNotFoundError),
    ):
        with pytest.raises(error) as refusal:
            store.install(given)
        assert refusal.value.hint
        assert content(store.folder) == before


def test_stopped_in_the_middle_nothing_is_left(store: PackStore, pack: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.7:
            raise GenerationCancelled("stopped")

    with pytest.raises(GenerationCancelled):
        store.install(pack, stop)
    assert content(store.folder) == []


def test_no_room_is_said_before_the_work(
    store: PackStore, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 1000))
    with pytest.raises(OutputError, match="are free") as refusal:
        store.install(pack)
    assert refusal.value.hint
    assert content(store.folder) == []


def test_removed_packs_come_back_or_go_for_good(store: PackStore, pack: Path) -> None:
    made = store.install(pack)
    engines = store.folder / "engines" / made.name
    engines.mkdir(parents=True)
    removed = store.remove(made)
    assert made not in store.packs()
    assert store.restore(removed) == made
    assert made in store.packs()
    with pytest.raises(PackError, match="can't come back"):
        store.restore(removed)
    store.purge(store.remove(made))
    assert content(store.folder) == [".removed", "engines"]
    with pytest.raises(PackError, match="deleted"):
        store.restore(removed)


def test_packs_that_came_with_descant_stay(store: PackStore) -> None:
    with pytest.raises(PackError, match="stays"):
        store.remove(store.packs()[0])


def test_a_broken_pack_is_listed_with_its_reason(store: PackStore, pack: Path) -> None:
    made = store.install(pack)
    (made.path / "vocoder.onnx").unlink()
    found = store.packs()[-1]
    assert found.summary is None
    assert "vocoder.onnx" in found.error
    assert found.hint
    store.remove(found)
    assert found not in store.packs()


def test_halves_of_killed_installations_are_swept(store: PackStore, pack: Path) -> None:
    store.install(pack)
    (store.folder / ".removed").mkdir()
    old, young = store.folder / ".old.descant.1.part", store.folder / ".young.descant.1.part"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    store.purge()
    assert young.exists()
    assert not old.exists()


def test_what_packs_can_do(tiny_pack: Path, blind_pack: Path, tiny_mg2: Path) -> None:
    found = {}
    for path in (tiny_pack, blind_pack, tiny_mg2):
        with open_pack(path) as pack:
            found[path] = set(abilities(pack.spec))
    assert found[tiny_pack] - found[blind_pack] >= {"pictures", "humming"}
    assert "notes" in found[tiny_pack] - found[tiny_mg2]
    assert found[tiny_mg2] >= {"words", "story", "melody", "edit"}


def test_the_commands(pack: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = ["--folder", str(tmp_path / "store")]
    assert main(["packs", "install", str(pack), *folder, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["packs", "list", *folder]) == 0
    assert f"\n{made['installed_as']} " in capsys.readouterr().out
    assert main(["packs", "remove", made["installed_as"], *folder]) == 0
    assert not Path(made["path"]).exists()
    capsys.readouterr()
    refused(capsys, ["packs", "remove", made["installed_as"], *folder], "is installed")
    refused(capsys, ["packs", "remove", "starter", *folder], "stays")
    refused(capsys, ["packs", "install", str(tmp_path / "no"), *folder], "no")
