"""A language model of a few kB with random weights, as ONNX Runtime's model builder lays one out.

One layer of grouped-query attention over byte-level tokens; what it says is noise, always the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from descant.models.bpe import byte_symbols

MARKS = ("<pad>", "<s>", "</s>")
VOCABULARY, WIDTH, HEADS = 300, 32, 2
CONTEXT = 4096
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "


def write_language_model(folder: Path, template: str = TEMPLATE) -> Path:
    """Write a model's folder.

    Args:
        folder: New.
        template: How a conversation is written; empty where the tokenizer doesn't know it.
    """
    folder.mkdir(parents=True)
    onnx.save(_decoder(), folder / "model.onnx")
    _write(folder / "genai_config.json", _config())
    _write(folder / "tokenizer.json", _tokenizer())
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "GPT2Tokenizer", "pad_token": "<pad>", "bos_token": "<s>",
            "eos_token": "</s>", "model_max_length": CONTEXT,
            **({"chat_template": template} if template else {}),
        },
    )  # fmt: skip
    return folder


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _decoder() -> onnx.ModelProto:
    rng = np.random.default_rng(0)
    constants = {
        "words": rng.standard_normal((VOCABULARY, WIDTH)),
        **{name: rng.standard_normal((WIDTH, WIDTH)) / WIDTH**0.5 for name in ("q", "k", "v")},
        # What was read before counts for more than the last letter.
        "o": rng.standard_normal((WIDTH, WIDTH)) * 10.0,
        "heads": rng.standard_normal((WIDTH, VOCABULARY)),
    }
    # Words are letters, spaces and the like: the marks and control bytes never win.
    bias = np.full(VOCABULARY, -1e4)
    bias[[symbol_id(character) for character in " abcdefghijklmnopqrstuvwxyz,"]] = 0.0
    constants["bias"] = bias
    floats = [numpy_helper.from_array(v.astype(np.float32), n) for n, v in constants.items()]
    whole = [numpy_helper.from_array(np.array(v, np.int64), n)
             for n, v in (("axis", [1]), ("one", 1))]  # fmt: skip
    graph = helper.make_graph(_nodes(), "tiny", _inputs(), _outputs(), [*floats, *whole])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets)
    model.ir_version = 9
    return model


def _nodes() -> list[onnx.NodeProto]:
    node = helper.make_node
    return [
        node("Gather", ["words", "input_ids"], ["x"]),
        *(node("MatMul", ["x", name], [f"{name}_x"]) for name in "qkv"),
        node("ReduceSum", ["attention_mask", "axis"], ["count"], keepdims=0),
        node("Sub", ["count", "one"], ["before"]),
        node("Cast", ["before"], ["lengths"], to=TensorProto.INT32),
        node("Shape", ["attention_mask"], ["shape"]),
        node("Gather", ["shape", "one"], ["all"]),
        node("Cast", ["all"], ["total"], to=TensorProto.INT32),
        node(
            "GroupQueryAttention",
            ["q_x", "k_x", "v_x", "past.0.key", "past.0.value", "lengths", "total"],
            ["mixed", "present.0.key", "present.0.value"],
            domain="com.microsoft", num_heads=HEADS, kv_num_heads=HEADS,
        ),
        node("MatMul", ["mixed", "o"], ["more"]),
        node("Add", ["x", "more"], ["y"]),
        node("MatMul", ["y", "heads"], ["scores"]),
        node("Add", ["scores", "bias"], ["logits"]),
    ]  # fmt: skip


def _inputs() -> list[onnx.ValueInfoProto]:
    cache: list[str | int | None] = ["B", HEADS, "P", WIDTH // HEADS]
    return [
        helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["B", "S"]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["B", "T"]),
        helper.make_tensor_value_info("past.0.key", TensorProto.FLOAT, cache),
        helper.make_tensor_value_info("past.0.value", TensorProto.FLOAT, cache),
    ]


def _outputs() -> list[onnx.ValueInfoProto]:
    cache: list[str | int | None] = ["B", HEADS, "T", WIDTH // HEADS]
    return [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", "S", VOCABULARY]),
        helper.make_tensor_value_info("present.0.key", TensorProto.FLOAT, cache),
        helper.make_tensor_value_info("present.0.value", TensorProto.FLOAT, cache),
    ]


def _config() -> dict[str, Any]:
    decoder = {
        "session_options": {"provider_options": []},
        "filename": "model.onnx",
        "head_size": WIDTH // HEADS, "hidden_size": WIDTH, "num_hidden_layers": 1,
        "num_attention_heads": HEADS, "num_key_value_heads": HEADS,
        "inputs": {
            "input_ids": "input_ids", "attention_mask": "attention_mask",
            "past_key_names": "past.%d.key", "past_value_names": "past.%d.value",
        },
        "outputs": {
            "logits": "logits", "present_key_names": "present.%d.key",
            "present_value_names": "present.%d.value",
        },
    }  # fmt: skip
    model = {
        "type": "llama", "context_length": CONTEXT, "vocab_size": VOCABULARY,
        "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder": decoder,
    }  # fmt: skip
    return {"model": model, "search": {"max_length": CONTEXT, "do_sample": False}}


def symbol_id(character: str) -> int:
    """Return the token of an ASCII character."""
    return len(MARKS) + ord(character)


def _tokenizer() -> dict[str, Any]:
    pieces = [*MARKS, *byte_symbols()]
    pieces += [f"<spare {i}>" for i in range(VOCABULARY - len(pieces))]
    added = [
        {"id": i, "content": mark, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for i, mark in enumerate(MARKS)
    ]  # fmt: skip
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return {
        "version": "1.0", "added_tokens": added, "normalizer": None, "pre_tokenizer": level,
        "post_processor": None, "decoder": level,
        "model": {
            "type": "BPE", "unk_token": None, "byte_fallback": False,
            "vocab": {piece: i for i, piece in enumerate(pieces)}, "merges": [],
        },
    }  # fmt: skip
