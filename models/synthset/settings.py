"""What a scene can be: places, weather, palettes, styles and figures, and what goes with them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A place that can be drawn and told of."""

    moods: tuple[str, ...]
    genres: tuple[str, ...]
    music_places: tuple[str, ...]
    """Places of ``scenes.PLACES`` that this one shows."""
    weathers: tuple[str, ...]
    indoors: bool = False
    peopled: bool = True
    """Whether a figure can stand there."""
    horses: bool = False
    """Whether a rider may come by."""


_OPEN = ("clear", "clouds", "rain", "fog", "storm")
_NORTH = ("clear", "clouds", "fog", "snow", "storm")
_ALL = ("clear", "clouds", "rain", "fog", "snow", "storm")
_DRY = ("clear", "clouds", "fog", "storm")
_SEEN = ("clear", "clouds", "rain", "snow")
"""Weather that a window shows."""
_STILL = ("clear",)

SETTINGS: dict[str, Setting] = {
    "shore": Setting(("happy", "calm", "playful", "peaceful"), ("reggae", "bossa nova", "pop"),
        ("a sunny beach",), _OPEN, horses=True),
    "forest": Setting(("mysterious", "peaceful", "calm"), ("ambient", "celtic", "folk"),
        ("a deep forest",), _ALL, horses=True),
    "city street": Setting(("playful", "tense", "aggressive", "nostalgic"),
        ("funk", "trap", "lo-fi hip hop", "pop"), ("a city street", "a rainy city"), _ALL),
    "neon city": Setting(("energetic", "dark", "dreamy"), ("synthwave", "techno", "trap"),
        ("a neon city",), ("clear", "rain", "fog")),
    "desert": Setting(("nostalgic", "melancholic", "tense"), ("rock", "blues", "country"),
        ("a desert road",), ("clear", "clouds", "storm"), horses=True),
    "mountains": Setting(("epic", "hopeful", "triumphant", "peaceful"), ("cinematic", "celtic"),
        ("the mountains",), _NORTH, horses=True),
    "cathedral": Setting(("sad", "epic", "mysterious", "peaceful"), ("classical", "ambient"),
        ("a cathedral",), ("clear", "fog"), indoors=True),
    "dance club": Setting(("energetic", "happy"), ("house", "techno", "drum and bass", "funk"),
        ("a night club",), ("clear", "fog"), indoors=True),
    "kitchen": Setting(("tender", "nostalgic", "happy", "calm"), ("folk", "jazz", "country"),
        ("a small cafe",), _SEEN, indoors=True),
    "space": Setting(("dreamy", "mysterious", "epic"), ("ambient", "synthwave", "cinematic"),
        ("outer space",), _STILL, peopled=False),
    "underwater": Setting(("dreamy", "calm", "mysterious"), ("ambient", "drum and bass"),
        ("a harbour by the sea", "outer space"), _STILL, peopled=False),
    "harbour": Setting(("nostalgic", "melancholic", "hopeful"), ("celtic", "waltz", "folk"),
        ("a harbour by the sea",), _OPEN),
    "meadow": Setting(("happy", "peaceful", "hopeful", "tender"), ("country", "folk", "celtic"),
        ("the countryside",), _OPEN, horses=True),
    "castle": Setting(("dark", "mysterious", "epic"), ("cinematic", "metal", "celtic"),
        ("a dark castle",), _ALL, horses=True),
    "train": Setting(("nostalgic", "hopeful", "melancholic"), ("country", "blues", "rock"),
        ("a highway", "the countryside"), _ALL),
    "stadium": Setting(("triumphant", "energetic", "epic"), ("rock", "pop", "metal"),
        ("a stadium",), ("clear", "rain")),
    "bedroom": Setting(("tender", "dreamy", "calm", "peaceful"), ("lullaby", "lo-fi hip hop"),
        ("a child's bedroom",), _SEEN, indoors=True),
    "market": Setting(("happy", "playful", "energetic"), ("reggae", "bossa nova", "funk"),
        ("a city street", "a parade"), _OPEN),
    "snowfield": Setting(("tender", "nostalgic", "melancholic"), ("lullaby", "classical", "folk"),
        ("a snowy village",), ("clear", "clouds", "fog", "snow"), horses=True),
    "volcano": Setting(("aggressive", "epic", "tense"), ("metal", "cinematic", "drum and bass"),
        ("a battlefield", "a dungeon"), _DRY, peopled=False),
    "swamp": Setting(("dark", "mysterious", "sad"), ("blues", "ambient", "trap"),
        ("a deep forest",), ("clear", "rain", "fog", "storm"), peopled=False),
    "library": Setting(("calm", "nostalgic", "mysterious"), ("classical", "lo-fi hip hop"),
        ("a small cafe", "a cathedral"), _SEEN, indoors=True),
    "rooftop": Setting(("dreamy", "melancholic", "calm", "romantic"),
        ("lo-fi hip hop", "jazz", "house"), ("a rainy city",), _ALL),
    "fairground": Setting(("playful", "happy", "nostalgic"), ("waltz", "chiptune", "pop"),
        ("a parade",), _OPEN),
    "battlefield": Setting(("aggressive", "epic", "tense", "sad"), ("metal", "cinematic", "march"),
        ("a battlefield",), _ALL, horses=True),
    "cafe": Setting(("romantic", "calm", "nostalgic"), ("jazz", "bossa nova", "waltz"),
        ("a small cafe",), _SEEN, indoors=True),
    "highway": Setting(("energetic", "hopeful", "tense"), ("drum and bass", "synthwave", "rock"),
        ("a highway",), _ALL),
    "garden": Setting(("tender", "romantic", "peaceful"), ("classical", "bossa nova", "lullaby"),
        ("a quiet garden",), ("clear", "clouds", "rain", "fog")),
    "ballroom": Setting(("romantic", "playful", "dreamy"), ("waltz", "classical", "jazz"),
        ("a ballroom",), _SEEN, indoors=True),
    "dungeon": Setting(("dark", "tense", "aggressive"), ("chiptune", "metal", "techno"),
        ("a dungeon",), ("clear", "fog"), indoors=True),
    "game level": Setting(("playful", "energetic", "triumphant"), ("chiptune",),
        ("a video game level",), ("clear", "clouds")),
    "parade": Setting(("triumphant", "happy", "playful"), ("march", "funk"),
        ("a parade",), ("clear", "clouds")),
    "bar": Setting(("sad", "mysterious", "romantic"), ("blues", "jazz", "country", "rock"),
        ("a smoky bar",), ("clear", "fog"), indoors=True),
}  # fmt: skip

