"""Fields: notes and lines that tell what was typed once it is done, a search, combo and number that a wheel passes over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from ui.parts import resized
from ui.theme import LIGHT, Theme, icon
from ui.words import tr


def muted(text: str) -> QLabel:
    """A quiet text that goes on in a new line."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label


def heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


class Problem(QLabel):
    """One sentence on what is wrong, right where it is; hidden while nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setProperty("problem", True)
        self.say("")

    def say(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))


class NoteEdit(QPlainTextEdit):
    """Plain text that is told when the field is left, also with Ctrl+Enter or Esc, and only if it was changed.

    With `most` lines given it is as high as its text, up to so many lines.
    """

    committed = Signal(str)
    left = Signal()

    def __init__(self, name: str, hint: str, most: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self._most = most
        self._shown = ""
        if most:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.document().setDocumentMargin(1)
            self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
            self._fit()

    def show_text(self, text: str) -> None:
        """Another text; what is being typed just now is not taken away."""
        if text == self._shown or (self.hasFocus() and self.document().isModified()):
            return
        self._shown = text
        self.setPlainText(text)
        self.document().setModified(False)

    def reset(self, text: str) -> None:
        """The text of another thing."""
        self._shown = text
        self.setPlainText(text)
        self.document().setModified(False)

    def commit(self) -> None:
        """Tell what was typed, if anything was."""
        if not self.document().isModified():
            return
        self.document().setModified(False)
        text = self.toPlainText().strip()
        if text != self._shown:
            self._shown = text
            self.committed.emit(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu that opens takes the focus only for a while.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Without this the window's shortcut of the same keys would win.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if (
                enter
                and event.modifiers() & Qt.KeyboardModifier.ControlModifier
                and self.document().isModified()
            ):
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._most:
            self._fit()

    def _fit(self) -> None:
        needed = max(1, round(self.document().documentLayout().documentSize().height()))
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if needed > self._most else policy.ScrollBarAlwaysOff
        )
        # Padding, border and the document's own margin; one pixel more keeps the last line from scrolling.
        height = min(needed, self._most) * self.fontMetrics().lineSpacing() + 13
        if height != self.height():
            self.setFixedHeight(height)


class LineEdit(QLineEdit):
    """One line that is told when it is left or Enter is pressed, and only if it was changed."""

    committed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._shown = ""
        self.editingFinished.connect(self.commit)

    def show_text(self, text: str) -> None:
        if not (self.hasFocus() and self.isModified()):
            self._shown = text
            self.setText(text)
            self.setModified(False)

    def commit(self) -> None:
        text = self.text().strip()
        if self.isModified() and text != self._shown:
            self._shown = text
            self.setModified(False)
            self.committed.emit(text)


class SearchField(QLineEdit):
    """A field to search in: a lens at its head, the key that leads here at its end, Esc empties it."""

    went_down = Signal()
    entered = Signal()

    def __init__(self, hint: str, key: QKeySequence | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint.rstrip("…"))
        self._lens = QAction(self)
        self._lens.setEnabled(False)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self._wipe = QAction(tr("Clear the search"), self)
        self._wipe.triggered.connect(self.clear)
        shown = key.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ") if key else ""
        self._key = QLabel(shown, self)
        self._key.setObjectName("searchKey")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._on_text)
        self.set_theme(LIGHT)

    def set_key(self, key: QKeySequence) -> None:
        """Another key leads here."""
        self._key.setText(key.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " "))
        self._place_key()

    def set_theme(self, theme: Theme) -> None:
        self._lens.setIcon(icon("search", theme.muted))
        self._wipe.setIcon(icon("close", theme.muted))
        self._place_key()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self) -> None:
        self._key.setFont(resized(self.font(), 0.85))
        self._key.adjustSize()
        taken = QFontMetrics(self.font()).horizontalAdvance(self.placeholderText()) + 52
        self._key.setVisible(not self.text() and self.width() > taken + self._key.width())
        place = QRect(QPoint(), self._key.size())
        place.moveTo(self.width() - place.width() - 10, (self.height() - place.height()) // 2)
        self._key.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _on_text(self, text: str) -> None:
        self._place_key()
        if text and self._wipe not in self.actions():
            self.addAction(self._wipe, QLineEdit.ActionPosition.TrailingPosition)
        elif not text:
            self.removeAction(self._wipe)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key == Qt.Key.Key_Down:
            self.went_down.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class QuietSpin(QSpinBox):
    """A number to type or to step with the arrow keys; a scrolling wheel passes over it."""

    def __init__(self, low: int, high: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setValue(value)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(str(high)) + 26)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.StyleChange):
            # With a border from a style sheet and no buttons Qt leaves the number one pixel of room.
            self.lineEdit().setGeometry(self.rect().adjusted(8, 2, -8, -2))
        return done

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class QuietCombo(QComboBox):
    """A combo box that a scrolling wheel passes over instead of changing its value; says where its text is cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        cut = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, cut, room)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
