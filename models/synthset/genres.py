"""What makes a genre: tempo, mode, harmony, groove, bass, accompaniment and favourite leads."""

from __future__ import annotations

from dataclasses import dataclass

GUITARS = (24, 25)
KEYS = (0, 4)
STRINGS = (48, 49)
Comp = tuple[str, tuple[int, ...]]
"""A pattern of ``arrange.COMPS`` and the programs that may play it."""


@dataclass(frozen=True, slots=True)
class Genre:
    """The rules of one genre."""

    tempo: tuple[int, int]
    major: float
    """Share of pieces in major before the mood has its say."""
    harmony: str
    """A family of ``harmony.PROGRESSIONS``."""
    melody: str
    """A rhythm style of ``melody``."""
    grooves: tuple[str, ...]
    drums: float
    """Share of pieces with drums."""
    kits: tuple[int, ...]
    basses: tuple[str, ...]
    bass_programs: tuple[int, ...]
    comps: tuple[Comp, ...]
    pads: tuple[int, ...]
    leads: tuple[str, ...]
    moods: tuple[str, ...]
    swing: float = 0.0
    """Beats by which off-beat eighths come late."""
    swing16: float = 0.0
    """Beats by which off-beat sixteenths come late."""
    beats: int = 4


GENRES: dict[str, Genre] = {
    "pop": Genre(
        (92, 128), 0.7, "pop", "drive", ("pop", "straight"), 0.95, (0, 8),
        ("pop", "eighths", "pop 2"), (33, 34, 39),
        (("strum", (25,)), ("quarters", KEYS), ("arp up", (4, 25)), ("half", (0,))), (50, 48, 89),
        ("piano", "electric piano", "saw synth", "steel guitar", "saxophone", "square synth"),
        ("happy", "romantic", "hopeful", "energetic", "playful")),
    "rock": Genre(
        (104, 152), 0.55, "rock", "drive", ("rock", "rock ride", "straight"), 1.0, (16, 8, 0),
        ("eighths", "pop", "pump"), (34, 33),
        (("power", (30, 29)), ("eighths", (29, 25)), ("strum", (25,))), (18, 48),
        ("distorted guitar", "jazz guitar", "organ", "harmonica", "saxophone", "steel guitar"),
        ("energetic", "aggressive", "triumphant", "tense")),
    "jazz": Genre(
        (88, 168), 0.6, "jazz", "swing", ("swing", "brushes"), 0.95, (32, 40), ("walk", "walk 2"),
        (32,), (("charleston", (0, 4, 26)), ("comp 2", (0, 26)), ("long", (26, 4))), (49,),
        ("saxophone", "trumpet", "piano", "vibraphone", "clarinet", "jazz guitar", "trombone"),
        ("romantic", "playful", "nostalgic", "mysterious"), swing=0.15),
    "blues": Genre(
        (68, 116), 0.6, "blues", "swing", ("shuffle",), 0.95, (0, 8), ("quarters", "walk", "pop"),
        (33, 32), (("quarters", (0, 18)), ("comp 2", (26, 0)), ("eighths", (25,))), (18,),
        ("harmonica", "jazz guitar", "saxophone", "piano", "distorted guitar", "organ"),
        ("sad", "melancholic", "nostalgic", "playful"), swing=0.16),
    "folk": Genre(
        (78, 120), 0.7, "plain", "lyric", ("soft", "jig"), 0.25, (0,), ("root fifth", "half"),
        (32,), (("folk", GUITARS), ("pick", GUITARS), ("strum", (25,)), ("pick 2", (24, 46))),
        (48, 21), ("steel guitar", "violin", "flute", "accordion", "harmonica", "nylon guitar",
        "whistle", "dulcimer"), ("nostalgic", "hopeful", "tender", "peaceful", "happy")),
    "classical": Genre(
        (66, 132), 0.6, "plain", "lyric", (), 0.0, (48,), ("half", "root fifth", "whole"),
        (43, 42), (("alberti", (0, 6)), ("quarters", (48, 0)), ("arp up", (46, 0)),
        ("rolling", (0,))), (48, 49), ("violin", "piano", "flute", "oboe", "clarinet", "cello",
        "harpsichord", "strings", "harp", "french horn"),
        ("romantic", "melancholic", "triumphant", "peaceful", "tender")),
    "ambient": Genre(
        (60, 92), 0.55, "floating", "lyric", ("pulse",), 0.3, (25,), ("whole", "half"), (39, 35),
        (("arp slow", (11, 46, 98, 4)), ("arp up", (98, 108, 46)), ("quarters", (4, 88))),
        (89, 94, 95, 52), ("pan flute", "electric piano", "choir", "vibraphone", "kalimba",
        "strings", "celesta", "flute"), ("calm", "dreamy", "peaceful", "mysterious")),
    "lo-fi hip hop": Genre(
        (70, 92), 0.4, "jazz", "sync", ("lofi", "boom"), 1.0, (0, 25), ("half", "pop", "sub 2"),
        (33, 35, 39), (("half", (4, 26)), ("charleston", (4, 0)), ("pick 2", (24, 4))), (89,),
        ("electric piano", "piano", "vibraphone", "jazz guitar", "saxophone", "kalimba", "koto"),
        ("calm", "nostalgic", "melancholic", "dreamy"), swing16=0.06),
    "house": Genre(
        (118, 130), 0.45, "minimal", "sync", ("house",), 1.0, (25, 24), ("offbeat", "octave"),
        (38, 39), (("stabs", (0, 81, 62)), ("offbeats", (0, 81)), ("arp fast", (81, 80))),
        (50, 89), ("saw synth", "piano", "organ", "square synth", "vibraphone", "saxophone"),
        ("happy", "energetic", "hopeful", "dreamy")),
    "techno": Genre(
        (124, 142), 0.15, "minimal", "sync", ("techno", "house"), 1.0, (25, 24),
        ("pump", "offbeat", "eighths"), (38, 39), (("arp fast", (81, 80)), ("stabs", (62, 81)),
        ("chip", (81, 39))), (95, 50), ("saw synth", "square synth", "marimba", "electric piano",
        "strings"), ("energetic", "dark", "tense", "mysterious")),
    "synthwave": Genre(
        (84, 122), 0.35, "pop", "drive", ("synthwave", "straight"), 1.0, (24, 16),
        ("eighths", "octave", "pump"), (38, 39), (("arp fast", (81, 80)), ("arp up", (80, 81)),
        ("half", (62, 81))), (50, 51, 89), ("saw synth", "square synth", "saxophone",
        "electric piano", "distorted guitar"), ("nostalgic", "dreamy", "energetic", "dark")),
    "trap": Genre(
        (126, 150), 0.15, "minimal", "sync", ("trap", "trap 2"), 1.0, (25,), ("sub", "sub 2"),
        (39, 38), (("half", (0, 50)), ("arp up", (10, 98, 0)), ("block", (52, 50))), (50, 52),
        ("flute", "piano", "music box", "square synth", "koto", "steel drums", "choir", "sitar"),
        ("dark", "aggressive", "tense", "mysterious")),
    "funk": Genre(
        (94, 118), 0.5, "minimal", "sync", ("funk", "funk 2"), 1.0, (0, 8), ("funk", "funk 2"),
        (36, 33), (("funk", (28, 7)), ("comp", (7, 4)), ("stabs", (61, 7))), (18,),
        ("saxophone", "trumpet", "organ", "trombone", "electric piano", "square synth"),
        ("playful", "energetic", "happy")),
    "reggae": Genre(
        (68, 92), 0.65, "modal", "sync", ("one drop", "steppers"), 1.0, (0, 8),
        ("reggae", "steppers"), (33,), (("skank 2", (26, 0, 25)), ("skank", (26, 18))), (18,),
        ("organ", "trombone", "harmonica", "saxophone", "steel drums", "trumpet", "jazz guitar"),
        ("happy", "calm", "peaceful", "playful")),
    "bossa nova": Genre(
        (108, 144), 0.65, "jazz", "sync", ("bossa", "samba"), 0.9, (40, 0), ("bossa", "half"),
        (32,), (("bossa", (24,)), ("bossa", (4, 24))), (49,),
        ("nylon guitar", "flute", "saxophone", "piano", "vibraphone", "clarinet", "accordion"),
        ("romantic", "calm", "happy", "tender")),
    "country": Genre(
        (96, 140), 0.9, "plain", "drive", ("train", "country"), 0.9, (0, 40),
        ("root fifth", "roll"), (32, 33), (("folk", (25,)), ("oompah", (25,)), ("strum", (25,))),
        (48,), ("banjo", "steel guitar", "violin", "harmonica", "dulcimer", "piano"),
        ("happy", "playful", "hopeful", "nostalgic")),
    "waltz": Genre(
        (96, 168), 0.6, "plain", "lyric", ("waltz", "waltz 2"), 0.35, (40, 0),
        ("waltz", "waltz 2", "waltz 3"), (43, 32), (("waltz", (0, 48, 24)),
        ("waltz soft", (21, 45)), ("waltz arp", (46, 0))), (48, 49), ("violin", "accordion",
        "piano", "clarinet", "strings", "flute", "harp", "celesta"),
        ("romantic", "nostalgic", "playful", "melancholic", "dreamy"), beats=3),
    "cinematic": Genre(
        (72, 132), 0.3, "pop", "lyric", ("toms", "taiko"), 0.75, (48, 16),
        ("eighths", "half", "quarters"), (43, 42), (("eighths", (48,)), ("arp up", (45, 46)),
        ("quarters", (48, 60)), ("arp fast", (45,))), (52, 49, 60), ("french horn", "strings",
        "choir", "trumpet", "cello", "violin", "piano", "trombone"),
        ("epic", "tense", "triumphant", "dark", "mysterious", "hopeful")),
    "metal": Genre(
        (116, 172), 0.1, "rock", "drive", ("metal", "blast"), 1.0, (16,), ("gallop", "eighths"),
        (34,), (("chug", (30,)), ("power", (30, 29))), (48, 52), ("distorted guitar", "organ",
        "saw synth", "choir", "violin"), ("aggressive", "dark", "epic", "energetic", "tense")),
    "chiptune": Genre(
        (116, 168), 0.65, "pop", "drive", ("chip", "straight"), 0.9, (24, 25),
        ("octave", "eighths"), (80, 38), (("chip", (80,)), ("arp fast", (80, 81))), (81,),
        ("square synth", "square synth", "saw synth", "xylophone", "music box", "marimba"),
        ("playful", "energetic", "happy", "triumphant")),
    "celtic": Genre(
        (92, 132), 0.5, "modal", "dotted", ("jig", "soft"), 0.6, (0,), ("half", "root fifth"),
        (32, 43), (("pick", (46, 24)), ("strum 2", (25,)), ("arp up", (46,))), (48, 21),
        ("whistle", "violin", "harp", "bagpipes", "flute", "accordion", "dulcimer"),
        ("mysterious", "happy", "nostalgic", "hopeful", "peaceful")),
    "march": Genre(
        (104, 126), 0.8, "plain", "dotted", ("march", "march 2"), 1.0, (48, 0),
        ("oompah", "root fifth"), (58,), (("oompah", (61, 60)), ("offbeats", (60, 61))), (60,),
        ("trumpet", "flute", "clarinet", "trombone", "french horn", "glockenspiel", "xylophone"),
        ("triumphant", "energetic", "epic", "playful", "happy")),
    "lullaby": Genre(
        (60, 88), 0.8, "plain", "lyric", (), 0.0, (0,), ("whole", "half"), (32, 35),
        (("arp slow", (46, 0)), ("alberti", (10, 24)), ("pick 2", (24, 46))), (49, 89),
        ("music box", "celesta", "glockenspiel", "harp", "flute", "kalimba", "piano"),
        ("tender", "dreamy", "calm", "peaceful")),
    "drum and bass": Genre(
        (160, 176), 0.25, "minimal", "lyric", ("dnb", "dnb 2"), 1.0, (25, 24), ("sub", "half"),
        (39, 38), (("half", (4, 50)), ("arp up", (81, 4)), ("block", (89, 4))), (50, 94),
        ("electric piano", "saw synth", "vibraphone", "square synth", "choir", "pan flute"),
        ("energetic", "dark", "dreamy", "tense")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mood:
    """How a mood bends a genre."""

    major: float
    """Wish for a major key, 0 … 1."""
    tempo: tuple[float, float]
    """Part of the genre's tempo range."""
    lift: int
    """Semitones added to the melody's register."""
    force: float
    """Intensity of a middling bar."""
    legato: float


MOODS: dict[str, Mood] = {
    "happy": Mood(0.97, (0.4, 1.0), 2, 0.66, 0.86),
    "sad": Mood(0.04, (0.0, 0.45), -2, 0.42, 0.95),
    "calm": Mood(0.7, (0.0, 0.4), -1, 0.4, 0.95),
    "energetic": Mood(0.6, (0.6, 1.0), 1, 0.8, 0.82),
    "dark": Mood(0.02, (0.1, 0.8), -4, 0.6, 0.92),
    "romantic": Mood(0.7, (0.0, 0.6), 0, 0.5, 0.95),
    "epic": Mood(0.3, (0.3, 1.0), 0, 0.84, 0.93),
    "mysterious": Mood(0.05, (0.0, 0.6), -1, 0.45, 0.92),
    "playful": Mood(0.92, (0.4, 1.0), 3, 0.6, 0.78),
    "melancholic": Mood(0.05, (0.0, 0.5), -1, 0.46, 0.95),
    "hopeful": Mood(0.95, (0.3, 0.8), 1, 0.6, 0.92),
    "dreamy": Mood(0.65, (0.0, 0.5), 1, 0.44, 0.96),
    "tense": Mood(0.02, (0.4, 1.0), -2, 0.7, 0.82),
    "nostalgic": Mood(0.55, (0.1, 0.6), 0, 0.5, 0.93),
    "peaceful": Mood(0.93, (0.0, 0.4), 0, 0.4, 0.96),
    "triumphant": Mood(0.95, (0.4, 1.0), 1, 0.85, 0.9),
    "aggressive": Mood(0.03, (0.6, 1.0), -2, 0.9, 0.84),
    "tender": Mood(0.85, (0.0, 0.4), 0, 0.42, 0.95),
}

CENTRES: dict[str, int] = {
    "cello": 68, "trombone": 68, "french horn": 69, "distorted guitar": 70, "choir": 71,
    "saxophone": 71, "clarinet": 72, "glockenspiel": 79, "celesta": 78, "xylophone": 78,
    "music box": 77, "whistle": 78, "flute": 76, "pan flute": 75, "violin": 75, "oboe": 74,
    "bagpipes": 74, "kalimba": 74,
}  # fmt: skip
"""Middle of a lead's register where it is not 73."""
