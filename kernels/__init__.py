"""Hot loops: one operation per file, each with its NumPy reference."""
