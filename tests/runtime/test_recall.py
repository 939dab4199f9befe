"""Whatever stands in a receipt is a request or is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from descant.runtime import Clip, Engine, Request
from descant.runtime.errors import DescantError
from descant.runtime.inputs import Source
from descant.runtime.recall import recall
from descant.runtime.replaying import changes
from tests.runtime import wishes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def receipts(tiny_engine: Engine, files: Path) -> list[dict[str, Any]]:
    """Return true receipts."""
    kinds = [(), ("story", "images", "audio"), ("hum",)]
    clips: list[Clip] = [
        wishes.make(tiny_engine, **wishes.given(files, "prompt", *k)) for k in kinds
    ]
    return [json.loads(json.dumps(clip.receipt)) for clip in clips]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    for key, inner in inside if isinstance(value, (dict, list)) else ():
        found += places(inner, (*path, key)) if isinstance(inner, (dict, list)) else [(*path, key)]
    return found


def nowhere(field: str, source: Source) -> Path:
    """Find every file at a place that does not matter."""
    return Path(source.name[:9].replace("\0", "") or "a")


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_hostile_receipts_are_requests_or_refused(
    receipts: list[dict[str, Any]], data: st.DataObject
) -> None:
    receipt = json.loads(json.dumps(data.draw(st.sampled_from(receipts))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(receipt)))
        inner: Any = receipt
        for key in way:
            inner = inner[key]
        inner[last] = data.draw(JSON | st.integers(0, 10**400) | st.sampled_from([[], {}, "", 0]))
        if not isinstance(receipt, dict):
            break
    outcome = recalled(receipt)
    if isinstance(outcome, Request):
        assert outcome.count == 1
        changes(receipt, {"pack": {"id": ""}, "request": {"seconds": 1}, "music": {"key": ""}})
    else:
        assert outcome.hint


def recalled(receipt: dict[str, Any]) -> Request | DescantError:
    """Return the request of a receipt, or its refusal."""
    try:
        return recall(receipt, nowhere)
    except DescantError as error:
        return error


@settings(max_examples=100, deadline=None)
@given(anything=st.dictionaries(st.sampled_from(["request", "seed", "sheet", "x"]), JSON))
def test_anything_is_a_request_or_refused(anything: dict[str, Any]) -> None:
    outcome = recalled(anything)
    assert isinstance(outcome, Request) or outcome.hint
