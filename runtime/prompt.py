"""What a prompt says about tempo, key and metre, in numbers and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from descant.models.theory.notes import Key, Mode
from descant.models.theory.words import TEMPO_WORDS
from descant.models.tokenizer import MAX_TEXT_CHARACTERS
from descant.runtime.request import MAX_TEMPO_BPM, MIN_TEMPO_BPM

_BPM = re.compile(
    r"(?<![\w.])(\d{1,4}(?:\.\d+)?)\s*-?\s*(?:bpm\b|beats?\s+(?:per|a)\s+minute\b)"
    r"|\btempo\s+(?:of\s+|is\s+|at\s+|around\s+|about\s+)?(\d{2,3}(?:\.\d+)?)(?![\w.]*\d)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?<![\w#♯♭'\u2019])([A-G])(?:(#|♯|b|♭)|\s*-?\s*(sharp|flat))?[\s-]*(major|minor|maj|min)\b",
    re.IGNORECASE,
)
_SHORT_KEY = re.compile(r"\bin\s+([A-G][#♯b♭]?)(m?)(?![\w#♯♭'\u2019-])")
_KEY_OF = re.compile(
    r"\bkey\s+of\s+([A-G])\s*(#|♯|b|♭|sharp|flat)?(?![\w#♯♭'\u2019])", re.IGNORECASE
)
_MODE = re.compile(r"\b(major|minor)\b", re.IGNORECASE)
_MODE_NOUN = re.compile(
    r"\s+(?:key|mood|feel|feeling|tone|tonality|scale|mode|chords?|hit|melody|song|theme|harmony"
    r"|piece|tune|sound|work|role|part)\b",
    re.IGNORECASE,
)
_ARTICLE_BEFORE = re.compile(r"(?:\bin|\bkey\s+of|\bkey:?|^|[,;:(])\s*$", re.IGNORECASE)
_THREE = re.compile(r"\b(?:waltz(?:es)?|3\s*/\s*4|three[- ]four|in\s+three)\b", re.IGNORECASE)
_FOUR = re.compile(r"(?<!\d)4\s*/\s*4(?!\d)|\bfour[- ]four\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hints:
    """Everything that a prompt states in musical terms; None where it says nothing."""

    tempo_bpm: float | None = None
    """A number in the text."""
    tempo_range: tuple[float, float] | None = None
    """Of a tempo word; None when there is a number."""
    key: Key | None = None
    mode: Mode | None = None
    """Of the key, or of a bare 'minor' or 'major'."""
    beats_per_bar: int | None = None
    warnings: tuple[str, ...] = ()


def read_prompt(text: str) -> Hints:
    """Find tempo, key and metre in a text of any length and kind."""
    text = text[:MAX_TEXT_CHARACTERS]
    tempo, warnings = _tempo(text)
    key = _key(text)
    mode_word = _MODE.search(text)
    mode: Mode | None = key.mode if key else None
    if mode is None and mode_word is not None:
        mode = "minor" if mode_word.group(1).lower() == "minor" else "major"
    beats = 3 if _THREE.search(text) else 4 if _FOUR.search(text) else None
    tempo_range = None if tempo is not None else _tempo_range(text)
    return Hints(tempo, tempo_range, key, mode, beats, warnings)


def _tempo(text: str) -> tuple[float | None, tuple[str, ...]]:
    match = _BPM.search(text)
    if match is None:
        return None, ()
    tempo = float(match.group(1) or match.group(2))
    if MIN_TEMPO_BPM <= tempo <= MAX_TEMPO_BPM:
        return tempo, ()
    limits = f"{MIN_TEMPO_BPM:g} to {MAX_TEMPO_BPM:g}"
    return None, (f"the prompt's tempo of {tempo:g} bpm is outside {limits} and was ignored",)


def _tempo_range(text: str) -> tuple[float, float] | None:
    """Return the range of the first tempo word; the longest wins where two begin together."""
    lowered = text.lower()
    found: list[tuple[int, int, str]] = []
    for word in TEMPO_WORDS:
        match = re.search(rf"(?<![\w-]){re.escape(word.lower())}(?![\w-])", lowered)
        if match:
            found.append((match.start(), -len(word), word))
    if not found:
        return None
    low, high = TEMPO_WORDS[min(found)[2]]
    return float(low), float(high)


def _key(text: str) -> Key | None:
    for match in _KEY.finditer(text):
        letter, sign, word, mode = match.groups()
        is_article = letter == "a" and not sign and not word
        if is_article and not _means_the_note_a(text, match):
            continue
        accidental = {"sharp": "#", "flat": "b"}.get((word or "").lower(), sign or "")
        return Key.parse(f"{letter.upper()}{accidental} {mode.lower()}")
    named = _KEY_OF.search(text)
    if named:
        letter, sign = named.groups()
        return Key.parse(f"{letter.upper()}{(sign or '').lower()}")
    short = _SHORT_KEY.search(text)
    if short and (short.group(2) or len(short.group(1)) > 1):
        return Key.parse(short.group(1) + short.group(2))
    return None


def _means_the_note_a(text: str, match: re.Match[str]) -> bool:
    """Tell 'in a minor, slow' from 'in a minor mood' and 'a major hit'."""
    named = _ARTICLE_BEFORE.search(text[: match.start()]) is not None
    return named and _MODE_NOUN.match(text[match.end() :]) is None
