"""Packs that ship with descant; each is a folder of data, ``starter`` is the default."""
