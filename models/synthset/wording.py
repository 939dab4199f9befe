"""Synonyms for captions; in each list the last entries are kept for the test split."""

from __future__ import annotations

import re
from random import Random

HELD_OUT = 1
"""Entries at the end of each list that only test captions use."""

GENRE_WORDS: dict[str, tuple[str, ...]] = {
    "pop": ("pop", "pop", "catchy pop", "radio pop", "chart pop"),
    "rock": ("rock", "rock", "guitar rock", "classic rock", "rock band"),
    "jazz": ("jazz", "jazz", "swing jazz", "jazzy", "swinging jazz"),
    "blues": ("blues", "blues", "bluesy", "twelve-bar blues", "blues band"),
    "folk": ("folk", "folk", "acoustic folk", "folksy", "acoustic fireside folk"),
    "classical": ("classical", "classical", "chamber music", "orchestral", "classic chamber"),
    "ambient": ("ambient", "ambient", "atmospheric", "ambient soundscape", "atmospheric ambient"),
    "lo-fi hip hop": ("lo-fi hip hop", "lofi", "lo-fi", "chillhop", "lofi hip-hop beat"),
    "house": ("house", "house", "dance", "deep house", "club house"),
    "techno": ("techno", "techno", "electronic", "driving techno", "warehouse techno"),
    "synthwave": ("synthwave", "synthwave", "80s synth", "retrowave", "eighties synthwave"),
    "trap": ("trap", "trap", "hip hop", "trap beat", "808 trap"),
    "funk": ("funk", "funk", "funky", "groovy funk", "funky groove"),
    "reggae": ("reggae", "reggae", "dub reggae", "island reggae", "roots reggae"),
    "bossa nova": ("bossa nova", "bossa nova", "latin jazz", "bossa", "brazilian bossa nova"),
    "country": ("country", "country", "americana", "bluegrass", "western country"),
    "waltz": ("waltz", "waltz", "3/4 waltz", "waltzing", "waltz in three"),
    "cinematic": ("cinematic", "film score", "soundtrack", "orchestral film", "movie score"),
    "metal": ("metal", "heavy metal", "metal", "hard metal", "heavy metal band"),
    "chiptune": ("chiptune", "8-bit", "video game", "retro game", "8-bit chiptune"),
    "celtic": ("celtic", "irish", "celtic folk", "celtic", "irish celtic"),
    "march": ("march", "marching band", "military march", "march", "parade march"),
    "lullaby": ("lullaby", "lullaby", "bedtime", "cradle song", "bedtime lullaby"),
    "drum and bass": ("drum and bass", "drum and bass", "dnb", "jungle", "drum & bass"),
}
MOOD_WORDS: dict[str, tuple[str, ...]] = {
    "happy": ("happy", "happy", "cheerful", "joyful", "sunny"),
    "sad": ("sad", "sad", "sorrowful", "gloomy", "tearful"),
    "calm": ("calm", "calm", "relaxing", "chill", "relaxed"),
    "energetic": ("energetic", "energetic", "upbeat", "lively", "high-energy"),
    "dark": ("dark", "dark", "ominous", "brooding", "sinister"),
    "romantic": ("romantic", "romantic", "loving", "sensual", "passionate"),
    "epic": ("epic", "epic", "grand", "heroic", "majestic"),
    "mysterious": ("mysterious", "mysterious", "eerie", "enigmatic", "spooky"),
    "playful": ("playful", "playful", "quirky", "funny", "mischievous"),
    "melancholic": ("melancholic", "melancholic", "melancholy", "wistful", "bittersweet"),
    "hopeful": ("hopeful", "hopeful", "uplifting", "optimistic", "inspiring"),
    "dreamy": ("dreamy", "dreamy", "ethereal", "floating", "hazy"),
    "tense": ("tense", "tense", "suspenseful", "anxious", "nervous"),
    "nostalgic": ("nostalgic", "nostalgic", "longing", "sentimental", "reminiscent"),
    "peaceful": ("peaceful", "peaceful", "serene", "soothing", "tranquil"),
    "triumphant": ("triumphant", "triumphant", "victorious", "proud", "glorious"),
    "aggressive": ("aggressive", "aggressive", "angry", "fierce", "furious"),
    "tender": ("tender", "tender", "gentle", "soft", "delicate"),
}
LEAD_WORDS: dict[str, tuple[str, ...]] = {
    "piano": ("piano", "piano", "grand piano", "acoustic grand piano"),
    "electric piano": ("electric piano", "rhodes", "electric piano", "rhodes piano"),
    "steel guitar": ("steel guitar", "acoustic guitar", "steel string guitar", "strummed guitar"),
    "nylon guitar": ("nylon guitar", "classical guitar", "spanish guitar", "nylon string guitar"),
    "distorted guitar": (
        "distorted guitar",
        "electric guitar",
        "heavy guitar",
        "overdriven guitar",
    ),
    "saxophone": ("saxophone", "sax", "alto sax", "alto saxophone"),
    "violin": ("violin", "violin", "fiddle", "solo violin"),
    "square synth": ("square synth", "square wave synth", "8-bit synth", "square wave lead"),
    "saw synth": ("saw synth", "sawtooth synth", "synth", "sawtooth lead"),
    "pan flute": ("pan flute", "pan flute", "panpipes", "pan pipes"),
    "strings": ("strings", "string section", "string ensemble", "orchestral strings"),
    "choir": ("choir", "choir", "voices", "vocal choir"),
    "bagpipes": ("bagpipes", "bagpipe", "highland bagpipes"),
    "whistle": ("whistle", "whistling", "tin whistle"),
    "steel drums": ("steel drums", "steel drum", "steelpan", "steel pan"),
    "kalimba": ("kalimba", "thumb piano", "kalimba", "kalimba thumb piano"),
    "french horn": ("french horn", "horn", "french horn", "french horns"),
}
PLACE_WORDS: dict[str, tuple[str, ...]] = {
    "a rainy city": ("a rainy city", "rain in the city", "rain on the window", "wet streets"),
    "a neon city": (
        "a neon city",
        "a drive through neon lights",
        "a cyberpunk city",
        "neon streets",
    ),
    "a night club": ("a night club", "the dance floor", "a party", "a crowded club"),
    "a small cafe": ("a small cafe", "a coffee shop", "a cozy cafe", "a little coffee house"),
    "a sunny beach": ("a sunny beach", "the beach", "a tropical island", "sand and palm trees"),
    "a deep forest": ("a deep forest", "the woods", "a misty forest", "old woods"),
    "the mountains": ("the mountains", "a mountain view", "high peaks", "a mountain trail"),
    "a dark castle": ("a dark castle", "a haunted castle", "old ruins", "a haunted fortress"),
    "a battlefield": ("a battlefield", "a great battle", "a boss fight", "a war scene"),
    "outer space": ("outer space", "space travel", "the stars", "a voyage through space"),
    "a desert road": ("a desert road", "a road trip", "a dusty road", "a lonely desert"),
    "the countryside": ("the countryside", "green fields", "a farm", "a country meadow"),
    "a cathedral": ("a cathedral", "a church", "a chapel", "a vast church"),
    "a dungeon": ("a dungeon", "a dark cave", "an underground level", "a deep cavern"),
    "a video game level": (
        "a video game level",
        "a platform game",
        "a game menu",
        "an arcade game",
    ),
    "a ballroom": ("a ballroom", "a dance in a palace", "an elegant ball", "a palace dance"),
    "a child's bedroom": ("a child's bedroom", "a sleeping baby", "bedtime", "a nursery"),
    "a snowy village": (
        "a snowy village",
        "a winter scene",
        "falling snow",
        "a village in the snow",
    ),
    "a parade": ("a parade", "a marching parade", "a festival", "a street parade"),
    "a harbour by the sea": ("a harbour by the sea", "the ocean", "a ship at sea", "the coast"),
    "a smoky bar": ("a smoky bar", "a late bar", "an old saloon", "a dim bar"),
    "a stadium": ("a stadium", "a big concert", "a sports show", "an arena"),
    "a city street": ("a city street", "downtown", "a busy street", "the streets of the city"),
    "a quiet garden": ("a quiet garden", "a flower garden", "a spring garden", "a blooming garden"),
    "a highway": ("a highway", "a fast car", "a car chase", "a racing car"),
}
TIME_WORDS: dict[str, tuple[str, ...]] = {
    "dawn": ("at dawn", "at sunrise", "at daybreak"),
    "morning": ("in the morning", "on a bright morning", "in the early hours"),
    "afternoon": ("in the afternoon", "on a sunny afternoon", "by day"),
    "sunset": ("at sunset", "at dusk", "at nightfall"),
    "evening": ("in the evening", "on a quiet evening", "late in the day"),
    "night": ("at night", "in the night", "after dark"),
    "midnight": ("at midnight", "late at night", "in the dead of night"),
}
USES: dict[str, tuple[str, ...]] = {
    "calm": ("for studying", "for relaxation", "for meditation", "for yoga"),
    "energetic": ("for a workout", "for a sports video", "for an action scene", "for running"),
    "happy": ("for a family video", "for a commercial", "for a holiday vlog", "for a birthday"),
    "dark": ("for a thriller", "for a horror scene", "for a boss fight", "for a crime film"),
    "sad": ("for a sad scene", "for a farewell", "for a drama", "for a goodbye"),
    "epic": ("for a trailer", "for a fantasy film", "for a battle scene", "for a hero's return"),
    "tender": ("for a baby to sleep", "for a love scene", "for a wedding", "for falling asleep"),
    "playful": ("for a cartoon", "for a children's game", "for a comedy", "for a puppet show"),
}
USE_MOODS: dict[str, str] = {
    "calm": "calm", "peaceful": "calm", "dreamy": "calm", "energetic": "energetic",
    "aggressive": "energetic", "happy": "happy", "hopeful": "happy", "dark": "dark",
    "tense": "dark", "mysterious": "dark", "sad": "sad", "melancholic": "sad",
    "nostalgic": "sad", "epic": "epic", "triumphant": "epic", "tender": "tender",
    "romantic": "tender", "playful": "playful",
}  # fmt: skip


def pick(rng: Random, words: tuple[str, ...], split: str) -> str:
    """Return a word of the split's part of a list.

    Training never uses the last entry; half of the test wordings do.
    """
    if len(words) <= HELD_OUT + 1:
        return words[0]
    if split == "test" and rng.random() < 0.5:
        return rng.choice(words[-HELD_OUT:])
    return rng.choice(words[:-HELD_OUT])


def with_article(text: str) -> str:
    """Return the text with "an" before vowels, and no article before plural instruments."""
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU8])", r"\1n ", text)
    return re.sub(
        r"\b([Aa]n?) (strings|bagpipes|steel drums|panpipes|pan pipes|voices)", r"\2", text
    )
