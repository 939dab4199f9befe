"""The pack's JSON: round trip, and the path of everything that is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from descant.models.spec import (
    AudioSpec,
    DefaultsSpec,
    FileSpec,
    GraphSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    ParitySpec,
    PipelineSpec,
    ProvenanceSpec,
    TensorSpec,
)
from descant.models.strict_json import from_json, to_json


@pytest.fixture
def spec() -> PackSpec:
    graph = GraphSpec(
        "a.onnx", "0" * 64, 10,
        {"x": TensorSpec("float32", ("B", 4))}, {"y": TensorSpec("int64", ("B",))},
        ParitySpec(0.1, 0.01, 0.02),
    )  # fmt: skip
    return PackSpec(
        1, "id", "name", "1", "MIT", "starter", PipelineSpec(AudioSpec(), LatentSpec()),
        DefaultsSpec(), LimitsSpec(), {"a": graph}, {"f": FileSpec("f", "0" * 64, 1)},
        ProvenanceSpec("data", "cpu", {"vae": {"minutes": 1.0}}),
    )  # fmt: skip


def test_round_trip_through_text(spec: PackSpec) -> None:
    assert from_json(PackSpec, json.loads(json.dumps(to_json(spec)))) == spec


def test_absent_optional_value_is_none(spec: PackSpec) -> None:
    value = to_json(spec)
    value["graphs"]["a"]["parity"] = None
    assert from_json(PackSpec, value).graphs["a"].parity is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("pipeline", "latents", "channels"), True, "spec.pipeline.latents.channels: expected int"),
        (("pipeline", "latents", "channels"), "64", "spec.pipeline.latents.channels: expected int"),
        (("defaults", "steps"), 8.5, "spec.defaults.steps: expected int, got 8.5"),
        (("family",), "other", "spec.family: expected one of starter"),
        (
            ("graphs", "a", "inputs", "x", "shape"),
            4,
            "spec.graphs.a.inputs.x.shape: expected a list",
        ),
        (("graphs", "a", "inputs", "x", "shape"), [None], r"shape\[0\]: expected"),
        (("graphs", "a", "extra"), 1, "spec.graphs.a.extra: unknown key"),
        (("files",), [], "spec.files: expected an object"),
        (("name",), None, "spec.name: expected str"),
    ],
)
def test_refusals_name_the_key(
    spec: PackSpec, path: tuple[str, ...], value: object, message: str
) -> None:
    plain: Any = to_json(spec)
    inner = plain
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match=message):
        from_json(PackSpec, plain)


def test_missing_key_is_named(spec: PackSpec) -> None:
    plain = to_json(spec)
    del plain["graphs"]["a"]["sha256"]
    with pytest.raises(ValueError, match=r"spec\.graphs\.a\.sha256: missing"):
        from_json(PackSpec, plain)


def test_whole_numbers_are_fine_as_floats(spec: PackSpec) -> None:
    plain = to_json(spec)
    plain["defaults"]["seconds"] = 10
    assert from_json(PackSpec, plain).defaults.seconds == 10.0


def test_derived_rates() -> None:
    pipeline = PipelineSpec(AudioSpec(), LatentSpec())
    assert pipeline.audio.frame_rate == pytest.approx(86.1328125)
    assert pipeline.latent_rate == pytest.approx(10.7666, abs=1e-4)
