"""The timer that frees what nobody uses."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

from descant.runtime.idle import IdleTimer


class _Forgotten:
    """A user that only the collector of garbage can end."""

    def __init__(self, timer: IdleTimer) -> None:
        self.itself = self
        self.work = self._use(timer)
        next(self.work)

    def _use(self, timer: IdleTimer) -> Iterator[None]:
        with timer.busy():
            yield


def test_a_forgotten_user_may_end_whenever_another_begins() -> None:
    timer = IdleTimer(60.0, lambda: None)

    def work() -> None:
        for _ in range(300):
            _Forgotten(timer)
            with timer.busy():  # the collector runs in here
                pass

    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert timer._users == 0
    timer.close()
