"""Note F1: how many notes were found, by onset and pitch, as MIREX and mir_eval define it."""

from __future__ import annotations

from collections.abc import Sequence

TimedPitch = tuple[float, float, float]
"""Start and end in seconds, MIDI pitch."""

ONSET_SECONDS = 0.05
PITCH_SEMITONES = 0.5
OFFSET_SHARE, OFFSET_SECONDS = 0.2, 0.05
"""An end may be off by this share of the note, or by this time if that is more."""


def note_f1(
    truth: Sequence[TimedPitch], found: Sequence[TimedPitch], with_offset: bool = False
) -> float:
    """Return the F1 measure of the greatest one-to-one matching; 1 where there is nothing to find.

    Notes match if they start within 50 ms and lie within 50 cents; with ``with_offset`` they must
    also end within a fifth of the true note's length or 50 ms.
    """
    if not truth and not found:
        return 1.0
    near = [[j for j, b in enumerate(found) if _match(a, b, with_offset)] for a in truth]
    return 2.0 * _matching(near) / (len(truth) + len(found))


def _match(truth: TimedPitch, found: TimedPitch, with_offset: bool) -> bool:
    # Times to the tenth of a millisecond and closed intervals, as in mir_eval.
    if round(abs(truth[0] - found[0]), 4) > ONSET_SECONDS:
        return False
    if round(abs(truth[2] - found[2]), 4) > PITCH_SEMITONES:
        return False
    allowed = max(OFFSET_SHARE * (truth[1] - truth[0]), OFFSET_SECONDS)
    return not with_offset or round(abs(truth[1] - found[1]), 4) <= allowed


def _matching(near: list[list[int]]) -> int:
    """Size of the greatest matching, by augmenting paths (Kuhn, 1955)."""
    owner: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for column in near[row]:
            if column in seen:
                continue
            seen.add(column)
            if column not in owner or place(owner[column], seen):
                owner[column] = row
                return True
        return False

    return sum(place(row, set()) for row in range(len(near)))
