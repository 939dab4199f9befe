"""The published CLMP and CLAP towers; parameters have the names of the published checkpoints."""
