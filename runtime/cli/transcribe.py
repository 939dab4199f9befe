"""``descant melody transcribe`` and ``descant melody record``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from descant.models.theory.notes import PITCH_NAMES
from descant.runtime.checks import parse_key
from descant.runtime.cli.console import check_threads, print_json
from descant.runtime.cli.interrupt import take_interrupt
from descant.runtime.errors import OutputError
from descant.runtime.files import check_not_inputs, check_writable
from descant.runtime.midi_writer import write_midi

if TYPE_CHECKING:
    from descant.runtime.transcribe import TranscribeOptions, Transcription


def transcribe(options: argparse.Namespace) -> int:
    """Write the notes of a recording as a MIDI file."""
    check_midi_name(options.output)
    check_not_inputs([options.output], [options.recording], "the recording")
    how = transcribe_options(options)
    found = write_transcription(options, options.recording, options.output, how)
    if options.json:
        print_json(report(found, options.output))
    else:
        print_summary(found, options.output)
    return 0


def record(options: argparse.Namespace) -> int:
    """Record the microphone to a WAV file, and transcribe it if asked to."""
    from descant.runtime.recorder import record_take

    check_wav_name(options.output)
    how = transcribe_options(options)
    if options.transcribe:
        check_midi_name(options.transcribe)

    listening = False

    def tell() -> None:
        nonlocal listening
        listening = True
        if not options.json:
            print("recording: Ctrl-C ends the take and keeps it", flush=True)

    try:
        take = record_take(options.output, options.seconds, options.microphone, tell)
    finally:
        if listening:  # from then on Ctrl-C ends the take, not the command
            take_interrupt()
    told = {
        "path": options.output,
        "seconds": round(take.seconds, 3),
        "sample_rate": take.sample_rate,
        "warnings": list(take.warnings),
    }
    if not options.json:
        print(f"{options.output}: {take.seconds:.1f} s at {take.sample_rate} Hz")
        for warning in take.warnings:
            print(f"warning: {warning}")
    if options.transcribe:
        found = write_transcription(options, options.output, options.transcribe, how)
        told["transcription"] = report(found, options.transcribe)
        if not options.json:
            print_summary(found, options.transcribe)
    if options.json:
        print_json(told)
    return 0


def transcribe_options(options: argparse.Namespace) -> TranscribeOptions:
    """Return what the command line asks of a transcription."""
    from descant.runtime.transcribe import TranscribeOptions

    asked = options.snap_key
    return TranscribeOptions(
        polyphonic=options.polyphonic,
        tempo_bpm=options.tempo,
        snap_grid=options.snap_grid,
        snap_key=asked if asked in (None, "auto") else parse_key(asked),
    )


def write_transcription(
    options: argparse.Namespace, recording: str, output: str, how: TranscribeOptions
) -> Transcription:
    """Transcribe a file with the pack and device of the options, and write the MIDI file."""
    from descant.runtime.engine import Engine
    from descant.runtime.transcribe import transcribe_file

    with Engine.open(options.pack, options.device, check_threads(options.threads)) as engine:
        found = transcribe_file(engine.sessions, recording, how)
    write_midi(output, {"melody": found.notes}, found.tempo_bpm)
    return found


def check_midi_name(path: str) -> None:
    """Refuse a name that does not end as MIDI files do, or can't be written."""
    if Path(path).suffix.lower() not in (".mid", ".midi"):
        raise OutputError(f"can't write {path!r:.300}", hint="end the name in .mid")
    check_writable(path)


def check_wav_name(path: str) -> None:
    """Refuse a name that does not end in .wav, or can't be written."""
    if Path(path).suffix.lower() != ".wav":
        raise OutputError(f"can't write {path!r:.300}", hint="end the name in .wav")
    check_writable(path)


def report(found: Transcription, output: str) -> dict[str, object]:
    """Return a transcription as one JSON object."""
    return {
        "recording": found.name,
        "sha256": found.sha256,
        "path": output,
        "tempo_bpm": found.tempo_bpm,
        "first_beat_seconds": round(found.first_beat, 4),
        "key": str(found.key),
        "tuning_cents": found.tuning_cents,
        "notes": [
            {
                "start": round(n.start, 4),
                "duration": round(n.duration, 4),
                "pitch": n.pitch,
                "velocity": n.velocity,
            }
            for n in found.notes
        ],
        "heard": [
            {
                "start_seconds": round(n.start, 3),
                "end_seconds": round(n.end, 3),
                "pitch": n.pitch,
                "cents": round(n.cents, 1),
                "confidence": round(n.confidence, 3),
            }
            for n in found.heard
        ],
        "warnings": list(found.warnings),
    }


def print_summary(found: Transcription, output: str) -> None:
    """Say what was heard in a few lines."""
    names = " ".join(f"{PITCH_NAMES[n.pitch % 12]}{n.pitch // 12 - 1}" for n in found.notes[:16])
    more = " …" if len(found.notes) > 16 else ""
    print(f"{output}: {len(found.notes)} notes, {found.tempo_bpm:g} bpm, {found.key}")
    print(f"  {names}{more}")
    if found.tuning_cents:
        print(f"  the voice was {found.tuning_cents:+.0f} cents from common pitch")
    for warning in found.warnings:
        print(f"warning: {warning}")
