"""The languages of the app: English as it is written in the code, and translations of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

FOLDER = Path(__file__).parent
TRANSLATIONS = ("en", "de")
"""Languages that there is a ``descant_….ts`` of."""


def language_code(language: str) -> str:
    """Return "en" or "de" for a setting; "system" is what the desktop speaks, or English."""
    if language == "system":
        language = QLocale.system().name().split("_")[0]
    return language if language in TRANSLATIONS else "en"


def install_language(application: QApplication, language: str) -> str:
    """Let all texts that are made from now on be in a language; returns its code.

    Numbers follow the language too.
    """
    code = language_code(language)
    QLocale.setDefault(QLocale(code))
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    if code != "en":
        translator = QTranslator(application)
        if translator.load(str(FOLDER / f"descant_{code}.qm")):
            application.installTranslator(translator)
    return code
