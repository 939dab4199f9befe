"""The judge at work: what music is like, heard by a network that no pack has a part in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from descant.export.errors import ExportInputError
from descant.models import judge
from descant.models.judge_spec import HEADS, JUDGE_FORMAT, JudgeSpec
from descant.models.strict_json import from_json

GRAPH_FILE, CARD_FILE = "judge.onnx", "judge.json"
FloatArray = NDArray[np.float32]
_HINT = "reinstall descant, or make it: python -m descant.export judge --training DIR"


class Verdict(NamedTuple):
    """What the judge hears in N clips."""

    features: FloatArray
    """(N, 128)."""
    shares: dict[str, FloatArray]
    """By head: (N, classes) probabilities."""

    def answers(self, head: str) -> NDArray[np.int64]:
        """Return the (N,) likeliest class of a head."""
        return self.shares[head].argmax(1)


class Judge:
    """The classifier; open it once, it holds a session."""

    def __init__(self, folder: Path | None = None, threads: int = 2) -> None:
        """Read card and graph.

        Args:
            folder: Where they are; None is the judge that ships with descant.
            threads: Of the CPU.

        Raises:
            ExportInputError: They are missing, damaged or of another format.
        """
        folder = folder or Path(judge.__file__).parent
        self.spec = _read_card(folder / CARD_FILE)
        try:
            content = (folder / GRAPH_FILE).read_bytes()
        except OSError as error:
            raise ExportInputError(f"no graph of the judge in {folder}", hint=_HINT) from error
        if hashlib.sha256(content).hexdigest() != self.spec.graph.sha256:
            raise ExportInputError(f"the judge in {folder} is not what its card says", hint=_HINT)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def hear(self, mels: Sequence[FloatArray]) -> Verdict:
        """Judge clips one by one; they may differ in length.

        Args:
            mels: (128, T) natural-log mel of samples at SynthSet's loudness, see
                ``evaluation.real.clip_mel``.
        """
        rows = [self._session.run(None, {"mel": mel[None].astype(np.float32)}) for mel in mels]
        features, *logits = (np.concatenate(part) for part in zip(*rows, strict=True))
        return Verdict(features, {n: _softmax(v) for n, v in zip(HEADS, logits, strict=True)})


def _read_card(path: Path) -> JudgeSpec:
    try:
        spec = from_json(JudgeSpec, json.loads(path.read_text(encoding="utf-8")), "judge")
    except OSError as error:
        raise ExportInputError(f"no card of the judge at {path}", hint=_HINT) from error
    except ValueError as error:
        raise ExportInputError(f"the judge's card is damaged: {error}", hint=_HINT) from error
    if spec.format != JUDGE_FORMAT or tuple(spec.graph.outputs) != ("features", *HEADS):
        raise ExportInputError(f"the judge at {path} is of another version", hint=_HINT)
    return spec


def _softmax(logits: FloatArray) -> FloatArray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: FloatArray = powers / powers.sum(1, keepdims=True)
    return shares
