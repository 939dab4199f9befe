"""What an import drags in, looked at in a fresh interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "PySide6",
    "av",
    "descant.desktop",
    "descant.export",
    "descant.kernels.fast",
    "descant.models.nets",
    "descant.models.synthset",
    "descant.models.training",
    "librosa",
    "matplotlib",
    "onnx",
    "onnxscript",
    "pyqtgraph",
    "ray",
    "scipy",
    "sklearn",
    "tinysoundfont",
    "torch",
    "transformers",
    "triton",
}

PROBE = """
import json, sys
events = []
sys.addaudithook(lambda event, args: events.append(event) if event.startswith("socket.") else None)
{statement}
print(json.dumps({{"modules": sorted(sys.modules), "sockets": events}}))
"""


def probe(statement: str) -> tuple[set[str], list[str]]:
    """Return the modules loaded and the socket events seen after a statement."""
    code = PROBE.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return set(found["modules"]), found["sockets"]


@pytest.mark.parametrize(
    "module",
    [
        "descant.runtime",
        "descant.runtime.cli",
        "descant.runtime.engine",
        "descant.runtime.batch.on_ray",
        "descant.runtime.batch.session",
        "descant.runtime.bench.session",
        "descant.runtime.bench.page",
        "descant.models",
        "descant.models.spec",
        "descant.models.theory.harmonise",
        "descant.models.theory.words",
        "descant.kernels.excitation",
        "descant.kernels.groupnorm_silu",
        "descant.kernels.guided_step",
        "descant.kernels.plugin_support",
        "descant.kernels.stft",
        "descant.kernels.synapse_attention",
    ],
)
def test_import_is_light_and_offline(module: str) -> None:
    modules, sockets = probe(f"import {module}")
    assert module in modules
    assert not modules & HEAVY
    assert not sockets


def test_spec_needs_the_standard_library_only() -> None:
    modules, _ = probe("import descant.models.spec")
    assert "numpy" not in modules
    assert "onnxruntime" not in modules


def test_public_names_are_light_too() -> None:
    # They are resolved on use, so the bare import above proves little about them.
    modules, sockets = probe("from descant.runtime import *")
    assert "descant.runtime.engine" in modules
    assert not modules & HEAVY
    assert not sockets


def test_libraries_wait_until_a_pack_is_opened() -> None:
    # ONNX Runtime and FAISS take most of the start; a game imports the names first.
    modules, _ = probe("import descant.runtime")
    assert "onnxruntime" not in modules
    assert "faiss" not in modules


def test_no_library_keeps_a_record_of_what_is_done(tiny_pack: Path, tmp_path: Path) -> None:
    # ONNX Runtime's reports to its maker begin with a file; the connection follows a minute later.
    code = (
        "from descant.runtime import Engine, Request\n"
        f"with Engine.open({str(tiny_pack)!r}, 'cpu', 1) as engine:\n"
        "    engine.generate(Request(prompt='calm', seconds=1))\n"
    )
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    subprocess.run([sys.executable, "-c", code], env={**kept, **home}, check=True, timeout=60)
    assert not list(tmp_path.rglob("*onnxruntime*"))
