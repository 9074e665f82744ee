"""One question with two answers."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget


def ask(parent: QWidget | None, title: str, text: str, yes: str, no: str) -> bool:
    """One question with two answers; Enter and Esc both say `no`, so that nothing is lost by haste."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, f"<b>{_plain(title)}</b>", parent=parent)
    box.setInformativeText(_plain(text))
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.exec()
    return box.clickedButton() is agree


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
