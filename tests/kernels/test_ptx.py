"""Every kernel compiles for every target without a GPU, and none spills registers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

from descant.kernels.fast.ptx import DTYPE_BYTES, WIDTHS

pytestmark = pytest.mark.torch

SHARED_BYTES = {86: 101376, 89: 101376, 90: 232448, 120: 101376}
"""What a block may take (CUDA C++ Programming Guide, compute capabilities)."""
SYNAPSE, OTHERS = 3, 7
"""Forward and two backward kernels; the step, and the norm for three sizes in two layouts."""


def compiled(*words: str) -> list[dict[str, Any]]:
    """Compile in a process of its own: this one's Triton interprets."""
    command = [sys.executable, "-W", "error", "-m", "descant.kernels.fast", "--json", *words]
    environment = os.environ | {"TRITON_INTERPRET": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    spilled = [facts for facts in found if facts["stack_bytes"]]
    assert (done.returncode, spilled) == (0, []), done.stderr
    return found


def check(found: dict[str, Any]) -> None:
    capability = found["sm"]
    # Hopper and Blackwell have instructions of their generation alone, marked by an "a"
    assert found["target"] in (f"sm_{capability}", f"sm_{capability}a")
    assert found["entry"]
    assert found["ptx_bytes"] > 1000
    assert 0 < found["registers"] <= 255
    assert found["tensor_cores"] == ("D=" in found["build"])
    # heads of 40 and channels side by side have rows that no wide load fits
    assert found["wide_loads"] or "D=40" in found["build"] or "channels-last" in found["build"]
    assert found["shared_bytes"] <= SHARED_BYTES[capability]


def test_melfusions_heads_on_every_target() -> None:
    found = compiled("--dtypes", "fp16", "--widths", "64")
    assert len(found) == (SYNAPSE + OTHERS) * len(SHARED_BYTES)
    assert {f["sm"] for f in found} == set(SHARED_BYTES)
    for facts in found:
        check(facts)


@pytest.mark.slow
def test_every_dtype_and_width_on_every_target() -> None:
    found = compiled()
    assert len(found) == len(DTYPE_BYTES) * (SYNAPSE * len(WIDTHS) + OTHERS) * len(SHARED_BYTES)
    for facts in found:
        check(facts)


def test_interpreted_kernels_are_not_compiled() -> None:
    code = "from descant.kernels.fast.ptx import *; compile_build(synapse_build('fp16', 64), 86)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False, env=os.environ | {"TRITON_INTERPRET": "1"},
    )  # fmt: skip
    assert "TRITON_INTERPRET is set" in done.stderr
