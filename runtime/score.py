"""Music for a film: as long as it is, following what goes on in it, in its sound track."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.checks import check_number
from descant.runtime.clip import Clip
from descant.runtime.errors import RequestError
from descant.runtime.film import Film
from descant.runtime.film_arc import film_words
from descant.runtime.film_sound import lay, read_film_sound
from descant.runtime.film_writer import check_film_fits, check_film_target, write_film
from descant.runtime.progress import OnProgress, Stopwatch
from descant.runtime.request import MAX_SECONDS, MIN_SECONDS, Request
from descant.runtime.sight import can_see

if TYPE_CHECKING:
    from descant.runtime.engine import Engine

FloatArray = NDArray[np.float32]

MIX_DB, FADE_SECONDS = -6.0, 2.0
"""The music is so much louder than the film's own sound; it comes and goes in so many seconds."""


@dataclass(frozen=True, slots=True)
class Laying:
    """How music goes into a film's sound track."""

    mix_db: float | None = MIX_DB
    """Of the music over the film's own sound, -60 … 40; None replaces that sound."""
    fade: float = FADE_SECONDS
    """Seconds, 0 … 30."""

    def __post_init__(self) -> None:
        check_number("mix", self.mix_db, -60.0, 40.0)
        check_number("fade", self.fade, 0.0, 30.0)


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A film with music that has been written."""

    path: Path
    film: Film
    clip: Clip
    """The music before it was laid into the film."""
    receipt: dict[str, Any]
    """In the file's metadata too."""
    warnings: tuple[str, ...]
    timings_ms: dict[str, float]


def score_film(
    engine: Engine,
    film: Film,
    output: str | Path,
    request: Request,
    laying: Laying | None = None,
    on_progress: OnProgress | None = None,
) -> Score:
    """Make music for a film and write the film with it; its pictures are copied as they are.

    Args:
        engine: That makes the music.
        film: Of ``read_film``.
        output: Ends in .mp4, .m4v, .mov, .mkv or .webm; the film itself is never overwritten.
        request: What to play; its length and intensity are the film's. The film's pictures have
            their say too, or, with a pack that can't see, light and pace where there are no words.
        laying: Beside the film's own sound or in its place.
        on_progress: As of ``Engine.generate``.

    Raises:
        RequestError: The request can't be met, or asks for several clips.
        OutputError: The file can't be written.
    """
    target, laying, watch = check_film_target(output, film.path), laying or Laying(), Stopwatch()
    if request.count != 1:
        raise RequestError(f"count must be 1 here, got {request.count}", hint="use other seeds")
    wish = film_request(request, film, can_see(engine.sessions))
    check_film_fits(film, target)
    with watch.stage("music"):
        clip = engine.generate(wish, on_progress)
    with watch.stage("mix"):
        mixed, warnings = _mix(film, clip.samples, clip.sample_rate, laying)
    receipt = {**clip.receipt, "film": _named(film, laying)}
    with watch.stage("write"):
        warnings += write_film(film, target, mixed, clip.sample_rate, receipt)
    warnings = list(dict.fromkeys([*warnings, *clip.warnings]))
    return Score(target, film, clip, receipt, tuple(warnings), watch.timings_ms)


def lay_music(
    film: Film,
    samples: FloatArray,
    sample_rate: int,
    output: str | Path,
    laying: Laying | None = None,
    *,
    receipt: dict[str, Any] | None = None,
    repeat: bool = False,
) -> tuple[str, ...]:
    """Write a film with music that is there already; its pictures are copied as they are.

    Args:
        film: Of ``read_film``.
        samples: (A, N) float32 in [-1, 1]; both channels are heard in the middle. What is longer
            than the film is cut; what is shorter fades out and leaves the rest to the film.
        sample_rate: Hz.
        output: Ends in .mp4, .m4v, .mov, .mkv or .webm; the film itself is never overwritten.
        laying: Beside the film's own sound or in its place.
        receipt: Of the music; goes into the film's metadata.
        repeat: Whether music that is shorter begins anew at its end, as a loop can.

    Returns:
        Warnings.

    Raises:
        RequestError: There is no music, or the film's sound is damaged.
        OutputError: The file can't be written.
    """
    target, laying = check_film_target(output, film.path), laying or Laying()
    if samples.shape[1] == 0:
        raise RequestError("the music has no samples", hint="choose another take")
    check_film_fits(film, target)
    fitted = _fitted(samples, round(film.seconds * sample_rate), sample_rate, laying.fade, repeat)
    mixed, warnings = _mix(film, fitted, sample_rate, laying)
    receipt = {**(receipt or {}), "film": _named(film, laying)}
    warnings += write_film(film, target, mixed, sample_rate, receipt)
    return tuple(warnings)


def _mix(
    film: Film, music: FloatArray, sample_rate: int, laying: Laying
) -> tuple[FloatArray, list[str]]:
    """Return what the film will sound like, and warnings."""
    sound, warnings = None, list(film.warnings)
    if laying.mix_db is not None and film.has_sound:
        sound = read_film_sound(film, sample_rate)
        if sound is None:
            warnings.append("nothing of the film's own sound could be decoded")
    count = round(film.seconds * sample_rate)
    music = np.pad(music[:, :count], ((0, 0), (0, max(count - music.shape[1], 0))))
    mixed = lay(music, sound, sample_rate, film.levels, laying.mix_db or 0.0, laying.fade)
    return mixed, warnings


def _fitted(
    samples: FloatArray, count: int, sample_rate: int, fade: float, repeat: bool
) -> FloatArray:
    """Return (1, ``count``) of some (A, N) music."""
    wave: FloatArray = samples.mean(axis=0, dtype=np.float32)
    if repeat:
        wave = np.resize(wave, count)
    if len(wave) < count:
        ramp = min(int(fade * sample_rate), len(wave) // 2)
        wave[len(wave) - ramp :] *= np.cos(np.linspace(0, np.pi / 2, ramp, dtype=np.float32)) ** 2
        wave = np.pad(wave, (0, count - len(wave)))
    return wave[None, :count]


def _named(film: Film, laying: Laying) -> dict[str, Any]:
    return {
        "name": film.path.name,
        "sha256": film.sha256,
        "mix_db": laying.mix_db,
        "fade": laying.fade,
    }


def film_request(request: Request, film: Film, sees: bool) -> Request:
    """Return what to play for a film.

    Args:
        request: Without the film.
        film: Is a part of it.
        sees: Whether the pack has eyes; else the film is put into words.
    """
    seconds = min(max(film.seconds, MIN_SECONDS), MAX_SECONDS)
    if sees:
        return dataclasses.replace(request, video=film, seconds=seconds)
    words = request.prompt
    if not words.strip() and not request.story.strip() and request.audio is None:
        words = film_words(film.frames, film.cuts, film.seconds)
    return dataclasses.replace(
        request, prompt=words, video=None, seconds=seconds, intensity=film.levels
    )
