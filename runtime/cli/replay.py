"""``descant replay``."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from descant.runtime.cli.console import check_threads, print_json, progress_bar
from descant.runtime.cli.main import FAILED, OK
from descant.runtime.clip import check_target
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.files import check_not_inputs


def add_replay(parser: argparse.ArgumentParser) -> None:
    """Add the words of the command, but those for pack and device."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("file", metavar="FILE", help="a WAV, FLAC or OGG file with a receipt")
    add(
        "--inputs", action="append", default=[], metavar="DIR",
        help="where pictures, sounds and films are that the music was made from",
    )  # fmt: skip
    add("-o", "--output", metavar="FILE", help="keep the new clip: .wav, .flac or .ogg")


def run(options: argparse.Namespace) -> int:
    """Make a clip again; 0 when it is the same within tolerance, 1 when it is not."""
    from descant.runtime.clip import read_receipt
    from descant.runtime.engine import Engine
    from descant.runtime.replaying import Replay, packed_in, replay, usable_device

    threads = check_threads(options.threads)
    if options.output:
        check_target(options.output)
        check_not_inputs([options.output], [options.file], "the file that is compared")
    receipt = read_receipt(options.file) or {"pack": {"id": "starter"}}
    if options.output and Path(options.output).exists():
        _keep_inputs(options.output, receipt)
    pack = options.pack or packed_in(receipt)
    device = options.device or usable_device(receipt)
    with Engine.open(pack, device, threads) as engine, progress_bar(not options.json) as show:
        done: Replay = replay(options.file, engine, inputs=options.inputs, on_progress=show)
    if options.output:
        done.clip.save(options.output)
    if options.json:
        print_json(
            {
                "verdict": done.verdict,
                "difference_db": done.difference_db,
                "reasons": list(done.reasons),
                "stored_as": done.stored_as,
                "seed": done.clip.seed,
                "device": done.clip.device,
                "receipt": done.receipt,
                "warnings": list(done.clip.warnings),
            }
        )
    else:
        _print(done.verdict, done.difference_db, done.stored_as, done.reasons)
    return FAILED if done.verdict == "different" else OK


def _keep_inputs(output: str, receipt: dict[str, Any]) -> None:
    """Fail when a file would be replaced that the music was made from: they go by their content.

    Raises:
        OutputError: It is one of them.
    """
    from descant.runtime.input_file import digest, open_input

    with suppress(RequestError), open_input(output, "output", "") as stream:
        if digest(stream) in json.dumps(receipt):
            raise OutputError(
                f"can't write {output!r:.300}: the music was made from it",
                hint="choose another name",
            )


def _print(
    verdict: str, difference_db: float | None, stored_as: str, reasons: tuple[str, ...]
) -> None:
    apart = "" if difference_db is None else f", the difference is at {difference_db:.1f} dB"
    print(f"{verdict}{apart} ({stored_as})")
    for reason in reasons:
        print(f"  {reason}")
