"""The networks, in PyTorch: what is trained and exported."""
