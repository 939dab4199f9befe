"""The graph of one node by which ONNX Runtime runs an engine that was built ahead of time.

ONNX Runtime's operator ``com.microsoft::EPContext`` stands for what a provider has compiled. The
plan stays in a file beside the graph (``embed_mode`` 0): it can be mapped, and may be larger than
what a protobuf holds. Attributes are those that the provider itself writes.
"""

from __future__ import annotations

from onnx import TensorProto, ValueInfoProto, helper

from descant.models.spec import GraphSpec, TensorSpec
from descant.runtime.engine_cache import EngineKey

DOMAIN = "com.microsoft"
PROVIDERS = {
    "tensorrt_rtx": "NvTensorRTRTXExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
"""The provider that reads what a library has built."""
OPSET, IR_VERSION = 23, 10
_TYPES = {
    "float32": TensorProto.FLOAT,
    "float16": TensorProto.FLOAT16,
    "int64": TensorProto.INT64,
}


def wrapper_graph(key: EngineKey, contract: GraphSpec, plan: str, onnx_file: str) -> bytes:
    """Return the graph that stands for an engine.

    Args:
        key: Of the engine.
        contract: Inputs and outputs, which become those of the graph.
        plan: Name of the plan's file, in the folder of the graph.
        onnx_file: Name of the pack's file, for people who look inside.
    """
    node = helper.make_node(
        "EPContext",
        list(contract.inputs),
        list(contract.outputs),
        name=key.graph,
        domain=DOMAIN,
        embed_mode=0,
        ep_cache_context=plan,
        ep_sdk_version=key.version,
        hardware_architecture=",".join(map(str, key.compute_capabilities)),
        main_context=0,  # each node has a plan of its own
        onnx_model_filename=onnx_file,
        partition_name=f"{key.graph}_{key.onnx_sha256[:16]}",
        source=PROVIDERS[key.library],
    )
    graph = helper.make_graph(
        [node], key.graph, _values(contract.inputs), _values(contract.outputs)
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, 1)]
    model = helper.make_model(
        graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="descant"
    )
    return model.SerializeToString(deterministic=True)


def _values(side: dict[str, TensorSpec]) -> list[ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, _TYPES[tensor.dtype], tensor.shape)
        for name, tensor in side.items()
    ]
