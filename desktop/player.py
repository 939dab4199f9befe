"""Plays takes, tells where they are, and goes on in silence where there is no sound card."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from descant.desktop.deck import Deck, Which
from descant.desktop.output import Output
from descant.desktop.portaudio import Backend, PortAudio
from descant.desktop.sound_session import Session
from descant.desktop.take_sound import TakeSound, level


class Player(QObject):
    """One or two takes with transport. Use from the window's thread; nothing here blocks it."""

    position_changed = Signal(float)
    """Seconds that are heard now; about 60 times a second while playing."""
    state_changed = Signal(str)
    device_lost = Signal(str)
    """The card went away while playing; with the reason in words. Playing goes on in silence."""
    gain_changed = Signal(float)
    """The volume, in decibels."""
    comparison_changed = Signal()
    """A second take came, went, or was levelled, or the other of two is heard now."""

    def __init__(
        self,
        backend: Backend | None = None,
        clock: Callable[[], float] = time.perf_counter,
        parent: QObject | None = None,
    ) -> None:
        """Look for no sound card before there is something to play; None is the machine's own."""
        super().__init__(parent)
        self._backend, self._clock = backend or PortAudio(), clock
        self.output = Output(self._backend, clock, self)
        self.output.session_changed.connect(self._adopt)
        self.output.lost.connect(self.device_lost)
        self._deck = Deck()
        self._siblings: list[Player] = []
        self._state, self._playing = "stopped", False
        self._at = 0.0  # seconds: target of the latest jump, until it is heard
        self._serial = 0
        self._ready = False  # the session plays these takes
        self._timer = QTimer(self, interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def state(self) -> str:
        """``stopped``, ``playing`` or ``paused``."""
        return self._state

    @property
    def position(self) -> float:
        """Seconds of the take that are heard now."""
        session = self._session
        heard = None if session is None else session.position(self._serial)
        if session is None or heard is None:
            return self._at
        return min(heard / session.mixer.sample_rate, self.seconds)

    @property
    def seconds(self) -> float:
        """Length of what is heard; 0 without a take."""
        return self._deck.seconds

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end in seconds of what is repeated."""
        return self._deck.loop

    @property
    def chosen(self) -> Which:
        """Which of two takes is heard."""
        return self._deck.chosen

    @property
    def comparing(self) -> bool:
        """Whether there are two takes."""
        return "b" in self._deck.takes

    def set_device(self, name: str | None) -> None:
        """Play on the output of this name; None takes the system's."""
        self._at = self.position
        self.output.set_device(name)
        for each in self._siblings:
            each.set_device(name)

    def load(self, samples: NDArray[np.float32], sample_rate: int) -> None:
        """Take (A, N) float32 samples in place of what was there, and stop at their start."""
        self.stop()
        self._deck.load(TakeSound(samples, sample_rate))
        self._ready, self._at = False, 0.0
        self.comparison_changed.emit()
        self.position_changed.emit(0.0)

    def compare(self, samples: NDArray[np.float32], sample_rate: int) -> None:
        """Take a second take beside the first; both will be heard equally loud."""
        pair, session = (self._deck.takes["a"], TakeSound(samples, sample_rate)), self._session
        self.output.work.run(lambda: level(pair, session), lambda _: self._change_take(pair))

    def holds(self, samples: NDArray[np.float32]) -> bool:
        """Whether these are the samples of the first take."""
        return "a" in self._deck.takes and self._deck.takes["a"].samples is samples

    def end_comparison(self) -> None:
        """Drop the second take."""
        self.choose("a")
        if self._deck.part():
            self._change_take()

    def choose(self, which: Which) -> None:
        """Hear this one of two takes, from the same place on."""
        if which in self._deck.takes and which != self._deck.chosen:
            self._deck.chosen = which
            self._change_take()

    def play(self) -> None:
        """Play from where it stands; from the start if that is the end."""
        if not self._deck.takes or self._playing:
            return
        if not self._deck.start <= self.position < self._deck.end - 1e-3:
            self._jump(self._deck.start)
        self._set_state("playing")
        self._timer.start()
        if self._session is None or self._session.lost():
            self.output.prepare(tuple(self._deck.takes.values()))
        else:
            self._session.wake()
            self._session.mixer.post(on=True)

    def pause(self) -> None:
        """Stop where it stands."""
        if self._playing:
            self._set_state("paused")
            if self._session is not None:
                self._session.mixer.post(on=False)

    def toggle(self) -> None:
        """Play, or pause."""
        self.pause() if self._playing else self.play()

    def stop(self) -> None:
        """Stop and go to the start, or to that of the loop."""
        self._set_state("stopped")
        self._jump(self._deck.start)

    def seek(self, seconds: float) -> None:
        """Go to a place, playing or not."""
        self._jump(min(max(seconds, 0.0), self.seconds))

    def set_loop(self, span: tuple[float, float] | None) -> None:
        """Repeat what lies between two places, in seconds; None plays on to the end."""
        self._deck.set_loop(span)
        if self._session is not None:
            self._deck.post_loop(self._session.mixer)
        if self._deck.loop and self._playing and self.position >= self._deck.end:
            self.seek(self._deck.start)

    @property
    def gain_db(self) -> float:
        """The volume in decibels; -100 is silence."""
        return self._deck.gain_db

    def set_gain_db(self, gain_db: float) -> None:
        """Set the volume; 0 dB leaves the takes as they are."""
        if gain_db == self.gain_db:
            return
        self._deck.gain_db = gain_db
        if self._session is not None:
            self._session.mixer.set_gain(self._deck.gain)
        for each in self._siblings:
            each.set_gain_db(gain_db)
        self.gain_changed.emit(gain_db)

    def sibling(self) -> Player:
        """Return a player of other sounds, as loud as this one and always on the same output."""
        made = Player(self._backend, self._clock, self)
        made.set_device(self.output.device)
        made.set_gain_db(self.gain_db)
        self._siblings.append(made)
        return made

    def close(self) -> None:
        """Stop and let the card go for good."""
        self._timer.stop()
        self.output.close()

    @property
    def _session(self) -> Session | None:
        """The session, once it plays these takes."""
        return self.output.session if self._ready else None

    def _adopt(self) -> None:
        """Play in a session that is new, or that has heard other takes before."""
        session = self.output.session
        if session is None or not self._deck.takes:
            return
        self._serial += 1
        session.take(self._deck.mixer(session.mixer, self._serial, self._playing, self._at))
        self._ready = True

    def _jump(self, seconds: float) -> None:
        self._at = seconds
        self._serial += 1
        if self._session is not None:
            frame = round(seconds * self._session.mixer.sample_rate)
            self._session.mixer.post(serial=self._serial, on=self._playing, frame=frame)
        self.position_changed.emit(seconds)

    def _change_take(self, pair: tuple[TakeSound, TakeSound] | None = None) -> None:
        """Hear the chosen take at its level, where the other one stood."""
        if pair is not None and not self._deck.join(*pair):
            return
        if self._session is not None:
            self._deck.post_take(self._session.mixer)
        self.comparison_changed.emit()

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state, self._playing = state, state == "playing"
            self.state_changed.emit(state)

    def _tick(self) -> None:
        session = self._session
        if session is not None:
            session.advance()
        self._at = self.position  # before a lost card takes it along
        self.output.check(self._playing)
        if session is not None and session.mixer.ended and self._at >= self.seconds - 1e-6:
            self._set_state("stopped")
        self.position_changed.emit(self._at)
        if not self._playing and (session is None or session.settled(self._serial)):
            self._timer.stop()
