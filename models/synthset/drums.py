"""Grooves on the sixteenth grid, with fills, crashes and drop-outs that follow the intensity."""

from __future__ import annotations

from random import Random

from descant.models.theory.notes import Note

_PITCHES: dict[str, int] = {
    "kick": 36, "snare": 38, "rim": 37, "clap": 39, "hat": 42, "open": 46, "ride": 51,
    "crash": 49, "tom1": 50, "tom2": 47, "tom3": 43, "tamb": 54, "shaker": 70, "clave": 75,
    "conga": 63, "low conga": 64, "cowbell": 56, "block": 76,
}  # fmt: skip
_LEVELS = {"X": 1.0, "x": 0.8, "o": 0.5}
_BALANCE = {
    "kick": 112, "snare": 98, "rim": 76, "clap": 84, "hat": 84, "open": 62, "ride": 70,
    "crash": 80, "tom1": 92, "tom2": 92, "tom3": 92, "tamb": 58, "shaker": 74, "clave": 50,
    "conga": 70, "low conga": 72, "cowbell": 52, "block": 60,
}  # fmt: skip

Groove = dict[str, str]

GROOVES: dict[str, Groove] = {
    "straight": {
        "kick": "X.......X.......", "snare": "....X.......X...", "hat": "X.o.x.o.x.o.x.o."},
    "pop": {"kick": "X.....x.X.......", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."},
    "rock": {"kick": "X.....x.X.x.....", "snare": "....X.......X...", "hat": "X.x.X.x.X.x.X.x."},
    "rock ride": {
        "kick": "X...x.....X.....", "snare": "....X.......X..o", "ride": "X...x...x...x..."},
    "swing": {"kick": "x.......o.......", "ride": "X...X.x.X...X.x.", "hat": "....X.......X..."},
    "brushes": {"kick": "x.......x.......", "snare": "o...x.o.o...x.o.", "hat": "....x.......x..."},
    "shuffle": {"kick": "X.......X.....o.", "snare": "....X.......X...", "hat": "X.o.X.o.X.o.X.o."},
    "soft": {"kick": "x.......x.......", "rim": "....x.......x...", "shaker": "x.o.x.o.x.o.x.o."},
    "lofi": {"kick": "X......x..X.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.xo"},
    "boom": {"kick": "X.....x...X.....", "snare": "....X.......X..o", "hat": "x.o.x.o.x.o.x.o."},
    "house": {
        "kick": "X...X...X...X...", "clap": "....X.......X...", "open": "..x...x...x...x.",
        "hat": "x.o.x.o.x.o.x.o."},
    "techno": {
        "kick": "X...X...X...X...", "hat": "..X...X...X...X.", "rim": "...x..x....x..x.",
        "clap": "....x.......x..."},
    "synthwave": {
        "kick": "X...X...X...X...", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."},
    "trap": {"kick": "X.....x...x.....", "clap": "........X.......", "hat": "X.x.X.x.X.xoX.xx"},
    "trap 2": {"kick": "X..x......x..x..", "snare": "........X.......", "hat": "X.x.X.xxX.x.X.xx"},
    "funk": {"kick": "X..x..x...x.....", "snare": "....X..o.o..X...", "hat": "x.xxx.x.x.xxx.x."},
    "funk 2": {"kick": "X.x.......x..x..", "snare": "....X..o....X..o", "hat": "X.x.X.x.X.x.X.x."},
    "one drop": {"kick": "o.......X.......", "rim": "........X.......", "hat": "X.x.X.x.X.x.X.x."},
    "steppers": {"kick": "X...X...X...X...", "rim": "........X.......", "hat": "x.x.x.x.x.x.x.x."},
    "bossa": {
        "kick": "x.....x.x.....x.", "rim": "x..x..x...x..x..", "hat": "x.o.x.o.x.o.x.o."},
    "samba": {
        "kick": "X..ox..oX..ox..o", "shaker": "x.o.x.o.x.o.x.o.", "conga": "....x..x....x.xx"},
    "train": {"kick": "X...x...X...x...", "snare": "o.ooX.ooo.ooX.oo", "hat": "....o.......o..."},
    "country": {"kick": "X.......X.......", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."},
    "waltz": {"kick": "X...........", "rim": "....o...o...", "ride": "x...x...x..."},
    "waltz 2": {"kick": "X...........", "snare": "....o...o...", "hat": "x.o.x.o.x.o."},
    "toms": {"kick": "X.......X...x...", "tom3": "X..x..x.X..x..x.", "tom2": "....x.......x..."},
    "taiko": {"kick": "X...x...X...x...", "tom3": "X.......X.....xx", "tom2": "....x.......x..."},
    "metal": {"kick": "X.xxX.xxX.xxX.xx", "snare": "....X.......X...", "hat": "X...X...X...X..."},
    "blast": {"kick": "X.X.X.X.X.X.X.X.", "snare": "....X.......X...", "ride": "X...X...X...X..."},
    "chip": {"kick": "X...x...X...x...", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."},
    "jig": {"kick": "X.......X.......", "tamb": "x.o.x.o.x.o.x.o.", "tom3": "X..xx..xX..xx..x"},
    "march": {"kick": "X.......X.......", "snare": "X..ox.x.X..ox.xx", "crash": "................"},
    "march 2": {"kick": "X...x...X...x...", "snare": "x.xxx...x.xxx.x.", "hat": "...............x"},
    "dnb": {"kick": "X.........X.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."},
    "dnb 2": {"kick": "X.x.......X.....", "snare": "....X..o.o..X...", "ride": "x.x.x.x.x.x.x.x."},
    "pulse": {"shaker": "x...x...x...x...", "kick": "x.......x......."},
}  # fmt: skip
_FILLS = (
    {"snare": "........x.xxX.XX"},
    {"snare": "........xx..", "tom1": "..........xx", "tom3": "............XXXX"},
    {"tom1": "........x.x.", "tom2": "..........x.x...", "tom3": "............X.X."},
    {"snare": "............xxXX"},
)


def play_bar(
    rng: Random, groove: Groove, start: float, steps: int, intensity: float, place: str
) -> list[Note]:
    """Play one bar.

    Args:
        rng: Source of ghost notes and fills.
        groove: Patterns by drum.
        start: Beat of the bar line.
        steps: Sixteenths in the bar.
        intensity: 0 … 1; low bars keep only the pulse.
        place: "first" of a section (crash), "fill" (the bar that leads on), or "plain".
    """
    notes: list[Note] = []
    fill = place == "fill" and intensity > 0.45 and steps == 16
    for drum, pattern in groove.items():
        if intensity < 0.36 and drum in ("snare", "clap", "tom2", "tom1"):
            continue
        until = 8 if fill and drum in ("snare", "hat", "open", "ride", "clap", "tom3") else steps
        notes += _hits(rng, drum, pattern[:until], start, intensity)
    if fill:
        for drum, pattern in rng.choice(_FILLS).items():
            notes += _hits(rng, drum, pattern, start, intensity)
    if place == "first" and intensity > 0.62:
        notes.append(Note(start, 1.0, _PITCHES["crash"], round(48 + 30 * intensity)))
    return notes


def _hits(rng: Random, drum: str, pattern: str, start: float, intensity: float) -> list[Note]:
    scale = _BALANCE[drum] * (0.72 + 0.3 * intensity)
    return [
        Note(
            start + step * 0.25,
            0.2,
            _PITCHES[drum],
            max(12, min(124, round(scale * _LEVELS[mark] * rng.uniform(0.93, 1.05)))),
        )
        for step, mark in enumerate(pattern)
        if mark in _LEVELS
    ]
