"""Link each folder under the import name that the type checker and import-linter look for.

``build/packages/descant/<folder>`` points at ``<folder>``; with ``PYTHONPATH=build/packages`` the
checkout also runs without an installation. The links are not tracked: git on Windows has none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("models", "kernels", "runtime", "export", "desktop")


def link(folder: str) -> None:
    """Make the one link, a junction on Windows; an existing right one is left alone."""
    target = ROOT / folder
    place = ROOT / "build" / "packages" / "descant" / folder
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and place.resolve() == target:
        return
    if place.is_symlink():
        place.unlink()
    if sys.platform == "win32":
        # A junction needs no privilege, a symbolic link on Windows does.
        subprocess.run(["cmd", "/c", "mklink", "/J", str(place), str(target)], check=True)
    else:
        place.symlink_to(os.path.relpath(target, place.parent), target_is_directory=True)


def main() -> None:
    """Link every folder."""
    for folder in FOLDERS:
        link(folder)


if __name__ == "__main__":
    main()
