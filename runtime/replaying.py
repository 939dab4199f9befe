"""Make the clip of a file again from the receipt inside it, and say how like the two are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from descant.runtime.clip import Clip, read_receipt
from descant.runtime.errors import PackNotFoundError, ProviderUnavailableError, RequestError
from descant.runtime.given_files import GivenFiles
from descant.runtime.likeness import Likeness, Verdict, likeness
from descant.runtime.pieces import drain
from descant.runtime.progress import OnProgress, WorkClock, ignore_progress
from descant.runtime.providers import DEVICES
from descant.runtime.recall import damaged, recall

if TYPE_CHECKING:
    from descant.runtime.engine import Engine

_UNTOLD = ("melody", "hum", "candidates", "video")
"""Fields of a request that a replay asks for in another way, to the same end."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A clip that was made again."""

    verdict: Verdict
    """Of the new samples beside those of the file, both rounded or compressed alike."""
    difference_db: float | None
    """Root mean square of the difference over the file's; None where there is none, or the
    lengths differ."""
    reasons: tuple[str, ...]
    """What is not as it was: pack, device, version, a field of the request. Empty when nothing."""
    stored_as: str
    """How the file keeps its samples, in words."""
    clip: Clip
    """Made anew."""
    receipt: dict[str, Any]
    """Of the file."""


def replay(
    path: str | Path,
    engine: Engine | None = None,
    *,
    inputs: Iterable[str | Path] = (),
    on_progress: OnProgress | None = None,
) -> Replay:
    """Make a file's clip again.

    Args:
        path: A WAV, FLAC or OGG file that descant has written.
        engine: None opens the receipt's pack, if it ships with descant, on its device, if there
            is one here.
        inputs: Folders where files that the music was made from are looked for, by content; the
            file's own folder is looked through first.
        on_progress: As of ``Engine.generate``.

    Raises:
        RequestError: The file has no receipt or a damaged one, an input is missing (it is named),
            or the pack can't do what is asked.
        OutputError: The file can't be read.
        PackNotFoundError: No engine is given, and the pack does not ship with descant.
    """
    receipt = read_receipt(path)
    if receipt is None:
        raise RequestError(
            f"{Path(path).name!r:.200} has no receipt",
            hint="take a WAV, FLAC or OGG file as descant has written it",
        )
    given = GivenFiles([Path(path).parent, *map(Path, inputs)])
    request = recall(receipt, given.find)
    with _engine(receipt, engine) as opened:
        # The prompt of a receipt has the words of caption and music prompt in it already.
        (clip,) = opened.on_device(
            lambda pipeline: drain(
                pipeline.clips(request, on_progress or ignore_progress, WorkClock())
            )
        )
    like = likeness(path, clip)
    return _judged(like, clip, receipt)


def _judged(like: Likeness, clip: Clip, receipt: dict[str, Any]) -> Replay:
    reasons = (*like.reasons, *changes(receipt, clip.receipt))
    if not reasons and like.verdict == "different":
        reasons = (
            "the receipt and all that it names are the same: the samples were changed after "
            "they were written, or this machine computes otherwise",
        )
    elif not reasons and like.verdict == "within tolerance":
        reasons = (
            "the receipt and all that it names are the same: libraries, processor or the code "
            "of this version compute a little otherwise",
        )
    return Replay(like.verdict, like.difference_db, reasons, like.stored_as, clip, receipt)


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Say in words in what two receipts differ."""
    found = []
    for name in ("descant", "device"):
        if then.get(name) != now.get(name):
            found.append(f"{name}: then {_short(then.get(name))}, now {_short(now.get(name))}")
    for part, untold in (("pack", ()), ("request", _UNTOLD), ("music", ())):
        old, new = then.get(part), now.get(part)
        old, new = (value if isinstance(value, dict) else {} for value in (old, new))
        for key in new:
            if key not in untold and old.get(key, new[key]) != new[key]:
                found.append(f"{part} {key}: then {_short(old[key])}, now {_short(new[key])}")
    return tuple(found)


@contextlib.contextmanager
def _engine(receipt: Mapping[str, Any], given: Engine | None) -> Iterator[Engine]:
    """Give the engine, or one for the receipt's pack that is closed afterwards."""
    if given is not None:
        yield given
        return
    from descant.runtime.engine import Engine

    with Engine.open(packed_in(receipt), usable_device(receipt)) as opened:
        yield opened


def packed_in(receipt: Mapping[str, Any]) -> str:
    """Return the name of the pack that made a clip.

    Raises:
        RequestError: The receipt names none.
        PackNotFoundError: It does not ship with descant.
    """
    from descant.runtime.pack_source import built_in_names

    pack = receipt.get("pack")
    name = pack.get("id") if isinstance(pack, dict) else None
    if not isinstance(name, str):
        raise damaged("pack", "no name")
    if name not in built_in_names():
        raise PackNotFoundError(
            f"the clip was made by the pack {name!r:.100}, which does not ship with descant",
            hint="name its folder or file with --pack",
        )
    return name


def usable_device(receipt: Mapping[str, Any]) -> str:
    """Return the device that made a clip if it can be used here, else ``auto``."""
    from descant.runtime.providers import choose_provider

    device = receipt.get("device")
    if not isinstance(device, str) or device not in DEVICES:
        return "auto"
    try:
        choose_provider(device)
    except ProviderUnavailableError:
        return "auto"
    return device


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"{text[:60]}…" if len(text) > 60 else text
