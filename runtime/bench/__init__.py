"""``descant bench``: how fast this machine makes music, and how near to the reference."""
