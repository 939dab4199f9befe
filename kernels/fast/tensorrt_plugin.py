"""The visual synapse as a plug-in of data-centre TensorRT, compiled ahead of time.

TensorRT puts the kernel's PTX into the engine, which then needs neither Python nor Triton. What
this module compiles is tested without TensorRT. The registration follows the sources of TensorRT
11.4's ``tensorrt.plugin``, but has not been run against a real TensorRT, nor has an engine with the
plug-in been built: that takes its libraries and a GPU.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from functools import lru_cache
from types import GenericAlias
from typing import Any

import triton

from descant.kernels.fast.launch import PLUGIN_NAME, PLUGIN_NAMESPACE, forward_tiles
from descant.kernels.fast.ptx import DTYPE_BYTES, Compiled, compile_build, synapse_build
from descant.kernels.plugin_support import plugin_support

INPUTS = ("query", "image_key", "image_value", "music_key", "music_value", "weight")
DTYPES = {"HALF": "fp16", "BF16": "bf16", "FLOAT": "fp32"}
"""TensorRT's name of a type to Triton's."""
ARGUMENTS = len(INPUTS) + 14 + 1
"""Of the kernel: inputs, two lengths and twelve strides, the result."""


@lru_cache(maxsize=4)
def register(capability: int | None = None) -> tuple[bool, str]:
    """Register the plug-in, once per process.

    Args:
        capability: Of the GPU that engines are built for, such as 90; unset is this machine's.

    Returns:
        Whether engines take the kernel, and why not or by which name.
    """
    usable, reason = plugin_support()
    if not usable:
        return False, reason
    try:
        plugin = importlib.import_module("tensorrt.plugin")
    except (ImportError, OSError) as exc:
        return False, f"tensorrt.plugin cannot be loaded ({exc}): the ONNX function's body is used"
    if not hasattr(plugin, "aot_impl"):
        return False, "this tensorrt takes no compiled plug-ins: the ONNX function's body is used"
    name = f"{PLUGIN_NAMESPACE}::{PLUGIN_NAME}"
    plugin.register(name)(_description(plugin.TensorDesc))
    plugin.aot_impl(name)(_implementation(plugin, capability))
    return True, f"registered as {name}"


@lru_cache(maxsize=16)
def compile_plugin(dtype: str, width: int, capability: int) -> Compiled:
    """Return the kernel for inference alone, its PTX fit for a launch by someone else.

    Args:
        dtype: fp16, bf16 or fp32.
        width: Of a head.
        capability: Such as 90.

    Raises:
        ValueError: The head is wider than the kernel takes.
        RuntimeError: The compiler's output is not as expected.
    """
    compiled = compile_build(synapse_build(dtype, width, normaliser=False), capability)
    ptx = drop_unused_parameters(compiled.ptx, compiled.name, ARGUMENTS)
    return replace(compiled, ptx=ptx)


def drop_unused_parameters(ptx: str, name: str, count: int) -> str:
    """Leave an entry point's first ``count`` parameters.

    Triton appends pointers to scratch memory for its own launcher; TensorRT would not pass them.

    Raises:
        RuntimeError: There are fewer parameters, or the code reads one that would go.
    """
    head = re.search(rf"\.entry {re.escape(name)}\((?P<list>[^)]*)\)", ptx)
    parameters = head["list"].split(",") if head else []
    if head is None or len(parameters) < count:
        raise RuntimeError(f"expected {count} parameters of {name}, got {len(parameters)}")
    for index in range(count, len(parameters)):
        if re.search(rf"\[{re.escape(name)}_param_{index}\b", ptx):
            raise RuntimeError(f"{name} reads its parameter {index}, which only Triton can pass")
    kept = ",".join(parameters[:count]) + "\n"
    return ptx[: head.start("list")] + kept + ptx[head.end("list") :]


def _description(descriptor: type) -> Any:
    """Return the function that tells the result's shape and type."""

    def describe(
        query: Any, image_key: Any, image_value: Any, music_key: Any, music_value: Any, weight: Any
    ) -> Any:
        return query.like()

    # TensorRT reads classes here, where this file's annotations are text
    describe.__annotations__ = dict.fromkeys((*INPUTS, "return"), descriptor)
    return describe


def _implementation(plugin: Any, capability: int | None) -> Any:
    """Return the function that gives TensorRT the kernel, its launch and its numbers."""

    def implement(
        query: Any, image_key: Any, image_value: Any, music_key: Any, music_value: Any, weight: Any,
        outputs: Any, tactic: Any,
    ) -> tuple[str, str, Any, Any]:  # fmt: skip
        batch, heads, queries, _ = query.shape_expr
        width = query.shape_expr[3].constant_value()
        dtype = DTYPES[query.dtype.name]
        target = capability or triton.runtime.driver.active.get_current_target().arch
        compiled = compile_plugin(dtype, width, target)
        launch = plugin.KernelLaunchParams()
        blocks = forward_tiles(width, DTYPE_BYTES[dtype]).queries
        launch.grid_x, launch.grid_y, launch.grid_z = plugin.cdiv(queries, blocks), heads, batch
        launch.block_x, launch.shared_mem = compiled.warps * 32, compiled.shared_bytes
        numbers = _numbers(heads, queries, music_key.shape_expr[2], width)
        extra = plugin.SymIntExprs(len(numbers))
        for i, number in enumerate(numbers):
            extra[i] = plugin.SymInt32(number)
        return compiled.name, compiled.ptx, launch, extra

    result = GenericAlias(tuple, (str, str, plugin.KernelLaunchParams, plugin.SymIntExprs))
    implement.__annotations__ = {"return": result}
    return implement


def _numbers(heads: Any, queries: Any, keys: Any, width: int) -> list[Any]:
    """Return the kernel's whole numbers for contiguous tensors, in its order."""
    query_strides = [heads * queries * width, queries * width, width]
    source_strides = [heads * keys * width, keys * width, width]
    return [queries, keys, *query_strides, *source_strides, *source_strides, *query_strides]
