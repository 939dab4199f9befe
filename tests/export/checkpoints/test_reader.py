"""Checkpoint files: what is read, what is refused, and that nothing in a file is executed."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from descant.export.checkpoints.errors import (
    CheckpointError,
    UnknownCheckpointError,
    UnreadableCheckpointError,
    UnsafeCheckpointError,
)
from descant.export.checkpoints.imported import import_checkpoint
from descant.export.checkpoints.reader import read_tensors

pytestmark = pytest.mark.torch
WEIGHTS = {"a.weight": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(7)}


class Call:
    """Calls a function when it is unpickled by a reader that trusts its input."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.function, self.arguments


def saved(path: Path, content: object = None, **options: Any) -> Path:
    torch.save(WEIGHTS if content is None else content, path, **options)
    return path


@pytest.mark.parametrize("key", ["state_dict", "generator", None])
def test_weights_are_found_where_programs_put_them(tmp_path: Path, key: str | None) -> None:
    content = {key: WEIGHTS, "epoch": 3} if key else WEIGHTS
    found = read_tensors(saved(tmp_path / "a.ckpt", content))
    assert list(found) == list(WEIGHTS)
    for name, tensor in WEIGHTS.items():
        torch.testing.assert_close(found[name], tensor, rtol=0, atol=0)


def test_tensors_are_private_views_of_the_file(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt")
    before = path.read_bytes()
    read_tensors(path)["a.weight"].zero_()
    assert path.read_bytes() == before


def test_numbers_of_an_optimizer_from_numpy_are_passed_over(tmp_path: Path) -> None:
    groups = [{"lr": np.float64(1e-4), "betas": (0.9, 0.999), "step": np.int64(3)}]
    content = {"state_dict": WEIGHTS, "optimizer": {"param_groups": groups}}
    assert list(read_tensors(saved(tmp_path / "a.pt", content))) == list(WEIGHTS)


@pytest.mark.parametrize("place", ["weights", "beside", "instead", "as a key", "in a number"])
@pytest.mark.parametrize("via", ["open", "os.system", "eval", "os.mkdir"])
def test_a_pickle_that_would_create_a_file_creates_none(
    tmp_path: Path, place: str, via: str
) -> None:
    victim = tmp_path / "victim"
    call = {
        "open": Call(open, str(victim), "w"),
        "os.system": Call(os.system, f"touch '{victim}'"),
        "eval": Call(eval, f"open({str(victim)!r}, 'w')"),
        "os.mkdir": Call(os.mkdir, str(victim)),
    }[via]
    content: Any = {
        "weights": {"state_dict": WEIGHTS | {"c": call}},
        "beside": {"state_dict": WEIGHTS, "hyper_parameters": call},
        "instead": call,
        "as a key": {"state_dict": WEIGHTS, call: 1},
        "in a number": {"state_dict": WEIGHTS, "lr": Call(np.dtype, call)},
    }[place]
    path = saved(tmp_path / "a.ckpt", content)
    with pytest.raises(UnsafeCheckpointError, match="nothing was executed") as caught:
        import_checkpoint(path)
    assert "weights_only=False" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]
    # The trap works: a reader that trusts the file runs it, whatever it makes of the result.
    with contextlib.suppress(TypeError):
        torch.load(path, weights_only=False)
    assert victim.exists()


def test_a_bare_pickle_is_not_even_opened_as_one(tmp_path: Path) -> None:
    path, victim = tmp_path / "a.ckpt", tmp_path / "victim"
    path.write_bytes(pickle.dumps(Call(os.mkdir, str(victim))))
    with pytest.raises(UnreadableCheckpointError, match="no PyTorch checkpoint"):
        import_checkpoint(path)
    assert not victim.exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_told(tmp_path: Path, share: float) -> None:
    path = saved(tmp_path / "a.ckpt", {"state_dict": {"a": torch.randn(5000)}})
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    expected = "cut off" if share else "no PyTorch checkpoint"
    with pytest.raises(UnreadableCheckpointError, match=expected) as caught:
        import_checkpoint(path)
    assert "again" in caught.value.hint


def zipped(**records: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in records.items():
            archive.writestr(f"archive/{name}", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zipped(text=b"hello"), "a zip file, but no checkpoint"),
        (zipped(**{"data.pkl": b"", "constants.pkl": b""}), "a zip file, but no checkpoint"),
        (zipped(**{"data.pkl": b""}), "damaged"),
        (zipped(**{"data.pkl": b"\x80\x02}q\x00."}), "damaged"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b"<!DOCTYPE html><title>404</title>", "no PyTorch checkpoint"),
        (b"\x08\0\0\0\0\0\0\0{}      ", "no PyTorch checkpoint"),
    ],
    ids=["zip", "script", "empty-pickle", "no-version", "lfs", "html", "safetensors"],
)
def test_other_files_are_told_for_what_they_are(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.ckpt"
    path.write_bytes(content)
    with pytest.raises(UnreadableCheckpointError, match=told):
        import_checkpoint(path)


def test_the_format_before_torch_1_6_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt", _use_new_zipfile_serialization=False)
    with pytest.raises(UnreadableCheckpointError, match=r"before PyTorch 1\.6"):
        import_checkpoint(path)


def test_a_torchscript_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(zipped(**{"data.pkl": b"", "constants.pkl": b"", "code/x.py": b""}))
    with pytest.raises(UnreadableCheckpointError, match="no checkpoint"):
        import_checkpoint(path)


def test_a_checkpoint_packed_again_is_told(tmp_path: Path) -> None:
    path, again = saved(tmp_path / "a.ckpt"), tmp_path / "b.ckpt"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(UnreadableCheckpointError, match="compressed"):
        import_checkpoint(again)


@pytest.mark.parametrize("lost", ["data/0", "data/1"])
def test_a_lost_record_is_told(tmp_path: Path, lost: str) -> None:
    path, again = saved(tmp_path / "a.ckpt"), tmp_path / "b.ckpt"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            if not name.endswith(lost):
                new.writestr(name, old.read(name))
    with pytest.raises(UnreadableCheckpointError, match="damaged"):
        import_checkpoint(again)


@pytest.mark.parametrize("content", [{"epoch": 1}, {"state_dict": {}}, [1, 2], {1: WEIGHTS["b"]}])
def test_a_file_without_named_tensors_is_told(tmp_path: Path, content: object) -> None:
    with pytest.raises(UnknownCheckpointError, match="no named tensors"):
        import_checkpoint(saved(tmp_path / "a.ckpt", content))


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCheckpointError, match="No such file"):
        import_checkpoint(tmp_path / "none.ckpt")
    with pytest.raises(UnreadableCheckpointError, match=r"model_index\.json"):
        import_checkpoint(tmp_path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damage_anywhere_ends_in_a_typed_error_or_in_tensors(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = saved(tmp_path / "a.ckpt", {"state_dict": WEIGHTS, "lr": 0.1})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(CheckpointError):
        found = read_tensors(path)
        assert all(isinstance(tensor, torch.Tensor) for tensor in found.values())
