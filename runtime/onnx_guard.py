"""Look for what an untrusted ONNX file must not have, without the ``onnx`` package.

ONNX Runtime would open files that tensors name as their external data; a graph of a pack may not
reach outside itself and the one file of weights that its spec names. Only the fields on the way to
such tensors are walked; weights are skipped.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

# Field numbers of onnx.proto.
_MODEL_GRAPH, _MODEL_FUNCTIONS = 7, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_ATTRIBUTE, _NODE_DOMAIN = 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_TENSOR_DIMS, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 1, 13, 14
_FUNCTION_NODE = 7
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_ALLOWED_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft", "ai.descant")
_MAX_DEPTH = 16


def check_onnx(content: bytes | memoryview, weights: Collection[str] = ()) -> None:
    """Check the bytes of an ONNX file.

    Args:
        content: Of the file.
        weights: Names of the files that the graph's own initializers may be in.

    Raises:
        ValueError: External data, operators of a foreign library, or not an ONNX file at all.
    """
    view = memoryview(content)
    graphs = 0
    for number, value in _fields(view):
        if number == _MODEL_GRAPH:
            graphs += 1
            _check_graph(_message(value), 0, weights)
        elif number == _MODEL_FUNCTIONS:
            for inner, node in _fields(_message(value)):
                if inner == _FUNCTION_NODE:
                    _check_node(_message(node), 0)
    if graphs != 1:
        raise ValueError(f"expected one graph, found {graphs}")


def count_weights(content: bytes) -> int:
    """Return how many numbers the initializers of a graph hold, in the file or beside it."""
    total = 0
    for number, graph in _fields(memoryview(content)):
        if number == _MODEL_GRAPH:
            for inner, tensor in _fields(_message(graph)):
                if inner == _GRAPH_INITIALIZER:
                    total += math.prod(_dims(_message(tensor)))
    return total


def _dims(tensor: memoryview) -> Iterator[int]:
    """Sizes of a tensor's axes, written one by one or packed."""
    for number, value in _fields(tensor):
        if number == _TENSOR_DIMS and isinstance(value, int):
            yield value
        elif number == _TENSOR_DIMS:
            packed, place = _message(value), 0
            while place < len(packed):
                size, place = _varint(packed, place)
                yield size


def _check_graph(graph: memoryview, depth: int, weights: Collection[str] = ()) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError("graphs are nested too deeply")
    for number, value in _fields(graph):
        if number == _GRAPH_NODE:
            _check_node(_message(value), depth)
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(_message(value), weights)
        elif number == _GRAPH_SPARSE:
            for _, tensor in _fields(_message(value)):
                if isinstance(tensor, memoryview):
                    _check_tensor(tensor)


def _check_node(node: memoryview, depth: int) -> None:
    for number, value in _fields(node):
        if number == _NODE_DOMAIN:
            domain = bytes(_message(value)).decode("utf-8", "replace")
            if domain not in _ALLOWED_DOMAINS:
                raise ValueError(f"operators of the library {domain!r:.60} are not allowed")
        elif number == _NODE_ATTRIBUTE:
            for inner, part in _fields(_message(value)):
                if inner in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
                    _check_tensor(_message(part))
                elif inner in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    _check_graph(_message(part), depth + 1)


def _check_tensor(tensor: memoryview, weights: Collection[str] = ()) -> None:
    outside = False
    entries: dict[str, str] = {}
    for number, value in _fields(tensor):
        if number == _TENSOR_EXTERNAL:
            key, text = _entry(_message(value))
            if key in entries:
                raise ValueError(f"weights with two values of {key!r:.60}")
            entries[key] = text
        outside |= number == _TENSOR_LOCATION and value == 1
    if (outside or entries) and entries.get("location") not in weights:
        raise ValueError("weights outside the file are not allowed")


def _entry(pair: memoryview) -> tuple[str, str]:
    """Read a StringStringEntryProto."""
    texts = {_ENTRY_KEY: "", _ENTRY_VALUE: ""}
    for number, value in _fields(pair):
        if number in texts:
            texts[number] = bytes(_message(value)).decode("utf-8", "replace")
    return texts[_ENTRY_KEY], texts[_ENTRY_VALUE]


def _message(value: memoryview | int) -> memoryview:
    if isinstance(value, int):
        raise ValueError("not an ONNX file")
    return value


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Yield (field number, bytes or integer) of one protobuf message."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if wire == 2:
            size, place = _varint(message, place)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError("not an ONNX file")
        if place + size > len(message):
            raise ValueError("the ONNX file is cut off")
        yield number, message[place : place + size]
        place += size


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(message) or shift > 63:
            raise ValueError("not an ONNX file")
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place += 1
        shift += 7
        if byte < 0x80:
            return value, place
