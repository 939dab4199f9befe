"""``descant melody search``."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from descant.models.theory.notes import Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.cli.console import check_threads, print_json
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.files import check_writable, numbered
from descant.runtime.midi_writer import write_midi

CHORD_OCTAVE = 48


def search(options: argparse.Namespace) -> int:
    """Print the melodies that fit a text best, and write them as MIDI files if asked to."""
    if not 1 <= options.k <= 100:
        raise RequestError(
            f"-k must be a whole number from 1 to 100, got {options.k}", hint="5 is the default"
        )
    if not options.text.strip():
        raise RequestError("the text is empty", hint="say what the melody should be like")
    if options.output:
        if Path(options.output).suffix.lower() not in (".mid", ".midi"):
            raise OutputError(f"can't write {options.output!r:.300}", hint="end the name in .mid")
        check_writable(options.output)
    from descant.runtime.engine import Engine

    with Engine.open(options.pack, options.device, check_threads(options.threads)) as engine:
        found = engine.search(options.text, options.k)
        sheets = [engine.sheet(neighbour) for neighbour in found] if options.output else []
    paths: list[Path | None] = [None] * len(found)
    if options.output:
        for i, sheet in enumerate(sheets):
            paths[i] = numbered(options.output, i + 1, len(found))
            write_midi(paths[i] or "", voices(sheet), sheet.tempo_bpm, sheet.beats_per_bar)
    rows = [
        {**dataclasses.asdict(neighbour), "path": str(path) if path else None}
        for neighbour, path in zip(found, paths, strict=True)
    ]
    if options.json:
        print_json({"text": options.text[:4096], "retrieved": rows})
        return 0
    for neighbour, path in zip(found, paths, strict=True):
        place = f"  {path}" if path else ""
        tempo = "" if neighbour.tempo_bpm is None else f", {neighbour.tempo_bpm:g} bpm"
        lead = "" if neighbour.lead is None else f", {neighbour.lead}"
        print(f"{neighbour.similarity:6.3f}  {neighbour.title}{tempo}{lead}{place}")
    return 0


def voices(sheet: LeadSheet) -> dict[str, list[Note]]:
    """Return a sheet's parts as notes: melody, chords, bass."""
    chords = [
        Note(chord.start, chord.duration, CHORD_OCTAVE + pitch_class, 60)
        for chord in sheet.chords
        for pitch_class in chord.pitch_classes
    ]
    return {"melody": list(sheet.notes), "chords": chords, "bass": list(sheet.bass)}