WEATHERS: dict[str, tuple[str, ...]] = {
    "clear": ("happy", "romantic", "playful", "hopeful", "peaceful", "triumphant", "energetic"),
    "clouds": ("calm", "nostalgic", "hopeful", "epic", "melancholic", "dreamy", "tender"),
    "rain": ("sad", "melancholic", "nostalgic"),
    "fog": ("mysterious", "dark", "dreamy", "sad"),
    "snow": ("tender", "peaceful", "melancholic", "dreamy", "nostalgic"),
    "storm": ("aggressive", "tense", "dark", "epic"),
}
"""Moods that suit each weather."""

PALETTES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sunlit": (("happy", "playful"), ("pop", "country", "reggae")),
    "gold": (("triumphant", "epic", "hopeful"), ("march", "cinematic", "classical")),
    "rose": (("romantic", "tender"), ("bossa nova", "waltz", "lullaby")),
    "amber": (("nostalgic", "romantic"), ("jazz", "blues", "country", "folk")),
    "faded": (("nostalgic", "melancholic"), ("lo-fi hip hop", "folk", "waltz")),
    "ice": (("sad", "peaceful", "tender"), ("classical", "ambient", "lullaby")),
    "slate": (("sad", "melancholic"), ("blues", "classical", "rock")),
    "noir": (("dark", "mysterious", "tense"), ("jazz", "trap", "techno")),
    "blood": (("aggressive", "dark"), ("metal", "rock", "trap")),
    "ember": (("aggressive", "tense", "epic"), ("metal", "cinematic", "rock")),
    "moss": (("peaceful", "calm", "mysterious"), ("celtic", "folk", "ambient")),
    "spring": (("hopeful", "peaceful", "tender"), ("celtic", "country", "classical")),
    "lagoon": (("calm", "happy", "dreamy"), ("reggae", "bossa nova", "ambient")),
    "violet": (("dreamy", "mysterious"), ("synthwave", "house", "ambient")),
    "neon": (("energetic", "dark"), ("synthwave", "techno", "house", "drum and bass")),
    "candy": (("playful", "energetic", "happy"), ("chiptune", "funk", "pop")),
    "toxic": (("tense", "dark", "mysterious"), ("drum and bass", "techno", "trap")),
}
"""Moods and genres that suit each palette."""

