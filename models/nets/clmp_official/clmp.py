"""Text, sound and melody in one space: the towers with their projections to unit length."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from descant.models.clmp_spec import ClmpSpec
from descant.models.nets.clmp_official.htsat import HtsatAudio
from descant.models.nets.clmp_official.melody import MelodyBag
from descant.models.nets.clmp_official.roberta import RobertaText


class OfficialClmp(nn.Module):
    """CLMP of MG2, or CLAP of AudioLDM, which has no melody tower.

    The state has the keys of the published checkpoints, without those of ``UNUSED_CLMP_KEYS`` and
    ``DERIVED_CLMP_KEYS``. A tower that the spec lacks must not be called.
    """

    def __init__(self, spec: ClmpSpec) -> None:
        super().__init__()
        if spec.text is not None:
            self.text_branch = RobertaText(spec.text)
            self.text_projection = _projection(spec.text.width, spec.dim)
        if spec.audio is not None:
            self.audio_branch = HtsatAudio(spec.audio)
            self.audio_projection = _projection(spec.audio.width, spec.dim)
        if spec.melody is not None:
            width = spec.melody.width
            self.melody_branch = MelodyBag(spec.melody)
            self.melody_mlp_1024_to_768 = nn.Linear(width, width)
            self.melody_projection = _projection(width, spec.dim)

    def text(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Embed texts.

        Args:
            ids: (B, S) int64 of RoBERTa's vocabulary, with its begin and end tokens.
            mask: (B, S) 1 for text, 0 for padding.

        Returns:
            (B, ``spec.dim``) float32 of unit length.
        """
        return functional.normalize(self.text_projection(self.text_branch(ids, mask)), dim=-1)

    def audio(self, samples: Tensor) -> Tensor:
        """Embed sounds.

        Args:
            samples: (B, N) float32 mono, 48 kHz and N = 480,000 in the published models.

        Returns:
            (B, ``spec.dim``) float32 of unit length.

        Raises:
            ValueError: N is not the spec's.
        """
        return functional.normalize(self.audio_projection(self.audio_branch(samples)), dim=-1)

    def melody(self, counts: Tensor) -> Tensor:
        """Embed melodies.

        Args:
            counts: (B, vocabulary) float32, how often each token occurs.

        Returns:
            (B, ``spec.dim``) float32 of unit length.
        """
        hidden = self.melody_mlp_1024_to_768(self.melody_branch(counts))
        return functional.normalize(self.melody_projection(hidden), dim=-1)


class TextTower(nn.Module):
    """``OfficialClmp.text`` as a module of its own, to export."""

    def __init__(self, clmp: OfficialClmp) -> None:
        super().__init__()
        self.clmp = clmp

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, S) ids and mask -> (B, ``spec.dim``)."""
        return self.clmp.text(ids, mask)


class AudioTower(nn.Module):
    """``OfficialClmp.audio`` as a module of its own, to export."""

    def __init__(self, clmp: OfficialClmp) -> None:
        super().__init__()
        self.clmp = clmp

    def forward(self, samples: Tensor) -> Tensor:
        """(B, N) -> (B, ``spec.dim``)."""
        return self.clmp.audio(samples)


class MelodyTower(nn.Module):
    """``OfficialClmp.melody`` as a module of its own, to export."""

    def __init__(self, clmp: OfficialClmp) -> None:
        super().__init__()
        self.clmp = clmp

    def forward(self, counts: Tensor) -> Tensor:
        """(B, vocabulary) -> (B, ``spec.dim``)."""
        return self.clmp.melody(counts)


def _projection(width: int, dim: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, dim), nn.ReLU(), nn.Linear(dim, dim))
