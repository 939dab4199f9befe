"""What a frozen CLMP makes of a split's clips, computed once and kept on the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from descant.models.nets.clmp import CLMP_DIM
from descant.models.synthset.scenes import TIMES
from descant.models.synthset.settings import ABSTRACT, INSTRUMENTS, SETTINGS, WEATHERS
from descant.models.theory.words import GENRES, MOODS
from descant.models.training.clmp import Clmp
from descant.models.training.resident import Resident
from descant.models.training.words import STORY_WINDOWS, ids_and_mask

PARTS = ("mel", "picture", "captions", "stories")
"""Of the examples, that are looked at."""
SEEN_GROUPS = (
    len(SETTINGS), len(TIMES), len(WEATHERS), len(MOODS), len(INSTRUMENTS), len(GENRES),
)  # fmt: skip
"""Sizes of the groups of classes that a picture shows: place, time of day, weather, mood,
instrument, and the genre whose thing stands beside it."""
UNSEEN = -100
"""Class of what a picture does not show; ``cross_entropy`` leaves it out."""
CLIPS, TEXTS = 128, 2048
"""That a tower takes at once."""


@dataclass(slots=True)
class Quadruples:
    """Rows of music, caption, story and picture (MusFlow's quadruples)."""

    audio: Tensor
    """(B, 512) unit embeddings of the whole clips."""
    caption: Tensor
    """(B, 512) unit embeddings of the text tower."""
    windows: Tensor
    """(B, N, 512) the same, of a story's windows."""
    window_mask: Tensor
    """(B, N) ones where there is a window."""
    words: Tensor
    """(B, M) int64 ids of the story's pieces of words; 0 is none."""
    picture: Tensor
    """(B, 3, 128, 128) in 0 ... 1."""
    labels: Tensor
    """(B, 5) classes of ``nets.clmp.GROUPS``."""
    seen: Tensor
    """(B, 6) classes of ``SEEN_GROUPS``, or ``UNSEEN``."""
    feel: Tensor
    """(B, 2) light, -1 ... 1, and energy, 0 ... 1."""


class FrozenViews:
    """Embeddings of a split's rows.

    The first ``known`` rows have been embedded; ``grow`` adds more, so that training can begin at
    once and no step waits long.
    """

    def __init__(self, clmp: Clmp, data: Resident, wordings: int) -> None:
        """Of each clip, the first ``wordings`` captions and stories are kept at most."""
        self.clmp, self.data = clmp, data
        self.known = 0
        captions, stories = (min(wordings, data.wordings(p)) for p in ("captions", "stories"))
        self._audio = self._empty(torch.float32, CLMP_DIM)
        self._captions = self._empty(torch.float16, captions, CLMP_DIM)
        self._stories = self._empty(torch.float16, stories, STORY_WINDOWS, CLMP_DIM)
        self._windows = self._empty(torch.bool, stories, STORY_WINDOWS)
        self._seen = self._empty(torch.int64, len(SEEN_GROUPS))
        self._feel = self._empty(torch.float32, 2)

    def _empty(self, dtype: torch.dtype, *sizes: int) -> Tensor:
        return torch.empty(0, *sizes, dtype=dtype, device=self.data.device)

    def quadruples(self, rows: Tensor, which: Tensor) -> Quadruples:
        """Gather known rows.

        Args:
            rows: (B,) int64.
            which: (B,) int64 wording of each; taken modulo the number of captions and stories.
        """
        caption = which % self._captions.shape[1]
        story = which % self._stories.shape[1]
        return Quadruples(
            audio=self._audio[rows],
            caption=self._captions[rows, caption].float(),
            windows=self._stories[rows, story].float(),
            window_mask=self._windows[rows, story].float(),
            words=self.data.tokens("stories", rows, story).long().flatten(1),
            picture=self.data.take("picture", rows),
            labels=self.data.labels(rows),
            seen=self._seen[rows],
            feel=self._feel[rows],
        )

    @torch.no_grad()
    def grow(self, count: int) -> None:
        """Embed up to ``count`` more rows."""
        total = len(self.data)
        if total > len(self._audio):
            for name in ("_audio", "_captions", "_stories", "_windows", "_seen", "_feel"):
                setattr(self, name, _extended(getattr(self, name), total))
        goal = min(self.known + count, total)
        with torch.autocast(torch.device(self.data.device).type, enabled=False):
            while self.known < goal:
                end = min(self.known + CLIPS, goal)
                self._embed(torch.arange(self.known, end, device=self.data.device))
                self.known = end

    def _embed(self, rows: Tensor) -> None:
        texts = [self.data.texts[row] for row in rows.tolist()]
        self._seen[rows] = torch.tensor([seen_in(text) for text in texts]).to(rows.device)
        feel = [[text["light"], text["energy"]] for text in texts]
        self._feel[rows] = torch.tensor(feel).to(rows.device)
        self._audio[rows] = self.clmp.audio(self.data.take("mel", rows)).float()
        self._captions[rows] = read_table(self.clmp, self._tokens("captions", rows, self._captions))
        stories = self._tokens("stories", rows, self._stories)
        self._stories[rows] = read_table(self.clmp, stories)
        self._windows[rows] = stories[..., 0] != 0

    def _tokens(self, part: str, rows: Tensor, kept: Tensor) -> Tensor:
        """Ids of all wordings that are kept of these rows."""
        which = torch.arange(kept.shape[1], device=rows.device)
        return self.data.tokens(part, rows[:, None], which[None])


@torch.no_grad()
def read_table(clmp: Clmp, table: Tensor) -> Tensor:
    """(..., 64) ids -> (..., 512) float16 of the text tower; zeros where there is no text."""
    flat = table.flatten(0, -2)
    made = torch.zeros(len(flat), CLMP_DIM, dtype=torch.float16, device=table.device)
    order = (flat != 0).sum(1).argsort()  # those of one length together: less padding
    for part in torch.split(order[(flat[order, 0] != 0)], TEXTS):
        ids, mask = ids_and_mask(flat[part])
        longest = int(mask.sum(1).max())
        made[part] = clmp.text(ids[:, :longest], mask[:, :longest])[0].half()
    return made.view(*table.shape[:-1], CLMP_DIM)


def _extended(kept: Tensor, rows: int) -> Tensor:
    longer = kept.new_zeros(rows, *kept.shape[1:])
    longer[: len(kept)] = kept
    return longer


def seen_in(text: dict[str, Any]) -> list[int]:
    """Return the classes that an example's picture shows; abstract styles show a mood alone."""
    mood = MOODS.index(text["mood"])
    if text["style"] in ABSTRACT:
        return [UNSEEN, UNSEEN, UNSEEN, mood, UNSEEN, UNSEEN]
    return [
        list(SETTINGS).index(text["place"]),
        list(TIMES).index(text["time_of_day"]),
        list(WEATHERS).index(text["weather"]),
        mood,
        list(INSTRUMENTS).index(text["instrument"]) if text["instrument"] else UNSEEN,
        GENRES.index(text["prop"]) if text["prop"] else UNSEEN,
    ]
