"""Files of weights: a graph reaches its own and no other, and not beyond its end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from descant.runtime.errors import GraphMismatchError, PackFormatError
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.runtime.test_pack import change, rehash

onnx = pytest.importorskip("onnx", reason="onnx is not installed; it changes the graphs")


@pytest.fixture
def pack(tiny_mg2: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny MG2 that may be changed."""
    return Path(shutil.copytree(tiny_mg2, tmp_path / "pack"))


def edit_weights(pack: Path, edit: Callable[[Any], None]) -> None:
    """Change what the UNet's initializers say of their weights."""
    model = onnx.load(pack / "unet.onnx", load_external_data=False)
    for tensor in model.graph.initializer:
        if tensor.external_data:
            edit(tensor)
    rehash(pack, "unet", "graphs", model.SerializeToString())


def load(pack: Path) -> None:
    """Make a session of the UNet."""
    with open_pack(pack) as opened:
        _ = Sessions(opened, choose_provider("cpu"), 1)["unet"]


@pytest.mark.parametrize(
    "location", ["vocoder.onnx", "../pack/unet.weights", "/etc/passwd", "./unet.weights", ""]
)
def test_weights_elsewhere(pack: Path, location: str) -> None:
    def edit(tensor: Any) -> None:
        tensor.external_data[0].value = location

    edit_weights(pack, edit)
    with pytest.raises(PackFormatError, match="outside the file"):
        load(pack)


def test_weights_with_two_places(pack: Path) -> None:
    edit_weights(pack, lambda t: t.external_data.add(key="location", value="/etc/passwd"))
    with pytest.raises(PackFormatError, match="two values"):
        load(pack)


def test_weights_that_the_manifest_does_not_name(pack: Path) -> None:
    change(pack, lambda spec: spec["graphs"]["unet"].pop("weights"))
    with pytest.raises(PackFormatError, match="outside the file"):
        load(pack)


def test_weights_in_a_constant_are_refused(pack: Path) -> None:
    model = onnx.load(pack / "unet.onnx", load_external_data=False)
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[1], data_location=1)
    tensor.external_data.add(key="location", value="unet.weights")
    model.graph.node.append(onnx.helper.make_node("Constant", [], ["w"], value=tensor))
    rehash(pack, "unet", "graphs", model.SerializeToString())
    with pytest.raises(PackFormatError, match="outside the file"):
        load(pack)


@pytest.mark.parametrize(("key", "value"), [("offset", "99999999"), ("length", "7")])
def test_weights_out_of_bounds(pack: Path, key: str, value: str) -> None:
    def edit(tensor: Any) -> None:
        for pair in tensor.external_data:
            if pair.key == key:
                pair.value = value

    edit_weights(pack, edit)
    with pytest.raises(GraphMismatchError, match="unet"):
        load(pack)
