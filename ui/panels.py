"""The article between its two panels: how wide they are, which are hidden, and the way from one to the next."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from desktop.settings import Settings
from ui.articles import ArticlesPanel
from ui.inspector import Inspector
from ui.textview import ArticleView

Panel = Literal["articles", "inspector"]
PANELS: tuple[Panel, ...] = ("articles", "inspector")
# The article is never narrower than this.
_LEAST = 300


class Panels(QSplitter):
    """List, article and inspector side by side. What is asked for in a hidden panel brings the panel back.

    `changed` tells that a panel was hidden or shown.
    """

    changed = Signal()

    def __init__(
        self, articles: ArticlesPanel, view: ArticleView, inspector: Inspector, settings: Settings
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._articles, self._view, self._inspector = articles, view, inspector
        self._panels: dict[Panel, QWidget] = {"articles": articles, "inspector": inspector}
        self._widths: dict[Panel, int] = dict(zip(PANELS, settings.panel_widths, strict=True))
        self._before: tuple[Panel, ...] = PANELS
        for widget in (articles, view, inspector):
            self.addWidget(widget)
            self.setStretchFactor(self.indexOf(widget), int(widget is view))
        view.setMinimumWidth(_LEAST)
        left, right = settings.panel_widths
        self.setSizes([left, 10 * _LEAST, right])
        for panel in settings.hidden_panels:
            self._panels[panel].hide()
        articles.wanted.connect(lambda: self.show_panel("articles"))
        inspector.wanted.connect(lambda: self.show_panel("inspector"))

    @property
    def hidden(self) -> list[Panel]:
        """The panels that are not shown."""
        return [name for name, panel in self._panels.items() if panel.isHidden()]

    @property
    def widths(self) -> tuple[int, int]:
        """How wide both panels are, or were when they were last shown."""
        self._measure()
        return self._widths["articles"], self._widths["inspector"]

    def _measure(self) -> None:
        for name, panel in self._panels.items():
            if panel.isVisible():
                self._widths[name] = panel.width()

    def show_panel(self, name: Panel) -> None:
        if self._panels[name].isHidden():
            self._turn({name: True})

    def toggle(self, name: Panel) -> None:
        """Hide a panel, or show it again."""
        self._turn({name: self._panels[name].isHidden()})

    def toggle_both(self) -> None:
        """Nothing but the article; the same again brings back what was there."""
        shown = tuple(name for name in PANELS if name not in self.hidden)
        if shown:
            self._before = shown
        self._turn(dict.fromkeys(shown, False) if shown else dict.fromkeys(self._before, True))

    def _turn(self, wanted: dict[Panel, bool]) -> None:
        self._measure()
        for name, shown in wanted.items():
            panel = self._panels[name]
            if not shown and panel.isAncestorOf(QApplication.focusWidget() or self):
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            panel.setVisible(shown)
        left, right = (0 if name in self.hidden else self._widths[name] for name in PANELS)
        self.setSizes([left, max(_LEAST, self.width() - left - right), right])
        self.changed.emit()

    def focus_next(self, step: int) -> None:
        """Give the next panel that is shown the keyboard."""
        left, right = self._panels.values()
        panels = [panel for panel in (left, self._view, right) if not panel.isHidden()]
        focus = QApplication.focusWidget() or self
        here = next((i for i, p in enumerate(panels) if p is focus or p.isAncestorOf(focus)), 0)
        target = panels[(here + step) % len(panels)]
        if target is self._inspector:
            self._inspector.focus_page()
        else:
            (self._view if target is self._view else self._articles.view).setFocus(
                Qt.FocusReason.TabFocusReason
            )
