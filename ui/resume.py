"""Coming back: where a person was in a project is kept while they work and put back when it is opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import places
from desktop.places import Mark, Place
from desktop.sifting import Sift
from desktop.store.lines import ArticleLine
from desktop.store.queries import Reading

if TYPE_CHECKING:
    from ui.projects import Overview
    from ui.window import MainWindow

# Kept so often; a crash costs no more of the way back than this.
_EVERY = 5000


class Resume:
    """Knows the place in the project that is open. `remember` can be replaced where nothing is to be kept.

    `dataset` is the folder of the last export from it, "" before the first.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.remember: Callable[[Place], None] = places.remember
        self.dataset = ""
        self._project: Mark | None = None
        self._wanted: Place | None = None
        self._kept: Place | None = None
        self._timer = QTimer(window)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.keep)

    def open(self, found: Overview) -> str:
        """A project is to be shown: put filters and order back; returns the layer that was shown, "" for none."""
        mark = places.mark(found.path, found.born, self._window.settings.name)
        self._project = None if found.private else mark
        if found.private:
            places.forget(mark)
        self._wanted = self._kept = places.recall(mark)
        self.dataset = self._wanted.dataset if self._wanted else ""
        self._window.articles.ask(self._wanted.sift if self._wanted else Sift())
        layer = self._wanted.layer if self._wanted else ""
        return layer if layer in found.layers or layer == self._window.settings.name else ""

    def article(self, lines: Sequence[ArticleLine]) -> int | None:
        """The article that was on the page, if it is still there."""
        name = self._wanted.article if self._wanted else ""
        return next((line.key for line in lines if line.id == name), None) if name else None

    def shown(self, reading: Reading) -> None:
        """An article is on the page: the first time, put caret and scroll back; from then on they are kept."""
        if not self._timer.isActive():
            self._timer.start()
        place, self._wanted = self._wanted, None
        if place and place.article == reading.article.id:
            self._window.view.set_caret(place.caret)
            self._window.view.show_top(place.top, place.over)
            self._window.articles.view.verticalScrollBar().setValue(place.list_scroll)

    def keep(self) -> None:
        """Write down where the person is, if that is somewhere else than was written last."""
        reading = self._window.labelling.reading
        if not (self._project and self._timer.isActive() and reading):
            return
        view, articles = self._window.view, self._window.articles
        top, over = view.top()
        place = Place(
            project=self._project, layer=self._window.browsing.layer, article=reading.article.id, caret=view.caret,
            top=top, over=over, list_scroll=articles.view.verticalScrollBar().value(), sift=articles.sift,
            dataset=self.dataset,
        )  # fmt: skip
        if place != self._kept:
            self._kept = place
            self.remember(place)

    def leave(self) -> None:
        """The project is being closed, or another is about to be shown."""
        self.keep()
        self._timer.stop()
        self._project = self._wanted = self._kept = None
