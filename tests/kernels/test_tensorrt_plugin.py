"""The TensorRT plug-in: what is compiled for it, what is registered, and what is said without it.

TensorRT itself is played by a stand-in here: its libraries are not on PyPI and need a GPU.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from descant.kernels import plugin_support

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

from descant.kernels.fast import tensorrt_plugin
from descant.kernels.fast.ptx import Compiled

pytestmark = pytest.mark.torch

COMPILE = """
import json, pathlib, subprocess, sys, triton
from descant.kernels.fast.tensorrt_plugin import compile_plugin
made = compile_plugin("fp16", 64, 86)
path = pathlib.Path(sys.argv[1])
path.write_text(made.ptx)
command = [triton.knobs.nvidia.ptxas.path, "--gpu-name", "sm_86", str(path), "-o", "/dev/null"]
assembled = subprocess.run(command, capture_output=True, text=True)
print(json.dumps({"name": made.name, "errors": assembled.stderr, "stack": made.stack_bytes}))
"""
ENTRY = ".entry k(\n .param .u64 k_param_0,\n .param .u32 k_param_1,\n .param .u64 k_param_2\n)\n{"


def test_the_embedded_kernel_takes_what_tensorrt_gives(tmp_path: Path) -> None:
    file = tmp_path / "kernel.ptx"
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, str(file)],
        capture_output=True, text=True, check=False, env=os.environ | {"TRITON_INTERPRET": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["errors"] == ""
    assert found["stack"] == 0
    entry = file.read_text().split(f".entry {found['name']}(")[1].split(")")[0]
    kinds = [line.split()[1] for line in entry.strip().splitlines()]
    assert kinds == [".u64"] * 6 + [".u32"] * 14 + [".u64"]


def test_parameters_that_only_triton_passes_are_dropped() -> None:
    ptx = tensorrt_plugin.drop_unused_parameters(ENTRY + "ld [k_param_0];", "k", 2)
    assert "k_param_1" in ptx
    assert "k_param_2" not in ptx
    with pytest.raises(RuntimeError, match="reads its parameter 2"):
        tensorrt_plugin.drop_unused_parameters(ENTRY + "ld [k_param_2];", "k", 2)
    with pytest.raises(RuntimeError, match="expected 4"):
        tensorrt_plugin.drop_unused_parameters(ENTRY, "k", 4)


class Size(int):
    """Stands for a symbolic size of TensorRT."""

    def __mul__(self, other: int) -> Size:
        return Size(int(self) * other)

    def constant_value(self) -> int:
        return int(self)


class IntList(list[Any]):
    """Stands for TensorRT's list of a kernel's numbers, made with its length."""

    def __init__(self, count: int) -> None:
        super().__init__([None] * count)


def stand_in() -> tuple[ModuleType, dict[str, Any]]:
    """Return something like ``tensorrt.plugin`` and what is registered with it."""
    found: dict[str, Any] = {}
    module = ModuleType("tensorrt.plugin")

    def keeper(kind: str) -> Any:
        return lambda name: lambda function: found.update({kind: (name, function)})

    vars(module).update(
        register=keeper("register"),
        aot_impl=keeper("aot_impl"),
        cdiv=lambda size, block: -(-size // block),
        TensorDesc=SimpleNamespace,
        KernelLaunchParams=SimpleNamespace,
        SymInt32=int,
        SymIntExprs=IntList,
    )
    return module, found


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Register with the stand-in, with a compiler that only notes what it was asked for."""
    module, found = stand_in()
    monkeypatch.setattr(tensorrt_plugin, "plugin_support", lambda: (True, ""))
    monkeypatch.setitem(sys.modules, "tensorrt", ModuleType("tensorrt"))
    monkeypatch.setitem(sys.modules, "tensorrt.plugin", module)

    def compiled(dtype: str, width: int, capability: int) -> Compiled:
        found["asked"] = (dtype, width, capability)
        return Compiled("k", "ptx", 8, 57344, 168, 0)

    monkeypatch.setattr(tensorrt_plugin, "compile_plugin", compiled)
    register = tensorrt_plugin.register.__wrapped__
    assert register(90) == (True, "registered as descant::SynapseAttention")
    return found


def test_registration_tells_shapes_and_launch(plugin: dict[str, Any]) -> None:
    name, describe = plugin["register"]
    assert name == plugin["aot_impl"][0] == "descant::SynapseAttention"
    hints = inspect.signature(describe)
    assert all(p.annotation is SimpleNamespace for p in hints.parameters.values())

    dtype = SimpleNamespace(name="HALF")
    query, key = (
        SimpleNamespace(
            shape_expr=tuple(map(Size, shape)), dtype=dtype, like=lambda: "as the query"
        )
        for shape in ((2, 20, 256, 64), (2, 20, 77, 64))
    )
    weight = SimpleNamespace(shape_expr=(Size(1),))
    assert describe(query, key, key, key, key, weight) == "as the query"
    entry, ptx, launch, numbers = plugin["aot_impl"][1](query, key, key, key, key, weight, [], 0)
    assert plugin["asked"] == ("fp16", 64, 90)
    assert (entry, ptx) == ("k", "ptx")
    assert vars(launch) == {
        "grid_x": 2, "grid_y": 20, "grid_z": 2, "block_x": 256, "shared_mem": 57344
    }  # fmt: skip
    of_query, of_source = [20 * 256 * 64, 256 * 64, 64], [20 * 77 * 64, 77 * 64, 64]
    assert numbers == [256, 77, *of_query, *of_source, *of_source, *of_query]


def test_without_tensorrt_the_body_is_used_and_the_reason_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    specs: dict[str, Any] = {}
    monkeypatch.setattr(importlib.util, "find_spec", specs.get)
    usable, reason = plugin_support.plugin_support()
    assert not usable
    assert "tensorrt is not installed" in reason
    assert "ONNX function's body" in reason
    for name in plugin_support.NEEDED:
        specs[name] = importlib.machinery.ModuleSpec(name, None, is_package=True)
    specs["tensorrt"].submodule_search_locations.append(str(tmp_path))
    assert "no plug-in module" in plugin_support.plugin_support()[1]
    (tmp_path / "plugin").mkdir()
    assert plugin_support.plugin_support()[0]


def test_a_tensorrt_that_does_not_load_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    register = tensorrt_plugin.register.__wrapped__
    monkeypatch.setattr(tensorrt_plugin, "plugin_support", lambda: (False, "not installed"))
    assert register() == (False, "not installed")
    monkeypatch.setattr(tensorrt_plugin, "plugin_support", lambda: (True, ""))
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    usable, reason = register()
    assert not usable
    assert "cannot be loaded" in reason
    monkeypatch.setitem(sys.modules, "tensorrt", ModuleType("tensorrt"))
    monkeypatch.setitem(sys.modules, "tensorrt.plugin", ModuleType("tensorrt.plugin"))
    assert "no compiled plug-ins" in register()[1]
