"""The About page names every component, and its promise of no network is held to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.pages.about import AboutPage
from descant.desktop.widgets.text_dialog import TextDialog

PROMISE = "This app opens no network connection."
PROBE = """
import json, os, sys, time
from pathlib import Path
tried = []

def forbid(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.")) or event == "ftplib.connect":
        tried.append(f"{event} {arguments!r}")
        raise OSError(f"no network: {event}")

sys.addaudithook(forbid)
from descant.desktop.app import AppOptions, start
from descant.desktop.page_table import page_entries
from descant.desktop.settings import SettingsStore
from descant.runtime import Request

folder, pack = Path(sys.argv[1]), sys.argv[2]
store = SettingsStore(folder / "settings")
store.update(pack=pack, packs_folder=folder / "packs", library_folder=folder / "takes")
store.close()
running = start(AppOptions(pack=pack, device="cpu", settings_folder=folder / "settings"))
window, queue = running.window, running.context.queue

def let_run(seconds, until=lambda: False):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        running.application.processEvents()
        time.sleep(0.005)

let_run(60, lambda: running.context.library is not None)
shown = []
for entry in page_entries():
    window.show_page(entry.name)
    shown.append(window.current_page)
    let_run(0.4)
item = queue.add(Request(prompt="calm", seconds=1))
let_run(60, lambda: queue.item(item.id).over)
state = queue.item(item.id).state
fds = Path("/proc/self/fd")
links = [os.readlink(each) for each in fds.iterdir() if each.is_symlink()] if fds.is_dir() else []
open_sockets = [link for link in links if link.startswith("socket:")]
window.close()
running.close()
print(json.dumps({"shown": shown, "tried": tried, "sockets": open_sockets, "state": state}))
"""


def test_no_page_and_no_take_opens_a_connection(tiny_pack: Path, tmp_path: Path) -> None:
    """All pages are opened and a take is made, with sockets forbidden and then looked for."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path), str(tiny_pack)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert {"make", "packs", "devices", "bench", "settings", "about"} <= set(found["shown"])
    assert found["tried"] == []
    assert found["sockets"] == []
    assert found["state"] == "done"


def test_the_promise_and_every_component(context: AppContext, qtbot: QtBot) -> None:
    page = AboutPage(context)
    qtbot.addWidget(page)
    page.show()
    assert PROMISE in [each.text() for each in page.findChildren(QLabel)]
    model = page.list.model()
    qtbot.waitUntil(lambda: model.rowCount() > 10, timeout=20_000)
    names = {str(model.index(i, 0).data()).lower() for i in range(model.rowCount())}
    assert {"descant", "numpy", "pyside6_essentials", "soundfile"} <= names
    page.search.setText("sndfile no such")
    assert model.rowCount() == 0
    page.search.setText("numpy")
    assert model.rowCount() == 1
    page.list.activated.emit(model.index(0, 0))
    qtbot.waitUntil(lambda: bool(page.findChildren(TextDialog)), timeout=20_000)
    (dialog,) = page.findChildren(TextDialog)
    assert "Redistribution" in dialog.text.toPlainText()
    dialog.accept()
