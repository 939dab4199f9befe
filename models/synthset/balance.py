"""Loudness of each program in the soundfont, so that the lead leads whatever plays it."""

from __future__ import annotations

# A-weighted level in dB of one note at velocity 100 over 0.6 s, MuseScore General Lite with its
# low-pass filters opened as ``render`` does. Measured at G4-D5, G3 and Bb1.
_LEAD_DB = {
    0: -37.5, 4: -30.6, 6: -37.5, 8: -36.2, 9: -32.1, 10: -27.2, 11: -28.1, 12: -34.5, 13: -34.3,
    15: -42.1, 18: -29.8, 19: -28.4, 21: -31.5, 22: -30.8, 24: -32.6, 25: -38.6, 26: -29.8,
    30: -28.3, 40: -27.5, 42: -25.1, 45: -35.8, 46: -34.3, 48: -36.4, 52: -34.5, 56: -18.5,
    57: -14.4, 60: -21.1, 65: -21.2, 68: -25.4, 71: -29.3, 73: -25.6, 75: -27.9, 78: -18.4,
    80: -31.8, 81: -28.9, 104: -25.6, 105: -24.3, 107: -24.0, 108: -27.5, 109: -19.6, 114: -22.3,
}  # fmt: skip
_CHORD_DB = {
    0: -45.2, 4: -33.2, 6: -38.1, 7: -33.3, 10: -31.6, 11: -30.5, 18: -30.2, 21: -29.9, 24: -32.9,
    25: -39.1, 26: -33.6, 28: -29.8, 29: -25.4, 30: -31.6, 39: -31.0, 45: -40.9, 46: -34.3,
    48: -39.5, 49: -40.6, 50: -43.9, 51: -43.9, 52: -39.2, 60: -23.9, 61: -21.9, 62: -46.7,
    80: -35.2, 81: -32.5, 88: -32.9, 89: -38.5, 94: -31.7, 95: -41.7, 98: -30.1, 108: -36.6,
}  # fmt: skip
_BASS_DB = {
    32: -37.5, 33: -31.3, 34: -29.1, 35: -33.8, 36: -28.5, 38: -42.5, 39: -31.3, 42: -31.6,
    43: -39.8, 58: -28.9, 80: -41.2,
}  # fmt: skip
_TARGET_DB = {"lead": -37.0, "comp": -45.0, "arp": -43.5, "pad": -48.5, "bass": -42.5}
_TABLES = {
    "lead": _LEAD_DB,
    "comp": _CHORD_DB,
    "arp": _CHORD_DB,
    "pad": _CHORD_DB,
    "bass": _BASS_DB,
}
_DRUM_GAIN = 0.28
_LOUD_KITS = {16: 0.6, 25: 0.85, 48: 0.8}


def drum_gain(kit: int) -> float:
    """Return the amplitude of a kit: the snare a little under the lead.

    Louder, the tuned part of kicks and toms hides the key from a chroma analysis (measured: 0.77
    of keys found without drums, 0.70 with drums at 0.36; metal suffered most).
    """
    return round(_DRUM_GAIN * _LOUD_KITS.get(kit, 1.0), 4)


def track_gain(role: str, program: int) -> float:
    """Return the amplitude, at most 1, that brings a program to its role's level."""
    level = _TABLES[role].get(program, -33.0)
    gain: float = 10.0 ** ((_TARGET_DB[role] - level) / 20.0)
    return min(round(gain, 4), 1.0)
