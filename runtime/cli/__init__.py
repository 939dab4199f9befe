"""The command ``descant``."""

from descant.runtime.cli.main import main

__all__ = ["main"]
