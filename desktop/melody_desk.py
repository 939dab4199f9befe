"""Between the melody's tools, the engine and what is made next."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from descant.desktop.audition import Audition
from descant.desktop.background import Background
from descant.desktop.engine_holder import describe
from descant.desktop.melody_matches import MelodyMatches
from descant.desktop.melody_model import Melody, MelodyState, Origin
from descant.desktop.take_data import TakeData
from descant.desktop.widgets.melody_bar import MelodyBar
from descant.desktop.widgets.piano_roll import PianoRoll
from descant.runtime import Neighbour, Note, write_midi


class MelodyDesk(QObject):
    """Searches for other melodies, plays the one that is shown, and keeps it."""

    kept = Signal(object)
    """MIDI file of the melody that the next takes follow, or None."""
    failed = Signal(str)

    def __init__(
        self, queue: Any, bar: MelodyBar, roll: PianoRoll, audition: Audition, folder: Path
    ) -> None:
        """Connect them; a melody that is kept is written into ``folder``."""
        super().__init__(bar)
        self._bar, self._roll, self._audition, self._folder = bar, roll, audition, folder
        self._kept: tuple[Note, ...] | None = None
        self._take: int | None = None
        self._edits: dict[int, MelodyState] = {}
        self._work = Background("descant-melody", self)
        self._matches = MelodyMatches(queue, self)
        self._matches.found.connect(self._on_match)
        self._matches.failed.connect(self._on_failure)
        bar.next_match_requested.connect(self._next)
        bar.lock_toggled.connect(self._on_lock)
        roll.audition_requested.connect(lambda notes: audition.play(notes, self.tempo_bpm))
        roll.notes_changed.connect(lambda _: self._keep_edited())
        roll.model.origin_changed.connect(self._show_origin)

    @property
    def tempo_bpm(self) -> float:
        """Of the melody's beats."""
        return self._roll.places.tempo_bpm

    def put_aside(self) -> None:
        """Remember, until the app ends, what was done to the melody of the take that is shown."""
        if self._take is not None:
            self._edits.pop(self._take, None)
            if self._roll.model.undo_stack.canUndo():
                self._edits[self._take] = self._roll.model.state

    def show_take(self, data: TakeData) -> None:
        """Begin with the melody of a take that the roll shows, and with what was done to it.

        That is a step that can be undone; what is kept is kept.
        """
        self._take = data.record.id
        used = data.details.retrieved[0] if data.details.retrieved else None
        self._matches.start(data.record.prompt or data.record.title, shown=int(used is not None))
        self._bar.next_match.setEnabled(True)
        text, tip = self.tr("none is known; double-click below to write one"), ""
        if used is not None:
            text, tip = self._words(used), used.licence or ""
        elif data.melody:
            text = self.tr("given with the request")
        model = self._roll.model
        model.set_origin(replace(model.state.origin, text=text, tip=tip))
        if (edits := self._edits.get(data.record.id)) is not None:
            model.replace(self.tr("Earlier changes"), edits)

    def _next(self) -> None:
        self._bar.next_match.setEnabled(False)
        self._matches.next()

    def _on_match(self, neighbour: Neighbour, sheet: Any) -> None:
        self._bar.next_match.setEnabled(True)
        # At the tempo of the take, to which the engine would bring it too.
        origin = Origin(self._words(neighbour), neighbour.licence or "", sheet.beats_per_bar)
        self._roll.model.replace(self.tr("Next match"), MelodyState(Melody.of(sheet.notes), origin))

    def _on_failure(self, message: str) -> None:
        self._bar.next_match.setEnabled(True)
        self.failed.emit(message)

    def _words(self, neighbour: Neighbour) -> str:
        return self.tr("{0} · fit {1:.2f}").format(neighbour.title, neighbour.similarity)

    def _show_origin(self) -> None:
        """Say where the melody comes from that is shown now, and whether it is the kept one."""
        origin, notes = self._roll.model.state.origin, self._roll.notes()
        self._bar.show_source(origin.text, origin.tip)
        self._bar.set_locked(bool(notes) and notes == self._kept)

    def _on_lock(self, locked: bool) -> None:
        if locked:
            self._keep()
        else:
            self._kept = None
            self._work.drop()
            self.kept.emit(None)

    def _keep_edited(self) -> None:
        """A melody that is kept and edited is kept as it is now."""
        notes = self._roll.notes()
        if self._bar.lock.isChecked() and notes and notes != self._kept:
            self._keep()

    def _keep(self) -> None:
        notes, tempo, metre = self._roll.notes(), self.tempo_bpm, self._roll.beats_per_bar
        # A file of its own for each: requests that wait, and those of old takes, name theirs.
        mark = hashlib.sha256(repr((notes, tempo, metre)).encode()).hexdigest()[:6]
        target = self._folder / f"{self.tr('Kept melody')} {mark}.mid"
        self._kept = notes

        def write() -> Path:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_midi(target, {"melody": notes}, tempo, metre)
            return target

        self._work.run(write, self.kept.emit, self._on_not_kept)

    def _on_not_kept(self, error: Exception) -> None:
        self._kept = None
        self._bar.set_locked(False)
        self.failed.emit(" ".join(filter(None, describe(error))))
