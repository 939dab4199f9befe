"""The kernels as ONNX functions: a name in ``ai.descant`` and a body of standard operators.

Any runtime executes the body; one that has the kernel may take it by its name instead. What
``descant.kernels.fast`` offers leaves calls of these in a network that is exported.
"""

from __future__ import annotations

from functools import lru_cache

import onnx
import onnx_ir
from onnx import helper, parser

from descant.kernels.fast.launch import (
    ONNX_DOMAIN,
    ONNX_VERSION,
    PLUGIN_NAME,
    PLUGIN_NAMESPACE,
)

SYNAPSE_ATTENTION = """
<domain: "ai.descant", opset_import: ["": 23]>
SynapseAttention (query, image_key, image_value, music_key, music_value, weight) => (mixed) {
    a = Cast <to = 1> (weight)
    one = Constant <value_float = 1.0> ()
    b = Sub (one, a)
    image_key_wide = Cast <to = 1> (image_key)
    music_key_wide = Cast <to = 1> (music_key)
    image_key_share = Mul (a, image_key_wide)
    music_key_share = Mul (b, music_key_wide)
    key_wide = Add (image_key_share, music_key_share)
    key = CastLike (key_wide, query)
    image_value_wide = Cast <to = 1> (image_value)
    music_value_wide = Cast <to = 1> (music_value)
    image_value_share = Mul (a, image_value_wide)
    music_value_share = Mul (b, music_value_wide)
    value_wide = Add (image_value_share, music_value_share)
    value = CastLike (value_wide, query)
    mixed = Attention (query, key, value)
}
"""

GUIDED_STEP = """
<domain: "ai.descant", opset_import: ["": 23]>
GuidedStep (predicted, latents, row, guidance_scale, history, noise) => (after, denoised) {
    wide = Cast <to = 1> (predicted)
    conditional, unconditional = Split <axis = 0, num_outputs = 2> (wide)
    direction = Sub (conditional, unconditional)
    guidance = Mul (guidance_scale, direction)
    e = Add (unconditional, guidance)
    x = Cast <to = 1> (latents)
    w0, w1, w2, w3, w4, w5 = Split <axis = 0, num_outputs = 6> (row)
    clean_from_x = Mul (w0, x)
    clean_from_e = Mul (w1, e)
    clean = Add (clean_from_x, clean_from_e)
    denoised = CastLike (clean, latents)
    from_x = Mul (w2, x)
    from_e = Mul (w3, e)
    solved = Add (from_x, from_e)
    history_wide = Cast <to = 1> (history)
    from_history = Mul (w4, history_wide)
    remembered = Add (solved, from_history)
    noise_wide = Cast <to = 1> (noise)
    from_noise = Mul (w5, noise_wide)
    noised = Add (remembered, from_noise)
    after = CastLike (noised, latents)
}
"""

# ONNX Runtime's GroupNormalization subtracts squares on a CPU; its InstanceNormalization does not.
GROUPNORM_SILU = """
<domain: "ai.descant", opset_import: ["": 23]>
GroupNormSilu <groups, eps> (x, gain, offset, bias) => (activated) {
    sides = Constant <value_ints = [2, 3]> ()
    pixel = Constant <value_ints = [1, 2]> ()
    bias_wide = Cast <to = 1> (bias)
    bias_map = Unsqueeze (bias_wide, sides)
    x_wide = Cast <to = 1> (x)
    hidden = Add (x_wide, bias_map)
    shape = Shape (x)
    zero = Constant <value_ints = [0]> ()
    rest = Constant <value_ints = [-1]> ()
    group = Constant <value_int: int = @groups> ()
    groups_axis = Reshape (group, rest)
    grouped_shape = Concat <axis = 0> (zero, groups_axis, rest)
    grouped = Reshape (hidden, grouped_shape)
    one = Constant <value_float = 1.0> ()
    none = Constant <value_float = 0.0> ()
    ones = Expand (one, groups_axis)
    zeros = Expand (none, groups_axis)
    normed_groups = InstanceNormalization <epsilon: float = @eps> (grouped, ones, zeros)
    normed = Reshape (normed_groups, shape)
    gain_wide = Cast <to = 1> (gain)
    gain_map = Unsqueeze (gain_wide, pixel)
    scaled = Mul (normed, gain_map)
    offset_wide = Cast <to = 1> (offset)
    offset_map = Unsqueeze (offset_wide, pixel)
    moved = Add (scaled, offset_map)
    gate = Sigmoid (moved)
    gated = Mul (moved, gate)
    activated = CastLike (gated, x)
}
"""


@lru_cache(maxsize=1)
def functions() -> dict[str, onnx.FunctionProto]:
    """Return the functions by name."""
    texts = (SYNAPSE_ATTENTION, GUIDED_STEP, GROUPNORM_SILU)
    parsed = [parser.parse_function(text) for text in texts]
    return {function.name: function for function in parsed}


def attach_functions(model: onnx_ir.Model) -> None:
    """Add the functions that the graph calls to the model. Mutates ``model``."""
    called = {node.op_type for node in model.graph.all_nodes() if node.domain == ONNX_DOMAIN}
    for name in sorted(called):
        function = onnx_ir.serde.deserialize_function(functions()[name])
        model.functions[function.identifier()] = function
        model.opset_imports[ONNX_DOMAIN] = ONNX_VERSION


def use_plugin(model: onnx.ModelProto) -> int:
    """Let TensorRT take its plug-in for every visual synapse instead of the function's body.

    Only for an engine builder where ``descant.kernels.fast.tensorrt_plugin.register`` said yes.
    Mutates ``model``: other runtimes can no longer execute it.

    Returns:
        How many calls there are.
    """
    calls = [n for n in model.graph.node if (n.domain, n.op_type) == (ONNX_DOMAIN, PLUGIN_NAME)]
    for node in calls:
        attributes = {"plugin_namespace": PLUGIN_NAMESPACE, "plugin_version": "1", "aot": 1}
        node.attribute.extend(helper.make_attribute(*item) for item in attributes.items())
    kept = [function for function in model.functions if function.name != PLUGIN_NAME]
    del model.functions[:]
    model.functions.extend(kept)
    return len(calls)
