"""The graph of one step of a diffusion solver: ``python -m descant.export.solver_graph`` writes it.

It is what ``descant.runtime.epsilon_sampling`` does between two calls of the UNet: guidance, a row
of the ``SolverTable``, and putting back what is to stay. With it latents need not leave the device,
whatever pack the UNet is from. Inputs that have no part in a step are one zero each.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from descant.models.spec import TensorSpec
from descant.runtime.files import write_atomically
from descant.runtime.solver_graph import SOLVER_SPEC, SOLVER_STEP

PATH = Path(__file__).resolve().parent.parent / "runtime" / "graphs" / SOLVER_SPEC.file
OPSET, IR_VERSION = 17, 8
"""Old ones: any provider takes them."""


def solver_model() -> ModelProto:
    """Return the graph.

    R is B without guidance and 2 B with it. In ``next_latents`` what stays is put back at the next
    step's level, as far as ``mask`` says. ``batch`` is what the UNet takes next: the same, once or
    twice.
    """
    graph = helper.make_graph(
        [*_guidance(), *_update(), *_next_batch()],
        SOLVER_STEP,
        _values(SOLVER_SPEC.inputs),
        _values(SOLVER_SPEC.outputs),
        [
            numpy_helper.from_array(np.array([0], np.int64), "zero"),
            numpy_helper.from_array(np.array([1, 1, 1], np.int64), "ones"),
            numpy_helper.from_array(np.array([1.0], np.float32), "one"),
            numpy_helper.from_array(np.ones(6, np.int64), "row_parts"),
            numpy_helper.from_array(np.ones(2, np.int64), "level_parts"),
        ],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
        producer_name="descant",
    )  # fmt: skip


def _values(side: dict[str, TensorSpec]) -> list[ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, tensor.shape)
        for name, tensor in side.items()
    ]


def _guidance() -> list[NodeProto]:
    """u + s (c - u); without guidance both are the same rows, and so is the result."""
    return [
        helper.make_node("Shape", ["latents"], ["b"], start=0, end=1),
        helper.make_node("Shape", ["epsilon"], ["r"], start=0, end=1),
        helper.make_node("Sub", ["r", "b"], ["second"]),
        helper.make_node("Slice", ["epsilon", "zero", "b", "zero"], ["cond"]),
        helper.make_node("Slice", ["epsilon", "second", "r", "zero"], ["uncond"]),
        helper.make_node("Sub", ["cond", "uncond"], ["apart"]),
        helper.make_node("Mul", ["guidance_scale", "apart"], ["pull"]),
        helper.make_node("Add", ["uncond", "pull"], ["e"]),
    ]


def _update() -> list[NodeProto]:
    columns = ["clean_from_x", "clean_from_e", "from_x", "from_e", "from_history", "from_noise"]
    products = {
        "clean_x": ("clean_from_x", "latents"),
        "clean_e": ("clean_from_e", "e"),
        "next_x": ("from_x", "latents"),
        "next_e": ("from_e", "e"),
        "next_history": ("from_history", "history"),
        "next_noise": ("from_noise", "fresh_noise"),
    }
    return [
        helper.make_node("Split", ["row", "row_parts"], columns),
        *(helper.make_node("Mul", list(pair), [name]) for name, pair in products.items()),
        helper.make_node("Add", ["clean_x", "clean_e"], ["denoised"]),
        helper.make_node("Add", ["next_x", "next_e"], ["moved"]),
        helper.make_node("Add", ["moved", "next_history"], ["carried"]),
        helper.make_node("Add", ["carried", "next_noise"], ["solved"]),
    ]


def _next_batch() -> list[NodeProto]:
    return [
        helper.make_node("Split", ["keep_level", "level_parts"], ["signal", "sigma"]),
        helper.make_node("Mul", ["signal", "keep"], ["kept_signal"]),
        helper.make_node("Mul", ["sigma", "keep_noise"], ["kept_noise"]),
        helper.make_node("Add", ["kept_signal", "kept_noise"], ["kept"]),
        helper.make_node("Mul", ["kept", "mask"], ["stays"]),
        helper.make_node("Sub", ["one", "mask"], ["open"]),
        helper.make_node("Mul", ["solved", "open"], ["made"]),
        helper.make_node("Add", ["stays", "made"], ["next_latents"]),
        helper.make_node("Div", ["r", "b"], ["times"]),
        helper.make_node("Concat", ["times", "ones"], ["repeats"], axis=0),
        helper.make_node("Tile", ["next_latents", "repeats"], ["batch"]),
    ]


def main() -> None:
    """Write the graph to where the runtime reads it."""
    write_atomically(PATH, solver_model().SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
