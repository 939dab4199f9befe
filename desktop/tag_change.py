"""What a person has changed about the tags of one take or of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from descant.desktop.library import TakeRecord
from descant.desktop.library.rows import clean_tags


@dataclass(frozen=True)
class TagChange:
    """Tags to add to a take and to take away from it; all others of it stay."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, shown: Iterable[str], written: Iterable[str]) -> TagChange:
        """Return what leads from the tags that were shown to those that were written."""
        before, after = tuple(shown), clean_tags(written)
        return cls(
            tuple(tag for tag in after if tag not in before),
            tuple(tag for tag in before if tag not in after),
        )

    def apply(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Return a take's tags with this change; capitals make no other tag."""
        gone = {tag.casefold() for tag in self.removed}
        return clean_tags([*(tag for tag in tags if tag.casefold() not in gone), *self.added])


def common_tags(takes: Sequence[TakeRecord]) -> list[str]:
    """Return the tags that all of some takes have, spelt as the first one spells them."""
    others = [{tag.casefold() for tag in take.tags} for take in takes]
    return [tag for tag in takes[0].tags if all(tag.casefold() in tags for tags in others)]
