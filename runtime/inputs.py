"""The files that a request names, as its receipt knows them: by name and content, not by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from descant.runtime.errors import RequestError


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read."""

    name: str
    """Without its folder."""
    sha256: str
    """Of its bytes."""


class Read(Protocol):
    """What was made of a file."""

    @property
    def name(self) -> str:
        """Without its folder."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All files of a request but a melody, whose notes stand in the receipt."""

    images: tuple[Source, ...] = ()
    video: Source | None = None
    frames: tuple[float, ...] = ()
    """Seconds of the film's pictures that were looked at."""
    audio: Source | None = None
    hum: Source | None = None
    init: Source | None = None
    continues: Source | None = None
    image_branch: Source | None = None
    """Its folder, and the hash of its manifest."""


def no_eyes(pack: str) -> RequestError:
    """Return the refusal of pictures by a pack that has no picture tower."""
    return RequestError(
        f"images: the pack {pack!r} can't see pictures or films",
        hint="say what they show in the prompt, or use a pack with a picture_encoder",
    )


def no_ear_for_notes(pack: str) -> RequestError:
    """Return the refusal of humming by a pack that has no transcriber."""
    return RequestError(
        f"hum: the pack {pack!r} can't write down what is hummed",
        hint="give the tune as a MIDI file, or use a pack with a transcriber",
    )


def source(read: Read | None) -> Source | None:
    """Keep name and content of a file that was read, if there is one."""
    return None if read is None else Source(read.name, read.sha256)
