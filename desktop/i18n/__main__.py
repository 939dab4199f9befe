"""``python -m descant.desktop.i18n``: collect the texts of the app, and compile translations.

New texts come into ``descant_de.ts`` as unfinished; translate them there, by Qt Linguist or any
editor, and run the command again.
"""

from __future__ import annotations

import sys

from descant.desktop.i18n import FOLDER, TRANSLATIONS
from descant.desktop.i18n.collect import compile_language, unfinished, update_language


def main() -> int:
    """Update and compile all languages; 1 when something is not translated."""
    missing = 0
    for code in TRANSLATIONS:
        source = FOLDER / f"descant_{code}.ts"
        update_language(source, code)
        compile_language(source, source.with_suffix(".qm"))
        gaps = unfinished(source)
        missing += len(gaps)
        print(f"{source.name}: {len(gaps)} not translated")
        for context, text in gaps:
            print(f"  {context}: {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
