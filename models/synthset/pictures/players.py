"""A player with the music's lead instrument, far off, near, or the instrument alone."""

from __future__ import annotations

from collections.abc import Callable

from descant.models.synthset.pictures import keys, strings, winds
from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, times

SKIN: tuple[Colour, ...] = ((232, 190, 160), (198, 142, 104), (140, 94, 66), (92, 62, 48))
_HAIR: Colour = (52, 38, 32)
Hands = tuple[Point, Point]
Instrument = Callable[[Canvas, float, float, float], None]

_AT_KEYS: Hands = ((-0.16, 0.52), (0.16, 0.52))
_BEFORE: Hands = ((-0.22, 0.56), (0.22, 0.56))
_STRUM: Hands = ((-0.27, 0.66), (0.13, 0.46))
_FLUTE: Hands = ((-0.34, 0.82), (-0.12, 0.84))
_PIPE: Hands = ((-0.2, 0.64), (-0.12, 0.72))
INSTRUMENTS: dict[str, tuple[Instrument, Hands]] = {
    "guitar": (strings.guitar, _STRUM),
    "electric guitar": (strings.electric_guitar, _STRUM),
    "banjo": (strings.banjo, _STRUM),
    "sitar": (strings.sitar, ((-0.24, 0.78), (0.14, 0.36))),
    "violin": (strings.violin, ((-0.32, 0.73), (0.14, 0.68))),
    "cello": (strings.cello, ((-0.1, 0.72), (0.2, 0.34))),
    "harp": (strings.harp, ((-0.2, 0.62), (-0.1, 0.5))),
    "zither": (strings.zither, ((-0.2, 0.42), (0.16, 0.46))),
    "trumpet": (winds.trumpet, ((-0.2, 0.74), (-0.12, 0.72))),
    "trombone": (winds.trombone, ((-0.5, 0.72), (-0.04, 0.78))),
    "french horn": (winds.french_horn, ((-0.12, 0.62), (0.1, 0.5))),
    "saxophone": (winds.saxophone, ((-0.17, 0.66), (-0.22, 0.46))),
    "flute": (winds.flute, _FLUTE),
    "clarinet": (winds.clarinet, _PIPE),
    "whistle": (winds.whistle, ((-0.08, 0.72), (-0.13, 0.64))),
    "pan flute": (winds.pan_flute, ((-0.18, 0.72), (0.17, 0.74))),
    "harmonica": (winds.harmonica, ((-0.12, 0.84), (0.1, 0.84))),
    "bagpipes": (winds.bagpipes, ((-0.08, 0.42), (0.04, 0.54))),
    "piano": (keys.piano, ((-0.2, 0.48), (-0.12, 0.47))),
    "harpsichord": (keys.harpsichord, ((-0.2, 0.48), (-0.12, 0.47))),
    "electric piano": (keys.electric_piano, _AT_KEYS),
    "organ": (keys.organ, _AT_KEYS),
    "mallets": (keys.mallets, _BEFORE),
    "glockenspiel": (keys.glockenspiel, _BEFORE),
    "music box": (keys.music_box, ((-0.24, 0.4), (0.36, 0.48))),
    "kalimba": (keys.kalimba, ((-0.16, 0.55), (0.16, 0.55))),
    "steel drum": (keys.steel_drum, ((-0.3, 0.66), (0.1, 0.66))),
    "synth": (keys.synth, _AT_KEYS),
    "accordion": (keys.accordion, ((-0.25, 0.55), (0.25, 0.55))),
}
"""How each of ``settings.INSTRUMENTS`` but the choir looks, and where a player's hands are, from
the foot, in heights of the player."""


def add_player(c: Canvas, at: Point, height: float) -> None:
    """Draw a player standing at a point, and the scene's instrument."""
    x, y = at
    h = height * 1.3
    name = c.scene.instrument
    if name == "choir":
        for k in range(5):
            _body(c, (x + (k - 2) * h * 0.3, y), h * 0.85, c.accent(0), robe=True)
        return
    if name == "strings":
        for k in (-1, 1):
            _play(c, (x + k * h * 0.36, y), h * 0.86, "violin")
        name = "cello"
    _play(c, (x, y), h, name)


def add_instrument(c: Canvas, at: Point, height: float) -> None:
    """Draw the scene's instrument alone, as large as if a player of this height held it."""
    x, y = at
    name = c.scene.instrument
    if name == "choir":
        add_player(c, at, height * 0.8)
        return
    c.ellipse((x, y), (0.42 * height, 0.05 * height), (40, 36, 40), alpha=0.5)
    names = ("violin", "cello") if name == "strings" else (name,)
    for k, each in enumerate(names):
        INSTRUMENTS[each][0](c, x + 0.3 * k * height, y, height * 1.3)


def _play(c: Canvas, at: Point, h: float, name: str) -> None:
    x, y = at
    draw, hands = INSTRUMENTS[name]
    behind = name == "organ"
    if behind:
        draw(c, x, y, h)
    _body(c, at, h, c.accent(1), robe=False)
    if not behind:
        draw(c, x, y, h)
    _arms(c, x, y, h, hands)


def _body(c: Canvas, at: Point, h: float, cloth: Colour, robe: bool) -> None:
    x, y = at
    skin = SKIN[c.rng.randrange(4)]
    foot = 0.17 if robe else 0.1
    c.polygon([(x - foot * h, y), (x - 0.11 * h, y - 0.82 * h), (x + 0.11 * h, y - 0.82 * h),
               (x + foot * h, y)], cloth)  # fmt: skip
    if not robe:
        c.polygon([(x - 0.11 * h, y), (x - 0.09 * h, y - 0.45 * h), (x + 0.09 * h, y - 0.45 * h),
                   (x + 0.11 * h, y)], strings.BLACK)  # fmt: skip
    c.ellipse((x, y - 0.91 * h), (0.07 * h, 0.085 * h), skin)
    c.ellipse((x, y - 0.95 * h), (0.074 * h, 0.055 * h), _HAIR)
    if robe:
        c.ellipse((x, y - 0.875 * h), (0.018 * h, 0.022 * h), (90, 30, 30))


def _arms(c: Canvas, x: float, y: float, h: float, hands: tuple[Point, Point]) -> None:
    for side, hand in zip((-1, 1), hands, strict=True):
        shoulder = (x + side * 0.1 * h, y - 0.77 * h)
        elbow = (x + side * 0.19 * h, y - 0.6 * h)
        c.line(
            [shoulder, elbow, (x + hand[0] * h, y - hand[1] * h)],
            0.06 * h,
            times(c.accent(1), 0.85),
        )
