"""Published checkpoints (MG2, AudioLDM) as state dicts of our networks, safely and frugally."""
