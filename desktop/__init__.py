"""The desktop app: a window over the public names of ``descant.runtime``."""
