"""What is said of packs: sizes, rates and abilities in words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from descant.runtime import PackSummary


def ability_words() -> dict[str, str]:
    """Return what each ability is called on a card."""
    translate = QCoreApplication.translate
    return {
        "words": translate("Packs", "Words"),
        "story": translate("Packs", "Stories"),
        "melody": translate("Packs", "Melodies (MIDI)"),
        "humming": translate("Packs", "Humming"),
        "sound": translate("Packs", "Sounds"),
        "pictures": translate("Packs", "Pictures and films"),
        "edit": translate("Packs", "Changes recordings"),
        "notes": translate("Packs", "Writes notes"),
        "melodies": translate("Packs", "Melody library"),
    }


def size_words(size_bytes: int) -> str:
    """Return a size as a person reads it, in powers of ten."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def sound_words(summary: PackSummary) -> str:
    """Return rate, channels, size and lengths on one line."""
    translate = QCoreApplication.translate
    rate = QLocale().toString(summary.sample_rate / 1000, "g", 4)
    channels = {1: translate("Packs", "mono"), 2: translate("Packs", "stereo")}.get(
        summary.channels, translate("Packs", "{0} channels").format(summary.channels)
    )
    lengths = translate("Packs", "clips of {0:g} to {1:g} s in one piece").format(
        summary.min_seconds, summary.max_seconds
    )
    parts = (f"{rate} kHz", channels, size_words(summary.size_bytes), lengths)
    return "  ·  ".join(parts)


def short_path(path: Path) -> str:
    """Return a path with the home folder as ``~``."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        return str(path)


def licence_details(summary: PackSummary) -> str:
    """Return all that a pack says of its rights and origins."""
    translate = QCoreApplication.translate
    parts = (
        (translate("Packs", "Licence"), summary.licence),
        (translate("Packs", "Trained on"), summary.training_data),
        (translate("Packs", "Family"), summary.family),
        (translate("Packs", "Place"), str(summary.path)),
        (translate("Packs", "Fingerprint (SHA-256 of its manifest)"), summary.sha256),
    )
    return "\n\n".join(f"{name}\n{value or '-'}" for name, value in parts)
