"""The desktop app: a window over the public names of ``descant.runtime``."""

from descant.desktop.true_guard import guard_true

guard_true()
