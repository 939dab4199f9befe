"""Pictures -> keys and values for the denoiser's visual synapse (MeLFusion, section 4).

A picture goes a few Euler steps towards noise through the pack's text-to-image flow, without words;
what its last layers attend with at the last step is what the music's text attention is blended
with. Training takes the same steps.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from descant.kernels.area_resize import tower_pixels
from descant.models.image_branch_spec import PICTURE_SIDE, SIDE, inversion_times
from descant.runtime.conditioning import Synapse
from descant.runtime.families import IMAGE_BRANCH
from descant.runtime.pieces import Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
Pixels = NDArray[np.uint8]
KeysValues = tuple[FloatArray, FloatArray]
"""Each (L, H, N, D): layer, head, patch, width."""

REMEMBERED = 16
"""Pictures whose keys and values are kept, 0.4 MB each."""


class ImageBranch(Protocol):
    """A text-to-image network that pictures are inverted into."""

    def keys_values(self, pixels: Pixels, /) -> Pieces[KeysValues]:
        """Return what the denoiser's layers attend to of (H, W, 3) sRGB pixels."""


class FlowBranch:
    """The pack's own image branch. Threads may share it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._known: OrderedDict[bytes, KeysValues] = OrderedDict()
        self._lock = threading.Lock()

    def keys_values(self, pixels: Pixels, /) -> Pieces[KeysValues]:
        """Return a picture's keys and values, computed once for those seen lately.

        Args:
            pixels: (H, W, 3) sRGB.

        Raises:
            NumericalError: The network returned NaN.
            BackendError: The device can't run it.
        """
        square = tower_pixels(pixels, PICTURE_SIDE)
        key = hashlib.sha256(square.tobytes()).digest()
        with self._lock:
            known = self._known.get(key)
        if known is None:  # not computed under the lock: another job may go on meanwhile
            known = yield from picture_synapse(self._sessions, square)
        with self._lock:
            known = self._known.setdefault(key, known)
            self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known


def picture_synapse(sessions: Sessions, pixels: Pixels) -> Pieces[KeysValues]:
    """Invert a picture and return the keys and values of the last step's evaluation.

    Args:
        sessions: Of a pack with an ``image_branch_step``.
        pixels: (3, 128, 128) sRGB.
    """
    picture = branch_picture(pixels)
    text = np.zeros((1, sessions.pack.spec.pipeline.clmp_dim), np.float32)
    made: dict[str, FloatArray] = {}
    for now, after in pairwise(inversion_times()):
        made = yield from call(
            sessions,
            IMAGE_BRANCH,
            picture=picture,
            text=text,
            time=_moment(now),
            next_time=_moment(after),
        )
        picture = made["next_picture"]
    return made["keys"][0], made["values"][0]


def _moment(time: float) -> FloatArray:
    return np.array([time], np.float32)


def branch_picture(pixels: Pixels) -> FloatArray:
    """(3, 128, 128) sRGB -> (1, 3, 64, 64) in -1 … 1, the mean of 2 x 2 pixels."""
    cells = pixels.reshape(3, SIDE, 2, SIDE, 2)
    shades: FloatArray = cells.mean((2, 4), dtype=np.float32)[None] / 127.5 - 1.0
    return shades


def mean_synapse(
    branch: ImageBranch, pictures: Sequence[Pixels], strength: float
) -> Pieces[Synapse | None]:
    """Return the mean of what the pictures give, each with the same weight.

    Args:
        branch: That they are inverted into.
        pictures: (H, W, 3) sRGB each.
        strength: 0 or more.

    Returns:
        None when there are no pictures or no strength: the music is then, to the last bit, that
        of the words alone.
    """
    if not pictures or strength == 0.0:
        return None
    seen = []
    for picture in pictures:
        seen.append((yield from branch.keys_values(picture)))
    keys, values = (np.stack(part).mean(0) for part in zip(*seen, strict=True))
    return Synapse(keys, values, strength)
