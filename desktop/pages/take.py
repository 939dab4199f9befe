"""The page of one take: hear it, see it, compare it, change its melody, go on from it."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from descant.desktop.actions import Action, obstacle
from descant.desktop.audition import Audition
from descant.desktop.background import Background
from descant.desktop.context import AppContext
from descant.desktop.engine_holder import describe
from descant.desktop.melody_desk import MelodyDesk
from descant.desktop.player import Player
from descant.desktop.take_commands import obstacle_text
from descant.desktop.take_compare import TakeCompare
from descant.desktop.take_data import TakeData, load_take, request_with_melody
from descant.desktop.take_keys import TakeKeys
from descant.desktop.take_work import TakeWork
from descant.desktop.widgets.empty_state import EmptyState
from descant.desktop.widgets.melody_bar import MelodyBar
from descant.desktop.widgets.take_content import TakeContent
from descant.desktop.widgets.take_details import TakeDetailsCard
from descant.desktop.widgets.take_head import TakeHead
from descant.desktop.widgets.take_views import TakeViews
from descant.desktop.widgets.transport import Transport
from descant.runtime import RequestError


class TakePage(QWidget):
    """Shows a take of the library; ``show_take`` says which."""

    melody_kept = Signal(object)
    """MIDI file of the melody that the next takes follow, or None."""
    navigate = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ownKeys", True)
        self._context = context
        self.player: Player = context.player
        self.data: TakeData | None = None
        self._work = Background("descant-take", self)
        self.views = TakeViews()
        self.melody_bar = MelodyBar(self.views.roll)
        self.views.melody_place.addWidget(self.melody_bar)
        self.audition = Audition(self.player.sibling)
        self.desk = MelodyDesk(
            context.queue,
            self.melody_bar,
            self.views.roll,
            self.audition,
            context.settings.folder / "melodies",
        )
        self.work = TakeWork(context, self)
        self.head = TakeHead()
        self.details = TakeDetailsCard()
        self.transport = Transport(self.player)
        self.compare = TakeCompare(context.library, self.player, self.transport.compare)
        self._keys = TakeKeys(self.player, self._bar_seconds, self._toggle_loop)
        self._lay_out()
        self._connect()
        chosen = context.settings.value.audio_output
        if chosen != self.player.output.device:
            self.player.set_device(chosen)

    def show_take(self, number: int) -> None:
        """Load a take of the library and show it when it is there."""
        library = self._context.library
        self._work.drop()
        self._work.run(lambda: load_take(library, number), self.show_data, self._fail)

    def show_data(self, data: TakeData) -> None:
        """Show a take that is loaded already."""
        self.desk.put_aside()
        self.data = data
        self.audition.stop()
        self.player.load(data.samples, data.sample_rate)
        self.views.show_take(data.samples, data.sample_rate, data.details.notes)
        self.head.show_take(data)
        self.head.set_region(False)
        self._show_obstacles()
        self.details.show_take(data)
        self.compare.set_take(data)
        self.desk.show_take(data)
        self.transport.set_looping(False)
        if data.record.loop:
            self._set_loop((0.0, data.record.seconds))
        self._stack.setCurrentWidget(self._content)
        self.views.waveform.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steer the player by what no part of the page took."""
        if not self._steer(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that steer before the scroll area does."""
        return isinstance(event, QKeyEvent) and (
            event.type() == QEvent.Type.KeyPress and self._steer(event)
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Take the player back from where else it played, and look what the pack can do."""
        super().showEvent(event)
        self.work.learn_pack()
        if self.data is not None and not self.player.holds(self.data.samples):
            self._take_player_back(self.data)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the melody alone; the take plays on."""
        self.audition.stop()
        super().hideEvent(event)

    def close_threads(self) -> None:
        """End what runs for this page; the player is the app's."""
        self.audition.close()
        self.work.close()

    def _take_player_back(self, data: TakeData) -> None:
        """Play this take again, with its region; views and melody are as they were left."""
        looping = self.transport.loop_button.isChecked()
        self.player.load(data.samples, data.sample_rate)
        self.compare.set_take(data)
        self.views.set_position(0.0)
        if looping:
            self._set_loop(self.views.region or (0.0, self.player.seconds))

    def _lay_out(self) -> None:
        nothing = EmptyState(
            "take",
            self.tr("No take is open"),
            self.tr("Open one from the library, or make one: it will sound and show here."),
            self.tr("Make music"),
        )
        nothing.clicked.connect(lambda: self.navigate.emit("make"))
        self._content = TakeContent(self.head, self.views, self.details, self.transport)
        self._content.area.installEventFilter(self)  # it would scroll by the arrows
        self._stack = QStackedWidget(self)
        self._stack.addWidget(nothing)
        self._stack.addWidget(self._content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        self.head.acted.connect(self._act)
        self.player.position_changed.connect(self._on_position)
        self.views.seek_requested.connect(self.player.seek)
        self.views.region_changed.connect(self._on_region)
        self.transport.loop_toggled.connect(lambda _: self._toggle_loop())
        self.transport.skip_requested.connect(self._skip)
        self.transport.output_chosen.connect(self._choose_output)
        self.transport.volume_changed.connect(lambda db: self._keep(volume_db=db))
        self.compare.heard.connect(self.views.show_samples)
        self.compare.failed.connect(lambda text: self._context.notify(text))
        self.desk.failed.connect(lambda text: self._context.notify(text))
        self.desk.kept.connect(self.melody_kept)
        self.work.pack_known.connect(lambda _: self._show_obstacles())
        self.melody_bar.use_requested.connect(self._use_melody)

    def _steer(self, event: QKeyEvent) -> bool:
        modifiers, kinds = event.modifiers(), Qt.KeyboardModifier
        if self.data is None or modifiers & (kinds.ControlModifier | kinds.AltModifier):
            return False
        return self._keys.press(event.key(), bool(modifiers & kinds.ShiftModifier))

    def _act(self, name: str) -> None:
        region = self.views.region
        if name == "back":
            self.navigate.emit("library")
        elif self.data is not None and name != "replace":
            self.work.do(name, [self.data.record])
        elif self.data is not None and region is not None:
            self.work.replace(self.data.record, region)

    def _show_obstacles(self) -> None:
        """Switch off what the open pack can't do with this take."""
        if self.data is not None:
            record, pack = self.data.record, self.work.pack
            found = {name: obstacle(name, record, pack) for name in get_args(Action)}
            self.head.set_obstacles({n: obstacle_text(why) for n, why in found.items() if why})

    def _on_position(self, seconds: float) -> None:
        if self.isVisible() and self.data is not None:
            self.views.set_position(seconds, follow=self.player.state == "playing")

    def _on_region(self, span: tuple[float, float] | None) -> None:
        self.head.set_region(span is not None)
        self._set_loop(span)

    def _set_loop(self, span: tuple[float, float] | None) -> None:
        self.player.set_loop(span)
        self.transport.set_looping(self.player.loop is not None)

    def _toggle_loop(self) -> None:
        whole = (0.0, self.player.seconds)
        self._set_loop(None if self.player.loop else self.views.region or whole)

    def _bar_seconds(self) -> float:
        return self.views.view.bar_seconds or 2.0

    def _skip(self, bars: int) -> None:
        self.player.seek(self.player.position + bars * self._bar_seconds())

    def _choose_output(self, name: str | None) -> None:
        self.player.set_device(name)
        self._keep(audio_output=name)

    def _keep(self, **settings: object) -> None:
        self._context.settings.update(**settings)

    def _use_melody(self) -> None:
        """Queue a take of the same words with the melody as it is now."""
        data, notes = self.data, self.views.roll.notes()
        if data is None or not notes:
            return
        try:
            request = request_with_melody(data, notes, self.desk.tempo_bpm)
        except RequestError as error:
            self._fail(error)
            return
        title = self.tr("{0} (own melody)").format(data.record.title)
        self._context.queue.add(request, title, parent=data.record.id)
        self._context.notify(self.tr("“{0}” is in the queue.").format(title))

    def _fail(self, error: Exception) -> None:
        self._context.notify(" ".join(filter(None, describe(error))))
