"""Training of the starter pack: one phase per network, bounded by time, resumable."""
