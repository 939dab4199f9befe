"""The image branch of a request: the pack's own, or Stable Diffusion in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from descant.runtime.errors import RequestError
from descant.runtime.families import IMAGE_BRANCH
from descant.runtime.image_branch import FlowBranch, ImageBranch, KeysValues, Pixels
from descant.runtime.inputs import Source
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions

if TYPE_CHECKING:
    from descant.runtime.sd_branch import SdBranch

OnShare = Callable[[float], None]
"""Called with the share (0 … 1) of the pictures' inversion that is done; raises to stop."""


class Branches:
    """All image branches that requests to a pack have named, each opened once."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        has_own = IMAGE_BRANCH in sessions.pack.spec.graphs
        self._own = FlowBranch(sessions) if has_own else None
        self._named: dict[str, SdBranch] = {}
        self._lock = threading.Lock()

    def get(self, request: Request, pictures: int, on_share: OnShare) -> ImageBranch | None:
        """Return the branch that a request's pictures are inverted into.

        Args:
            request: It may name a branch, and a caption that is the inversion's prompt there.
            pictures: How many there are.
            on_share: Told of the progress where it takes minutes.

        Returns:
            None when the pack has no synapse: pictures are then heard by the query alone.

        Raises:
            PackError: The branch is missing, malformed or damaged.
            RequestError: It is not connected to this pack.
        """
        if request.image_branch is None:
            return self._own
        return _Inverting(self._open(request.image_branch), request.caption, pictures, on_share)

    def source(self, request: Request) -> Source | None:
        """Return the name and the manifest's hash of a branch that is named; raises as ``get``."""
        if request.image_branch is None:
            return None
        pack = self._open(request.image_branch).pack
        return Source(pack.path.name, pack.sha256)

    def _open(self, path: str | Path) -> SdBranch:
        from descant.runtime.sd_branch import SdBranch

        spec = self._sessions.pack.spec
        if self._own is None:
            raise RequestError(
                f"image_branch: the pack {spec.id!r} has no synapse to hear it by",
                hint="leave it out, or use the starter",
            )
        with self._lock:
            if str(path) not in self._named:
                found = SdBranch.open(path, self._sessions.choice, self._sessions.tuning)
                found.check_fits(spec)
                self._named[str(path)] = found
            return self._named[str(path)]


@dataclass
class _Inverting:
    """A branch with what one request says of its pictures."""

    branch: SdBranch
    caption: str
    pictures: int
    on_share: OnShare
    done: int = 0

    def keys_values(self, pixels: Pixels, /) -> Pieces[KeysValues]:
        """Return the branch's answer in one piece, telling how far it has come."""

        def on_step(step: int, steps: int) -> None:
            self.on_share((self.done + step / steps) / self.pictures)

        yield Piece("image branch")
        made = self.branch.keys_values(pixels, self.caption, on_step)
        self.done += 1
        return made
