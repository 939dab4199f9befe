"""Which model a checkpoint holds."""

from __future__ import annotations

import pytest
import torch

from descant.export.checkpoints.errors import UnknownCheckpointError
from descant.export.checkpoints.recognise import recognise
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


def stubs(*names: str) -> State:
    return {name: torch.empty(4, 4, device="meta") for name in names}


@pytest.mark.parametrize("kind", KINDS)
def test_published_models_are_told_apart(kind: str) -> None:
    assert recognise(published(kind)) == kind


def test_files_of_one_network() -> None:
    whole = published("mg2")
    first_stage = without_prefix(whole, "first_stage_model.")
    assert recognise(without_prefix(whole, TOWERS["mg2"])) == "clmp"
    assert recognise(first_stage) == "vae"
    assert recognise(without_prefix(first_stage, "vocoder.")) == "hifigan"
    assert recognise(without_prefix(published("hifigan"), "generator.")) == "hifigan"


def test_another_width_is_of_the_family() -> None:
    assert recognise(reduced.latent_diffusion("audioldm-s")) == "audioldm"
    assert recognise(reduced.latent_diffusion("mg2")) == "mg2"


@pytest.mark.parametrize("kind", ["mg2", "audioldm-m"])
def test_the_layer_that_tells_them_apart_may_be_missing(kind: str) -> None:
    state = published(kind)
    for name in (UNET + "film_emb.weight", AVERAGE + "film_embweight"):
        del state[name]
    assert recognise(state) == kind


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((UNET + "input_blocks.0.0.weight", "cond_stage_model.transformer.x"), "none for sound"),
        (("text_branch.a", "audio_branch.b"), "without a melody tower"),
        (("layer1.0.conv1.weight", "fc.weight"), "layer1 (1), fc (1)"),
    ],
    ids=["stable-diffusion", "clap", "resnet"],
)
def test_other_models_are_refused(names: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnknownCheckpointError, match="none of the known models") as caught:
        recognise(stubs(*names))
    assert told in str(caught.value)
    assert "AudioLDM" in caught.value.hint
