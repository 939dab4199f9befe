"""A take in words: its length, when it was made, and what a screen reader says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from descant.desktop.keys_of_music import spoken_key
from descant.desktop.library import TakeRecord

translate = QCoreApplication.translate


def length_text(seconds: float) -> str:
    """Return minutes and seconds, such as ``1:05``."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def made_text(created: float, today: QDate | None = None) -> str:
    """Return when a take was made, as short as it can be understood."""
    moment = QDateTime.fromSecsSinceEpoch(int(created))
    locale = QLocale()
    clock = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    days = moment.date().daysTo(today or QDate.currentDate())
    if days == 0:
        return translate("TakeWords", "Today, {0}").format(clock)
    if days == 1:
        return translate("TakeWords", "Yesterday, {0}").format(clock)
    return f"{locale.toString(moment.date(), QLocale.FormatType.ShortFormat)}, {clock}"


def details_text(take: TakeRecord) -> str:
    """Return the small line of a take."""
    music = take.receipt.get("music") or {}
    parts = [made_text(take.created)]
    if isinstance(music.get("key"), str):
        parts.append(spoken_key(music["key"]))
    if isinstance(music.get("tempo_bpm"), int | float):
        parts.append(translate("TakeWords", "{0} BPM").format(round(music["tempo_bpm"])))
    if take.loop:
        parts.append(translate("TakeWords", "Loop"))
    return "  ·  ".join(parts)


def spoken(take: TakeRecord) -> str:
    """Return what a screen reader says of a take."""
    parts = [take.title, translate("TakeWords", "{0} seconds").format(round(take.seconds))]
    if take.favourite:
        parts.append(translate("TakeWords", "favourite"))
    if take.tags:
        parts.append(translate("TakeWords", "tags: {0}").format(", ".join(take.tags)))
    if take.missing:
        parts.append(translate("TakeWords", "the audio file is missing"))
    if take.prompt and take.prompt != take.title:
        parts.append(take.prompt)
    return ", ".join(parts)
