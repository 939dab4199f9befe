"""What a user may give to ``descant export import``, and what is said when it does not fit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; it reads checkpoints")

from descant.export import ldm_pack  # noqa: E402
from descant.export.errors import ExportInputError  # noqa: E402
from descant.export.import_paths import ImportPaths, role_of, sort_paths  # noqa: E402
from descant.export.ldm_pack import ExportedPack  # noqa: E402
from descant.export.network_run import PackOptions  # noqa: E402
from descant.models.spec import FileSpec, GraphSpec, ParitySpec  # noqa: E402
from descant.runtime.cli import console, main  # noqa: E402
from descant.runtime.vector_index import VectorIndex  # noqa: E402
from tests.export.checkpoints.reduced import save  # noqa: E402
from tests.export.small_models import (  # noqa: E402
    MELODIES,
    melodies,
    state,
    write_melodies,
    write_model,
    write_tokenizer,
)
from tests.export.test_export import pack_spec  # noqa: E402
from tests.runtime.cli_helpers import Capture, refused  # noqa: E402

pytestmark = pytest.mark.torch
CHECKPOINT = "mg2-diffusion-checkpoint.ckpt"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small MG2; not to be changed."""
    return write_model(tmp_path_factory.mktemp("models") / "mg2", "mg2")


@pytest.fixture
def own(model: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder for a test of its own."""
    return Path(shutil.copytree(model, tmp_path / "mg2"))


def everything(folder: Path) -> ImportPaths:
    names = (CHECKPOINT, "vocab.json", "merges.txt", "melody.npy", "melody.faiss")
    return ImportPaths(*(folder / name for name in names))


def test_files_are_told_apart_by_content_in_any_order(own: Path) -> None:
    renamed = {}
    for number, path in enumerate(sorted(own.iterdir())):
        renamed[path.name] = path.rename(own / f"file{number}.bin")
    paths = list(renamed.values())
    names = (CHECKPOINT, "vocab.json", "merges.txt", "melody.npy", "melody.faiss")
    expected = ImportPaths(*(renamed[name] for name in names))
    assert sort_paths(paths) == sort_paths(paths[::-1]) == expected


def test_a_folder_with_published_names(model: Path) -> None:
    assert sort_paths([model]) == everything(model)


def test_a_named_file_wins_over_the_folders(model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.npy"
    np.save(other, melodies(3))
    for paths in ([model, other], [other, model]):
        assert sort_paths(paths).melodies == other


def test_a_folder_of_diffusers_brings_its_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text("{}", encoding="utf-8")
    (tmp_path / "tokenizer").mkdir()
    write_tokenizer(tmp_path / "tokenizer")
    found = sort_paths([tmp_path])
    assert found.checkpoint == tmp_path
    assert found.vocabulary == tmp_path / "tokenizer" / "vocab.json"
    assert found.merges == tmp_path / "tokenizer" / "merges.txt"


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 64, b"RIFF....WAVE", b"IHN", b"one\n", b"\xff\xfe" * 9]
)
def test_what_is_nothing_of_it_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ExportInputError, match="neither a checkpoint") as caught:
        role_of(path)
    assert caught.value.hint


@pytest.mark.parametrize("kind", ["Flat", "HNSW32", "IVF4,Flat", "HNSW32,SQfp16"])
def test_every_kind_of_index_is_known(tmp_path: Path, kind: str) -> None:
    faiss = pytest.importorskip("faiss", reason="faiss is not installed; it writes the index")
    index = faiss.index_factory(16, kind)
    index.train(melodies(40, 16))
    index.add(melodies(40, 16))
    faiss.write_index(index, str(tmp_path / "index"))
    assert role_of(tmp_path / "index") == "index"


def delete(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def other_index(folder: Path, count: int, width: int, seed: int) -> None:
    VectorIndex.build(melodies(count, width, seed)).save(folder / "melody.faiss")


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no vocabulary": (delete("vocab.json"), "vocab.json is missing (Take vocab.json and"),
    "no merges": (delete("merges.txt"), "merges.txt is missing (Take"),
    "no checkpoint": (delete(CHECKPOINT), "no checkpoint among the files (Give a .ckpt"),
    "no melodies": (delete("melody.npy"), "melody.npy is missing (MG2 is published with"),
    "larger vocabulary": (lambda f: write_tokenizer(f, 300), "300 tokens, the text tower 264"),
    "damaged vocabulary": (
        lambda f: (f / "vocab.json").write_text('{"<s>": 0,', "utf-8"), "not JSON",
    ),
    "damaged merges": (
        lambda f: (f / "merges.txt").write_text("#version\nt h e\n", "utf-8"), "line 2",
    ),
    "narrow melodies": (
        lambda f: np.save(f / "melody.npy", melodies(9, 256)), "shape (9, 256), want reals",
    ),
    "melodies of length 2": (
        lambda f: np.save(f / "melody.npy", 2 * melodies(9)), "has length 2, not 1",
    ),
    "pickled melodies": (
        lambda f: np.save(f / "melody.npy", np.array([print], object)), "not readable",
    ),
    "index of another width": (lambda f: other_index(f, MELODIES, 256, 5), "of 256"),
    "index of another count": (lambda f: other_index(f, 39, 512, 5), "got 39 of 512"),
    "index of other melodies": (lambda f: other_index(f, MELODIES, 512, 6), "finds 0%"),
    "damaged index": (
        lambda f: (f / "melody.faiss").write_bytes(b"IHNf\0\2\0\0" + b"\xff" * 90),
        "not readable",
    ),
    "cut checkpoint": (
        lambda f: (f / CHECKPOINT).write_bytes((f / CHECKPOINT).read_bytes()[:9999]), "cut off",
    ),
    "two checkpoints": (
        lambda f: shutil.copy(f / CHECKPOINT, f / "audioldm-s.ckpt"), "are both checkpoints",
    ),
    "a folder without files": (empty, "without files to import"),
    "no folder": (shutil.rmtree, "Check the path"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_one_line_says_what_is_wrong(own: Path, capsys: Capture, case: str) -> None:
    spoil, mention = REFUSED[case]
    spoil(own)
    pack = own.parent / "pack"
    refused(capsys, ["export", "import", str(own), "-o", str(pack)], mention)
    assert [path.name for path in own.parent.iterdir() if path != own] == []


def test_a_part_of_a_model_is_not_enough(own: Path, capsys: Capture) -> None:
    prefix = "first_stage_model."
    vae = {n.removeprefix(prefix): t for n, t in state("mg2").items() if n.startswith(prefix)}
    save(own / CHECKPOINT, vae)
    refused(
        capsys, ["export", "import", str(own), "-o", str(own.parent / "pack")],
        "a vae file is only a part", "diffusion checkpoint",
    )  # fmt: skip


def test_audioldm_takes_no_melodies(tmp_path: Path, capsys: Capture) -> None:
    folder = write_model(tmp_path / "model", "audioldm-s")
    write_melodies(folder, melodies(MELODIES))
    arguments = ["export", "import", str(folder), "-o", str(tmp_path / "pack")]
    refused(capsys, arguments, "AudioLDM searches no melodies")


@pytest.mark.parametrize("name", ["notes.txt", "other.descant", "folder/diary.txt"])
def test_only_a_pack_is_replaced(model: Path, tmp_path: Path, capsys: Capture, name: str) -> None:
    kept = tmp_path / name
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine", encoding="utf-8")
    target = tmp_path / name.partition("/")[0]
    mention = "a folder with other files" if target.is_dir() else "is a file"
    refused(capsys, ["export", "import", str(model), "-o", str(target)], mention)
    assert kept.read_text(encoding="utf-8") == "mine"


def test_a_lean_install_says_what_to_install(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lean(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(console, "import_module", lean)
    assert main(["export", "import", str(tmp_path), "-o", str(tmp_path / "pack")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip().splitlines() == [
        "descant: error: this command needs torch, which is not installed "
        "(pip install 'descant[export]')"
    ]


@pytest.mark.parametrize("json_wanted", [True, False])
def test_what_was_made_is_told(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, json_wanted: bool
) -> None:
    asked: list[object] = []
    parity = ParitySpec(1e-3, 2e-4, 2e-2)
    weights = FileSpec("unet.weights", "0" * 64, 3_000_000_000)
    spec = pack_spec("MG2")
    spec.graphs["unet"] = GraphSpec("unet.onnx", "0" * 64, 5_000_000, {}, {}, parity, weights)

    def made(paths: list[Path], output: Path, options: PackOptions, on_progress: object) -> object:
        asked.extend((paths, output, options))
        return ExportedPack(spec, ("unet",))

    monkeypatch.setattr(ldm_pack, "export_checkpoint", made)
    pack = str(tmp_path / "pack")
    words = ["export", "import", "a", "b", "-o", pack, "--precision", "fp32", "--weights", "raw"]
    assert main([*words, *(["--json"] if json_wanted else [])]) == 0
    assert asked == [[Path("a"), Path("b")], Path(pack), PackOptions("fp32", "cpu", "raw")]
    out, err = capsys.readouterr()
    assert err == ""
    if json_wanted:
        told = json.loads(out)
        assert told["graphs"] == {"unet": {"size_bytes": 3_005_000_000, "relative_error": 2e-4}}
        assert (told["size_bytes"], told["reused"]) == (3_005_000_000, ["unet"])
    else:
        assert out == (
            f"{pack}: MG2, 3.00 GB, 1 graphs, 1 of an interrupted run, largest error 2.0e-04\n"
        )


def test_options_that_are_not_there_are_refused(capsys: Capture) -> None:
    refused(capsys, ["export", "import", "a", "-o", "b", "--precision", "int4"], "fp32")
