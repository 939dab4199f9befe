"""``python -m descant.runtime.cli`` is the command ``descant``."""

import sys

from descant.runtime.cli.main import main

sys.exit(main())
