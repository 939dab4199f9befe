"""The same batch on a Ray cluster of two workers on this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from descant.runtime.batch.manifest import FILE_NAME
from descant.runtime.batch.on_ray import ALONE, LOCAL, QUIET, connect, load_ray
from descant.runtime.batch.session import run_batch
from descant.runtime.errors import BackendError


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Start a cluster of two processors on this machine, and shut it down afterwards."""
    if find_spec("ray") is None:  # not imported yet: what it does has to be said before
        pytest.skip("ray is not installed; it is an extra")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**QUIET, **ALONE}.items():
            patch.setenv(name, value)
        module = load_ray(LOCAL)
        connect(module, LOCAL, 2)
        yield module
        module.shutdown()


@pytest.mark.slow
def test_a_batch_on_two_workers(ray: Any, tiny_pack: Path, tmp_path: Path) -> None:
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    (tmp_path / "bad.mid").write_bytes(b"no music")
    csv = tmp_path / "prompts.csv"
    csv.write_text(
        "name,prompt,seconds,steps,melody\na,calm,1,1,\nb,calm,1,1,bad.mid\nc,loud,1,1,\n"
    )
    given: dict[str, Any] = {"pack": tiny_pack, "device": "cpu", "threads": 1}
    there = run_batch(csv, tmp_path / "there", workers=2, ray=LOCAL, **given)
    here = run_batch(csv, tmp_path / "here", workers=1, **given)
    assert (there.made, here.made) == (2, 2)
    assert [failure.name for failure in there.failures] == ["b"]
    assert there.failures[0].error == here.failures[0].error
    for name in ("a.wav", "c.wav"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    told = [json.loads(line) for line in (there.manifest).read_text().splitlines()]
    assert sorted(entry["name"] for entry in told) == ["a", "b", "c"]
    assert sorted(p.name for p in (tmp_path / "there").iterdir()) == ["a.wav", "c.wav", FILE_NAME]
    again = run_batch(csv, tmp_path / "there", workers=2, ray=LOCAL, **given)
    assert (again.made, again.skipped) == (0, 2)
    assert ray.is_initialized()


def test_without_ray(tiny_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.csv").write_text("prompt\ncalm\n")
    with pytest.raises(BackendError, match="Ray is not") as refused:
        run_batch(tmp_path / "a.csv", tmp_path / "out", pack=tiny_pack, ray="local")
    assert "pip install" in refused.value.hint
