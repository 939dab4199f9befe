"""Write pictures and stories with their truth, and a contact sheet of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random

from PIL import Image

from descant.models.synthset.compose import Piece, Split, compose
from descant.models.synthset.pictures.draw import draw
from descant.models.synthset.pictures.sheet import contact_sheet
from descant.models.synthset.scenery import SceneTruth, imagine
from descant.models.synthset.stories.tell import tell

_COLUMNS = 8


def picture(piece: Piece, size: tuple[int, int] | None = None) -> Image.Image:
    """Draw the scene of a piece; see ``pictures.draw.draw``."""
    return draw(scene_of(piece), size)


def story(piece: Piece) -> str:
    """Tell the story of a piece; see ``stories.tell.tell``."""
    rng = Random(f"story {piece.split} {piece.seed}")
    return tell(piece.truth, scene_of(piece), rng, piece.split)


def scene_of(piece: Piece) -> SceneTruth:
    """Return the scene that picture and story of a piece share."""
    return imagine(piece.truth, piece.seed, piece.split)


def write_scenes(
    folder: Path, seeds: Sequence[int], split: Split, sheet: Path | None = None
) -> Iterator[Path]:
    """Write ``split-seed.png`` and ``.txt`` for each seed, then ``scenes.jsonl`` with the truth.

    Args:
        folder: Where the files go; made when it is not there.
        seeds: Numbers of the pieces.
        split: Their split.
        sheet: File of a contact sheet, or None.

    Yields:
        The path of each file that has been written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    pictures: list[Image.Image] = []
    for seed in seeds:
        piece = compose(seed, split)
        image, text = picture(piece), story(piece)
        stem = folder / f"{split}-{seed:06d}"
        yield _write(stem.with_suffix(".png"), _png(image))
        yield _write(stem.with_suffix(".txt"), (text + "\n").encode())
        lines.append(json.dumps(_describe(piece, image, text)))
        if sheet is not None:
            pictures.append(image)
    yield _write(folder / "scenes.jsonl", ("\n".join(lines) + "\n").encode())
    if sheet is not None:
        yield _write(sheet, _png(contact_sheet(pictures, min(_COLUMNS, len(pictures)))))


def _describe(piece: Piece, image: Image.Image, text: str) -> dict[str, object]:
    return {
        "seed": piece.seed,
        "split": piece.split,
        "size": image.size,
        "scene": asdict(scene_of(piece)),
        "music": {**asdict(piece.truth), "key": str(piece.truth.key)},
        "story": text,
    }


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return path
