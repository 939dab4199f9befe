"""``descant export index``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from descant.runtime.cli.console import check_threads, print_json, progress_bar
from descant.runtime.pack import open_pack
from descant.runtime.progress import Progress
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions


def index(options: argparse.Namespace) -> int:
    """Make a pack whose melody library is a folder of MIDI files."""
    # By name, when it is asked for: the runtime does not depend on the exporter.
    index_folder = import_module("descant.export.midi_index").index_folder
    with open_pack(options.pack) as pack, progress_bar(not options.json) as show:
        sessions = Sessions(pack, choose_provider(options.device), check_threads(options.threads))

        def on_file(done: int, files: int) -> None:
            show(Progress("prepare", done / files, 1, 1))

        found = index_folder(
            Path(options.folder), pack, sessions, Path(options.output), options.licence, on_file
        )
    if options.json:
        melodies = [
            {"file": file, "key": str(entry.sheet.key), "tempo_bpm": entry.sheet.tempo_bpm}
            for file, entry in zip(found.files, found.entries, strict=True)
        ]
        skipped = [{"file": file, "reason": reason} for file, reason in found.skipped]
        print_json({"pack": options.output, "melodies": melodies, "skipped": skipped})
        return 0
    for file, reason in found.skipped:
        print(f"descant: skipped {file}: {reason}", file=sys.stderr)
    print(f"{options.output}: {len(found.files)} melodies, {len(found.skipped)} files skipped")
    return 0
