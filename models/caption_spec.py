"""Captioners: networks that describe a picture, and the folder that an export makes of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from descant.models.spec import FileSpec, GraphSpec

CAPTIONER_FORMAT = 1
CAPTIONER_FAMILY: Literal["captioner"] = "captioner"


@dataclass(frozen=True, slots=True)
class BlipConfig:
    """Sizes of BLIP's captioner (Li et al. 2022, § 3.1): a vision transformer, a text decoder."""

    side: int = 384
    """Pixels of the square picture."""
    patch: int = 16
    picture_width: int = 768
    picture_mlp: int = 3072
    picture_layers: int = 12
    picture_heads: int = 12
    picture_eps: float = 1e-5
    vocabulary: int = 30524
    width: int = 768
    mlp: int = 3072
    layers: int = 12
    heads: int = 12
    positions: int = 512
    eps: float = 1e-12

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")
        for name, width, parts in (
            ("side", self.side, self.patch),
            ("picture_width", self.picture_width, self.picture_heads),
            ("width", self.width, self.heads),
        ):
            if width % parts:
                raise ValueError(f"{name} {width} can't be split into {parts} parts")

    @property
    def patches(self) -> int:
        """P, what the decoder attends to: the picture's patches and one place for all of it."""
        return (self.side // self.patch) ** 2 + 1


@dataclass(frozen=True, slots=True)
class WritingSpec:
    """How a captioner writes."""

    side: int
    """Pixels of the square picture that it sees, squeezed."""
    begin: int
    """Token before the first word."""
    end: int
    """Token after the last word."""
    vocabulary: int
    """Tokens that it knows; those beyond the vocabulary's file are no words."""
    max_tokens: int
    """With ``begin``; the published captioner writes up to 30 words or so."""


@dataclass(frozen=True, slots=True)
class CaptionerSpec:
    """The content of a captioner's ``pack.json``."""

    format: int
    id: str
    name: str
    version: str
    licence: str
    family: Literal["captioner"]
    writing: WritingSpec
    graphs: dict[str, GraphSpec]
    files: dict[str, FileSpec]
