"""The same batch on a Ray cluster of two workers on this machine."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.runtime.batch.manifest import FILE_NAME
from descant.runtime.batch.session import run_batch
from descant.runtime.errors import BackendError


@pytest.fixture(scope="module")
def ray(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start Ray on the loopback, telling nobody, and shut it down afterwards."""
    pytest.importorskip("ray", reason="ray is not installed; it is an extra")
    import ray

    ray.init(
        address="local", num_cpus=2, _node_ip_address="127.0.0.1", include_dashboard=False,
        log_to_driver=False, logging_level=logging.ERROR,
    )  # fmt: skip
    yield ray
    ray.shutdown()


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    """Say before Ray is loaded that it is to report nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield patch


@pytest.mark.slow
def test_a_batch_on_two_workers(ray: Any, tiny_pack: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.mid").write_bytes(b"no music")
    csv = tmp_path / "prompts.csv"
    csv.write_text(
        "name,prompt,seconds,steps,melody\na,calm,1,1,\nb,calm,1,1,bad.mid\nc,loud,1,1,\n"
    )
    given: dict[str, Any] = {"pack": tiny_pack, "device": "cpu", "threads": 1}
    there = run_batch(csv, tmp_path / "there", workers=2, ray="auto", **given)
    here = run_batch(csv, tmp_path / "here", workers=1, **given)
    assert (there.made, here.made) == (2, 2)
    assert [failure.name for failure in there.failures] == ["b"]
    assert there.failures[0].error == here.failures[0].error
    for name in ("a.wav", "c.wav"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    told = [json.loads(line) for line in (there.manifest).read_text().splitlines()]
    assert sorted(entry["name"] for entry in told) == ["a", "b", "c"]
    assert sorted(p.name for p in (tmp_path / "there").iterdir()) == ["a.wav", "c.wav", FILE_NAME]
    again = run_batch(csv, tmp_path / "there", workers=2, ray="auto", **given)
    assert (again.made, again.skipped) == (0, 2)
    assert ray.is_initialized()


def test_without_ray(tiny_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.csv").write_text("prompt\ncalm\n")
    with pytest.raises(BackendError, match="Ray") as refused:
        run_batch(tmp_path / "a.csv", tmp_path / "out", pack=tiny_pack, ray="local")
    assert "pip install" in refused.value.hint
