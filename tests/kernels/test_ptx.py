"""Every kernel compiles for every target without a GPU, and none spills registers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

pytestmark = pytest.mark.torch

SHARED_BYTES = {86: 101376, 89: 101376, 90: 232448, 120: 101376}
"""What a block may take (CUDA C++ Programming Guide, compute capabilities)."""
KERNELS = 6
"""Forward, two backward, step, and the norm in two layouts."""


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
    assert found["shared_bytes"] <= SHARED_BYTES[capability]


def test_melfusions_heads_on_every_target() -> None:
    found = compiled("--dtypes", "fp16", "--widths", "64")
    assert len(found) == KERNELS * len(SHARED_BYTES)
    assert {f["sm"] for f in found} == set(SHARED_BYTES)
    for facts in found:
        check(facts)


@pytest.mark.slow
def test_every_dtype_and_width_on_every_target() -> None:
    found = compiled()
    assert len(found) == 3 * (3 * 5 + 3) * len(SHARED_BYTES)
    for facts in found:
        check(facts)


def test_interpreted_kernels_are_not_compiled() -> None:
    code = "from descant.kernels.fast.ptx import *; compile_build(synapse_build('fp16', 64), 86)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False, env=os.environ | {"TRITON_INTERPRET": "1"},
    )  # fmt: skip
    assert "TRITON_INTERPRET is set" in done.stderr
