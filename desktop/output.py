"""Which sound card plays, what becomes of it when it is lost, and why nothing is heard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from descant.desktop.background import Background
from descant.desktop.portaudio import Backend, NoOutputError
from descant.desktop.sound_session import Session
from descant.desktop.take_sound import TakeSound, convert, open_session, silent_session

logger = logging.getLogger(__name__)

RETRY_MS = 2000
"""How often a card is looked for while a take plays in silence."""
IDLE_MS = 10_000
"""A card that has had nothing to play for that long is let go."""


@dataclass(frozen=True, slots=True)
class Found:
    """Names of what is connected."""

    outputs: tuple[str, ...] = ()
    microphones: tuple[str, ...] = ()


class Output(QObject):
    """Owns the session. Whatever may take a while is done off the window's thread."""

    session_changed = Signal()
    """There is another session, without a take in it yet."""
    changed = Signal()
    """``found`` or ``silent_reason`` are others now."""
    lost = Signal(str)

    def __init__(self, backend: Backend, clock: Callable[[], float], parent: QObject) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.device: str | None = None  # that was chosen; None is the system's
        self.found = Found()
        self.work = Background("descant-sound", self, keep=True)
        self._backend, self._clock = backend, clock
        self._takes: tuple[TakeSound, ...] = ()
        self._error: NoOutputError | None = None
        self._opening = self._retrying = self._closed = False
        self._retry = QTimer(self, interval=RETRY_MS)
        self._retry.timeout.connect(self._look_again)
        self._idle = QTimer(self, interval=IDLE_MS, singleShot=True)
        self._idle.timeout.connect(self.release)

    @property
    def silent_reason(self) -> str | None:
        """Why nothing is heard, as a sentence; None while a card plays or has not been tried."""
        return None if self._error is None else describe(self._error)

    def prepare(self, takes: Sequence[TakeSound]) -> None:
        """See to a session that can play these; ``session_changed`` says when."""
        self._takes = tuple(takes)
        self._idle.stop()
        session = self.session
        fits = session is not None and session.asked_rate == takes[0].sample_rate
        if session is not None and fits and session.stream is not None and not session.lost():
            self.work.run(lambda: convert(session, self._takes), lambda _: self._use(session))
        else:
            self._open(rescan=self._error is not None)

    def set_device(self, name: str | None) -> None:
        """Play on the output of this name, or on the system's."""
        if name == self.device:
            return
        self.device = name
        if self.session is not None:
            self._open(rescan=False)

    def refresh(self) -> None:
        """Look for devices anew, unless one is playing; ``changed`` says when."""
        free = self.session is None or self.session.stream is None
        self.work.run(lambda: self._list(rescan=free), self._show)

    def check(self, playing: bool) -> None:
        """Notice a lost card; keep looking for one only while there is something to play."""
        session = self.session
        if session is not None and session.lost() and not self._opening:
            self._replace_lost(session)
        searching = playing and self.session is not None and self.session.stream is None
        if searching != self._retry.isActive():
            self._retry.start() if searching else self._retry.stop()
        if playing:
            self._idle.stop()
        elif self.session is not None and not self._idle.isActive():
            self._idle.start()

    def release(self) -> None:
        """Let the card go until something is to be played again."""
        self._retry.stop()
        session, self.session = self.session, None
        if session is not None:
            self.work.run(session.close, lambda _: None)

    def close(self) -> None:
        """Let the card go for good."""
        self._closed = True
        self._retry.stop()
        self._idle.stop()
        self.work.close()
        if self.session is not None:
            self.session.close()
            self.session = None

    def _open(self, rescan: bool) -> None:
        if self._opening:
            return
        self._opening = True
        old, device = self.session, self.device
        self.work.run(
            lambda: self._try(device, rescan, old), lambda f: self._opened(f[0], f[1], device)
        )

    def _try(
        self, device: str | None, rescan: bool, old: Session | None = None
    ) -> tuple[Session, Found]:
        """Open a device; for the other thread."""
        if old is not None:
            old.close()
        found = self._list(rescan=rescan)
        try:
            session = open_session(self._backend, device, self._takes, self._clock)
        except Exception as error:  # noqa: BLE001 a driver may do anything; the app goes on
            refused = NoOutputError("failed", f"{type(error).__name__}: {error}"[:200])
            session = silent_session(self._takes[0].sample_rate, refused, self._clock)
        if self._closed:
            session.close()
        return session, found

    def _opened(self, session: Session, found: Found, device: str | None) -> None:
        self._opening = False
        self._error, self.found = session.error, found
        if device != self.device or session.asked_rate != self._takes[0].sample_rate:
            self.session = session
            self._open(rescan=False)  # another was asked for meanwhile
            return
        self._use(session)
        self.changed.emit()

    def _use(self, session: Session) -> None:
        convert(session, self._takes)
        self.session = session
        self.session_changed.emit()

    def _replace_lost(self, session: Session) -> None:
        self._error = NoOutputError("lost", self.device or "")
        self.work.run(session.close, lambda _: None)
        self._use(silent_session(session.asked_rate, self._error, self._clock))
        self.lost.emit(describe(self._error))
        self.changed.emit()

    def _look_again(self) -> None:
        """Try the device; the clock goes on meanwhile."""
        if self._retrying or self._opening:
            return
        self._retrying = True
        device = self.device
        self.work.run(lambda: self._try(device, rescan=True), self._looked)

    def _looked(self, answer: tuple[Session, Found]) -> None:
        self._retrying = False
        session, found = answer
        wanted = self.session is not None and self.session.stream is None
        if session.error is None and wanted and not self._opening:
            self._error, self.found = None, found
            self._use(session)
            self.changed.emit()
        else:
            session.close()
            self._show(found)

    def _list(self, rescan: bool) -> Found:
        try:
            if rescan:
                self._backend.rescan()
            return Found(self._backend.devices(), self._backend.microphones())
        except Exception as error:  # noqa: BLE001 a driver may do anything; the app goes on
            logger.info("devices can't be listed: %s", error)
            return Found()

    def _show(self, found: Found) -> None:
        if found != self.found:
            self.found = found
            self.changed.emit()


def describe(error: NoOutputError) -> str:
    """Return why nothing is heard and what would help, for the window."""
    translate = QCoreApplication.translate
    texts = {
        "no library": translate("Output", "No sound: {0} is not installed. Everything else works."),
        "no device": translate("Output", "No sound: this computer has no audio output."),
        "missing": translate("Output", "No sound: “{0}” is not connected. Choose another output."),
        "failed": translate("Output", "No sound: the audio output is not usable ({0})."),
        "lost": translate("Output", "No sound: the audio output was disconnected."),
    }
    return texts[error.why].format(error.detail)
