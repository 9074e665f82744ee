"""Going back: the history page asks, the journal answers, and an article or the whole project is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import history
from desktop.errors import Cancelled, UserError
from desktop.history import Putting
from desktop.store import queries
from desktop.store.queries import Step
from desktop.store.store import Store
from ui.asking import ask
from ui.parts import one_line
from ui.words import number, plural, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# The history in view follows the last of several steps after so many milliseconds: labelling comes first.
_LATER = 300
# How the article would go back, what undo would revert, and whether the way back is gone.
Ways = tuple[Putting | None, list[Step], bool]


class Past:
    """The flows behind the history page of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._page = page = window.inspector.past
        self._shown: tuple[str, int | None] | None = None
        self._timer = QTimer(window, singleShot=True, interval=_LATER)
        self._timer.timeout.connect(self._read)
        page.chosen.connect(self._look)
        page.put_back_asked.connect(self._put_back)
        page.undo_asked.connect(self._undo_back)

    def ask(self) -> None:
        """Read the steps: at once where others are shown, or none."""
        if self._shown == (self._page.reach, self._window.browsing.article):
            self._timer.start()
        else:
            self._read()

    def _read(self) -> None:
        window, reach = self._window, self._page.reach
        article = window.browsing.article
        self._timer.stop()
        if not window.project:
            self._shown = None
            return
        self._shown = reach, article
        if reach == "project":
            window.work.read(queries.history, then=self._page.show_project)
        elif article is None:
            self._page.show_project([])
        else:
            window.work.read(history.article_history, article, then=self._show_article)

    def _show_article(self, entries: list[history.Entry]) -> None:
        if self._page.reach == "article":
            self._page.show_article(entries)

    def _look(self, step: int) -> None:
        """Find out what going back to a step would mean."""
        window = self._window
        article = window.browsing.article if self._page.reach == "article" else None
        window.work.read(
            _ways, step, article, window.browsing.layer, then=lambda ways: self._page.show_ways(step, *ways)
        )

    def _put_back(self, step: int) -> None:
        window = self._window
        if window.browsing.article is not None:
            window.work.do(
                history.put_back, window.browsing.article, step, window.browsing.layer,
                then=lambda _: window.messages.info(tr("The article is as it was then. Undo takes that back.")),
                writing=True,
            )  # fmt: skip

    def _undo_back(self, step: int) -> None:
        self._window.work.read(queries.undoable_after, step, then=lambda later: self._undo_all(step, later))

    def _undo_all(self, step: int, later: list[Step]) -> None:
        window = self._window
        theirs = sorted({found.annotator for found in later} - {window.settings.name})
        question = tr(
            "{some} of {steps} were done by {names}. Undo them all the same?",
            some=number(sum(found.annotator in theirs for found in later)),
            steps=plural("{n} step", "{n} steps", len(later)),
            names=", ".join(map(one_line, theirs)),
        )
        if later and (
            not theirs or ask(window, tr("Undo other people's steps?"), question, tr("Undo"), tr("Keep"))
        ):
            window.long.run(
                tr("Undoing"), history.undo_back_to, step, then=self._undone, failed=self._stopped
            )

    def _undone(self, count: int) -> None:
        self._window.messages.info(
            plural(
                "Undid {n} step. Redo brings them back, one by one.",
                "Undid {n} steps. Redo brings them back, one by one.",
                count,
            )
        )

    def _stopped(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self._window.messages.info(tr("Stopped half way. What was undone by then can be redone."))
        else:
            self._window.work.failed.emit(error)


def _ways(store: Store, step: int, article: int | None, layer: str) -> Ways:
    if step < queries.compacted(store):
        return None, [], True
    plan = None
    if article is not None:
        try:
            plan = history.putting(store, article, step, layer)
        except UserError:  # the article was not there yet
            plan = None
    return plan, queries.undoable_after(store, step), False
