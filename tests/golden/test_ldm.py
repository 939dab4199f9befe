"""VAE, UNet and vocoder of the latent diffusion models give the published networks' numbers."""

from __future__ import annotations

import pytest
import torch

from descant.export.checkpoints.weight_norm import fold
from descant.models.nets.ldm.autoencoder import Posterior
from descant.models.nets.ldm.hifigan import HifiGan
from tests.golden.harness import Array, Case, arrays, check, weights
from tests.golden.ldm_cases import autoencoder_of, hifigan_of, unet_of
from tests.golden.torch_weights import load_weights

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@pytest.mark.golden("vae_encoder")
@torch.no_grad()
def test_vae_encoder(case: Case) -> None:
    stored, made = arrays(case), {}
    vae = autoencoder_of(case, ("encoder", "quant_conv"))
    for suffix in {name.removeprefix("mel") for name in case.inputs if name.startswith("mel")}:
        moments = vae.encode_moments(torch.from_numpy(stored[f"mel{suffix}"]))
        posterior = Posterior.of(moments)
        made[f"moments{suffix}"] = moments
        made |= {f"mean{suffix}": posterior.mean, f"std{suffix}": posterior.std}
        made[f"kl{suffix}"] = posterior.kl()
        if f"noise{suffix}" in stored:
            noise = torch.from_numpy(stored[f"noise{suffix}"])
            made[f"sample{suffix}"] = posterior.sample(noise)
    check(case, {name: made[name].numpy() for name in case.outputs})


@pytest.mark.golden("vae_posterior")
def test_vae_posterior(case: Case) -> None:
    posterior = Posterior.of(torch.from_numpy(arrays(case)["parameters"]))
    made = {
        "mean": posterior.mean,
        "logvar": posterior.log_variance,
        "log_std": posterior.std.log(),
    }
    check(case, {name: value.numpy() for name, value in made.items()})


@pytest.mark.golden("vae_decoder")
@torch.no_grad()
def test_vae_decoder(case: Case) -> None:
    stored = arrays(case)
    vae = autoencoder_of(case, ("decoder", "post_quant_conv"))
    latents = {"mel" + name.removeprefix("z"): stored[name] for name in case.inputs}
    check(case, {name: vae.decode(torch.from_numpy(z)).numpy() for name, z in latents.items()})


@pytest.mark.golden("unet_mg2", "unet_audioldm")
@torch.no_grad()
def test_unet(case: Case) -> None:
    stored = {name: torch.from_numpy(values) for name, values in arrays(case).items()}
    unet, y = unet_of(case), stored["y"]
    made = {f"eps_{i}": unet(stored["x"], t, y) for i, t in enumerate(stored["t"])}
    if "x_small" in stored:
        made["eps_small"] = unet(stored["x_small"], stored["t"][0], y)
    check(case, {name: value.numpy() for name, value in made.items()})


@pytest.mark.golden("unet_mg2", "unet_audioldm", inner=True)
@torch.no_grad()
def test_inside_unet(case: Case) -> None:
    stored = {name: torch.from_numpy(values) for name, values in arrays(case.parent).items()}
    unet, made = unet_of(case), {}
    modules = {name.replace(".", "_"): module for name, module in unet.named_modules()}
    for name in case.outputs:
        modules[name].register_forward_hook(
            lambda _module, _inputs, output, name=name: made.update({name: output.numpy()})
        )
    unet(stored["x"], stored["t"][0], stored["y"])
    check(case, made)


@pytest.mark.golden("hifigan")
@torch.no_grad()
def test_vocoder(case: Case) -> None:
    vocoder = hifigan_of(case)
    if case.config["parametrisation"] == "plain":
        load_weights(vocoder, case)
        check(case, _waves(vocoder, case))
        return
    folded = _folded(case)
    vocoder.load_state_dict({key: torch.from_numpy(value) for key, value in folded.items()})
    named = {f"fused_{key.replace('.', '_')}": value for key, value in folded.items()}
    made = named | _waves(vocoder, case)
    check(case, {name: made[name] for name in case.outputs})


def _waves(vocoder: HifiGan, case: Case) -> dict[str, Array]:
    stored = arrays(case)
    return {
        name.replace("mel", "wave"): vocoder(torch.from_numpy(stored[name]))[:, None].numpy()
        for name in case.inputs
    }


def _folded(case: Case) -> dict[str, Array]:
    drawn = weights(case)
    plain = {key: value for key, value in drawn.items() if key.endswith("bias")}
    for key in (key for key in drawn if key.endswith("weight_g")):
        length, direction = (torch.from_numpy(drawn[key[:-1] + end]) for end in "gv")
        plain[key.removesuffix("_g")] = fold(length, direction).numpy()
    return plain
