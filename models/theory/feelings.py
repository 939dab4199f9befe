"""What moods feel like: their place in the circumplex of feelings (Russell 1980)."""

from __future__ import annotations

FEELINGS: dict[str, tuple[float, float]] = {
    "happy": (0.9, 0.4), "sad": (-0.8, -0.5), "calm": (0.4, -0.8), "energetic": (0.5, 0.9),
    "dark": (-0.8, 0.1), "romantic": (0.6, -0.3), "epic": (0.2, 0.8), "mysterious": (-0.4, -0.2),
    "playful": (0.8, 0.5), "melancholic": (-0.6, -0.5), "hopeful": (0.7, 0.1),
    "dreamy": (0.3, -0.6), "tense": (-0.6, 0.6), "nostalgic": (0.0, -0.4),
    "peaceful": (0.6, -0.8), "triumphant": (0.8, 0.8), "aggressive": (-0.6, 1.0),
    "tender": (0.5, -0.6),
}  # fmt: skip
"""Valence and arousal of each mood, -1 … 1."""

QUADRANTS = ("excited", "tense", "gloomy", "calm")
"""Quarters of the circumplex: pleasant and unpleasant with high arousal, unpleasant and pleasant
with low."""


def quadrant_of(mood: str) -> str:
    """Return the quarter of the circumplex that a mood lies in; 0 counts as below.

    Args:
        mood: A word of ``words.MOODS``.
    """
    valence, arousal = FEELINGS[mood]
    if arousal > 0.0:
        return QUADRANTS[0] if valence > 0.0 else QUADRANTS[1]
    return QUADRANTS[3] if valence > 0.0 else QUADRANTS[2]
