"""From a file to the networks' weights: the right numbers, all finite, and no more memory."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from descant.export.checkpoints.errors import (
    MissingPartError,
    NonFiniteWeightsError,
    UnreadableCheckpointError,
)
from descant.export.checkpoints.imported import import_checkpoint
from descant.models.nets.clmp_official.clmp import OfficialClmp
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet
from tests.export.checkpoints import reduced
from tests.export.checkpoints.keys import AVERAGE, TOWERS, UNET, State
from tests.export.checkpoints.reduced import number, save

pytestmark = pytest.mark.torch
ALL_PARTS = ("unet", "vae", "vocoder", "clmp_text", "clmp_audio", "clmp_melody")


@pytest.fixture(scope="module")
def mg2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a reduced MG2 checkpoint."""
    folder = tmp_path_factory.mktemp("checkpoints")
    return save(folder / "mg2.ckpt", reduced.latent_diffusion("mg2"))


def assert_numbers(state: State, prefix: str) -> None:
    """Check that every tensor came from the key of its own name behind the prefix."""
    for name, tensor in state.items():
        dots = name.replace(".", "") if prefix == AVERAGE else name
        expected = torch.full((), number(prefix + dots)).to(tensor.dtype)
        assert tensor.is_contiguous()
        assert bool((tensor == expected).all()), name


def test_every_part_of_mg2_has_its_own_weights(mg2: Path) -> None:
    imported = import_checkpoint(mg2)
    assert imported.kind == "mg2"
    assert imported.scale_factor == reduced.SCALE_FACTOR
    assert imported.parts == ALL_PARTS
    assert imported.sizes == reduced.SIZES
    assert_numbers(imported.unet, AVERAGE)
    assert_numbers(imported.vae, "first_stage_model.")
    assert_numbers(imported.vocoder, "first_stage_model.vocoder.")
    for tower in (imported.clmp_text, imported.clmp_audio, imported.clmp_melody):
        assert_numbers(tower, TOWERS["mg2"])


def test_the_networks_take_the_parts_strictly(mg2: Path) -> None:
    imported = import_checkpoint(mg2)
    sizes = imported.sizes
    assert sizes.clmp is not None
    with torch.device("meta"):
        unet, vae, vocoder = UNet(sizes.unet), AutoencoderKL(sizes.vae), HifiGan(sizes.vocoder)
        clmp = OfficialClmp(sizes.clmp)
    unet.load_state_dict(imported.unet, assign=True)
    vae.load_state_dict(imported.vae, assign=True)
    vocoder.load_state_dict(imported.vocoder, assign=True)
    towers = imported.clmp_text | imported.clmp_audio | imported.clmp_melody
    clmp.load_state_dict(towers, assign=True)


def test_the_raw_weights_on_request(mg2: Path) -> None:
    assert_numbers(import_checkpoint(mg2, weights="raw").unet, UNET)


def test_audioldm_has_no_melody_tower(tmp_path: Path) -> None:
    state = reduced.latent_diffusion("audioldm-s")
    imported = import_checkpoint(save(tmp_path / "s.ckpt", state))
    assert imported.kind == "audioldm"
    assert imported.parts == ALL_PARTS[:-1]
    assert_numbers(imported.clmp_audio, TOWERS["audioldm-s"])
    with pytest.raises(MissingPartError, match="clmp_melody") as caught:
        _ = imported.clmp_melody
    assert "vocoder" in caught.value.hint


def test_names_with_wrappers_lead_to_the_same_weights(mg2: Path, tmp_path: Path) -> None:
    wrapped = {}
    for name, tensor in reduced.latent_diffusion("mg2").items():
        if name.startswith(AVERAGE):
            wrapped["module." + name.replace(AVERAGE, AVERAGE + "_orig_mod")] = tensor
        else:
            top, _, rest = name.partition(".")
            wrapped[f"module.{top}" + (f"._orig_mod.{rest}" if rest else "")] = tensor
    plain, other = import_checkpoint(mg2), import_checkpoint(save(tmp_path / "w.ckpt", wrapped))
    assert other.plan == plain.plan
    assert_numbers(other.unet, AVERAGE)


def test_a_clmp_file_with_its_optimizer(tmp_path: Path) -> None:
    state = {f"module.{name}": tensor for name, tensor in reduced.towers().items()}
    groups = [{"lr": np.float64(1e-5), "params": [0]}]
    adam = {"state": {0: {"exp_avg": torch.zeros(3)}}, "param_groups": groups}
    imported = import_checkpoint(save(tmp_path / "clmp.pt", state, name="run", optimizer=adam))
    assert imported.kind == "clmp"
    assert imported.parts == ALL_PARTS[3:]
    assert_numbers(imported.clmp_melody, "")
    assert imported.scale_factor is None


