"""Menu entries for the labels of the scheme, and their keys: every way to label that has a key stands in a menu too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.model import Label, Scheme
from ui.parts import capital, words
from ui.words import later, tr


@dataclass(frozen=True)
class Way:
    """One of the ways to label: its submenu ("" for the menu itself), how it is called in full, and what its keys are.

    `held` are the keys held with that of the label, those that still do something else left out.
    """

    id: str
    menu: str
    said: str
    held: tuple[str, ...]


WAYS: tuple[Way, ...] = (
    Way("label", "", later("Label {name}"), ("",)),
    # Where Ctrl and the key mean something else already (copy, select all), Ctrl+Alt and the key do it.
    Way("exact", later("E&xactly as selected"), later("Label {name}, exactly as selected"), ("Ctrl+", "Ctrl+Alt+")),
    Way("second", later("As a seco&nd label"), later("Label {name}, as a second label"), ("Shift+",)),
)  # fmt: skip


class LabelKeys:
    """The entries. `apply` is called with the label's name, and with `exact=True` or `second=True` where that is meant.

    `used` gives the keys of all actions.
    """

    def __init__(
        self, window: QWidget, menu: QMenu, apply: Callable[..., object], used: Callable[[], set[str]]
    ) -> None:
        self._window = window
        self._menu = menu
        self._apply = apply
        self._used = used
        self.actions: dict[str, dict[str, QAction]] = {way.id: {} for way in WAYS}
        top = menu.actions()[0]
        self._menus = {way.id: QMenu(tr(way.menu), menu) if way.menu else menu for way in WAYS}
        for way in WAYS:
            if way.menu:
                menu.insertMenu(top, self._menus[way.id])
        self._top = self._menus["exact"].menuAction()

    @property
    def by_label(self) -> dict[str, QAction]:
        """The entries for the keys alone."""
        return self.actions["label"]

    def show(self, scheme: Scheme) -> None:
        """Other labels, or other keys of actions."""
        used = self._used()
        for way in WAYS:
            menu = self._menus[way.id]
            for old in self.actions[way.id].values():
                menu.removeAction(old)
                old.deleteLater()
            self.actions[way.id] = {label.name: self._make(way, label, used) for label in scheme.labels}
            if menu is self._menu:
                menu.insertActions(self._top, list(self.by_label.values()))
            else:
                menu.addActions(list(self.actions[way.id].values()))

    def _make(self, way: Way, label: Label, used: Iterable[str]) -> QAction:
        action = QAction(capital(words(label.name)).replace("&", "&&"), self._window)
        how = {} if way.id == "label" else {way.id: True}
        action.triggered.connect(lambda: self._apply(label.name, **how))
        keys = [f"{held}{label.key.upper()}" for held in way.held] if label.key else []
        action.setShortcuts([QKeySequence(key) for key in keys if way.id == "label" or key not in used])
        return action

    def enable(self, on: bool) -> None:
        for made in self.actions.values():
            for action in made.values():
                action.setEnabled(on)
