"""What tests of the Triton kernels share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.fixture
def interpreted_bf16_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Triton's interpreter multiply bf16 matrices; it keeps their bits and multiplies those.

    Seen in Triton 3.7 and 3.9. Compiled kernels are not concerned.
    """
    interpreter = pytest.importorskip("triton.runtime.interpreter", reason="no Triton")
    language = pytest.importorskip("triton.language", reason="no Triton")
    builder = interpreter.interpreter_builder
    multiply = builder.create_dot

    def widened(handle: Any) -> Any:
        if handle.dtype.scalar != language.bfloat16 or handle.data.dtype != np.uint16:
            return handle
        bits = handle.data.astype(np.uint32) << 16
        return interpreter.TensorHandle(bits.view(np.float32), language.float32)

    def create_dot(left: Any, right: Any, *rest: Any) -> Any:
        return multiply(widened(left), widened(right), *rest)

    monkeypatch.setattr(builder, "create_dot", create_dot)
