"""What a person has chosen once and for all: kept as JSON in the system's settings folder."""

from __future__ import annotations

import dataclasses
import json
import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, Signal

from descant.runtime import DescantError
from descant.runtime.files import write_atomically
from descant.runtime.user_folders import packs_folder

APP_NAME = "descant"
THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "de")
SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
FOLDERS = ("library_folder", "packs_folder")
_CHOICES: dict[str, tuple[object, ...]] = {"theme": THEMES, "language": LANGUAGES, "scale": SCALES}


def settings_folder() -> Path:
    """Return the system's folder for settings of this program; it may not exist yet."""
    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def default_library_folder() -> Path:
    """Return where takes are kept unless another folder is chosen."""
    return Path(platformdirs.user_music_dir()) / "Descant"


@dataclass(frozen=True)
class AppSettings:
    """All settings; frozen, so that a change is a new value that everybody hears of."""

    theme: str = "system"
    """One of ``THEMES``."""
    language: str = "system"
    """One of ``LANGUAGES``; a change shows when the app is started again."""
    library_folder: Path = field(default_factory=default_library_folder)
    """Where takes are kept."""
    packs_folder: Path = field(default_factory=packs_folder)
    """Where packs are installed."""
    pack: str = "starter"
    """Built-in name, folder or ``.descant`` file."""
    device: str = "auto"
    """As ``Engine.open`` takes it."""
    audio_output: str | None = None
    """Name of the sound card that plays; None is the system's."""
    audio_input: str | None = None
    """Name of the microphone; None is the system's."""
    reduced_motion: bool = False
    """Nothing slides or fades."""
    scale: float = 1.0
    """Size of everything in the window; a change shows when the app is started again."""
    volume_db: float = 0.0
    """Loudness of the player, in dB below full; -100 is silence."""
    window: str = ""
    """Place and size of the window, as Qt writes them, in base64."""


def read_settings(path: Path) -> AppSettings:
    """Return what a file says; what is missing, unknown or senseless in it is left at its default.

    A settings file is never a reason not to start.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return AppSettings()
    if not isinstance(found, dict):
        return AppSettings()
    usable = {}
    for known in dataclasses.fields(AppSettings):
        try:
            if known.name in found:
                usable[known.name] = _checked(known.name, found[known.name])
        except ValueError:
            continue
    return AppSettings(**usable)


def _checked(name: str, value: object) -> Any:
    """Return ``value`` as the field ``name`` holds it; ValueError when it can't be."""
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ValueError(f"{name} must be one of {_CHOICES[name]}, got {value!r:.60}")
        return value
    if name in FOLDERS:
        if not isinstance(value, (str, Path)) or not str(value):
            raise ValueError(f"{name} must be a folder, got {value!r:.60}")
        return Path(value)
    default = getattr(AppSettings(), name)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    wanted: tuple[type, ...] = (str, type(None)) if default is None else (type(default),)
    if not isinstance(value, wanted):
        raise ValueError(f"{name} must be of type {wanted[0].__name__}, got {value!r:.60}")
    return value


class SettingsStore(QObject):
    """The settings that hold now; ``update`` changes, announces and keeps them."""

    changed = Signal(object)
    """The new ``AppSettings``."""
    write_failed = Signal(str)
    """The settings could not be kept; why."""

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or settings_folder()
        self.path = self.folder / "settings.json"
        self.value = read_settings(self.path)
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def update(self, **fields: object) -> None:
        """Change some fields; nothing happens when all of them hold already.

        Raises:
            ValueError: A field does not exist or a value makes no sense.
        """
        known = {found.name for found in dataclasses.fields(AppSettings)}
        if unknown := set(fields) - known:
            raise ValueError(f"there are no settings {sorted(unknown)}")
        new = dataclasses.replace(self.value, **{n: _checked(n, v) for n, v in fields.items()})
        if new == self.value:
            return
        self.value = new
        # On a thread of its own: a slow disk must not hold up the window.
        self._writer = threading.Thread(target=self._write, args=(new,), name="descant-settings")
        self._writer.start()
        self.changed.emit(new)

    def close(self) -> None:
        """Wait until what was changed is on the disk."""
        if self._writer is not None:
            self._writer.join()

    def _write(self, value: AppSettings) -> None:
        with self._lock:
            if value is not self.value:
                return  # a later change writes itself
            folders = {name: str(getattr(value, name)) for name in FOLDERS}
            content = {**dataclasses.asdict(value), **folders}
            text = json.dumps(content, indent=1, ensure_ascii=False)
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                write_atomically(self.path, text.encode())
            except (DescantError, OSError) as error:
                logging.getLogger(__name__).warning("settings were not kept: %s", error)
                self.write_failed.emit(str(error))
