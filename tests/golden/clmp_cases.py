"""Networks of the CLMP entries, built as their manifest says and filled with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from descant.models.clmp_spec import (
    DERIVED_CLMP_KEYS,
    UNUSED_CLMP_KEYS,
    ClmpSpec,
    HtsatSpec,
    MelodyBagSpec,
    RobertaSpec,
)
from descant.models.nets.clmp_official.clmp import OfficialClmp
from tests.golden.harness import Case, load_manifest
from tests.golden.torch_weights import load_weights

_ROBERTA = {
    "vocab_size": "vocabulary",
    "hidden_size": "width",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "intermediate_size": "mlp_width",
    "max_position_embeddings": "positions",
    "layer_norm_eps": "norm_epsilon",
    "pad_token_id": "pad_id",
}
_HTSAT = {
    "embed_dim": "embed_dim",
    "depths": "depths",
    "num_heads": "heads",
    "patch_size": "patch",
    "window_size": "window",
    "mlp_ratio": "mlp_ratio",
    "spec_size": "image",
    "sample_rate": "sample_rate",
    "samples": "samples",
    "n_fft": "n_fft",
    "hop": "hop_length",
    "mel_bins": "n_mels",
    "fmin": "fmin",
    "fmax": "fmax",
}
_MELODY = {
    "vocab": "vocabulary",
    "width": "token_width",
    "positions": "positions",
    "hidden": "width",
}


def clmp_of(case: Case) -> OfficialClmp:
    """Return the tower of an entry, ready to be run."""
    clmp = OfficialClmp(_spec(case))
    load_weights(clmp, case, unused=f"{UNUSED_CLMP_KEYS}|{DERIVED_CLMP_KEYS}")
    return clmp


def htsat_spec(case: Case) -> HtsatSpec:
    """Return the sizes of an entry's audio tower.

    What an entry leaves out is as in the entry that it looks into, and else as published.
    """
    entries = load_manifest(case.folder)
    base = entries.get(case.name.rsplit("_", 1)[0])
    return HtsatSpec(**_chosen({**(base.config if base else {}), **case.config}, _HTSAT))


def _spec(case: Case) -> ClmpSpec:
    config = case.config
    keys = (case.parent if case.is_inner else case).keys
    tower = case.component.removeprefix("clmp_")
    dim = keys[f"{tower}_projection.2.weight"][0]
    if tower == "text":
        text = RobertaSpec(**_chosen(config, _ROBERTA))
        return ClmpSpec(text=text, audio=None, melody=None, dim=dim)
    if tower == "audio":
        return ClmpSpec(text=None, audio=htsat_spec(case), melody=None, dim=dim)
    assert tower == "melody", case.component
    melody = MelodyBagSpec(**_chosen(config, _MELODY))
    return ClmpSpec(text=None, audio=None, melody=melody, dim=dim)


def _chosen(config: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    values = {ours: config[theirs] for theirs, ours in names.items() if theirs in config}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
