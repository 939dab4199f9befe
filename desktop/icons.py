"""The app's icons: drawn on a grid of 24 by this project, in the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel

from descant.desktop.theme import LIGHT, tokens

SIZES = (16, 20)

_SHAPES = {
    # pages
    "make": '<path d="M11 3l1.9 5.1L18 10l-5.1 1.9L11 17l-1.9-5.1L4 10l5.1-1.9z"/>'
    '<path d="M18.5 15l.9 2.1 2.1.9-2.1.9-.9 2.1-.9-2.1-2.1-.9 2.1-.9z"/>',
    "library": '<path d="M4 5v14M8.5 5v14"/><path d="M13 5.5l3-.8 4 13.9-3 .8z"/>',
    "take": '<path d="M3 12h2M7 8v8M11 4v16M15 7v10M19 10v4M21.5 12h.01"/>',
    "packs": '<path d="M12 3l8 4.5v9L12 21l-8-4.5v-9z"/><path d="M4 7.5l8 4.5 8-4.5M12 12v9"/>',
    "devices": '<rect x="6" y="6" width="12" height="12" rx="2"/><rect x="10" y="10" width="4" '
    'height="4"/><path d="M9 2.5V6M15 2.5V6M9 18v3.5M15 18v3.5M2.5 9H6M2.5 15H6M18 9h3.5'
    'M18 15h3.5"/>',
    "bench": '<path d="M4 16a8 8 0 1 1 16 0"/><path d="M12 16l4-5.5"/><path d="M3 20h18"/>',
    "settings": '<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.6"/>'
    '<circle cx="8" cy="17" r="2.6"/>',
    "about": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.01"/>',
    # transport
    "play": '<path d="M7 4.5l12.5 7.5L7 19.5z" fill="currentColor"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="3.4"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor"/>',
    "previous": '<path d="M18.5 5.5v13L9 12z" fill="currentColor"/><path d="M5.5 5.5v13"/>',
    "next": '<path d="M5.5 5.5v13L15 12z" fill="currentColor"/><path d="M18.5 5.5v13"/>',
    "loop": '<path d="M4 11V9.5A3.5 3.5 0 0 1 7.5 6H19M16 3l3 3-3 3M20 13v1.5a3.5 3.5 0 0 1-3.5 '
    '3.5H5M8 21l-3-3 3-3"/>',
    "volume": '<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5z"/><path d="M15.5 9a4.2 4.2 0 0 1 0 6'
    'M18 6.3a8 8 0 0 1 0 11.4"/>',
    "mute": '<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5z"/><path d="M16 9.5l5 5M21 9.5l-5 5"/>',
    "record": '<circle cx="12" cy="12" r="6" fill="currentColor"/>',
    "microphone": '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 '
    '0 13 0M12 18v3.5M8.5 21.5h7"/>',
    # inputs
    "picture": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><circle cx="9" cy="10" '
    'r="1.7"/><path d="M4 17l4.8-4.3 3.2 2.8 3.7-3.8 4.5 4.3"/>',
    "film": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M8 5v14M16 5v14M3.5 '
    '9.7H8M3.5 14.3H8M16 9.7h4.5M16 14.3h4.5"/>',
    "sound": '<path d="M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3"/>',
    "midi": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M9.2 5v8.5M14.8 5v8.5'
    'M9.2 13.5V19M14.8 13.5V19"/>',
    "note": '<circle cx="7.5" cy="17.5" r="2.8"/><circle cx="17" cy="15.5" r="2.8"/>'
    '<path d="M10.3 17.5V6.8l9.5-2.3v11"/>',
    "story": '<path d="M6 3.5h8.5L19 8v12.5H6z"/><path d="M14 3.5V8.5h5M9 12.5h7M9 16h5"/>',
    # actions
    "add": '<path d="M12 5v14M5 12h14"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "delete": '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5"/>',
    "undo": '<path d="M8.5 5L4.5 9l4 4"/><path d="M4.5 9h9.5a5 5 0 0 1 0 10H9"/>',
    "redo": '<path d="M15.5 5l4 4-4 4"/><path d="M19.5 9H10a5 5 0 0 0 0 10h5"/>',
    "edit": '<path d="M4.5 19.5l1-4L16 5l3 3L8.5 18.5z"/><path d="M13.7 7.3l3 3"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "folder": '<path d="M3.5 18.5v-13h6l2.2 2.5h8.8v10.5z"/>',
    "export": '<path d="M12 15V4M8 7.5L12 3.5l4 4M5 13v6.5h14V13"/>',
    "import": '<path d="M12 4v11M8 11.5l4 4 4-4M5 15v4.5h14V15"/>',
    "star": '<path d="M12 3.7l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.8l5.8-.8z"/>',
    "star-full": '<path fill="currentColor" d="M12 3.7l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 '
    '2.7 1-5.8L3.6 9.8l5.8-.8z"/>',
    "tag": '<path d="M4 4.5h7.5l8.5 8.5-7 7-9-9z"/><path d="M8.2 8.6v.01"/>',
    "dice": '<rect x="4.5" y="4.5" width="15" height="15" rx="3.2"/><path d="M9 9v.01M15 9v.01'
    'M12 12v.01M9 15v.01M15 15v.01" stroke-width="2.4"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9.5" rx="2.2"/><path d="M8.5 10.5V8a3.5 '
    '3.5 0 0 1 7 0v2.5"/>',
    "unlock": '<rect x="5.5" y="10.5" width="13" height="9.5" rx="2.2"/><path d="M8.5 10.5V7.5a3.5 '
    '3.5 0 0 1 6.8-1.2"/>',
    "more": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "up": '<path d="M6 14.5l6-6 6 6"/>',
    "right": '<path d="M9.5 6l6 6-6 6"/>',
    "left": '<path d="M14.5 6l-6 6 6 6"/>',
    "grip": '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" '
    'stroke-width="2.6"/>',
    "vary": '<path d="M4 7h3.5c4 0 5 10 9 10H20M17 14l3 3-3 3M4 17h3.5c1.6 0 2.7-1.6 3.6-3.5M13 '
    '9.5C14 8 15 7 16.5 7H20M17 4l3 3-3 3"/>',
    "continue": '<path d="M3.5 12h12M11 7l5 5-5 5M20.5 5v14"/>',
    "region": '<path d="M8 4H5v16h3M16 4h3v16h-3M12 8v8"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2.2"/>'
    '<path d="M15 8.5v-4H4.5V15h4"/>',
    "warning": '<path d="M12 4l9 16H3z"/><path d="M12 10v4.5M12 17.2v.01"/>',
    "spectrogram": '<path d="M5 19v-4M9 19V9M13 19v-7M17 19V5M21 19H3"/>',
    "compare": '<path d="M12 4v16M4 8h5M4 12h5M4 16h5M15 8h5M15 12h5M15 16h5"/>',
}


def names() -> tuple[str, ...]:
    """Return the names of all icons."""
    return tuple(_SHAPES)


def svg(name: str, colour: str, width: float = 1.8) -> bytes:
    """Return the SVG of an icon in one colour."""
    shape = _SHAPES[name].replace("currentColor", colour)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
        f'stroke="{colour}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-linejoin="round">{shape}</svg>'
    ).encode()


def pixmap(name: str, size: int, colour: str | None = None, dpr: float = 1.0) -> QPixmap:
    """Return an icon as it is drawn now; ``colour`` is that of soft text unless given."""
    made = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_icon(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return made


def paint_icon(painter: QPainter, name: str, area: QRectF, colour: str | None = None) -> None:
    """Draw an icon into an area, for widgets that paint themselves."""
    QSvgRenderer(QByteArray(svg(name, colour or tokens().text_soft))).render(painter, area)


def icon(name: str, colour: str | None = None, size: int | None = None) -> QIcon:
    """Return an icon in today's colours; ``set_icon`` also follows a change of theme.

    Args:
        name: Of the icon.
        colour: That of soft text unless given; chosen buttons have the accent's then.
        size: The one side that is needed, in pixels; all usual ones if None.
    """
    t = tokens()
    sizes = SIZES if size is None else (size,)
    shades = (colour or t.text_soft, t.text_faint, colour or t.accent_text)
    return _drawn(name, shades, sizes, _sharpness())


def _sharpness() -> float:
    """Return the pixels of the screen per pixel of ours, on the finest screen."""
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


@lru_cache(maxsize=512)
def _drawn(
    name: str, shades: tuple[str, str, str], sizes: tuple[int, ...], sharpness: float
) -> QIcon:
    """Draw an icon once, usual, switched off and chosen: pages have dozens."""
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off),
        (QIcon.Mode.Disabled, QIcon.State.Off),
        (QIcon.Mode.Normal, QIcon.State.On),
    )
    made = QIcon()
    for size in sizes:
        for shade, (mode, state) in zip(shades, states, strict=True):
            made.addPixmap(pixmap(name, size, shade, sharpness), mode, state)
    return made


def app_icon() -> QIcon:
    """Return the icon of the window: a note on a rounded square."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.accent))
        painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22)
        edge = size * 0.16
        paint_icon(painter, "note", QRectF(edge, edge, size - 2 * edge, size - 2 * edge), "#ffffff")
        painter.end()
        made.addPixmap(picture)
    return made


def set_icon(target: QAbstractButton | QLabel, name: str, size: int = 20, role: str = "") -> None:
    """Give a button or label an icon that is drawn anew when the theme changes.

    Args:
        target: Remembers icon and colour in the properties ``iconName`` and ``iconRole``.
        name: Of the icon.
        size: Of its side, in pixels.
        role: A colour's name in ``Tokens``; that of soft text if empty.
    """
    target.setProperty("iconName", name)
    target.setProperty("iconRole", role)
    target.setProperty("iconPixels", size)
    refresh_icon(target)


def refresh_icon(target: QAbstractButton | QLabel) -> None:
    """Draw the icon that ``set_icon`` gave in the colours that hold now."""
    name = target.property("iconName")
    if not name:
        return
    role, size = str(target.property("iconRole") or ""), int(target.property("iconPixels"))
    colour = str(getattr(tokens(), role)) if role else None
    if isinstance(target, QLabel):
        target.setPixmap(pixmap(name, size, colour, target.devicePixelRatioF()))
        return
    target.setIcon(icon(name, colour, size))
    target.setIconSize(QSize(size, size))
