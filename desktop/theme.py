"""How the app looks: colours, sizes and type as tokens, in light and dark, applied in one place."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

ASSETS = Path(__file__).parent / "assets"

FAMILIES = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Open Sans",
    "Roboto",
    "DejaVu Sans Condensed",
    "DejaVu Sans",
)
"""The first that is installed is taken."""


@dataclass(frozen=True)
class Tokens:
    """Everything a widget needs to draw itself. Colours are ``#rrggbb``, sizes are pixels."""

    dark: bool
    window: str
    """Behind everything."""
    side: str
    """The side bar."""
    surface: str
    """Cards."""
    raised: str
    """What lies on a card, or is hovered over."""
    field: str
    """Where text goes in."""
    border: str
    border_strong: str
    """Of what can be used: fields, check boxes. 3:1 against ``surface``."""
    text: str
    text_soft: str
    """Second in rank; 4.5:1 against ``surface`` and ``window``."""
    text_faint: str
    """Decoration and what is switched off."""
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    """A tint of the accent, for chosen things."""
    accent_text: str
    """The accent as a colour of text on ``surface``."""
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    wave: str
    """A waveform that was not played yet."""
    star: str
    """Favourites."""
    space: int = 8
    """The grid: margins and gaps are multiples of it, or its half."""
    radius: int = 14
    """Corners of cards."""
    radius_small: int = 9
    """Corners of buttons and fields."""
    control: int = 36
    """Height of buttons and fields."""
    font: int = 14
    font_small: int = 12
    font_large: int = 17
    font_title: int = 26
    motion_ms: int = 160
    """How long things slide and fade; 0 with reduced motion."""


LIGHT = Tokens(
    dark=False,
    window="#f6f3ee",
    side="#ece7df",
    surface="#fffdfa",
    raised="#f3efe8",
    field="#ffffff",
    border="#e2dbd0",
    border_strong="#8f877b",
    text="#211d18",
    text_soft="#665e54",
    text_faint="#9a9186",
    accent="#0b6e63",
    accent_hover="#095e55",
    accent_pressed="#074d46",
    accent_soft="#dcefea",
    accent_text="#0a655b",
    on_accent="#ffffff",
    danger="#b3261e",
    danger_soft="#fbe9e7",
    warning="#8a5a00",
    warning_soft="#fbf0d9",
    success="#2f6f2f",
    wave="#bdb4a7",
    star="#b7791f",
)

DARK = Tokens(
    dark=True,
    window="#171513",
    side="#110f0e",
    surface="#201d1a",
    raised="#2b2723",
    field="#191715",
    border="#35302b",
    border_strong="#7f776d",
    text="#f3eee7",
    text_soft="#b5aca0",
    text_faint="#7d756b",
    accent="#4cc9b8",
    accent_hover="#66d6c7",
    accent_pressed="#39b3a3",
    accent_soft="#17352f",
    accent_text="#5fd3c3",
    on_accent="#06231f",
    danger="#ff9a8f",
    danger_soft="#3b1f1c",
    warning="#f0c060",
    warning_soft="#382c15",
    success="#8fd18f",
    wave="#5b544c",
    star="#f0c060",
)

_current = LIGHT


def tokens() -> Tokens:
    """Return the tokens that hold now.

    Ask when something is drawn: after a change of theme every widget gets a ``PaletteChange``.
    """
    return _current


def wants_dark(theme: str) -> bool:
    """Return whether ``theme`` (``light``, ``dark`` or ``system``) is dark at the moment."""
    if theme != "system":
        return theme == "dark"
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply_theme(app: QApplication, theme: str = "system", reduced_motion: bool = False) -> Tokens:
    """Set font, palette and style sheet of the whole app; returns the tokens."""
    global _current
    chosen = DARK if wants_dark(theme) else LIGHT
    _current = dataclasses.replace(chosen, motion_ms=0) if reduced_motion else chosen
    app.setFont(app_font(_current))
    app.setPalette(palette(_current))
    app.setStyleSheet(style_sheet(_current))
    return _current


def app_font(t: Tokens) -> QFont:
    """Return the text font."""
    installed = set(QFontDatabase.families())
    family = next((name for name in FAMILIES if name in installed), "")
    font = QFont(family) if family else QFont(QApplication.font())
    font.setPixelSize(t.font)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def palette(t: Tokens) -> QPalette:
    """Return the palette that the base style and painted widgets use."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: t.window,
        QPalette.ColorRole.WindowText: t.text,
        QPalette.ColorRole.Base: t.field,
        QPalette.ColorRole.AlternateBase: t.raised,
        QPalette.ColorRole.Text: t.text,
        QPalette.ColorRole.PlaceholderText: t.text_soft,
        QPalette.ColorRole.Button: t.surface,
        QPalette.ColorRole.ButtonText: t.text,
        QPalette.ColorRole.BrightText: t.danger,
        QPalette.ColorRole.Highlight: t.accent,
        QPalette.ColorRole.HighlightedText: t.on_accent,
        QPalette.ColorRole.Accent: t.accent,
        QPalette.ColorRole.Link: t.accent_text,
        QPalette.ColorRole.LinkVisited: t.accent_text,
        QPalette.ColorRole.ToolTipBase: t.raised,
        QPalette.ColorRole.ToolTipText: t.text,
        QPalette.ColorRole.Light: t.raised,
        QPalette.ColorRole.Midlight: t.border,
        QPalette.ColorRole.Mid: t.border,
        QPalette.ColorRole.Dark: t.border_strong,
        QPalette.ColorRole.Shadow: t.border_strong,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.text_faint))
    return made


def style_sheet(t: Tokens) -> str:
    """Return the style sheet with the tokens filled in."""
    template = Template((ASSETS / "style.qss").read_text(encoding="utf-8"))
    values = {name: str(value) for name, value in dataclasses.asdict(t).items()}
    shade = "dark" if t.dark else "light"
    return template.substitute(values, assets=ASSETS.as_posix(), shade=shade)
