"""The result: samples, where they came from, and how to keep them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.errors import OutputError
from descant.runtime.files import check_writable, write_atomically
from descant.runtime.input_file import open_input
from descant.runtime.request import Request
from descant.runtime.wav import wav_comment

if TYPE_CHECKING:
    from descant.runtime.retrieval import Neighbour

SUFFIXES = (".wav", ".flac", ".ogg")


@dataclass(frozen=True, eq=False)
class Clip:
    """One piece of music with everything known about it."""

    samples: NDArray[np.float32]
    """(A, N) float32 in [-1, 1], -14 LUFS unless silent."""
    sample_rate: int
    """Hz."""
    seed: int
    """Of this clip; with the same pack, request and device it gives the same samples."""
    request: Request
    device: str
    receipt: dict[str, Any]
    """Request, seed and pack as plain JSON values; ``save`` stores it in the file."""
    sheet: LeadSheet | None = None
    """The melody, chords and bass that led the music, cut to the clip; None where no notes did."""
    notes: tuple[Note, ...] = ()
    """Every note that sounds, in beats of ``sheet.tempo_bpm`` from the clip's start."""
    retrieved: tuple[Neighbour, ...] = ()
    """Melodies found for the prompt, the one used first; empty when one was given."""
    similarity: float | None = None
    """Cosine to the prompt in CLMP space; None when there was nothing to choose from."""
    seam_score: float | None = None
    """Of a loop: how the sound changes at its joint, over the same at the bar lines inside. Of
    another clip made in windows: how much it moves at their borders, over elsewhere."""
    loop: bool = False
    """Whether the end leads into the beginning; ``save`` then writes loop points."""
    warnings: tuple[str, ...] = ()
    gave_up: tuple[str, ...] = ()
    """What a deadline has cost, in words; nothing when the clip is as it was asked for."""
    preview: bool = False
    """Whether the melody is played by a small synthesizer, because there was no time for more."""
    timings_ms: dict[str, float] = field(default_factory=dict)
    """Wall time by stage."""

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[0])

    @property
    def seconds(self) -> float:
        """Length."""
        return int(self.samples.shape[1]) / self.sample_rate

    def save(self, path: str | Path, bit_depth: int = 16) -> Path:
        """Write WAV, FLAC or OGG by the suffix of ``path``, whole or not at all.

        A loop's points are in a ``smpl`` chunk, or in the tags LOOPSTART and LOOPLENGTH.

        Args:
            path: Ends in .wav, .flac or .ogg; an existing file is replaced in one step.
            bit_depth: 16 or 24 (OGG has none).

        Raises:
            OutputError: Unknown suffix or bit depth, or the file can't be written.
        """
        target = check_target(path)
        if bit_depth not in (16, 24):
            raise OutputError(f"bit_depth must be 16 or 24, got {bit_depth!r:.20}")
        from descant.runtime.encode import encode_audio

        content = encode_audio(
            self.samples,
            self.sample_rate,
            target.suffix.lower(),
            bit_depth,
            comment=json.dumps(self.receipt, ensure_ascii=True, separators=(",", ":")),
            loop=self.loop,
        )
        write_atomically(target, content)
        return target

    def save_midi(self, path: str | Path) -> Path:
        """Write the notes that sound as a MIDI file.

        Raises:
            OutputError: The file can't be written, or the notes are not known.
        """
        from descant.runtime.midi_writer import write_midi

        if self.sheet is None:
            raise no_notes(path, self.receipt["pack"]["id"])
        write_midi(path, {"clip": self.notes}, self.sheet.tempo_bpm, self.sheet.beats_per_bar)
        return Path(path)


def no_notes(path: str | Path, pack: str) -> OutputError:
    """Return what to tell the user when a MIDI file can't be made."""
    return OutputError(
        f"can't write {str(path)!r:.300}: the pack {pack!r} does not know which notes sound",
        hint="leave the MIDI file out, or use another pack such as starter",
    )


def check_target(path: str | Path) -> Path:
    """Return ``path`` when a clip could be saved there.

    Raises:
        OutputError: Unknown suffix, missing or read-only folder.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise OutputError(
            f"can't write {str(target)!r:.300}: unknown audio format {target.suffix!r}",
            hint=f"end the name in {', '.join(SUFFIXES)}",
        )
    check_writable(target)
    return target


def read_receipt(path: str | Path) -> dict[str, Any] | None:
    """Return the receipt inside an audio file, or None when it holds none.

    Raises:
        OutputError: The file can't be read, or is not audio.
    """
    import soundfile

    hint = "choose a WAV, FLAC or OGG file"
    try:
        with open_input(path, "audio", hint) as stream:
            if Path(path).suffix.lower() == ".wav":
                comment = wav_comment(stream)
            else:
                with soundfile.SoundFile(stream) as audio:
                    comment = audio.comment
    except (OSError, ValueError, soundfile.LibsndfileError) as error:
        raise OutputError(f"can't read {str(path)!r:.300}: {error}", hint=hint) from error
    try:
        receipt = json.loads(comment)
    except (ValueError, RecursionError):
        return None
    return receipt if isinstance(receipt, dict) and "descant" in receipt else None
