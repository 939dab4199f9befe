"""Tests of models: theory, specs, networks, training, SynthSet."""
