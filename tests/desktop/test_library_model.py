"""Whatever is done to a library, in whatever order, it says what a dictionary would say."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from descant.desktop.library import Library, TakeRecord
from tests.desktop.takes import make_clip

WORDS = st.sampled_from(["rain", "Rainbow", "calm", "boss-fight", "été", "x2"])
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@dataclass
class Kept:
    """What a dictionary knows of a take."""

    title: str
    prompt: str
    parent: int | None
    favourite: bool = False
    tags: tuple[str, ...] = ()
    deleted: bool = False

    def has(self, search: str) -> bool:
        """Whether each word begins a word of this take."""
        words = re.findall(r"\w+", " ".join([self.title, self.prompt, *self.tags]).lower())
        return all(any(w.startswith(s) for w in words) for s in search.lower().split())


class LibraryMachine(RuleBasedStateMachine):
    """A library beside a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library = Library(self.folder)
        self.kept: dict[int, Kept] = {}
        self.made = 0

    def teardown(self) -> None:
        """Remove the folder."""
        self.library.close()
        shutil.rmtree(self.folder)

    def some(self, which: int) -> int:
        """Return the number of a take."""
        return sorted(self.kept)[which % len(self.kept)]

    @rule(prompt=TEXTS, title=st.none() | TEXTS, which=st.none() | st.integers(0, 99))
    def add(self, prompt: str, title: str | None, which: int | None) -> None:
        """Keep a clip."""
        parent = None if which is None or not self.kept else self.some(which)
        take = self.library.add(make_clip(prompt, 0.01), title or "", parent)
        self.made += 1
        assert take.id == self.made
        self.kept[take.id] = Kept(title or prompt[0].upper() + prompt[1:], prompt, parent)

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99), title=TEXTS)
    def rename(self, which: int, title: str) -> None:
        """Change a title."""
        number = self.some(which)
        self.library.rename(number, title)
        self.kept[number].title = title

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99), favourite=st.booleans(), tags=st.sets(WORDS, max_size=3))
    def mark(self, which: int, favourite: bool, tags: set[str]) -> None:
        """Change marks."""
        number = self.some(which)
        self.library.set_favourite(number, favourite)
        self.library.set_tags(number, tags)
        self.kept[number].favourite = favourite
        self.kept[number].tags = tuple(sorted(tags, key=str.casefold))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99), deleted=st.booleans())
    def delete_or_restore(self, which: int, deleted: bool) -> None:
        """Delete a take or bring it back."""
        number = self.some(which)
        (self.library.delete if deleted else self.library.restore)(number)
        self.kept[number].deleted = deleted

    @rule()
    def purge(self) -> None:
        """Remove what was deleted."""
        gone = {number for number, take in self.kept.items() if take.deleted}
        assert self.library.purge_deleted() == len(gone)
        for number in gone:
            del self.kept[number]
        for take in self.kept.values():
            take.parent = None if take.parent in gone else take.parent

    @rule(lost=st.booleans())
    def open_again(self, lost: bool) -> None:
        """Close and open, with the database or without."""
        self.library.close()
        if lost:
            for path in self.folder.glob("library.sqlite*"):
                path.unlink()
            # Numbers go on behind the highest that is left.
            self.made = max([*self.kept, 0])
        self.library = Library(self.folder)

    @invariant()
    def says_the_same(self) -> None:
        """Compare all takes."""
        found = [*self.library.takes(), *self.library.takes(deleted=True)]
        assert {take.id: as_kept(take) for take in found} == self.kept

    @rule(search=st.sampled_from(["", "rain", "calm r", "BOSS", "x", "zzz"]),
          favourites=st.booleans(), tag=st.none() | WORDS)  # fmt: skip
    def search(self, search: str, favourites: bool, tag: str | None) -> None:
        """Compare what is found."""
        expected = {
            number
            for number, take in self.kept.items()
            if not take.deleted and take.has(search)
            and (take.favourite or not favourites) and (tag is None or tag in take.tags)
        }  # fmt: skip
        assert {t.id for t in self.library.takes(search, favourites, tag)} == expected
        assert self.library.count(search, favourites, tag) == len(expected)


def as_kept(take: TakeRecord) -> Kept:
    """Return what the dictionary would hold."""
    deleted = take.deleted is not None
    return Kept(take.title, take.prompt, take.parent, take.favourite, take.tags, deleted)


TestLibraryModel = LibraryMachine.TestCase
TestLibraryModel.settings = settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
