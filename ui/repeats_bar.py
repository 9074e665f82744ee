"""The bar under the tool row that offers the repeats of a form: all at once, one by one, or in the whole project."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.model import Label
from ui import theme as themes
from ui.theme import Theme
from ui.toolbar import LabelButton
from ui.words import later, tr

BUTTONS = {
    "all": later("Label all"),
    "review": later("Review one by one"),
    "project": later("Whole project…"),
    "accept": later("Label it"),
    "skip": later("Skip"),
    "back": later("Back"),
    "finish": later("Finish"),
}


class RepeatsBar(QFrame):
    """`asked` carries the id of a button that was pressed, "close" for the cross and Esc; `labelled` a label's name."""

    asked = Signal(str)
    labelled = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("repeats")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._said = _Line()
        self.buttons = {name: self._button(name) for name in BUTTONS}
        self._labels: list[LabelButton] = []
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.clicked.connect(lambda: self.asked.emit("close"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._said, 1)
        for button in (*self.buttons.values(), self.close_button):
            self._row.addWidget(button)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        return self._said.whole if self.isVisible() else ""

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(tr(BUTTONS[name]))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.asked.emit(name))
        return button

    def show_offer(self, form: str, text: str, buttons: dict[str, str], labels: Iterable[Label] = ()) -> None:
        """What is said, `{form}` standing for the form, and the buttons by id; an empty text leaves a button its own."""
        self._said.show_text(form, text)
        for name, said in buttons.items():
            self.buttons[name].setText(said or tr(BUTTONS[name]))
            self._set_primary(self.buttons[name], name in ("all", "accept"))
        for name, button in self.buttons.items():
            button.setVisible(name in buttons)
        self._show_labels(list(labels))
        self.setVisible(True)

    def _show_labels(self, labels: list[Label]) -> None:
        for old in self._labels:
            old.hide()
            old.deleteLater()
        self._labels = [LabelButton(label, self._theme) for label in labels]
        for place, button in enumerate(self._labels, 1):
            button.longest = 90
            button.clicked.connect(lambda _=False, name=button.label.name: self.labelled.emit(name))
            self._row.insertWidget(place, button)

    def _set_primary(self, button: QPushButton, primary: bool) -> None:
        if button.property("primary") != primary:
            button.setProperty("primary", primary)
            button.style().unpolish(button)
            button.style().polish(button)

    def first(self) -> QWidget | None:
        """The button that gets the focus."""
        return next((button for button in self.buttons.values() if not button.isHidden()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.asked.emit("close")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            event.ignore()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.close_button.setIcon(themes.icon("close", theme.muted))
        for button in self._labels:
            button.set_theme(theme)


class _Line(QLabel):
    """A form in bold and what is said of it, cut where the room ends; the whole of it is the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, form: str, text: str) -> None:
        self.whole = text.replace("{form}", form)
        plain = [part.replace("&", "&amp;").replace("<", "&lt;") for part in (form, text)]
        self.setText(plain[1].replace("{form}", f"<b>\u2068{plain[0]}\u2069</b>"))
        self.setToolTip("<p>{}</p>".format(plain[1].replace("{form}", plain[0])))
        self.setAccessibleName(self.whole)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())