@pytest.mark.parametrize("vocoder", [True, False])
def test_a_vae_file_with_or_without_vocoder(tmp_path: Path, vocoder: bool) -> None:
    imported = import_checkpoint(save(tmp_path / "vae.ckpt", reduced.first_stage("", vocoder)))
    assert imported.kind == "vae"
    assert imported.parts == (("vae", "vocoder") if vocoder else ("vae",))
    assert_numbers(imported.vae, "")


def normed(spelling: tuple[str, str]) -> State:
    """Return a HiFi-GAN whose every weight is the direction (3, 4, 0, ...) of length 10."""
    state: State = {}
    for name, tensor in reduced.first_stage().items():
        stem = name.removeprefix("vocoder.").removesuffix("weight")
        if name.startswith("vocoder.") and stem != name.removeprefix("vocoder."):
            direction = torch.zeros(tensor.shape)
            direction.flatten(1)[:, 0], direction.flatten(1)[:, 1] = 3.0, 4.0
            ones = (1,) * (tensor.dim() - 1)
            state[stem + spelling[0]] = torch.full((tensor.shape[0], *ones), 10.0)
            state[stem + spelling[1]] = direction
        elif name.startswith("vocoder."):
            state[stem] = tensor
    return state


@pytest.mark.parametrize(
    "spelling",
    [
        ("weight_g", "weight_v"),
        ("parametrizations.weight.original0", "parametrizations.weight.original1"),
    ],
)
def test_weight_norm_is_folded(tmp_path: Path, spelling: tuple[str, str]) -> None:
    state = {f"_orig_mod.{name}": tensor for name, tensor in normed(spelling).items()}
    path = tmp_path / "hifigan.ckpt"
    torch.save({"generator": state}, path)
    imported = import_checkpoint(path)
    assert imported.kind == "hifigan"
    for name, tensor in imported.vocoder.items():
        if name.endswith("weight"):
            assert torch.equal(tensor.flatten(1)[0, :3], torch.tensor([6.0, 8.0, 0.0])), name
    HifiGan(imported.sizes.vocoder).load_state_dict(imported.vocoder)


def test_a_direction_without_length_is_refused(tmp_path: Path) -> None:
    state = normed(("weight_g", "weight_v"))
    state["ups.1.weight_v"].zero_()
    torch.save({"generator": state}, tmp_path / "hifigan.ckpt")
    with pytest.raises(NonFiniteWeightsError, match=r"vocoder\.ups\.1\.weight"):
        import_checkpoint(tmp_path / "hifigan.ckpt")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_all_named(tmp_path: Path, value: float) -> None:
    state = reduced.first_stage()
    for name in ("decoder.conv_in.weight", "vocoder.ups.3.bias"):
        state[name] = state[name].clone()
        state[name].view(-1)[-1] = value
    with pytest.raises(NonFiniteWeightsError) as caught:
        import_checkpoint(save(tmp_path / "nan.ckpt", state))
    assert caught.value.names == ("vae.decoder.conv_in.weight", "vocoder.ups.3.bias")
    assert all(name in str(caught.value) for name in caught.value.names)


def test_a_file_that_was_replaced_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "vae.ckpt", reduced.first_stage())
    imported = import_checkpoint(path)
    torch.save({"another": torch.zeros(1)}, path)
    with pytest.raises(UnreadableCheckpointError, match="changed since"):
        _ = imported.vae


def test_what_is_not_kept_may_be_anything(tmp_path: Path) -> None:
    nan = torch.full((), float("nan"))
    state = {
        name: nan.expand(tensor.shape) if name.startswith(("clap.", UNET, "betas")) else tensor
        for name, tensor in reduced.latent_diffusion("mg2").items()
    }
    assert import_checkpoint(save(tmp_path / "a.ckpt", state)).parts == ALL_PARTS


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_widened_or_rounded(tmp_path: Path, dtype: torch.dtype) -> None:
    state = {name: tensor.to(dtype) for name, tensor in reduced.first_stage().items()}
    vae = import_checkpoint(save(tmp_path / "vae.ckpt", state)).vae
    name = "decoder.conv_in.weight"
    assert vae[name].dtype == torch.float32
    assert torch.equal(vae[name], state[name].float())


@pytest.mark.skipif(sys.platform != "linux", reason="counts resident pages in /proc")
def test_optimizer_states_are_never_read(tmp_path: Path) -> None:
    megabytes = 96
    state = reduced.first_stage()
    adam = {"state": {0: {"exp_avg": torch.ones(megabytes * 2**18)}}}
    path = save(tmp_path / "vae.ckpt", state, optimizer_states=[adam])
    del adam
    assert path.stat().st_size > megabytes * 2**20
    import_checkpoint(path)  # what is loaded and cached once
    before = peak_after_reset()
    imported = import_checkpoint(path)
    held = [imported.vae, imported.vocoder]
    kept = sum(tensor.nbytes for part in held for tensor in part.values())
    assert peak_after_reset(reset=False) - before < kept + 24 * 2**20


def peak_after_reset(reset: bool = True) -> int:
    """Return the peak of resident memory in bytes; it can be set back to the present size."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024
