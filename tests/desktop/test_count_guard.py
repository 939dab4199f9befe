"""Signals and calls without end, in an interpreter of their own: it must live through them."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import descant.desktop
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Sender(QObject):
    sent = Signal(int)

application, sender = QCoreApplication([]), Sender()
for number in range(100_000):
    sender.sent.emit(number)
    sender.property("nothing")
print("alive")
"""


def test_the_interpreter_lives_through_many_signals() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr[-500:]
