"""An ONNX file -> a serialized engine, by the builder that both libraries share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from descant.export.engine_library import HINT, Library
from descant.export.errors import ExportError
from descant.models.spec import GraphSpec
from descant.runtime.engine_cache import ShapeRange
from descant.runtime.errors import BackendError

FLAGS = ("STRONGLY_TYPED", "NO_TF32", "DECOMPOSABLE_ATTENTION")
"""How the builder differs from its defaults. Types are those of the graph; what it computes in
float32 is not rounded to TF32's ten bits; and attention without a kernel of its own, such as any
in float32, may be several."""


def build_plan(
    library: Library,
    name: str,
    path: Path,
    contract: GraphSpec,
    profile: Mapping[str, ShapeRange],
    cards: tuple[int, ...],
) -> memoryview:
    """Build an engine.

    Args:
        library: That builds.
        name: Of the graph, for messages.
        path: The ONNX file.
        contract: Names and dtypes of its inputs and outputs.
        profile: Shapes of its inputs.
        cards: Compute capabilities; empty for the card in the machine.

    Returns:
        The serialized engine.

    Raises:
        BackendError: The library needs a card or a driver that this machine lacks.
        ExportError: It can't build the graph; the message names the node and its operator.
    """
    trt = library.module
    logger = make_logger(trt)
    try:
        builder = trt.Builder(logger)
    except (RuntimeError, TypeError, OSError) as error:  # TypeError: it made nothing
        raise BackendError(
            f"{library.name} can't build here: {logger.last() or str(error)[:200]}", hint=HINT
        ) from error
    network = builder.create_network(_bit(trt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED"))
    parser = trt.OnnxParser(network, logger)
    if not parser.parse_from_file(str(path)):
        raise _parser_error(library, name, parser)
    _check_contract(trt, name, network, contract)
    _let_attention_decompose(trt, network)
    config = builder.create_builder_config()
    config.clear_flag(trt.BuilderFlag.TF32)
    if cards:
        config.num_compute_capabilities = len(cards)
        for place, card in enumerate(cards):
            config.set_compute_capability(getattr(trt.ComputeCapability, f"SM{card}"), place)
    _add_profile(builder, config, name, profile)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise ExportError(
            f"graph {name!r}: {library.name} can't build it: {logger.last()}",
            hint="tell the developers which pack and which version it was",
        )
    return memoryview(plan)


def make_logger(trt: Any) -> Any:
    """Return a logger that prints nothing and keeps what went wrong."""

    class Logger(trt.ILogger):  # type: ignore[misc] # the class is known when the library is
        def __init__(self) -> None:
            super().__init__()
            self.errors: list[str] = []

        def log(self, severity: Any, message: str) -> None:
            if severity <= trt.ILogger.ERROR:
                self.errors.append(" ".join(message.split()))

        def last(self) -> str:
            return self.errors[-1][:300] if self.errors else ""

    return Logger()


def data_type(trt: Any, dtype: str) -> Any:
    """Return the library's name of a dtype of a contract."""
    return {"float32": trt.float32, "float16": trt.float16, "int64": trt.int64}[dtype]


def _bit(flags: Any, name: str) -> int:
    """Networks of newer versions are strongly typed without being asked."""
    return 1 << int(getattr(flags, name)) if hasattr(flags, name) else 0


def _parser_error(library: Library, name: str, parser: Any) -> ExportError:
    """Name the first node that the parser can't take, and how many there are."""
    count = parser.num_errors
    if not count:
        return ExportError(f"graph {name!r}: {library.name} can't read it")
    error = parser.get_error(0)
    node = f" at node {error.node_name()!r} ({error.node_operator()})" if error.node() >= 0 else ""
    more = f", and {count - 1} more" if count > 1 else ""
    return ExportError(
        f"graph {name!r}{node}: {library.name} can't read it: {error.desc()[:300]}{more}",
        hint="this version of descant writes graphs that can be read: make or get the pack again",
    )


def _check_contract(trt: Any, name: str, network: Any, contract: GraphSpec) -> None:
    """Refuse a graph whose inputs or outputs are not what the pack says."""
    for side, wanted, count, get in (
        ("input", contract.inputs, network.num_inputs, network.get_input),
        ("output", contract.outputs, network.num_outputs, network.get_output),
    ):
        have = {tensor.name: tensor.dtype for tensor in map(get, range(count))}
        want = {key: data_type(trt, tensor.dtype) for key, tensor in wanted.items()}
        if have != want:
            raise ExportError(
                f"graph {name!r}: {side}s are {_listed(have)}, the pack says {_listed(want)}",
                hint="get the pack again",
            )


def _listed(types: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {str(kind).rpartition('.')[2]}" for name, kind in types.items())


def _let_attention_decompose(trt: Any, network: Any) -> None:
    for place in range(network.num_layers):
        layer = network.get_layer(place)
        if layer.type == trt.LayerType.ATTENTION_INPUT:
            layer.__class__ = trt.IAttentionInputLayer  # what it is; the bindings return the base
            layer.attention.decomposable = True


def _add_profile(builder: Any, config: Any, name: str, profile: Mapping[str, ShapeRange]) -> None:
    shapes = builder.create_optimization_profile()
    for key, span in profile.items():
        shapes.set_shape(key, span.min, span.opt, span.max)
    if config.add_optimization_profile(shapes) < 0:
        raise ExportError(f"graph {name!r}: the shapes {dict(profile)} don't fit together")
