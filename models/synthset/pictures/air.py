"""The light of a time of day and what the weather does to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from descant.models.synthset.pictures.colour import Colour, filtered, grey, mix, times


@dataclass(frozen=True, slots=True)
class Air:
    """Sky, light and haze of a scene."""

    top: Colour
    middle: Colour
    low: Colour
    """The sky from the zenith down to the horizon."""
    ambient: Colour
    """Light on things, 0 … 1 per channel."""
    sun: Colour
    height: float
    """The sun's or moon's place over the horizon: 0 at it, 1 at the top."""
    moon: bool
    stars: float
    lamps: bool
    """Whether windows and lanterns are lit."""
    haze: float = 0.55
    """How far distance fades things."""
    veil: float = 0.0
    """Cloud or fog before the sun, 0 … 1."""
    weather: str = "clear"

    @property
    def mist(self) -> Colour:
        """The colour that distance fades to."""
        return mix(self.low, self.middle, 0.35)

    @property
    def dark(self) -> bool:
        """Whether it is night."""
        return grey(self.ambient) < 0.5


_TIMES: dict[str, Air] = {
    "dawn": Air((88, 112, 168), (206, 158, 182), (255, 196, 150), (0.78, 0.7, 0.72),
        (255, 226, 180), 0.1, False, 0.05, False),
    "morning": Air((84, 156, 224), (150, 200, 238), (214, 232, 238), (1.0, 0.97, 0.9),
        (255, 246, 214), 0.5, False, 0.0, False),
    "afternoon": Air((38, 112, 212), (98, 168, 232), (184, 216, 236), (1.04, 1.02, 0.96),
        (255, 252, 236), 0.8, False, 0.0, False),
    "sunset": Air((78, 66, 128), (214, 106, 98), (255, 172, 80), (0.86, 0.62, 0.5),
        (255, 206, 120), 0.12, False, 0.0, False, 0.6),
    "evening": Air((34, 44, 104), (96, 80, 140), (214, 128, 110), (0.5, 0.45, 0.6),
        (240, 236, 220), 0.5, True, 0.25, True),
    "night": Air((10, 18, 54), (26, 44, 100), (62, 86, 146), (0.27, 0.33, 0.54),
        (236, 240, 250), 0.66, True, 0.8, True),
    "midnight": Air((4, 6, 24), (12, 18, 54), (34, 48, 98), (0.18, 0.22, 0.4),
        (214, 222, 240), 0.8, True, 1.0, True),
}  # fmt: skip

_WEATHER: dict[str, tuple[float, float, float, float]] = {
    "clear": (0.0, 1.0, 0.5, 0.0),
    "clouds": (0.18, 0.95, 0.55, 0.3),
    "rain": (0.66, 0.72, 0.75, 0.9),
    "fog": (0.6, 0.85, 1.0, 0.75),
    "snow": (0.5, 0.95, 0.72, 0.8),
    "storm": (0.72, 0.5, 0.62, 0.97),
}
"""Share of grey in the sky, brightness, haze and veil."""


def make_air(time_of_day: str, weather: str) -> Air:
    """Return the air of a time and a weather."""
    air = _TIMES[time_of_day]
    greyness, brightness, haze, veil = _WEATHER[weather]

    def overcast(colour: Colour) -> Colour:
        level = grey(colour)
        plain = (level * 0.96, level, level * 1.05)
        return times(mix(colour, plain, greyness), brightness)

    light = air.ambient
    level = grey(light) * brightness
    ambient = mix(times(light, brightness), (level, level, level), greyness * 0.6)
    low = mix(air.low, air.middle, greyness * 0.7)
    return replace(
        air,
        top=overcast(air.top),
        middle=overcast(air.middle),
        low=overcast(low),
        ambient=ambient,
        stars=air.stars * (1.0 - veil),
        lamps=air.lamps or weather == "storm" or (weather == "rain" and time_of_day == "sunset"),
        haze=min(haze, 0.97),
        veil=veil,
        weather=weather,
    )


def indoors(air: Air, lamp: Colour, level: float) -> Air:
    """Return the air of a room: daylight through a window, or lamps when it is dark outside."""
    day = 1.0 - 0.75 * air.dark
    ambient = mix(times(filtered(lamp, (1 / 255,) * 3), level), air.ambient, 0.45 * day)
    return replace(air, ambient=ambient, haze=0.15 + 0.5 * (air.weather == "fog"))
