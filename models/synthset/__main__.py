"""Write examples to look at and listen to: WAV, MIDI, pictures, stories and the truth as JSON.

``python -m descant.models.synthset --count 4 --out examples --seed 0 --split train`` writes
``train-000000.wav``, ``.mid`` and ``.json`` and so on; ``--seconds 0`` renders whole pieces.
``--pictures DIR`` writes ``train-000000.png``, ``.txt`` and ``scenes.jsonl`` there, and the music
too unless ``--no-audio`` is given; ``--sheet FILE`` puts all pictures on one page.
"""

from __future__ import annotations

import argparse
import json
import sys
import wave
from dataclasses import asdict
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from descant.models.synthset.captions import caption
from descant.models.synthset.compose import Piece, Split, compose
from descant.models.synthset.gallery import story, write_scenes
from descant.models.synthset.midi import write_midi
from descant.models.synthset.render import SAMPLE_RATE, Renderer, SoundfontRenderer


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    if options.count < 1 or options.seconds < 0:
        print("--count must be at least 1, --seconds at least 0", file=sys.stderr)
        return 2
    folder = options.out or options.pictures
    if folder is None or ((options.no_audio or options.sheet) and options.pictures is None):
        print(
            "--out or --pictures is needed; --no-audio and --sheet need --pictures", file=sys.stderr
        )
        return 2
    seeds = range(options.seed, options.seed + options.count)
    try:
        if options.pictures is not None:
            for path in write_scenes(options.pictures, seeds, options.split, options.sheet):
                print(path)
        if not options.no_audio:
            folder.mkdir(parents=True, exist_ok=True)
            renderer = SoundfontRenderer(options.soundfont)
            for seed in seeds:
                print(write_example(folder, seed, options.split, renderer, options.seconds))
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def write_example(
    folder: Path, seed: int, split: Split, renderer: Renderer, seconds: float = 0.0
) -> Path:
    """Write one piece as WAV, MIDI and JSON.

    Args:
        folder: Where the three files go.
        seed: The piece's number.
        split: Its split.
        renderer: Plays it.
        seconds: Length from the start; 0 plays the whole piece and a second of decay.

    Returns:
        The WAV file's path.
    """
    piece = compose(seed, split)
    stem = folder / f"{split}-{seed:06d}"
    samples = renderer.render(piece, seconds or piece.sheet.seconds + 1.0)
    _write_wav(stem.with_suffix(".wav"), samples)
    write_midi(piece, stem.with_suffix(".mid"))
    stem.with_suffix(".json").write_text(json.dumps(describe(piece), indent=1) + "\n")
    return stem.with_suffix(".wav")


def describe(piece: Piece) -> dict[str, object]:
    """Return the truth, six captions, a story and the lead sheet as plain values."""
    rng = Random(f"words {piece.split} {piece.seed}")
    return {
        "seed": piece.seed,
        "split": piece.split,
        "truth": {**asdict(piece.truth), "key": str(piece.truth.key)},
        "captions": [caption(piece.truth, rng, piece.split) for _ in range(6)],
        "story": story(piece),
        "sheet": {**asdict(piece.sheet), "key": str(piece.sheet.key)},
    }


def _write_wav(path: Path, samples: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m descant.models.synthset", description="Compose and render examples."
    )
    parser.add_argument("--count", type=int, default=4, help="how many (default 4)")
    parser.add_argument("--out", type=Path, help="folder for the music")
    parser.add_argument("--pictures", type=Path, help="folder for pictures and stories")
    parser.add_argument("--no-audio", action="store_true", help="no music, pictures alone")
    parser.add_argument("--sheet", type=Path, help="PNG file with all pictures on one page")
    parser.add_argument("--seed", type=int, default=0, help="number of the first piece")
    parser.add_argument("--split", choices=("train", "test"), default="train")
    parser.add_argument("--seconds", type=float, default=0.0, help="0 (default): whole pieces")
    parser.add_argument("--soundfont", type=Path, help="sf2 or sf3 file instead of the system's")
    return parser


if __name__ == "__main__":
    sys.exit(main())
