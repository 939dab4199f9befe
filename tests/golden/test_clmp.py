"""The CLMP towers give the numbers of the published networks."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from descant.kernels.fit_length import fit_length
from descant.kernels.resample import resample
from descant.models.melody_text import melody_counts, text_to_ids
from descant.models.nets.clmp_official.mel_image import LogMel, fourier_kernels
from tests.golden.clmp_cases import clmp_of, htsat_spec
from tests.golden.harness import Array, Case, arrays, check

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@pytest.mark.golden("clmp_text")
@torch.no_grad()
def test_text(case: Case) -> None:
    stored = {name: torch.from_numpy(values) for name, values in arrays(case).items()}
    ids, mask = stored["input_ids"], stored["attention_mask"]
    clmp = clmp_of(case)
    pooled = clmp.text_branch(ids, mask)
    made = {
        "last_hidden_first_token": clmp.text_branch.hidden(ids, mask)[:, 0],
        "pooler_output": pooled,
        "projected": clmp.text_projection(pooled),
        "embedding": clmp.text(ids, mask),
    }
    check(case, {name: made[name].numpy() for name in case.outputs})


def _sound(case: Case, suffix: str) -> Array:
    """Return the (1, N) sound that the outputs of a suffix belong to."""
    spec, stored = htsat_spec(case), arrays(case)
    if suffix == "_silence":
        return np.zeros((1, spec.samples), np.float32)
    if suffix == "":
        return stored["wave"]
    ((name, short),) = ((n, a) for n, a in stored.items() if n.startswith(f"wave{suffix}_"))
    rate = 1000 * int(name.removeprefix(f"wave{suffix}_").removesuffix("k"))
    return fit_length(resample(short[0], rate, spec.sample_rate), spec.samples)[None]


@pytest.mark.golden("clmp_audio")
@torch.no_grad()
def test_audio(case: Case) -> None:
    clmp = clmp_of(case)
    made: dict[str, Array] = {}
    for suffix in {re.sub("^(latent|projected|embedding)", "", name) for name in case.outputs}:
        sound = torch.from_numpy(_sound(case, suffix))
        latent = clmp.audio_branch(sound)
        made[f"latent{suffix}"] = latent.numpy()
        made[f"projected{suffix}"] = clmp.audio_projection(latent).numpy()
        made[f"embedding{suffix}"] = clmp.audio(sound).numpy()
    check(case, {name: made[name] for name in case.outputs})


@pytest.mark.golden("clmp_audio", inner=True)
@torch.no_grad()
def test_inside_audio(case: Case) -> None:
    branch = clmp_of(case).audio_branch
    normed = branch.bn0(branch.log_mel(torch.from_numpy(arrays(case.parent)["wave"])))
    x = branch.patch_embed(branch.image(normed))
    made = {"bn0": normed.transpose(1, 2)[:, None], "image": branch.image(normed), "patch_embed": x}
    for i, layer in enumerate(branch.layers):
        x = layer(x)
        made[f"layers_{i}"] = x
    made["norm"] = branch.norm(x)
    check(case, {name: values.numpy() for name, values in made.items()})


@pytest.mark.golden("clmp_audio_frontend")
@torch.no_grad()
def test_audio_frontend(case: Case) -> None:
    front, stored = LogMel(htsat_spec(case)), arrays(case)
    logmel = front(torch.from_numpy(arrays(case.parent)["wave"]))
    real, imaginary = np.split(fourier_kernels(case.config["n_fft"]), 2)
    made = {
        "logmel": logmel.transpose(1, 2)[:, None].numpy(),
        "melW": front.filters.numpy().T,
        "kernel_bins_real": real[stored["kernel_bins"]],
        "kernel_bins_imag": imaginary[stored["kernel_bins"]],
    }
    check(case, made)


@pytest.mark.golden("clmp_melody")
@torch.no_grad()
def test_melody(case: Case) -> None:
    stored, clmp = arrays(case), clmp_of(case)
    ids = [row[:length] for row, length in zip(stored["ids"], stored["lengths"], strict=True)]
    vocabulary, positions = case.config["vocab"], case.config["positions"]
    counts = np.stack([melody_counts(row, vocabulary, positions) for row in ids])
    branch = clmp.melody_branch(torch.from_numpy(counts))
    made = {
        "branch": branch,
        "projected": clmp.melody_projection(clmp.melody_mlp_1024_to_768(branch)),
        "embedding": clmp.melody(torch.from_numpy(counts)),
    }
    check(case, {name: made[name].numpy() for name in case.outputs})


@pytest.mark.golden("clmp_melody")
def test_melody_ids_are_those_of_the_texts(case: Case) -> None:
    stored = arrays(case)
    for text, row, length in zip(
        case.extra["texts"], stored["ids"], stored["lengths"], strict=True
    ):
        assert list(text_to_ids(text)) == row[:length].tolist()
