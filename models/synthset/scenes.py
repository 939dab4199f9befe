"""Where and when a piece could be set, and the names of its other instruments."""

from __future__ import annotations

from random import Random

PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "a rainy city": (("sad", "melancholic", "nostalgic", "calm"), ("lo-fi hip hop", "jazz")),
    "a neon city": (("energetic", "dark", "dreamy"), ("synthwave", "house", "techno", "trap")),
    "a night club": (("energetic", "happy"), ("house", "techno", "drum and bass", "funk")),
    "a small cafe": (("romantic", "calm", "nostalgic"), ("jazz", "bossa nova", "waltz", "pop")),
    "a sunny beach": (("happy", "calm", "playful"), ("reggae", "bossa nova", "pop", "house")),
    "a deep forest": (("mysterious", "peaceful", "calm"), ("ambient", "celtic", "folk")),
    "the mountains": (("epic", "hopeful", "triumphant", "peaceful"), ("cinematic", "celtic")),
    "a dark castle": (("dark", "tense", "mysterious"), ("cinematic", "metal", "classical")),
    "a battlefield": (("epic", "aggressive", "tense"), ("metal", "cinematic", "march")),
    "outer space": (("dreamy", "mysterious", "calm"), ("ambient", "synthwave", "cinematic")),
    "a desert road": (("nostalgic", "energetic", "melancholic"), ("rock", "blues", "country")),
    "the countryside": (("happy", "peaceful", "hopeful"), ("country", "folk", "celtic")),
    "a cathedral": (("peaceful", "epic", "sad", "mysterious"), ("classical", "ambient")),
    "a dungeon": (("dark", "tense", "aggressive"), ("chiptune", "metal", "techno", "trap")),
    "a video game level": (("playful", "energetic", "triumphant"), ("chiptune", "synthwave")),
    "a ballroom": (("romantic", "playful", "dreamy"), ("waltz", "classical", "jazz")),
    "a child's bedroom": (("tender", "dreamy", "calm", "peaceful"), ("lullaby", "ambient")),
    "a snowy village": (("tender", "nostalgic", "melancholic"), ("lullaby", "classical", "folk")),
    "a parade": (("triumphant", "happy", "playful"), ("march", "funk")),
    "a harbour by the sea": (("nostalgic", "melancholic", "hopeful"), ("celtic", "waltz", "folk")),
    "a smoky bar": (("sad", "mysterious", "romantic"), ("blues", "jazz", "country", "rock")),
    "a stadium": (("triumphant", "energetic", "epic"), ("rock", "pop", "metal")),
    "a city street": (("playful", "happy", "tense", "aggressive"), ("funk", "trap", "pop")),
    "a quiet garden": (("tender", "romantic", "peaceful"), ("classical", "bossa nova", "lullaby")),
    "a highway": (("energetic", "hopeful", "tense"), ("drum and bass", "synthwave", "rock")),
}
"""Moods and genres that suit each place."""

TIMES: dict[str, tuple[str, ...]] = {
    "dawn": ("hopeful", "peaceful", "mysterious", "triumphant"),
    "morning": ("happy", "hopeful", "playful", "peaceful", "tender"),
    "afternoon": ("happy", "energetic", "playful", "triumphant", "calm", "epic"),
    "sunset": ("nostalgic", "romantic", "melancholic", "epic", "dreamy"),
    "evening": ("romantic", "calm", "sad", "tender", "nostalgic"),
    "night": ("dark", "sad", "mysterious", "tense", "dreamy", "aggressive", "melancholic"),
    "midnight": ("dark", "tense", "mysterious", "aggressive", "energetic"),
}
"""Moods that suit each time of day."""

_NAMES: dict[int, str] = {
    0: "piano", 4: "electric piano", 6: "harpsichord", 7: "clavinet", 10: "music box",
    11: "vibraphone", 18: "organ", 21: "accordion", 24: "nylon guitar", 25: "acoustic guitar",
    26: "jazz guitar", 28: "muted guitar", 29: "overdriven guitar", 30: "distorted guitar",
    32: "upright bass", 33: "electric bass", 34: "picked bass", 35: "fretless bass",
    36: "slap bass", 38: "synth bass", 39: "synth bass", 42: "cellos", 43: "double bass",
    45: "pizzicato strings", 46: "harp", 48: "strings", 49: "strings", 50: "synth strings",
    51: "synth strings", 52: "choir", 58: "tuba", 60: "french horns", 61: "brass",
    62: "synth brass", 80: "square synth", 81: "saw synth", 88: "bell pad", 89: "warm pad",
    94: "halo pad", 95: "sweeping pad", 98: "crystal bells", 108: "kalimba",
}  # fmt: skip
_KITS: dict[int, str] = {
    0: "drums", 8: "drums", 16: "big drums", 24: "electronic drums", 25: "808 drums",
    32: "jazz drums", 40: "brushed drums", 48: "orchestral percussion",
}  # fmt: skip


def choose_scene(rng: Random, genre: str, mood: str) -> tuple[str, str]:
    """Choose a place and a time of day that go with the genre and the mood."""
    weights = [
        0.1 + 2.0 * (mood in moods) + 3.0 * (genre in genres) for moods, genres in PLACES.values()
    ]
    place = rng.choices(tuple(PLACES), weights)[0]
    times = [0.15 + (mood in moods) for moods in TIMES.values()]
    return place, rng.choices(tuple(TIMES), times)[0]


def instrument_name(role: str, program: int) -> str:
    """Return what a person would call a part."""
    if role == "drums":
        return _KITS.get(program, "drums")
    return _NAMES.get(program, "synth")
