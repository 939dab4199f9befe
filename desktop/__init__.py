"""The desktop app: a window over the public names of ``descant.runtime``."""

from descant.desktop.count_guard import guard_constants

guard_constants()
