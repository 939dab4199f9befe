"""What a pack's music is worth, measured on held-out pieces of SynthSet: ``descant eval``."""
