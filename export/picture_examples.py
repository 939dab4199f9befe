"""Pictures of SynthSet and where their music lies, to fit a picture adapter to another tower."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from descant.export.errors import ExportInputError
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Split, compose
from descant.models.synthset.gallery import picture
from descant.models.tokenizer import Tokenizer
from descant.runtime.conditioning import encode_text
from descant.runtime.pieces import drain
from descant.runtime.sessions import Sessions
from descant.runtime.sound import unit_mean

FloatArray = NDArray[np.float32]
AGAIN = "Write the shards again: `python -m descant.models.training data`."
WORDINGS = 4
"""Captions whose mean stands for the music."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture and its music."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB."""
    music: FloatArray
    """(512,) unit vector on the audio side of CLMP space."""


class Source(Protocol):
    """Where examples come from."""

    told: str
    """For the pack's provenance."""

    def examples(self, split: Split) -> Iterator[Example]:
        """Yield examples of a split; those of "test" share no composition with the others."""


class DrawnExamples:
    """Composed and drawn here; captions, adapted by the pack, stand for the sound.

    Rendering the music instead would take many times as long and needs a soundfont.
    """

    told = "captions stood for the music"

    def __init__(self, sessions: Sessions, tokenizer: Tokenizer, side: int) -> None:
        """Draw pictures of ``side`` pixels for the pack of these sessions."""
        self._sessions, self._tokenizer, self._side = sessions, tokenizer, side

    def examples(self, split: Split) -> Iterator[Example]:
        """Compose and draw without end."""
        for seed in count():
            piece = compose(seed, split)
            rng = Random(f"captions {split} {seed}")
            texts = [caption(piece.truth, rng, split) for _ in range(WORDINGS)]
            drawn = picture(piece, (self._side, self._side)).convert("RGB")
            music = unit_mean([self._adapted(text) for text in texts])
            yield Example(np.asarray(drawn, np.uint8), music[0])

    def _adapted(self, text: str) -> FloatArray:
        embedding = drain(encode_text(self._sessions, self._tokenizer, text)).embedding
        adapted: FloatArray = self._sessions["caption_adapter"].run(embedding=embedding)["adapted"]
        return adapted


class ShardExamples:
    """Pictures and sounds of the shards that the phase ``data`` has written."""

    told = "audio embeddings of rendered music"

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        """Open the shards in ``folder``/data.

        Raises:
            ExportInputError: There are none with pictures, of both splits.
        """
        self._sessions = sessions
        self._n_mels = sessions.pack.spec.graphs["audio_encoder"].inputs["mel"].shape[1]
        self._shards = {
            split: [
                path.parent for path in sorted((folder / "data").glob(f"{split}-*/picture.npy"))
            ]
            for split in ("train", "test")
        }
        if not all(self._shards.values()):
            raise ExportInputError(
                f"{folder}: no shards with pictures",
                hint="Give the folder of `python -m descant.models.training`, or leave it out.",
            )

    def examples(self, split: Split) -> Iterator[Example]:
        """Yield every row of the split's shards once."""
        for shard in self._shards[split]:
            pictures = _array(shard / "picture.npy", (-1, 3, -1, -1))
            mels = _array(shard / "mel.npy", (len(pictures), self._n_mels, -1))
            for pixels, mel in zip(pictures, mels, strict=True):
                out = self._sessions["audio_encoder"].run(mel=mel.astype(np.float32)[None])
                yield Example(pixels.transpose(1, 2, 0), out["embedding"][0])


def _array(path: Path, shape: tuple[int | str, ...]) -> NDArray[np.generic]:
    """Map an array of this shape, in which -1 stands for any size."""
    try:
        stored: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ExportInputError(f"{path}: not readable: {error}", hint=AGAIN) from error
    fits = [wanted in (-1, size) for size, wanted in zip(stored.shape, shape, strict=False)]
    if stored.ndim != len(shape) or not all(fits):
        raise ExportInputError(f"{path}: shape {stored.shape}, want {shape}", hint=AGAIN)
    return stored