ABSTRACT = ("fields", "strokes", "geometry", "marbling", "rings", "ribbons")
"""Styles that show no place at all."""

STYLES: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "photo": (0.0, 2.6, ("country", "rock", "ambient", "cinematic", "folk", "reggae")),
    "sepia": (0.1, 0.4, ("blues", "folk", "country", "march", "waltz")),
    "watercolour": (0.3, 0.7, ("lullaby", "bossa nova", "celtic", "folk")),
    "oil": (0.35, 0.7, ("classical", "waltz", "cinematic")),
    "poster": (0.35, 0.7, ("pop", "funk", "reggae", "march", "house")),
    "woodcut": (0.5, 0.3, ("metal", "celtic", "blues")),
    "noir": (0.2, 0.4, ("jazz", "trap", "blues")),
    "pixel": (0.4, 0.2, ("chiptune", "lo-fi hip hop")),
    "glow": (0.35, 0.3, ("synthwave", "techno", "drum and bass", "house")),
    "pastel": (0.25, 0.5, ("lo-fi hip hop", "lullaby", "pop", "bossa nova")),
    "grit": (0.2, 0.4, ("rock", "metal", "trap", "techno")),
    "fields": (1.0, 0.22, ("ambient", "classical")),
    "strokes": (1.0, 0.22, ("jazz", "rock", "metal")),
    "geometry": (1.0, 0.22, ("techno", "house", "funk")),
    "marbling": (1.0, 0.22, ("ambient", "drum and bass")),
    "rings": (1.0, 0.22, ("house", "pop", "chiptune")),
    "ribbons": (1.0, 0.22, ("waltz", "synthwave", "bossa nova")),
}
"""Abstractness, weight before the genre has its say, and genres that suit the style."""

FIGURES: dict[str, tuple[str, ...]] = {
    "nobody": ("calm", "peaceful", "mysterious", "dark", "epic"),
    "walker": ("sad", "melancholic", "nostalgic", "mysterious", "tense"),
    "couple": ("romantic", "tender", "nostalgic"),
    "dancers": ("energetic", "happy", "playful"),
    "child": ("playful", "tender", "hopeful", "happy", "dreamy"),
    "rider": ("epic", "triumphant", "aggressive"),
    "crowd": ("energetic", "triumphant", "aggressive"),
    "birds": ("hopeful", "peaceful", "dreamy", "calm"),
    "crows": ("dark", "tense", "sad"),
    "cat": ("calm", "playful", "mysterious"),
}
"""Moods that suit each figure."""

INSTRUMENTS: dict[str, tuple[str, ...]] = {
    "piano": ("piano",), "harpsichord": ("harpsichord",), "electric piano": ("electric piano",),
    "organ": ("organ", "church organ"), "glockenspiel": ("glockenspiel", "celesta"),
    "mallets": ("vibraphone", "marimba", "xylophone"), "music box": ("music box",),
    "zither": ("dulcimer", "koto"), "kalimba": ("kalimba",), "steel drum": ("steel drums",),
    "guitar": ("nylon guitar", "steel guitar"), "banjo": ("banjo",), "sitar": ("sitar",),
    "electric guitar": ("jazz guitar", "distorted guitar"), "violin": ("violin",),
    "strings": ("strings", "pizzicato strings"), "cello": ("cello",), "harp": ("harp",),
    "choir": ("choir",), "trumpet": ("trumpet",), "trombone": ("trombone",),
    "french horn": ("french horn",), "saxophone": ("saxophone",), "flute": ("flute",),
    "clarinet": ("clarinet", "oboe"), "whistle": ("whistle",), "pan flute": ("pan flute",),
    "harmonica": ("harmonica",), "bagpipes": ("bagpipes",), "accordion": ("accordion",),
    "synth": ("square synth", "saw synth"),
}  # fmt: skip
"""Leads that each instrument of a picture stands for."""
