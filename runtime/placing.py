"""Where a pack computes: on the device that was chosen, or the next one when that gives up."""

from __future__ import annotations

import threading
from collections.abc import Callable

from descant.runtime.errors import (
    DescantError,
    DeviceLostError,
    DeviceMemoryError,
    ProviderUnavailableError,
)
from descant.runtime.ldm import LdmPipeline
from descant.runtime.pack import Pack
from descant.runtime.pieces import Pieces, Result
from descant.runtime.pipeline import Pipeline
from descant.runtime.providers import Choice, choose_next
from descant.runtime.sessions import Sessions
from descant.runtime.starter import StarterPipeline
from descant.runtime.tuning import Tuning

DEVICE_FAILURES = (DeviceMemoryError, DeviceLostError, ProviderUnavailableError)
"""After these another device may do better."""

_PIPELINES: dict[str, type[StarterPipeline] | type[LdmPipeline]] = {
    "starter": StarterPipeline,
    "mg2": LdmPipeline,
    "audioldm": LdmPipeline,
}
"""By family of packs."""


class Placing:
    """A pack's pipeline on a device. Threads may share it."""

    def __init__(self, pack: Pack, choice: Choice, tuning: Tuning) -> None:
        self._pack, self._tuning = pack, tuning
        self._lock = threading.Lock()
        self._take(choice)

    def work(self, do: Callable[[Pipeline], Pieces[Result]]) -> Pieces[Result]:
        """Do some work, again on the next device if one gives up.

        Raises:
            DescantError: What made it fail; of a device only when no other may take over.
        """
        while True:
            pipeline, sessions = self.pipeline, self.sessions
            try:
                return (yield from do(pipeline))
            except DEVICE_FAILURES as error:
                if not self._fall_back(sessions, error):
                    raise

    def _fall_back(self, failed: Sessions, error: DescantError) -> bool:
        """Free a device that has failed and take the next; False when there is none."""
        with self._lock:
            if self.sessions is not failed:
                return True  # another thread has met the same
            chosen = choose_next(failed.choice, error)
            if chosen is None:
                return False
            failed.close()
            self._take(chosen)
            return True

    def _take(self, choice: Choice) -> None:
        self.sessions = Sessions(self._pack, choice, tuning=self._tuning)
        self.pipeline: Pipeline = _PIPELINES[self._pack.spec.family](self._pack, self.sessions)
