"""Words for what a picture shows, and for the music that could go with it: pure data."""

from __future__ import annotations

from descant.models.theory.words import GENRES, LEADS, MOODS

PLACES: dict[str, str] = {
    "shore": "a sunny beach",
    "forest": "a deep forest",
    "city street": "a city street",
    "neon city": "a neon city",
    "desert": "a desert road",
    "mountains": "the mountains",
    "cathedral": "a cathedral",
    "dance club": "a night club",
    "kitchen": "a kitchen",
    "space": "outer space",
    "underwater": "the deep sea",
    "harbour": "a harbour by the sea",
    "meadow": "the countryside",
    "castle": "a dark castle",
    "train": "a train",
    "stadium": "a stadium",
    "bedroom": "a child's bedroom",
    "market": "a market",
    "snowfield": "a snowy village",
    "volcano": "a volcano",
    "swamp": "a swamp",
    "library": "a library",
    "rooftop": "a rooftop",
    "fairground": "a fairground",
    "battlefield": "a battlefield",
    "cafe": "a small cafe",
    "highway": "a highway",
    "garden": "a quiet garden",
    "ballroom": "a ballroom",
    "dungeon": "a dungeon",
    "game level": "a video game level",
    "parade": "a parade",
    "bar": "a smoky bar",
}
"""Phrases of the places that SynthSet draws, in its order."""
TIMES: dict[str, str] = {
    "dawn": "at dawn",
    "morning": "in the morning",
    "afternoon": "in the afternoon",
    "sunset": "at sunset",
    "evening": "in the evening",
    "night": "at night",
    "midnight": "at midnight",
}
WEATHERS: dict[str, str] = {
    "clear": "in clear weather",
    "clouds": "under clouds",
    "rain": "in the rain",
    "fog": "in the fog",
    "snow": "in the snow",
    "storm": "in a storm",
}
SCENE_PHRASES: dict[str, tuple[str, ...]] = {
    "places": tuple(PLACES.values()),
    "times": tuple(TIMES.values()),
    "weathers": tuple(WEATHERS.values()),
}
"""What a caption is put together from, one phrase of each; the outputs of ``picture_words``."""
NO_PLACE = "shapes and colours"
"""What a picture shows that is like no place."""
UNSAID = (WEATHERS["clear"],)
"""What goes without saying."""

MUSIC_TAGS: dict[str, tuple[str, ...]] = {
    "mood": MOODS,
    "genre": GENRES,
    "lead": tuple(LEADS),
    "tempo": ("slow", "medium", "fast"),
}
"""What a prompt for music is put together from."""

SLOW_MOODS: tuple[str, ...] = ("calm", "sad", "peaceful", "tender", "dreamy", "melancholic")
QUICK_MOODS: tuple[str, ...] = (
    "energetic", "aggressive", "triumphant", "epic", "playful", "tense"
)  # fmt: skip


def tempos_of(mood: str) -> tuple[str, ...]:
    """Return the tempos that a mood agrees with."""
    every = MUSIC_TAGS["tempo"]
    return every[:-1] if mood in SLOW_MOODS else every[1:] if mood in QUICK_MOODS else every
