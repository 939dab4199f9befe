"""Which pages there are. A page is imported when it is first shown."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True)
class PageEntry:
    """One page of the side bar."""

    name: str
    """What ``MainWindow.show_page`` takes."""
    module: str
    class_name: str
    """Of the widget in ``module``; it is made with an ``AppContext``."""
    icon: str
    title: str
    """In the person's language."""
    needs_library: bool = False


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages from top to bottom, with titles in the language that is installed."""
    translate = QCoreApplication.translate
    titles = {
        "make": translate("Pages", "Make"),
        "library": translate("Pages", "Library"),
        "take": translate("Pages", "Take"),
        "packs": translate("Pages", "Packs"),
        "devices": translate("Pages", "Devices"),
        "bench": translate("Pages", "Bench"),
        "settings": translate("Pages", "Settings"),
        "about": translate("Pages", "About"),
    }
    pages = "descant.desktop.pages."
    return tuple(
        PageEntry(
            name, pages + name, f"{name.capitalize()}Page", name, title, name in ("library", "take")
        )
        for name, title in titles.items()
    )
