"""Undo and redo from the window: their titles in the menu, the question before another person's step, the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines
from desktop.store.queries import Step
from desktop.store.store import Store
from ui.asking import ask
from ui.words import later, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

Reverted = tuple[Step | None, frozenset[int]]

# What the actions say without and with the step they are about.
_TEXTS = {"undo": (later("&Undo"), later("&Undo {step}")), "redo": (later("&Redo"), later("&Redo {step}"))}


class Undoing:
    """One line of steps for the whole project; it lives in the file, so it outlasts the window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.possible: frozenset[str] = frozenset()

    def undo(self) -> None:
        self._window.work.read(queries.undoable, then=self._undo)

    def _undo(self, step: Step | None) -> None:
        window = self._window
        mine = step is None or step.annotator == window.settings.name
        question = (
            tr(
                "“{title}” was done by {annotator}. Undo it all the same?",
                title=retold(step.title),
                annotator=step.annotator,
            )
            if step
            else ""
        )
        if mine or ask(window, tr("Undo another person's step?"), question, tr("Undo"), tr("Keep")):
            window.work.do(_undo, then=self._go_there, writing=True)

    def redo(self) -> None:
        self._window.work.do(_redo, then=self._go_there, writing=True)

    def _go_there(self, found: Reverted) -> None:
        """Show the article whose labels changed, if it was another one."""
        step, articles = found
        window = self._window
        if step and len(articles) == 1 and window.browsing.article not in articles:
            key = next(iter(articles))
            if key in window.browsing.lines:
                window.browsing.open(key)

    def reread(self) -> None:
        self._window.work.read(_titles, then=self._show)

    def _show(self, titles: tuple[str, str]) -> None:
        found = dict(zip(("undo", "redo"), titles, strict=True))
        self.possible = frozenset(name for name, title in found.items() if title)
        for name, title in found.items():
            step = retold(title).replace("&", "&&")
            self._window.actions_.by_id[name].setText(tr(_TEXTS[name][bool(title)], step=step))
        self._window.enable()


def _titles(store: Store) -> tuple[str, str]:
    undo, redo = queries.undoable(store), queries.redoable(store)
    return (undo.title if undo else ""), (redo.title if redo else "")


def _undo(session: Session) -> Reverted:
    return session.undo(), _there(session)


def _redo(session: Session) -> Reverted:
    return session.redo(), _there(session)


def _there(session: Session) -> frozenset[int]:
    """The articles that the step touched; none where it took away the only one."""
    touched = session.touched
    if len(touched) == 1 and not article_lines(session.store, "", list(touched)):
        return frozenset()
    return touched
