"""The templates of a project: choices for an export under a name, taken, saved and removed in one row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.fields import QuietCombo, muted
from ui.words import tr


class TemplateRow(QWidget):
    """`taken` asks for the choices of a template, `saved` to keep those of the form, `removed` to forget a template."""

    taken = Signal(str)
    saved = Signal(str)
    removed = Signal(str)

    def __init__(self, names: Sequence[str], *, locked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked = locked
        self.combo = QuietCombo()
        self.combo.setAccessibleName(tr("Template"))
        self.combo.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToContents)
        self.combo.setMinimumWidth(170)
        self.keep, self.remove = _button(tr("Save as…")), _button(tr("Remove"))
        self.keep.setToolTip(tr("Save these choices with the project, under a name"))
        self.remove.setToolTip(tr("Forget this template; undo brings it back"))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the template"))
        self.name.setPlaceholderText(tr("A name for these choices"))
        self.name.setMaxLength(60)
        self.save, self.never_mind = _button(tr("Save")), _button(tr("Cancel"))
        self.said = muted("")
        self._place()
        self.combo.activated.connect(self._take)
        self.keep.clicked.connect(self._ask)
        self.remove.clicked.connect(lambda: self.removed.emit(self.combo.currentData()))
        self.save.clicked.connect(self._save)
        self.never_mind.clicked.connect(self._close)
        self.name.textChanged.connect(self._named)
        self.show_names(names)

    def _place(self) -> None:
        caption = muted(tr("Template"))
        caption.setWordWrap(False)
        caption.setBuddy(self.combo)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        for widget in (caption, self.combo, self.keep, self.remove):
            row.addWidget(widget)
        row.addStretch(1)
        self._asking = QWidget()
        asking = QHBoxLayout(self._asking)
        asking.setContentsMargins(4, 0, 0, 0)
        asking.addWidget(self.name, 1)
        asking.addWidget(self.save)
        asking.addWidget(self.never_mind)
        self._asking.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._asking)
        column.addWidget(self.said)
        self.said.hide()

    @property
    def current(self) -> str:
        return str(self.combo.currentData() or "")

    def show_names(self, names: Sequence[str], current: str = "") -> None:
        self.names = tuple(names)
        self.combo.clear()
        self.combo.addItem(tr("None") if names else tr("None saved yet"), "")
        for name in names:
            self.combo.addItem(name, name)
        self.combo.setCurrentIndex(max(0, self.combo.findData(current)))
        self.combo.setEnabled(bool(names))
        self._enable()

    def say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _enable(self) -> None:
        self.keep.setEnabled(not self._locked)
        self.remove.setVisible(bool(self.current) and not self._locked)

    def _take(self, _: int) -> None:
        self._enable()
        self.say("")
        if self.current:
            self.taken.emit(self.current)

    def _ask(self) -> None:
        self._asking.show()
        self.name.setText(self.current)
        self.name.selectAll()
        self.name.setFocus()
        self._named()

    def _named(self) -> None:
        name = " ".join(self.name.text().split())
        self.save.setText(tr("Replace") if name in self.names else tr("Save"))
        self.save.setEnabled(bool(name))

    def _save(self) -> None:
        if self.save.isEnabled():
            self.saved.emit(" ".join(self.name.text().split()))
            self._close()

    def _close(self) -> None:
        self._asking.hide()
        self.keep.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc are for the name while one is asked for, not for the dialog around."""
        asking = self._asking.isVisible()
        if asking and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self._close if self.never_mind.hasFocus() else self._save)()
        elif asking and event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
