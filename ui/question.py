"""A question in its place on a page: what would happen, a choice where there is one, and two buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.fields import QuietCombo
from ui.words import tr

Choices = Sequence[tuple[str, object]]


class Question(QFrame):
    """Hidden while nothing is asked. `ask` replaces what was asked before; the second button says no.

    `asked` tells that there is something to be seen.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("question")
        self._then: Callable[[object], object] | None = None
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.choice = QuietCombo()
        self.choice.setAccessibleName(tr("What becomes of it"))
        self.yes, self.no = QPushButton(), QPushButton(tr("Cancel"))
        self.yes.clicked.connect(self._agree)
        self.no.clicked.connect(self.close_)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choice, 1)
        row.addStretch(0)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self.said)
        column.addLayout(row)
        self.hide()

    def ask(
        self,
        text: str,
        yes: str,
        then: Callable[[object], object],
        choices: Choices = (),
        *,
        danger: bool = False,
    ) -> None:
        """`then` hears the data of the choice, None where there is none to make."""
        self._then = then
        self.said.setText(text)
        self.yes.setText(yes)
        self.yes.setProperty("danger", danger)
        self.yes.style().unpolish(self.yes)
        self.yes.style().polish(self.yes)
        self.choice.clear()
        for shown, data in choices:
            self.choice.addItem(shown, data)
        self.choice.setVisible(bool(choices))
        self.yes.show()
        self.no.setText(tr("Cancel"))
        self.show()
        self.asked.emit()
        (self.choice if choices else self.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, text: str, offer: str = "", then: Callable[[object], object] | None = None) -> None:
        """Say what went wrong, perhaps with an offer of what to do; takes no focus."""
        self._then = then
        self.said.setText(text)
        self.choice.hide()
        self.yes.setVisible(bool(offer))
        self.yes.setText(offer)
        self.no.setText(tr("Close"))
        self.show()
        self.asked.emit()

    @property
    def asking(self) -> bool:
        return not self.isHidden()

    @property
    def telling(self) -> bool:
        """Whether something is only said, and nothing asked or offered."""
        return self.asking and self._then is None

    def close_(self) -> None:
        self._then = None
        self.hide()

    def _agree(self) -> None:
        then, data = self._then, self.choice.currentData() if not self.choice.isHidden() else None
        self.close_()
        if then:
            then(data)
