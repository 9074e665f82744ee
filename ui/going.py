"""Going to a place: the article, in the layer it is labelled in, and the stretch in it, once all that is on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.window import MainWindow


class Going:
    """At most one goal at a time; `look` is called whenever the page shows an article."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._goal: tuple[int, int, int, str, bool, str] | None = None

    def key(self, name: str) -> int | None:
        """The article that has this id, if it is listed."""
        return next((key for key, line in self._window.browsing.lines.items() if line.id == name), None)

    def go(
        self, article: int, start: int, end: int, layer: str = "", *, exact: bool = False, span: str = ""
    ) -> None:
        """Show a stretch of an article (0 and 0: its beginning), with the labels by `layer` where one is named.

        A label key takes it snapped to words, or `exact` as it is. Of several labels on just this stretch the one whose id is
        `span` is picked.
        """
        window = self._window
        window.pages.desk()
        if layer and layer != window.browsing.layer:
            window.set_layer(layer)
        self._goal = article, start, end, layer, exact, span
        window.browsing.open(article)
        window.view.setFocus()

    def look(self) -> None:
        reading, browsing = self._window.labelling.reading, self._window.browsing
        if not self._goal or not reading or reading.article.key != self._goal[0]:
            return
        _, start, end, layer, exact, name = self._goal
        if layer and browsing.layer != layer:
            return
        self._goal = None
        if start == end:
            return
        there = [span for span in reading.spans if (span.start, span.end) == (start, end)]
        if there:
            self._window.labelling.go_to(next((span for span in there if span.id == name), there[0]))
        else:
            self._window.view.select(start, end, exact=exact)
            self._window.view.reveal(start, end)
