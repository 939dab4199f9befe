"""Every key of a checkpoint is accounted for, and each that does not fit is named."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.export.checkpoints.errors import CheckpointError, CheckpointKeysError
from descant.export.checkpoints.names import unwrap_all, unwrapped
from descant.export.checkpoints.plan import Plan, make_plan
from descant.export.checkpoints.recognise import recognise
from descant.models.clmp_spec import AUDIOLDM_CLAP, AUDIOLDM_M_CLAP, MG2_CLMP
from descant.models.ldm_spec import UNETS, AutoencoderConfig, HifiGanConfig
from tests.export.checkpoints import reduced
from tests.export.checkpoints.keys import (
    AVERAGE,
    KINDS,
    TOWERS,
    UNET,
    State,
    published,
    without_prefix,
)

pytestmark = pytest.mark.torch
MG2 = reduced.latent_diffusion("mg2")
VAE_KEY = "first_stage_model.decoder.conv_out.bias"
TEXT_KEY = TOWERS["mg2"] + "text_branch.encoder.layer.1.output.dense.weight"


def plan(state: State) -> Plan:
    return make_plan(recognise(state), state)


def refused(state: State) -> CheckpointKeysError:
    with pytest.raises(CheckpointKeysError) as caught:
        plan(state)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_published_models_are_whole(kind: str) -> None:
    made = plan(published(kind))
    clap = AUDIOLDM_M_CLAP if kind == "audioldm-m" else AUDIOLDM_CLAP
    assert made.sizes.unet == UNETS[kind]
    assert made.sizes.vae == AutoencoderConfig()
    assert made.sizes.vocoder == HifiGanConfig()
    assert made.sizes.clmp == (MG2_CLMP if kind == "mg2" else clap)
    assert made.scale_factor == pytest.approx(0.9)
    counts = {part: len(sources) for part, sources in made.parts.items()}
    assert (counts["unet"], counts["vae"], counts["vocoder"]) == (690, 204, 194)
    assert ("clmp_melody" in counts) == (kind == "mg2")


def test_the_unet_comes_from_the_moving_average() -> None:
    made = plan(MG2)
    name = "input_blocks.4.1.transformer_blocks.0.attn1.to_q.weight"
    assert made.parts["unet"][name] == (AVERAGE + name.replace(".", ""),)
    raw = make_plan("mg2", MG2, weights="raw")
    assert raw.parts["unet"][name] == (UNET + name,)


def test_without_a_moving_average_all_of_it_is_missing() -> None:
    error = refused(reduced.latent_diffusion("mg2", average=False))
    assert len(error.missing) == 690
    assert all(name in str(error) for name in error.missing)
    assert "raw" in error.hint


@pytest.mark.parametrize("part", ["clmp", "vae", "vae-only", "hifigan", "hifigan-normed"])
def test_files_of_one_network(part: str) -> None:
    whole = published("mg2")
    first_stage = without_prefix(whole, "first_stage_model.")
    states = {
        "clmp": without_prefix(whole, TOWERS["mg2"]),
        "vae": first_stage,
        "vae-only": {k: v for k, v in first_stage.items() if not k.startswith("vocoder.")},
        "hifigan": without_prefix(first_stage, "vocoder."),
        "hifigan-normed": without_prefix(published("hifigan"), "generator."),
    }
    parts = {
        "clmp": {"clmp_text", "clmp_audio", "clmp_melody"},
        "vae": {"vae", "vocoder"},
        "vae-only": {"vae"},
    }
    made = plan(states[part])
    assert set(made.parts) == parts.get(part, {"vocoder"})
    assert made.scale_factor is None


@settings(max_examples=15, deadline=None)
@given(
    st.sets(
        st.sampled_from([n for sources in plan(MG2).parts.values() for (n,) in sources.values()])
    )
)
def test_exactly_the_missing_keys_are_named(gone: set[str]) -> None:
    state = {name: tensor for name, tensor in MG2.items() if name not in gone}
    if not gone:
        plan(state)
        return
    error = refused(state)
    assert set(error.missing) >= gone
    assert not error.unexpected
    assert all(name in str(error) for name in gone)


def test_a_missing_last_layer_of_published_width_is_noticed() -> None:
    last = TOWERS["mg2"] + "text_branch.encoder.layer.11."
    state = {n: tensor for n, tensor in published("mg2").items() if not n.startswith(last)}
    assert len(refused(state).missing) == 16


@pytest.mark.parametrize(
    "name",
    [
        UNET + "input_blocks.0.0.lora.weight",
        AVERAGE + "input_blocks00loraweight",
        "first_stage_model.encoder.extra.weight",
        TOWERS["mg2"] + "text_branch.embeddings.extra",
        "control_model.weight",
    ],
)
def test_unexpected_keys_are_named(name: str) -> None:
    error = refused(MG2 | {name: torch.zeros(2)})
    assert error.unexpected == (name,)
    assert not error.missing
    assert name in str(error)
    assert "ignore" in error.hint
    make_plan("mg2", MG2 | {name: torch.zeros(2)}, ignore=(name[:-2],))


def test_misshapen_keys_are_named_with_both_shapes() -> None:
    stub = torch.zeros(3, 3)
    error = refused(MG2 | {VAE_KEY: stub, TEXT_KEY: stub.half()})
    assert {fault.name for fault in error.misshapen} == {VAE_KEY, TEXT_KEY}
    assert "(1,)" in str(error)
    assert "(3, 3)" in str(error)


def test_integers_and_sparse_tensors_are_no_weights() -> None:
    integers = {VAE_KEY: torch.zeros(1, dtype=torch.int64)}
    assert refused(MG2 | integers).misshapen[0].found == "(1,) int64"
    sparse = {TEXT_KEY: torch.zeros(64, 96).to_sparse()}
    assert refused(MG2 | sparse).misshapen[0].name == TEXT_KEY


def test_what_only_training_needs_may_be_there_or_not() -> None:
    extra = {
        TOWERS["mg2"] + "text_branch.embeddings.position_ids": torch.zeros(1, 514),
        "clap.model.text_branch.embeddings.position_ids": torch.zeros(1, 514),
        TOWERS["mg2"].replace("model.", "mel_transform.") + "mel_scale.fb": torch.zeros(2),
        "first_stage_model.loss.perceptual_loss.lin0.model.1.weight": torch.zeros(2),
        "posterior_mean_coef2": torch.zeros(1000),
    }
    assert plan(MG2 | extra).parts == plan(MG2).parts
    spare = [n for n in MG2 if n.startswith(("clap.", "first_stage_model.loss.", "betas"))]
    assert len(spare) > 10
    assert plan({n: MG2[n] for n in MG2 if n not in spare}).parts == plan(MG2).parts


@pytest.mark.parametrize(
    ("wrapped", "name"),
    [
        ("module.text_branch.pooler.dense.bias", "text_branch.pooler.dense.bias"),
        ("_orig_mod.model.diffusion_model.out.0.bias", "model.diffusion_model.out.0.bias"),
        ("model.diffusion_model._orig_mod.module.out.0.bias", "model.diffusion_model.out.0.bias"),
        ("model_ema.diffusion_model_orig_modout0bias", "model_ema.diffusion_modelout0bias"),
        (
            "module.model_ema.diffusion_model_orig_modout0bias",
            "model_ema.diffusion_modelout0bias",
        ),
        (
            "first_stage_model.module.vocoder._orig_mod.ups.0.bias",
            "first_stage_model.vocoder.ups.0.bias",
        ),
    ],
)
def test_wrappers_are_taken_off(wrapped: str, name: str) -> None:
    assert unwrapped(wrapped) == name


def test_official_names_contain_no_wrapper() -> None:
    for kind in KINDS:
        assert list(unwrap_all(published(kind))) == list(published(kind))


def test_a_name_with_and_without_wrapper_is_ambiguous() -> None:
    with pytest.raises(CheckpointError, match=r"twice.* module\.a"):
        unwrap_all({"a": torch.zeros(1), "module.a": torch.zeros(1)})


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_the_scale_factor_is_a_positive_number(value: float) -> None:
    with pytest.raises(CheckpointError, match="scale_factor"):
        plan(MG2 | {"scale_factor": torch.tensor(value)})


def test_a_missing_or_misshapen_scale_factor_is_named() -> None:
    assert refused({n: MG2[n] for n in MG2 if n != "scale_factor"}).missing == ("scale_factor",)
    assert refused(MG2 | {"scale_factor": torch.ones(2)}).misshapen[0].name == "scale_factor"


def test_sizes_that_no_network_has_are_refused() -> None:
    odd = MG2 | {AVERAGE + "time_embed0weight": torch.zeros(128, 31)}
    with pytest.raises(CheckpointError, match="31"):
        plan(odd)


def test_sizes_beyond_reason_are_refused_at_once() -> None:
    vast = torch.zeros(()).expand(8, 2**40)
    with pytest.raises(CheckpointError):
        plan(MG2 | {AVERAGE + "time_embed0weight": vast})
    layer = TOWERS["mg2"] + "text_branch.encoder.layer.99999999999.output.dense.bias"
    assert layer in refused(MG2 | {layer: torch.zeros(64)}).unexpected


def test_half_of_a_weight_norm_is_missing() -> None:
    state = without_prefix(published("hifigan"), "generator.")
    del state["ups.2.weight_g"]
    assert refused(state).missing == ("ups.2.weight_g",)
