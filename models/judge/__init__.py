"""The judge that ``descant eval`` measures music by: a graph and its card, data alone."""
