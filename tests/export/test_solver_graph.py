"""The graph that the runtime ships is the one that is written."""

from __future__ import annotations

import onnx

from descant.export.solver_graph import PATH, solver_model
from descant.runtime.onnx_guard import check_onnx
from descant.runtime.solver_graph import solver_graph


def test_up_to_date() -> None:
    made = solver_model()
    onnx.checker.check_model(made, full_check=True)
    written = onnx.load_from_string(PATH.read_bytes())
    assert made == written, "run: python -m descant.export.solver_graph"
    assert solver_graph() == PATH.read_bytes()


def test_small_and_plain() -> None:
    check_onnx(solver_graph())
    assert len(solver_graph()) < 4096
