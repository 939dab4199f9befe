"""Random conditioning: what a request might give, drawn anew for every clip (MusFlow).

A query is the unit mean of what is present, as in the runtime: the caption's embedding, as the
text tower gives it or adapted, the adapted story, the adapted picture, or the sound itself. Whether
the synapse sees the picture is drawn apart from that: where the query has it already, there is
nothing left to learn from its keys and values.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from descant.models.theory.control import PARTS
from descant.models.training.encoded import EncodedClips

SOURCES = ("text", "adapted", "story", "picture", "audio")
MIXES = (
    (0.26, (1, 0, 0, 0, 0)), (0.14, (0, 1, 0, 0, 0)), (0.14, (0, 0, 1, 0, 0)),
    (0.14, (0, 0, 0, 1, 0)), (0.12, (0, 0, 0, 0, 1)), (0.08, (1, 0, 0, 1, 0)),
    (0.04, (0, 1, 0, 1, 0)), (0.04, (1, 0, 1, 0, 0)), (0.04, (0, 0, 1, 1, 0)),
)  # fmt: skip
"""Chances of the mixes of ``SOURCES``."""
DROP_QUERY = 0.12
DROP_TOKENS = 0.1
"""Chance that a caption's or story's tokens are missing beside its embedding."""
SYNAPSE = 0.5
"""Chance that the synapse sees the picture, whatever the query is made of."""
DROP_PART, DROP_ALL = 0.08, 0.08
"""Chances of each part of the control track, and of the whole, to be missing."""


@dataclass(slots=True)
class Conditions:
    """The conditioner's and the synapse's inputs, B rows."""

    query: Tensor
    present: Tensor
    hidden: Tensor
    mask: Tensor
    image_keys: Tensor
    image_values: Tensor
    image_strength: Tensor


def draw_conditions(clips: EncodedClips, rows: Tensor, drop: bool) -> Conditions:
    """Return what is asked of (B,) rows; without ``drop`` the caption alone, its picture beside."""
    count, device = len(rows), rows.device
    given = _draw_mixes(count, device) if drop else _caption_and_picture(count, device)
    told = given[:, SOURCES.index("story")] > 0
    tokens = _captions(clips, rows, drop)
    embedding, adapted, _, _ = clips.encoders.words(tokens)
    story = clips.take("story", rows)
    which = torch.randint(story.shape[1], (count,), device=device)
    own = torch.arange(count, device=device)
    parts = [
        embedding, adapted, story[own, which], clips.take("picture", rows),
        clips.take("audio", rows),
    ]  # fmt: skip
    query = functional.normalize(torch.einsum("bs,sbd->bd", given, torch.stack(parts)), dim=-1)
    _, _, hidden, mask = clips.encoders.words(_with_story(clips, rows, which, tokens, told))
    keep = (torch.rand(count, 1, device=device) > DROP_QUERY * drop).float()
    speaks = ((given[:, :3].sum(1, keepdim=True) > 0) * keep).float()
    speaks = speaks * (torch.rand_like(speaks) > DROP_TOKENS * drop)
    seen = torch.ones(count, device=device)
    if drop:
        seen = (torch.rand_like(seen) < SYNAPSE).float()
    return Conditions(
        query * keep,
        keep,
        hidden * speaks.unsqueeze(-1),  # the first token knows the others
        torch.cat([mask[:, :1], mask[:, 1:] * speaks], 1),
        clips.take("image_keys", rows),
        clips.take("image_values", rows),
        seen,
    )


def _draw_mixes(count: int, device: torch.device) -> Tensor:
    """(B, sources) 1 for what each row's query is the mean of."""
    chances = torch.tensor([chance for chance, _ in MIXES], device=device)
    mixes = torch.tensor([mix for _, mix in MIXES], dtype=torch.float32, device=device)
    return mixes[torch.multinomial(chances, count, replacement=True)]


def _caption_and_picture(count: int, device: torch.device) -> Tensor:
    mix = [1.0 if name in ("text", "picture") else 0.0 for name in SOURCES]
    return torch.tensor(mix, device=device).expand(count, -1)


def _captions(clips: EncodedClips, rows: Tensor, drop: bool) -> Tensor:
    which = torch.randint(clips.data.wordings("captions"), rows.shape, device=rows.device)
    return clips.data.tokens("captions", rows, which if drop else torch.zeros_like(rows))


def _with_story(
    clips: EncodedClips, rows: Tensor, which: Tensor, captions: Tensor, told: Tensor
) -> Tensor:
    """Replace captions by a window of the story where a story is told."""
    stories = clips.data.tokens("stories", rows, which)  # (B, W, 64)
    present = (stories[..., 0] != 0).float()
    window = torch.multinomial(present, 1)[:, 0]
    own = torch.arange(len(rows), device=rows.device)
    return torch.where(told[:, None], stories[own, window], captions)


def drop_control(control: Tensor) -> Tensor:
    """Take parts of (B, 126, T) control tracks away, sometimes all of them."""
    count = len(control)
    gone = torch.rand(count, len(PARTS), device=control.device) < DROP_PART
    gone |= torch.rand(count, 1, device=control.device) < DROP_ALL
    kept = torch.ones(count, control.shape[1], 1, device=control.device)
    for i, (channels, flag) in enumerate(PARTS.values()):
        stays = (~gone[:, i]).float()[:, None, None]
        for part in (*channels, slice(flag, flag + 1)):
            kept[:, part] = stays
    return control * kept
