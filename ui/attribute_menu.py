"""The attributes of the picked span under one key: a digit for the attribute, a digit or letter for its value."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.model import Attribute, Label, Span
from ui.parts import capital, one_line, words
from ui.words import tr

if TYPE_CHECKING:
    from ui.window import MainWindow

_NONE = "0"
_MARKS = "123456789" + ascii_lowercase


class AttributeMenu(QMenu):
    """All attributes of a span's label, with the values it has checked.

    `value_set` tells name and value (None takes it away), `text_asked` the name of one that is typed.
    """

    value_set = Signal(str, object)
    text_asked = Signal(str)

    def __init__(self, span: Span, label: Label, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._span = span
        for mark, attribute in zip(_marks(), label.attributes, strict=False):
            self._add(mark, attribute)

    def _add(self, mark: str, attribute: Attribute) -> None:
        name = attribute.name
        value = self._span.attributes.get(name)
        shown = "" if value is None else f":  {_plain(words(str(value)))}"
        title = f"{mark}{_plain(capital(words(name)))}{shown}"
        if attribute.type == "text":
            action = self.addAction(f"{title}…")
            action.triggered.connect(lambda: self.text_asked.emit(name))
        else:
            menu = self.addMenu(title)
            menu.setToolTipsVisible(True)
            self._add_values(menu, attribute, value)
            action = menu.menuAction()
        action.setToolTip(attribute.description)

    def _add_values(self, menu: QMenu, attribute: Attribute, value: object) -> None:
        known = [choice.name for choice in attribute.values]
        for mark, choice in zip(_marks(), attribute.values, strict=False):
            shown = _plain(words(choice.name))
            shown = tr("{value} (usual)", value=shown) if choice.name == attribute.default else shown
            action = menu.addAction(f"{mark}{shown}")
            action.setToolTip(choice.description)
            action.setCheckable(True)
            action.setChecked(choice.name == value)
            action.triggered.connect(
                lambda _=False, chosen=choice.name: self.value_set.emit(attribute.name, chosen)
            )
        if value is not None and value not in known:
            menu.addAction(_plain(words(str(value)))).setEnabled(False)
        menu.addSeparator()
        none = menu.addAction(f"&{_NONE}  {tr('none')}")
        none.setEnabled(value is not None)
        none.triggered.connect(lambda: self.value_set.emit(attribute.name, None))


def _marks() -> Iterator[str]:
    """The heads of the entries: as many as there are digits and letters, then none."""
    for mark in _MARKS:
        yield f"&{mark}  "
    while True:
        yield ""


def _plain(text: str) -> str:
    return one_line(text, 60).replace("&", "&&")


def open_menu(window: MainWindow) -> None:
    """Ask for an attribute of the picked span, beside the span."""
    span = window.labelling.picked
    label = window.scheme.label(span.label) if span else None
    if not span or not label:
        return
    if not label.attributes:
        window.messages.info(
            tr("The label {name} has no attributes. Edit › Scheme gives it some.", name=words(label.name))
        )
        return
    menu = AttributeMenu(span, label, window)
    menu.value_set.connect(lambda name, value: window.labelling.set_attribute(span.key, name, value))
    menu.text_asked.connect(window.inspector.edit_attribute)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(_below(window, span))


def _below(window: MainWindow, span: Span) -> QPoint:
    """Under the span's first line, or in the middle of the page where it is out of sight."""
    viewport = window.view.viewport()
    window.view.reveal(span.start, span.end)
    rects = window.view.rect_of(span.start, span.end)
    place = rects[0].bottomLeft() + QPoint(0, 6) if rects else viewport.rect().center()
    return viewport.mapToGlobal(place)
