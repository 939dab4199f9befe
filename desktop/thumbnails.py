"""Small pictures of picture files, decoded off the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from descant.desktop.background import Background

_MAX_PIXELS = 100_000_000


class Thumbnails(QObject):
    """Answers with squares that are filled by the middle of a picture."""

    ready = Signal(str, int, object)
    """Path, side in pixels and ``QImage``; nothing comes of what is no picture."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background("descant-thumbnails", self)
        self._made: dict[tuple[str, int], QImage] = {}

    def ask(self, path: Path, side: int) -> None:
        """Ask for a picture; ``ready`` comes, at once when it was made before."""
        key = (str(path), side)
        if key in self._made:
            self.ready.emit(*key, self._made[key])
            return
        self._background.run(lambda: square(path, side), lambda image: self._keep(key, image))

    def close(self) -> None:
        """End the thread."""
        self._background.close()

    def _keep(self, key: tuple[str, int], image: QImage | None) -> None:
        if image is not None:
            self._made[key] = image
            self.ready.emit(*key, image)


def square(path: Path, side: int) -> QImage | None:
    """Return the middle of a picture as a square, or None when it can't be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > _MAX_PIXELS:
        return None
    if size.isValid():  # the decoder makes it small where it can
        reader.setScaledSize(
            size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        )
    image = reader.read()
    if image.isNull():
        return None
    image = image.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    return image.copy(QRect(left, top, side, side))
