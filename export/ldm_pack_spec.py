"""What ``pack.json`` says of a published model."""

from __future__ import annotations

from typing import Literal

from descant.export.checkpoints.errors import CheckpointError
from descant.export.checkpoints.imported import Imported
from descant.export.checkpoints.layout import Sizes
from descant.export.checkpoints.recognise import LATENT_DIFFUSION
from descant.export.ldm_graphs import LATENT_BINS
from descant.models.clmp_spec import HtsatSpec, RobertaSpec
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, LdmMelConfig, UNetConfig
from descant.models.spec import (
    PACK_FORMAT,
    AudioSpec,
    DefaultsSpec,
    DiffusionSpec,
    FileSpec,
    GraphSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    PipelineSpec,
    ProvenanceSpec,
)

NAMES = {
    "mg2": "MG2", "audioldm": "AudioLDM", "audioldm-s": "AudioLDM S", "audioldm-m": "AudioLDM M",
    "audioldm-l": "AudioLDM L",
}  # fmt: skip
LICENCES = {
    "mg2": "MIT by its repository and model card; its README permits no commercial use, and the "
    "weights derive from AudioLDM's (CC BY-NC-SA 4.0).",
    "audioldm": "CC BY-NC-SA 4.0, as AudioLDM's weights are published.",
}
DATA = {
    "mg2": "MusicBench and MusicCaps, from AudioLDM M; retrieval over MusicCaps melodies (as its "
    "authors say).",
    "audioldm": "AudioCaps, AudioSet, BBC Sound Effects and Freesound (as its authors say).",
}
GUIDANCE = {"mg2": 3.0, "audioldm": 2.5}
STEPS = 25
"""Of DPM-Solver++ (2M), for a user who waits; published are 100 and 200 steps of DDIM."""
ETA = 1.0
"""Published; DPM-Solver++ has no use for it."""
MAX_STEPS = 500
"""Of the training's 1000; published settings take 100 and 200."""


def check_whole(imported: Imported) -> None:
    """Refuse a checkpoint that is only a part of a model, or whose parts don't fit together.

    Raises:
        CheckpointError: It is.
    """
    if imported.kind not in LATENT_DIFFUSION:
        raise CheckpointError(
            f"{imported.path}: a {imported.kind} file is only a part of a model",
            hint="Give the diffusion checkpoint; all networks that are needed are in it.",
        )
    unet, vae, vocoder, clmp = _configs(imported.sizes)
    halves = 2 if imported.kind == "mg2" else 1
    for what, wanted, found in (
        ("the UNet's condition", halves * clmp, unet.condition_dim),
        ("the UNet's channels", vae.embed_dim, unet.in_channels),
        ("the noise's channels", unet.in_channels, unet.out_channels),
        ("the vocoder's mel bands", LATENT_BINS * vae.stride, vocoder.num_mels),
    ):
        if wanted != found:
            raise CheckpointError(
                f"{imported.path}: {what} should be {wanted} by its other networks, not {found}",
                hint="The networks come from different models.",
            )


def pack_spec(
    imported: Imported,
    version: str,
    source: str,
    graphs: dict[str, GraphSpec],
    files: dict[str, FileSpec],
) -> PackSpec:
    """Return the manifest.

    Args:
        imported: A whole model.
        version: Of the weights.
        source: One sentence on where the weights are from.
        graphs: All of the pack.
        files: All others.
    """
    family = family_of(imported)
    return PackSpec(
        format=PACK_FORMAT,
        id=imported.kind,
        name=NAMES[imported.kind],
        version=version,
        licence=LICENCES[family],
        family=family,
        pipeline=_pipeline(imported),
        defaults=DefaultsSpec(
            steps=STEPS, guidance_scale=GUIDANCE[family], sampler="dpm++", eta=ETA
        ),
        limits=LimitsSpec(max_steps=MAX_STEPS),
        graphs=graphs,
        files=files,
        provenance=ProvenanceSpec(f"{DATA[family]} {source}", "not told by its authors"),
    )


def family_of(imported: Imported) -> Literal["mg2", "audioldm"]:
    """Return the family whose pipeline plays the model."""
    return "mg2" if imported.kind == "mg2" else "audioldm"


def _pipeline(imported: Imported) -> PipelineSpec:
    family = family_of(imported)
    unet, vae, vocoder, dim = _configs(imported.sizes)
    clmp = imported.sizes.clmp
    text = (clmp.text if clmp else None) or RobertaSpec()
    audio = (clmp.audio if clmp else None) or HtsatSpec()
    mel = LdmMelConfig()
    assert imported.scale_factor is not None
    return PipelineSpec(
        audio=AudioSpec(
            vocoder.sampling_rate, 1, mel.n_fft, vocoder.hop_length, vocoder.num_mels,
            mel.mel_floor,
        ),
        latents=LatentSpec(vae.embed_dim, vae.stride),
        clmp_dim=dim,
        control_channels=0,
        text_max_tokens=text.max_tokens,
        prediction_type="epsilon",
        diffusion=DiffusionSpec(
            scale_factor=imported.scale_factor,
            condition_dim=unet.condition_dim,
            latent_bins=LATENT_BINS,
            frame_multiple=unet.stride,
            framing=family,
            clmp_sample_rate=audio.sample_rate,
            clmp_samples=audio.samples,
        ),
    )  # fmt: skip


def _configs(sizes: Sizes) -> tuple[UNetConfig, AutoencoderConfig, HifiGanConfig, int]:
    """Return the sizes of a whole model."""
    assert sizes.unet is not None
    assert sizes.vae is not None
    assert sizes.vocoder is not None
    assert sizes.clmp is not None
    return sizes.unet, sizes.vae, sizes.vocoder, sizes.clmp.dim
