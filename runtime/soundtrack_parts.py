"""What a soundtrack is made of: layers of one tune at several intensities, and stingers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.runtime.checks import check_integer, check_number, check_text
from descant.runtime.errors import RequestError
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.engine import Engine

QUIETEST_DB = -8.0
"""Of a layer at intensity 0 beside one at 1: every clip is made equally loud, games are not."""
MAX_LAYERS = 16
STING_DB = -2.0
TAIL_SECONDS = 1.0
"""In which a stinger dies away."""
OCTAVE = 12
STING_TONIC = 67
"""MIDI number that a stinger's tonic is the nearest one below of."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One variation of the music."""

    level: float
    """0 … 1: the intensity that it stands for."""
    words: str = ""
    """Put behind the prompt."""
    name: str = ""

    def __post_init__(self) -> None:
        if self.level is None:
            raise RequestError("a layer has no level", hint="give it a number from 0 to 1")
        check_number("a layer's level", self.level, 0.0, 1.0)
        check_text("a layer's words", self.words)
        check_text("a layer's name", self.name)
        if not self.name:
            object.__setattr__(self, "name", f"{self.level:g}")

    @property
    def gain(self) -> float:
        """Factor of its samples."""
        return float(10.0 ** (QUIETEST_DB * (1.0 - self.level) / 20.0))


NAMED = {
    layer.name: layer
    for layer in (
        Layer(0.1, "quiet calm gentle", "calm"),
        Layer(0.35, "light curious", "explore"),
        Layer(0.6, "tense dark suspense", "tense"),
        Layer(1.0, "energetic driving drums", "battle"),
    )
}
"""Layers that are known by name. With the starter and six prompts, each over one tune, the spectral
flux (how much goes on) was 0.13 with the words for calm, 0.16 without any, 0.18 with those for
tense and 0.20 with those for battle; loudness is the same in all."""

STINGS: dict[str, tuple[tuple[float, int, float], ...]] = {
    "win": ((0.0, 0, 0.5), (0.5, 2, 0.5), (1.0, 4, 0.5), (1.5, 7, 2.0)),
    "lose": ((0.0, 4, 0.5), (0.5, 3, 0.5), (1.0, 2, 0.5), (1.5, 0, 2.0)),
    "find": ((0.0, 4, 0.25), (0.25, 5, 0.25), (0.5, 6, 0.25), (0.75, 7, 0.25), (1.0, 9, 1.5)),
    "alarm": ((0.0, 7, 0.5), (0.5, 4, 0.5), (1.0, 7, 0.5), (1.5, 4, 1.0)),
}
"""Stingers by name: (beat, step of the scale from the tonic up, beats)."""


def read_layers(intensities: Sequence[float | str | Layer]) -> tuple[Layer, ...]:
    """Return the layers that are meant, the weakest first.

    Args:
        intensities: Numbers from 0 to 1, names of ``NAMED``, or layers.

    Raises:
        RequestError: There are none or too many, two have the same level, or one is none of these.
    """
    layers = sorted((_layer(value) for value in intensities), key=lambda layer: layer.level)
    unlike = min(len({layer.level for layer in layers}), len({layer.name for layer in layers}))
    if not 1 <= len(layers) <= MAX_LAYERS or unlike < len(layers):
        raise RequestError(
            f"intensities must be 1 to {MAX_LAYERS} different layers, got {len(layers)} "
            f"of which {unlike} differ in level and name",
            hint="such as (0.1, 0.4, 0.7, 1.0)",
        )
    return tuple(layers)


def read_stings(names: Sequence[str]) -> tuple[str, ...]:
    """Return the stingers that are meant.

    Raises:
        RequestError: One is not known.
    """
    for name in names:
        if name not in STINGS:
            raise RequestError(
                f"there is no stinger {name!r:.40}", hint=f"take some of {', '.join(STINGS)}"
            )
    return tuple(dict.fromkeys(names))


def check_music(engine: Engine, request: Request, bars: int) -> None:
    """Refuse what a soundtrack can't be made of."""
    check_integer("bars", 0 if bars is None else bars, 1, 256)
    if not engine.has_notes:
        raise RequestError(
            f"the pack {engine.pack.spec.id!r} can't play one tune in several ways",
            hint="use a pack that knows its notes, such as starter",
        )
    for name in ("seconds", "bars", "init", "inpaint", "continues", "video", "deadline_ms"):
        if getattr(request, name) is not None:
            raise RequestError(f"{name} is the soundtrack's own", hint=f"leave {name} out")
    if request.count != 1 or request.intensity or request.loop:
        raise RequestError(
            "count, intensity and loop are the soundtrack's own",
            hint="leave them out of the request",
        )


def layer_request(music: Request, layer: Layer, bars: int) -> Request:
    """Return the wish for a layer.

    Args:
        music: Prompt, melody, tempo, key and seed that all layers share.
        layer: The one.
        bars: Length.
    """
    words = f"{music.prompt.strip()}, {layer.words}" if music.prompt.strip() else layer.words
    return replace(music, prompt=words, intensity=(layer.level,), bars=bars, loop=True)


def sting_request(music: Request, name: str, key: Key, tempo_bpm: float) -> Request:
    """Return the wish for a stinger in the music's key and tempo, over the chord of its tonic."""
    notes = tuple(
        Note(beat, beats, step_pitch(key, step), 110) for beat, step, beats in STINGS[name]
    )
    beats = notes[-1].end
    chord = Chord(0.0, beats, key.tonic, "maj" if key.mode == "major" else "min")
    sheet = LeadSheet(key, tempo_bpm, 4, notes, (chord,), (), (0.8,) * (int(beats) // 4 + 1))
    seconds = beats * 60.0 / tempo_bpm + TAIL_SECONDS
    return replace(music, melody=sheet, hum=None, seconds=seconds, intensity=())


def step_pitch(key: Key, step: int) -> int:
    """MIDI number of a step of the scale, counted from the tonic below ``STING_TONIC``."""
    tonic = STING_TONIC - (STING_TONIC - key.tonic) % OCTAVE
    octave, place = divmod(step, len(key.scale))
    return tonic + octave * OCTAVE + (key.scale[place] - key.tonic) % OCTAVE


def _layer(value: float | str | Layer) -> Layer:
    if isinstance(value, Layer):
        return value
    if isinstance(value, str):
        if value not in NAMED:
            raise RequestError(
                f"there is no layer {value!r:.40}",
                hint=f"take some of {', '.join(NAMED)}, or numbers from 0 to 1",
            )
        return NAMED[value]
    plain = Layer(value)  # which refuses what is no number
    nearest = min(NAMED.values(), key=lambda named: abs(named.level - plain.level))
    return Layer(float(value), nearest.words)
