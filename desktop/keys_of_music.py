"""The twelve major and twelve minor keys, as they are called in each language."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLocale

from descant.runtime import Key

# From C upwards, in the spelling that is usual.
MAJOR = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


def key_names() -> tuple[tuple[Key, str], ...]:
    """Return all keys with what they are called."""
    tonics = tonic_names()
    major = QCoreApplication.translate("Keys", "{0} major")
    minor = QCoreApplication.translate("Keys", "{0} minor")
    return tuple(
        (Key(i, "major"), major.format(tonics[tonic])) for i, tonic in enumerate(MAJOR)
    ) + tuple((Key(i, "minor"), minor.format(tonics[tonic])) for i, tonic in enumerate(MINOR))


def spoken_key(text: str) -> str:
    """Return what a key such as "D minor" is called; other texts as they are."""
    return _spoken(QLocale().name()).get(text, text)


@lru_cache(maxsize=4)
def _spoken(locale: str) -> dict[str, str]:
    """Return the names in a language by what ``str`` makes of a key: lists draw many."""
    return {str(key): name for key, name in key_names()}


def tonic_names() -> dict[str, str]:
    """Return the names of the notes: B flat is B in German, and B is H."""
    return {
        "C": QCoreApplication.translate("Keys", "C"),
        "C#": QCoreApplication.translate("Keys", "C♯"),
        "Db": QCoreApplication.translate("Keys", "D♭"),
        "D": QCoreApplication.translate("Keys", "D"),
        "Eb": QCoreApplication.translate("Keys", "E♭"),
        "E": QCoreApplication.translate("Keys", "E"),
        "F": QCoreApplication.translate("Keys", "F"),
        "F#": QCoreApplication.translate("Keys", "F♯"),
        "G": QCoreApplication.translate("Keys", "G"),
        "G#": QCoreApplication.translate("Keys", "G♯"),
        "Ab": QCoreApplication.translate("Keys", "A♭"),
        "A": QCoreApplication.translate("Keys", "A"),
        "Bb": QCoreApplication.translate("Keys", "B♭"),
        "B": QCoreApplication.translate("Keys", "B"),
    }
