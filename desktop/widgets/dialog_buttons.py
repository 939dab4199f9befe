"""The row of buttons that a dialog ends with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton


def dialog_buttons(dialog: QDialog, go: QPushButton) -> QHBoxLayout:
    """Return "Cancel" beside what accepts the dialog, which Return presses."""
    row = QHBoxLayout()
    cancel = QPushButton(QCoreApplication.translate("Dialog", "Cancel"))
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    go.setProperty("kind", "primary")
    go.setDefault(True)
    go.clicked.connect(dialog.accept)
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(go)
    return row
