"""Graphs that belong to no pack."""
