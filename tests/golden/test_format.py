"""The vectors themselves, and the judge."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path

import numpy as np
import pytest

from tests.golden.golden_format import golden_tensor
from tests.golden.harness import (
    DATA,
    Case,
    arrays,
    check,
    checksum,
    compare,
    load_manifest,
    weights,
)


def test_weights_are_those_that_the_outputs_were_made_with(manifest: dict[str, Case]) -> None:
    for case in manifest.values():
        if case.weights_check is None:
            continue
        made = checksum(weights(case))
        assert made["values"] == case.weights_check["values"], case
        # Another platform may differ in the last digit of a few values; the sums then tell.
        if made["sha256"] != case.weights_check["sha256"]:
            assert math.isclose(made["sum"], case.weights_check["sum"], rel_tol=1e-6), case
            assert math.isclose(made["abs_sum"], case.weights_check["abs_sum"], rel_tol=1e-6), case


def test_arrays_are_as_the_manifest_says(manifest: dict[str, Case]) -> None:
    for case in manifest.values():
        if not case.file.endswith(".npz"):
            continue
        stored = arrays(case)
        facts = {**case.inputs, **case.outputs}
        assert stored.keys() == facts.keys(), case
        for name, values in stored.items():
            assert values.shape == facts[name].shape, (case, name)
            assert str(values.dtype) == facts[name].dtype, (case, name)
            assert np.isfinite(values).all(), (case, name)


def test_every_component_is_tested(manifest: dict[str, Case]) -> None:
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    marks = re.findall(r"mark\.golden\(([^)]*)\)", "".join(tests))
    tested = set(re.findall(r'"(\w+)"', " ".join(marks)))
    assert {case.component for case in manifest.values()} <= tested


def test_a_kept_tensor_is_not_drawn() -> None:
    with pytest.raises(KeyError, match="true value"):
        golden_tensor("layers.0.attn_mask", (64, 64, 64))
    with pytest.raises(KeyError, match="no rule"):
        golden_tensor("gain", (3,))


def test_the_salt_changes_every_drawn_tensor() -> None:
    plain, salted = (golden_tensor("conv.weight", (4, 2, 3), salt) for salt in ("", "pepper"))
    assert not np.isclose(plain, salted).any()


@pytest.fixture
def small_case() -> Case:
    """Return an entry with one small output."""
    case = load_manifest(DATA)["clmp_text"]
    return dataclasses.replace(case, outputs={"embedding": case.outputs["embedding"]})


def test_only_close_outputs_pass(small_case: Case) -> None:
    (name, facts), stored = next(iter(small_case.outputs.items())), arrays(small_case)
    right = stored[name].astype(np.float64)
    check(small_case, {name: right})
    near = right + 0.9 * facts.atol
    check(small_case, {name: near})
    for wrong in (right + 1.1 * facts.atol + 1.1 * facts.rtol * np.abs(right), right * np.nan):
        with pytest.raises(AssertionError, match=name):
            check(small_case, {name: wrong})


def test_a_missing_or_misshapen_output_does_not_pass(small_case: Case) -> None:
    name = next(iter(small_case.outputs))
    with pytest.raises(AssertionError, match="no output"):
        check(small_case, {})
    with pytest.raises(AssertionError, match="not"):
        check(small_case, {name: arrays(small_case)[name][..., None]})
    with pytest.raises(KeyError):
        compare(small_case, {"nothing": np.zeros(1)})
