"""Changes of takes in the library, off the window's thread; most of them can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from descant.desktop.background import Background
from descant.desktop.context import AppContext
from descant.desktop.library import Library, TakeRecord
from descant.desktop.tag_change import TagChange

Step = Callable[[], Any]
OldTags = list[tuple[int, tuple[str, ...]]]


class TakeChanges(QObject):
    """Changes one take or several; what a person may regret is offered to be undone."""

    def __init__(
        self, context: AppContext, tell: Callable[[BaseException], None], parent: QObject
    ) -> None:
        """Prepare.

        Args:
            context: Of the app; it has a library.
            tell: Says what went wrong.
            parent: Owner.
        """
        super().__init__(parent)
        self._context, self._tell = context, tell
        self._library: Library = context.library
        self._background = Background("descant-changes", self)
        self._steps: list[Step] = []

    def set_favourite(self, takes: Sequence[TakeRecord], favourite: bool) -> None:
        """Mark takes, or take the mark away."""
        self._run(self._each(takes, partial(self._library.set_favourite, favourite=favourite)))

    def rename(self, number: int, title: str) -> None:
        """Give a take another title."""
        self._run(partial(self._library.rename, number, title))

    def change_tags(self, takes: Sequence[TakeRecord], change: TagChange) -> None:
        """Add tags to takes and take others away, and offer to put the old ones back."""

        def work() -> OldTags:
            old = []
            for take in takes:
                before = self._library.get(take.id).tags
                after = change.apply(before)
                if after != before:
                    self._library.set_tags(take.id, after)
                    old.append((take.id, before))
            return old

        self._background.run(work, partial(self._on_tags, takes), self._tell)

    def delete(self, takes: Sequence[TakeRecord]) -> None:
        """Delete takes, and offer to bring them back."""
        self._run(self._each(takes, self._library.delete))
        text = _one_or_many(takes, self.tr("“{0}” is deleted."), self.tr("{0} takes are deleted."))
        self._offer_undo(text, self._each(takes, self._library.restore))

    def restore(self, takes: Sequence[TakeRecord]) -> None:
        """Bring deleted takes back."""
        self._run(self._each(takes, self._library.restore))

    def purge(self, takes: Sequence[TakeRecord] | None = None) -> None:
        """Remove deleted takes for good, or all that are deleted."""
        numbers = None if takes is None else [take.id for take in takes]
        work = partial(self._library.purge_deleted, numbers=numbers)
        self._background.run(work, partial(self._on_purged, numbers), self._tell)

    def undo(self) -> None:
        """Take back what was changed last."""
        if self._steps:
            self._run(self._steps.pop())

    def close(self) -> None:
        """Finish what runs."""
        self._background.close()

    def _on_tags(self, takes: Sequence[TakeRecord], old: OldTags) -> None:
        def put_back() -> None:
            for number, tags in old:
                self._library.set_tags(number, tags)

        if old:
            numbers = {number for number, _ in old}
            changed = [take for take in takes if take.id in numbers]
            one, many = self.tr("“{0}” has other tags."), self.tr("{0} takes have other tags.")
            self._offer_undo(_one_or_many(changed, one, many), put_back)

    def _on_purged(self, numbers: Sequence[int] | None, count: int) -> None:
        said = [self.tr("1 take is gone for good.")]
        if count != 1:
            said = [self.tr("{0} takes are gone for good.").format(count)]
        if numbers is not None and count < len(numbers):
            said.append(self.tr("Another program holds files of the others open."))
        self._context.notify(" ".join(said))

    def _offer_undo(self, text: str, step: Step) -> None:
        """Tell of a change whose way back is ``step``."""
        self._steps.append(step)
        self._context.notify(text, self.tr("Undo"), partial(self._take_back, step))

    def _take_back(self, step: Step) -> None:
        """Take a change back, unless that has been done by the keyboard."""
        if step in self._steps:
            self._steps.remove(step)
            self._run(step)

    @staticmethod
    def _each(takes: Sequence[TakeRecord], change: Callable[[int], Any]) -> Step:
        numbers = [take.id for take in takes]
        return lambda: [change(number) for number in numbers]

    def _run(self, change: Step) -> None:
        self._background.run(change, lambda _: None, self._tell)


def _one_or_many(takes: Sequence[TakeRecord], one: str, many: str) -> str:
    """Return a sentence with the title of one take, or with the number of several."""
    return one.format(takes[0].title) if len(takes) == 1 else many.format(len(takes))
