"""The Make page: what to play, in words and files, and the button that makes music of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.engine_holder import describe
from descant.desktop.file_kinds import kind_of
from descant.desktop.queue_item import QueueItem
from descant.desktop.theme import tokens
from descant.desktop.widgets.controls import spin
from descant.desktop.widgets.drop_zone import dropped
from descant.desktop.widgets.inputs import Inputs
from descant.desktop.widgets.now_panel import NowPanel
from descant.desktop.widgets.parts import (
    Disclosure,
    Field,
    button,
    row,
    scrolled,
    text_label,
)
from descant.desktop.widgets.prompt_box import PromptBox
from descant.desktop.widgets.wish_fields import WishFields
from descant.runtime import Clip, Request, RequestError

STACKED_BELOW = 820
MAX_TAKES = 20
SHOWN = frozenset(
    ("prompt", "negative_prompt", "story", "audio", "images", "video", "image_strength", "melody",
     "hum", "tempo_bpm", "key", "seconds", "bars", "loop", "seed", "steps", "guidance_scale",
     "melody_strength", "count")
)  # fmt: skip
"""Fields of a request that have a control."""


class MakePage(QWidget):
    """Turns what is written into requests for the queue."""

    open_take = Signal(int)
    edit_request = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAcceptDrops(True)
        self.prompt = PromptBox()
        self.inputs = Inputs(context)
        self.wishes = WishFields()
        self.story = QPlainTextEdit()
        self.story.setPlaceholderText(
            self.tr("A tale, a scene, a text that the music should go with")
        )
        self.story.setMinimumHeight(120)
        self._story_field = Field("", self.story)
        self._story_field.control.setAccessibleName(self.tr("Story"))
        self._story_box = Disclosure(self.tr("Add a story"), self._story_field)
        self._kept_melody: Path | None = None
        self.takes = spin(1, MAX_TAKES, 1)
        self.takes.setAccessibleName(self.tr("Number of takes"))
        self.now = NowPanel(context)
        self.now.open_take.connect(self.open_take)
        self.now.edit_request.connect(self.edit_request)
        self._fields: dict[str, Any] = {
            **self.wishes.fields, "prompt": self.prompt, "story": self._story_field,
        }  # fmt: skip
        self._carried: dict[str, Any] = {}
        self._carried_chip = button(
            self.tr("And all else that was asked for then"), "chip", "close"
        )
        self._carried_chip.setToolTip(self.tr("Click to leave it out"))
        self._carried_chip.clicked.connect(lambda: self._carry({}))
        self._carried_chip.hide()
        self._direction = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._direction.setContentsMargins(0, 0, 0, 0)
        self._direction.setSpacing(0)
        self._direction.addWidget(self._make_form(), 1)
        self._direction.addWidget(self.now)
        film = self.inputs.film
        film.files_changed.connect(lambda *_: self.wishes.set_film(bool(film.files)))
        context.queue.clips_ready.connect(self._on_clips)
        context.queue.take_kept.connect(self._on_kept)

    def showEvent(self, event: QShowEvent) -> None:
        """Be ready to be written to."""
        super().showEvent(event)
        self.prompt.edit.setFocus()

    def request(self) -> Request:
        """Return what the fields say; draws a seed.

        Raises:
            RequestError: It makes no sense.
        """
        return Request(**self._values())

    def edit(self, request: Request) -> None:
        """Put a request into the fields, where it can be changed."""
        values = {f.name: getattr(request, f.name) for f in dataclasses.fields(request)}
        usual = {f.name: f.default for f in dataclasses.fields(request)}
        self._carry(
            {
                name: value
                for name, value in values.items()
                if value != usual[name] and (name not in SHOWN or _is_notes(value))
            }
        )
        self.prompt.edit.setPlainText(request.prompt)
        self.story.setPlainText(request.story)
        self._story_box.open(bool(request.story))
        self.takes.setValue(min(request.count, MAX_TAKES))
        self.inputs.set_values(values)
        self.wishes.set_values(values)
        self._clear_errors()

    def close_threads(self) -> None:
        """End what runs for the page."""
        self.inputs.close_threads()

    def keep_melody(self, file: Path | None) -> None:
        """Put a melody that was chosen elsewhere into its tile; None takes it out again."""
        if file is not None:
            self.inputs.melody.set_files([file])
        elif self._kept_melody in self.inputs.melody.files:
            self.inputs.melody.set_files([])
        self._kept_melody = file

    def make(self) -> None:
        """Queue what the fields say, or show what is wrong beside the field."""
        self._clear_errors()
        try:
            request = self.request()
        except RequestError as error:
            self.show_error(error)
            return
        self._context.queue.add(request)

    def show_error(self, error: RequestError) -> None:
        """Show a refusal beside the field that it names, or else under the words."""
        name = str(error).split(" ", 1)[0].rstrip(":")
        field = self._fields.get(name, self.prompt)
        message = " ".join(filter(None, describe(error)))
        if name == "prompt" and "empty" in str(error):
            message = self.tr("Say what to play, or bring a picture, a film, a sound or a melody.")
            self.prompt.edit.setFocus()
        if self.wishes.more.isAncestorOf(field):
            self.wishes.more.open()
        field.show_error(message)
        self._scroll.ensureWidgetVisible(field)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that fall beside their tile too."""
        if any(kind_of(path) is not None for path in dropped(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Sort files into their tiles."""
        event.acceptProposedAction()
        self.inputs.add_files(dropped(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the queue under the form in a narrow window."""
        narrow = event.size().width() < STACKED_BELOW
        self._direction.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self.now.set_flat(narrow)
        super().resizeEvent(event)

    def _values(self) -> dict[str, Any]:
        return {
            **self._carried,
            **self.wishes.values(),
            **self.inputs.values(),
            "prompt": self.prompt.edit.toPlainText().strip(),
            "story": self.story.toPlainText().strip() if self._story_box.is_open else "",
            "count": self.takes.value(),
        }

    def _carry(self, values: dict[str, Any]) -> None:
        """Keep what has no control here, in sight as one thing that can be left out."""
        self._carried = values
        self._carried_chip.setVisible(bool(values))

    def _clear_errors(self) -> None:
        for field in set(self._fields.values()):
            field.show_error("")

    def _make_form(self) -> QWidget:
        space = tokens().space
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(space * 4, space * 4, space * 4, space * 2)
        column.setSpacing(space * 5 // 2)
        column.addWidget(text_label(self.tr("What should it sound like?"), "title", wrap=True))
        column.addWidget(self.prompt)
        column.addWidget(self.inputs)
        column.addWidget(self.wishes)
        column.addWidget(self._story_box)
        column.addLayout(row(self._carried_chip, None))
        column.addStretch(1)
        self._scroll = scrolled(inside)
        form = QWidget()
        whole = QVBoxLayout(form)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._make_foot())
        return form

    def _make_foot(self) -> QWidget:
        space = tokens().space
        foot = QWidget()
        self.go = button(self.tr("Make music"), "hero", "make", "on_accent")
        self.go.setToolTip(self.tr("Ctrl+Enter"))
        self.go.clicked.connect(self.make)
        label = text_label(self.tr("Takes"), "label")
        label.setBuddy(self.takes)
        line = row(label, self.takes, self.go, spacing=space * 3 // 2)
        line.setStretch(2, 1)
        line.setContentsMargins(space * 4, space * 2, space * 4, space * 3)
        foot.setLayout(line)
        return foot

    def _on_clips(self, item: QueueItem, clips: tuple[Clip, ...]) -> None:
        for clip in clips:
            unsaved = any(each is clip for each in item.unsaved)
            self.now.takes.add(clip, item.title, item if unsaved else None)

    def _on_kept(self, item: QueueItem, record: Any) -> None:
        self.now.takes.set_record(record)


def _is_notes(value: object) -> bool:
    """Whether a melody is notes rather than a file, which no tile can hold."""
    return isinstance(value, tuple) and bool(value) and not isinstance(value[0], (str, Path))
