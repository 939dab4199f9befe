"""The words of ``descant melody``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from descant.runtime.cli import melody, transcribe

SIXTEENTHS = 4
"""Places per beat."""

AddOptions = Callable[[argparse.ArgumentParser], None]


def add_melody(
    parser: argparse.ArgumentParser,
    parser_class: type[argparse.ArgumentParser],
    add_common: AddOptions,
) -> None:
    """Add the subcommands.

    Args:
        parser: Of ``descant melody``.
        parser_class: Of the subcommands.
        add_common: Adds the options that all commands with a pack have.
    """
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=parser_class)
    search = commands.add_parser("search", help="find melodies for a text")
    search.set_defaults(run=melody.search)
    search.add_argument("text", metavar="TEXT")
    search.add_argument("-k", type=int, default=5, metavar="N", help="how many, 1 to 100")
    search.add_argument("-o", "--output", metavar="OUT.mid", help="write them as MIDI files")
    writing = commands.add_parser("transcribe", help="write down a recording as MIDI")
    writing.set_defaults(run=transcribe.transcribe)
    writing.add_argument("recording", metavar="IN", help="hummed, whistled, sung or played")
    writing.add_argument("-o", "--output", required=True, metavar="OUT.mid")
    recording = commands.add_parser("record", help="record the microphone")
    recording.set_defaults(run=transcribe.record)
    recording.add_argument("-o", "--output", required=True, metavar="OUT.wav")
    recording.add_argument("--seconds", type=float, metavar="N", help="until Ctrl-C by default")
    recording.add_argument("--microphone", metavar="NAME", help="a part of its name, or its number")
    recording.add_argument("--transcribe", metavar="OUT.mid", help="write it down as well")
    for command in (writing, recording):
        _add_writing(command)
    for command in (search, writing, recording):
        add_common(command)


def _add_writing(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--snap-key", nargs="?", const="auto", metavar="KEY",
        help="move notes into this key, or into the one that fits best",
    )  # fmt: skip
    add(
        "--snap-grid", nargs="?", type=int, const=SIXTEENTHS, metavar="DIVISION",
        help=f"move notes to so many places per beat, {SIXTEENTHS} if not said",
    )  # fmt: skip
    add("--tempo", type=float, metavar="BPM", help="found by ear by default")
    add("--polyphonic", action="store_true", help="keep all notes, not one voice")
