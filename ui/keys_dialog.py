"""The keys page (F1): every key in one place, to be searched and changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.fields import SearchField
from ui.keymap import Keyed, KeyMap, native, pressed
from ui.parts import FlowLayout, restyle, theme_of, words
from ui.rows import ListRow, RowsView
from ui.words import later, tr

HINT = later("Choose an action, then press its new key.")
LABELS = later("The keys of labels belong to the project: its scheme says which letters they are.")
PRESS = later("Press the new key…")


class KeyField(QLabel):
    """Where a key is pressed. Takes every key there is; Esc and leaving it give up."""

    taken = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(PRESS), parent)
        self.setObjectName("key_field")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("centred", True)
        self.setAccessibleName(tr(PRESS))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                # Here and not in keyPressEvent, which Tab never reaches.
                self._press(event)
                return True
        return super().event(event)

    def _press(self, event: QKeyEvent) -> None:
        event.accept()
        key = pressed(event)
        if key == "Esc":
            self.left.emit()
        elif key:
            self.taken.emit(key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()


class KeysDialog(QDialog):
    """All actions with their keys. A row chosen waits for its new key; what is refused is said below, with the reason.

    `changed` carries the new KeyMap each time.
    """

    changed = Signal(object)

    def __init__(self, keymap: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.keymap = keymap
        self._name = ""
        self._adding = False
        self._theme = theme_of(parent)
        self.search = SearchField(tr("Search keys and actions…"))
        self.search.set_theme(self._theme)
        self.list = RowsView(tr("Keys"))
        self.list.set_theme(self._theme)
        self.empty = QLabel(tr("No action or key of that name."))
        self.empty.setProperty("muted", True)
        self.empty.setContentsMargins(14, 10, 14, 10)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(8)
        inset = QVBoxLayout()
        inset.setContentsMargins(14, 0, 14, 0)
        inset.addWidget(self.search)
        column.addLayout(inset)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        column.addWidget(self._editor())
        self.search.textChanged.connect(lambda _: self._show())
        self.search.went_down.connect(self._enter_list)
        self.search.entered.connect(self._enter_list)
        self.list.chosen.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(lambda index: self._at_row(index.row()))
        self.resize(500, 640)
        self._show()
        self._tell()

    def _editor(self) -> QWidget:
        """Below the list: the action in hand, the field for its key, and what else can be done."""
        panel = QFrame()
        panel.setObjectName("key_editor")
        self.title = QLabel(tr(HINT), textFormat=Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.field = KeyField()
        self.field.taken.connect(self._take)
        self.field.left.connect(self._stop)
        self.field.hide()
        self.change = self._button(tr("Change key"), lambda: self._wait(adding=False))
        self.add = self._button(tr("Add a key"), lambda: self._wait(adding=True))
        self.clear = self._button(
            tr("No key"),
            lambda: self._use(
                self.keymap.with_keys(self._name, ()),
                tr("“{action}” has no key now.", action=self.keymap.text(self._name)),
            ),
        )
        self.reset = self._button(tr("Reset"), self._reset)
        self.reset_all = self._button(tr("Reset all"), self._reset_all)
        close = self._button(tr("Close"), self.accept)
        row = FlowLayout(gap=8)
        for widget in (self.field, self.change, self.add, self.clear, self.reset):
            row.addWidget(widget)
        bottom = QHBoxLayout()
        bottom.addWidget(self.reset_all)
        bottom.addStretch(1)
        bottom.addWidget(close)
        column = QVBoxLayout(panel)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addLayout(bottom)
        return panel

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: run())  # noqa: PLW0108 - or it is given whether the button is checked
        return button

    # The list

    def _show(self) -> None:
        parts = self.search.text().casefold().split()
        rows: list[ListRow] = []
        group = ""
        for entry_group, row in self._rows():
            searched = f"{entry_group} {row.text} {row.right} {row.after}".casefold()
            if all(part in searched for part in parts):
                if entry_group != group:
                    group = entry_group
                    rows.append(ListRow(group))
                rows.append(row)
        self.list.show_rows(rows)
        self.empty.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.reset_all.setEnabled(bool(self.keymap.changed))

    def _rows(self) -> list[tuple[str, ListRow]]:
        labels = self.keymap.scheme.labels if self.keymap.scheme else ()
        return [
            *(
                (tr("Labels of this project"), ListRow(tr("Label {label}", label=words(label.name)), ("label", label.name), label=label,
                                                   right=label.key.upper(), boxed=True))
                for label in labels
                if label.key
            ),
            *((action.group, self._row(action)) for action in self.keymap.table),
        ]  # fmt: skip

    def _row(self, action: Keyed) -> ListRow:
        keys = "  ".join(native(key) for key in self.keymap.keys(action.id))
        taken = [key for key in self.keymap.given(action.id) if self.keymap.label_of(key)]
        after = tr("{key} is a label’s key here", key=native(taken[0])) if taken else ""
        after = after or (tr("changed") if action.id in self.keymap.changed else "")
        return ListRow(
            action.text, ("action", action.id), right=keys, boxed=bool(keys), after=after, tip=action.text
        )

    def _enter_list(self) -> None:
        rows = self.list.rows.rows
        if rows and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.rows.index(1))
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _at_row(self, row: int) -> None:
        """The cursor is on another row: its action is the one that the buttons change."""
        if 0 <= row < len(self.list.rows.rows):
            key = self.list.rows.rows[row].key
            name = key[1] if key and key[0] == "action" else ""
            if name != self._name or not name:
                self._name = name
                self._tell(tr(LABELS) if key and not name else "")

    def _choose(self, key: tuple[str, str]) -> None:
        if key[0] == "action":
            self._name = key[1]
            self._wait(adding=False)
        else:
            self._name = ""
            self._tell(tr(LABELS))

    # The key

    def _wait(self, *, adding: bool) -> None:
        """Wait for the key to be pressed."""
        self._adding = adding
        self.list.pick(("action", self._name))
        self._tell(tr("Esc leaves everything as it was."), waiting=True)
        self.field.setFocus()

    def _take(self, key: str) -> None:
        refusal = self.keymap.refusal(self._name, key)
        if refusal:
            self._tell(
                tr("{refusal} Press another one, or Esc.", refusal=refusal), refused=True, waiting=True
            )
            return
        keys = [*(self.keymap.given(self._name) if self._adding else ()), key]
        self._use(
            self.keymap.with_keys(self._name, list(dict.fromkeys(keys))),
            tr("“{action}” has the key {key} now.", action=self.keymap.text(self._name), key=native(key)),
        )

    def _reset(self) -> None:
        refusal = self.keymap.refusal_of_reset(self._name)
        if refusal:
            self._tell(refusal, refused=True)
        else:
            self._use(
                self.keymap.reset(self._name),
                tr("“{action}” has its first keys again.", action=self.keymap.text(self._name)),
            )

    def _reset_all(self) -> None:
        self._use(self.keymap.reset_all(), "")
        self._tell(tr("Every action has its first keys again."))

    def _use(self, keymap: KeyMap, what: str) -> None:
        self.keymap = keymap
        self._stop()
        self._show()
        self._tell(what)
        self.changed.emit(keymap)

    def _stop(self) -> None:
        """No longer wait for a key."""
        if self.field.isVisible():
            self.list.pick(None)
            self.list.setFocus()
            self._tell()

    def _tell(self, said: str = "", *, refused: bool = False, waiting: bool = False) -> None:
        name = self._name
        text = self.keymap.text(name) if name else tr(HINT)
        self.title.setText(text)
        restyle(self.title, heading=bool(name), muted=not name)
        self.said.setText(said)
        restyle(self.said, problem=refused, muted=not refused)
        self.field.setVisible(waiting)
        for button in (self.change, self.add, self.clear, self.reset):
            button.setVisible(not waiting)
            button.setEnabled(bool(name))
        if name:
            self.clear.setEnabled(bool(self.keymap.given(name)))
            self.add.setEnabled(bool(self.keymap.given(name)))
            self.reset.setEnabled(name in self.keymap.changed)
