"""What a film shows, as far as music needs it: its length, its cuts, how much moves and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from descant.runtime.film_arc import Look, energy, find_cuts
from descant.runtime.film_edits import Hidden
from descant.runtime.film_file import HINT, open_film, picture_stream, sound_stream
from descant.runtime.film_scan import check_length, is_sparse, look_closer, scan_film
from descant.runtime.input_file import digest, open_input

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

MAX_FRAMES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A film that has been looked through."""

    path: Path
    sha256: str
    """Of the file's bytes."""
    seconds: float
    """From its first picture to the end of its last picture or sound."""
    first_pts: int
    """Time stamp of the first picture, in the stream's own unit."""
    first_second: float
    """The same in seconds."""
    picture_seconds: float
    """From the first picture to the end of the last one."""
    decode_stamps: tuple[int | None, ...]
    """Of each packet of the pictures that has a time at all, in that unit; None for those that no
    picture that is shown builds on."""
    hidden: Hidden
    """Where there are pictures that are not shown, but kept."""
    has_sound: bool
    frames: tuple[Look, ...]
    """A few pictures, one of each scene if there are not too many."""
    cuts: tuple[float, ...]
    """Seconds at which scenes begin, but the first."""
    levels: tuple[float, ...]
    """0 … 1, how much goes on, at even steps over the film."""
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the file, without its folder."""
        return self.path.name


def read_film(path: str | Path) -> Film:
    """Look through a film: all of its packets, few of its pictures.

    Raises:
        RequestError: It is missing, no film, damaged, without pictures, or longer than ten
            minutes.
        BackendError: PyAV is not installed.
    """
    file = Path(path)
    with open_film(path) as container:
        stream = picture_stream(container, file)
        promised = (container.duration or 0) / 1e6
        check_length(file, promised)
        scan = scan_film(container, stream, file)
        if is_sparse(scan, stream.width * stream.height):
            scan.looks = look_closer(container, stream, scan)
        start = scan.first_pts * scan.unit
        seconds = pictures = scan.end - start
        sound = sound_stream(container)
        if sound is not None:
            seconds = max(seconds, _sound_end(sound, start, promised, seconds))
    check_length(file, seconds)
    with open_input(file, "film", HINT) as content:
        sha256 = digest(content)
    looks = [replace(look, second=look.second - start) for look in scan.looks]
    cuts = find_cuts(looks)
    cut_short = promised > seconds + 1.0
    warnings = (f"the film promises {promised:.1f} s and has {seconds:.1f}",) if cut_short else ()
    return Film(
        file,
        sha256,
        seconds,
        scan.first_pts,
        start,
        pictures,
        scan.decode_stamps(),
        scan.where_hidden(),
        sound is not None,
        _chosen(looks, cuts),
        cuts,
        energy(seconds, scan.packets(), looks, cuts),
        warnings,
    )


def _sound_end(sound: AudioStream, start: float, promised: float, seconds: float) -> float:
    """Seconds from the first picture to the end of the sound, as far as its header says it."""
    if sound.duration is None or sound.time_base is None:
        return seconds
    end = float(((sound.start_time or 0) + sound.duration) * sound.time_base) - start
    return min(end, promised) if promised else seconds


def _chosen(looks: list[Look], cuts: tuple[float, ...]) -> tuple[Look, ...]:
    """Take the first picture of each scene, and others from all over the film."""
    begins = [look for look in looks if look.second in cuts or look is looks[0]]
    if len(begins) > MAX_FRAMES:
        return tuple(begins[i * len(begins) // MAX_FRAMES] for i in range(MAX_FRAMES))
    rest = [look for look in looks if look not in begins]
    count = min(MAX_FRAMES - len(begins), len(rest))
    more = [rest[(2 * i + 1) * len(rest) // (2 * count)] for i in range(count)]
    return tuple(sorted([*begins, *more], key=lambda look: look.second))
