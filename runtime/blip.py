"""A captioner that knows photographs: a published network that its owner has imported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.caption_spec import CAPTIONER_FORMAT, CaptionerSpec
from descant.models.strict_json import from_json
from descant.runtime.captions import Caption, Sight, one_line
from descant.runtime.errors import PackFormatError
from descant.runtime.pack import PackFiles, read_files, verified
from descant.runtime.pack_source import FolderSource, made_folder
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

MAX_SIDE, MAX_TOKENS, MAX_VOCABULARY = 1024, 256, 1 << 20
_SIDES = {
    "picture_encoder": ({"picture"}, {"keys", "values"}),
    "caption_decoder": ({"tokens", "keys", "values"}, {"log_probabilities"}),
}


class CaptionerPack(PackFiles[CaptionerSpec]):
    """An open captioner."""


class BlipCaptioner:
    """Describes pictures in English, word by word, the likeliest each time."""

    suffices = True

    def __init__(self, folder: str | Path, threads: int | None = None) -> None:
        """Open a captioner.

        Args:
            folder: That ``descant export import blip`` has written.
            threads: Cores to use; all when None.

        Raises:
            PackNotFoundError: There is none.
            PackFormatError: The manifest breaks the format; the message holds the key's path.
            PackIntegrityError: A file has another size or hash than the manifest says.
        """
        self._pack = open_captioner(folder)
        self.name = self._pack.spec.name
        self._sessions = Sessions(self._pack, choose_provider("cpu"), threads)
        self._words = _read_words(self._pack)

    def captions(self, sights: Sequence[Sight]) -> tuple[Caption, ...]:
        """Return a caption of each picture; its score is the words' mean probability."""
        found = []
        for sight in sights:
            tokens, score = self.write(sight.pixels)
            text = join_pieces([self._words[t] for t in tokens if t < len(self._words)])
            found.append(Caption(sight.name, sight.second, text, score))
        return tuple(found)

    def write(self, pixels: NDArray[np.uint8]) -> tuple[tuple[int, ...], float]:
        """Write one caption.

        Args:
            pixels: (H, W, 3) sRGB.

        Returns:
            Tokens without the marks at both ends, and the geometric mean of their probabilities.
        """
        writing = self._pack.spec.writing
        seen = self._sessions["picture_encoder"].run(picture=squeezed(pixels, writing.side)[None])
        decoder = self._sessions["caption_decoder"]
        tokens, total = [writing.begin], 0.0
        while len(tokens) < writing.max_tokens:
            ids = np.array([tokens], np.int64)
            out = decoder.run(tokens=ids, keys=seen["keys"], values=seen["values"])
            likely = out["log_probabilities"][0]
            best = int(np.argmax(likely))
            total += float(likely[best])
            tokens.append(best)
            if best == writing.end:
                break
        words = tuple(t for t in tokens[1:] if t != writing.end)
        return words, float(np.exp(total / max(len(tokens) - 1, 1)))

    def close(self) -> None:
        """Free the networks."""
        self._sessions.close()
        self._pack.close()


def open_captioner(path: str | Path) -> CaptionerPack:
    """Open a captioner's folder and check all of it; raises as ``BlipCaptioner``."""
    hint = "name a folder that `descant export import blip` has written"
    folder = made_folder(path, "captioner", hint)
    return verified(read_files(FolderSource(folder), CaptionerPack, _spec))


def squeezed(pixels: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """(H, W, 3) sRGB -> (3, side, side) in 0 … 1, its aspect lost, as the network has learned."""
    from PIL import Image

    small = Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC)
    planes: NDArray[np.float32] = np.asarray(small, np.float32).transpose(2, 0, 1) / 255.0
    return planes


def join_pieces(pieces: Sequence[str]) -> str:
    """Join WordPieces to a text; marks in brackets are left out."""
    text = ""
    for piece in pieces:
        if piece.startswith("##"):
            text += piece[2:]
        elif not re.fullmatch(r"\[.*\]", piece):
            text += f" {piece}"
    text = re.sub(r"\s+([.,!?;:%)])", r"\1", text)
    return one_line(re.sub(r"\s*(['\u2019-])\s+", r"\1", text))


def _spec(value: Any) -> CaptionerSpec:
    if isinstance(value, dict) and value.get("family") != "captioner":
        raise ValueError(f"a pack of the family {value.get('family')!r:.40}, not a captioner")
    spec = from_json(CaptionerSpec, value)
    if spec.format != CAPTIONER_FORMAT:
        raise ValueError(f"spec.format: expected {CAPTIONER_FORMAT}, got {spec.format}")
    writing = spec.writing
    for key, number, low, high in (
        ("side", writing.side, 1, MAX_SIDE),
        ("vocabulary", writing.vocabulary, 1, MAX_VOCABULARY),
        ("max_tokens", writing.max_tokens, 2, MAX_TOKENS),
        ("begin", writing.begin, 0, writing.vocabulary - 1),
        ("end", writing.end, 0, writing.vocabulary - 1),
    ):
        if not low <= number <= high:
            raise ValueError(f"spec.writing.{key}: {number} is not in {low} … {high}")
    for name, (inputs, outputs) in _SIDES.items():
        if name not in spec.graphs:
            raise ValueError(f"spec.graphs.{name}: missing")
        if set(spec.graphs[name].inputs) != inputs or set(spec.graphs[name].outputs) != outputs:
            raise ValueError(f"spec.graphs.{name}: has other inputs or outputs")
    if "vocabulary" not in spec.files:
        raise ValueError("spec.files.vocabulary: missing")
    return spec


def _read_words(pack: CaptionerPack) -> list[str]:
    try:
        return pack.read("files.vocabulary").decode("utf-8").split("\n")[:-1]
    except ValueError as error:
        raise PackFormatError("the captioner's words are not text in UTF-8") from error
