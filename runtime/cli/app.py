"""``descant app``: the desktop app, which a lean install can't load."""

from __future__ import annotations

import argparse
from pathlib import Path

from descant.runtime.cli.console import optional
from descant.runtime.errors import BackendError


def run(options: argparse.Namespace) -> int:
    """Open the window, or draw it into files."""
    # By name, when it is asked for: the runtime does not depend on the app.
    try:
        app = optional("desktop.app", "desktop")
    except ImportError as error:  # PySide6 is there, a library of the system is not
        raise BackendError(
            f"Qt can't be loaded: {error}",
            hint="install the library; on Debian and Ubuntu: libegl1 libgl1 libxkbcommon0 "
            "libdbus-1-3 libfontconfig1",
        ) from error
    screenshots = Path(options.screenshots) if options.screenshots else None
    return int(app.main(app.AppOptions(options.pack, options.device, screenshots)))


def add_app(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``descant app``."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("--pack", metavar="PACK", help="name, folder or .descant file; else as in its settings")
    add("--device", metavar="DEVICE", help="as for generate; else as in its settings")
    add("--screenshots", metavar="FOLDER", help="draw every page into PNG files and exit")
