"""Rules of music that SynthSet, training and the runtime share: torch-free, deterministic."""
