"""Purging from the window: what would go is counted and said, then asked; nothing of it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import purge
from desktop.purge import Tally, Target
from desktop.session import Session
from desktop.store import backups, queries
from desktop.store.backups import Backup, Shelf
from desktop.store.store import Store
from ui.list_page import Deed, ListPage, PageFlow
from ui.parts import isolate, one_line
from ui.question import Question
from ui.rows import ListRow
from ui.words import plural, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

Find = Callable[[Store], Target]
Plan = tuple[Target, Tally, list[Backup]]


class PurgeFlow(PageFlow[ListPage]):
    """A page that lists whom and what can be purged, and the question that the bin asks too."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._finds: dict[str, tuple[str, Find]] = {}

    def _make_page(self) -> ListPage:
        about = tr(
            "Removes an article or an annotator for good, out of the history and, if you want, out of the backups too. "
            "What is only to be out of the way belongs in the bin."
        )
        page = ListPage(tr("Purge"), about, self._window.theme)
        page.chosen.connect(self._choose)
        return page

    def open(self) -> None:
        self._window.messages.hide()
        self._window.pages.lay(self.page)
        self._read()

    def _read(self) -> None:
        if self._page and self._window.project:
            self._window.work.read(queries.layers, then=self._show)

    def _show(self, layers: dict[str, int]) -> None:
        reading = self._window.labelling.reading
        self._finds, rows = {}, []
        if reading:
            key = reading.article.key
            self._finds["article"] = (
                one_line(reading.article.title, 60),
                lambda store: Target(frozenset({key})),
            )
            rows.append(ListRow(tr("The article in view")))
            rows.append(ListRow(one_line(reading.article.title), "article", reading.article.id, icon="file"))
        if layers:
            rows.append(ListRow(tr("Annotators")))
        for name, count in layers.items():
            self._finds[f"annotator {name}"] = (
                one_line(name, 60),
                partial(_of_annotator, name),
            )
            labels = plural("{n} label", "{n} labels", count)
            rows.append(ListRow(one_line(name), f"annotator {name}", labels, icon="note"))
        self.page.show_rows(rows, tr("There is nothing to purge."))

    def _choose(self, key: str | None) -> None:
        name, find = self._finds.get(key or "", ("", None))
        if find is None:
            self.page.show_detail("", "")
            return
        deeds: list[Deed] = []
        if self._window.project and not self._window.project.locked:
            deeds.append(
                (tr("Purge for good…"), lambda: self.ask(self.page.question, find, name, self._read), True)
            )
        told = (
            tr(
                "The article, its text, all labels on it, whoever made them, and every step of the history that tells of it."
            )
            if key == "article"
            else tr(
                "All labels, relations, notes and states of this annotator, in all articles, and the name itself."
            )
        )
        self.page.show_detail(name, told, deeds)

    # Asking and doing

    def ask(self, question: Question, find: Find, name: str, then: Callable[[], object]) -> None:
        """Count what would go, say it, and do it if the person agrees."""
        base = self._window.settings.backups
        self._window.work.read(_plan, find, base, then=lambda plan: self._ask(question, plan, name, then))

    def _ask(self, question: Question, plan: Plan, name: str, then: Callable[[], object]) -> None:
        _, found, held = plan
        said = tr(
            "“{name}”: {count} will be removed for good. This cannot be undone.",
            name=isolate(name), count=counts(found),
        )  # fmt: skip
        choices: Sequence[tuple[str, object]] = ()
        if held:
            said += " " + plural("{n} backup holds some of it.", "{n} backups hold some of it.", len(held))
            choices = ((tr("Remove these backups too"), True), (tr("Keep the backups"), False))
        question.ask(
            said,
            tr("Purge for good"),
            lambda also: self._purge(plan, backups_too=also is True, then=then),
            choices,
            danger=True,
        )
        question.no.setFocus()  # fmt: skip

    def _purge(self, plan: Plan, *, backups_too: bool, then: Callable[[], object]) -> None:
        window = self._window
        target, _, held = plan
        if not window.saving.may_leave():
            return
        base, gone = window.settings.backups, held if backups_too else []
        window.inspector.commit()
        window.long.run(
            tr("Purging"), _purge, target, base, gone, then=lambda found: self._purged(found, len(gone), then)
        )

    def _purged(self, found: Tally, backups_gone: int, then: Callable[[], object]) -> None:
        window = self._window
        page = next(
            (page for page in (self._page, window.care.bin.page) if page and window.pages.shows(page)), None
        )
        window.projects.reread()
        said = tr("Purged: {count}.", count=counts(found))
        if backups_gone:
            said += " " + plural("{n} backup was removed, and a new one made.", "{n} backups were removed, and a new one made.",
                                 backups_gone)  # fmt: skip

        def tell(_: object) -> None:
            if page:
                window.pages.lay(page)
                then()
            window.messages.info(said)

        window.work.read(lambda store: None, then=tell)


def counts(found: Tally) -> str:
    """1 article, 34 labels, 5 relations"""
    said = [
        plural("{n} article", "{n} articles", found.articles) if found.articles else "",
        plural("{n} label", "{n} labels", found.spans) if found.spans else "",
        plural("{n} relation", "{n} relations", found.relations) if found.relations else "",
        plural("{n} deletion", "{n} deletions", found.binned) if found.binned else "",
        plural("{n} step of the history", "{n} steps of the history", found.steps) if found.steps else "",
    ]
    return ", ".join(filter(None, said)) or tr("nothing")


def _of_annotator(name: str, store: Store) -> Target:
    return purge.of_annotator(store, name)


def _plan(store: Store, find: Find, base: Path) -> Plan:
    """On the store thread: what would go, and the backups that hold any of it."""
    target = find(store)
    found = backups.of_project(base, store.shown, store.id)
    return target, purge.survey(store, target), purge.holding(store, target, found)


def _purge(session: Session, target: Target, base: Path, gone: Sequence[Backup], progress: object) -> Tally:
    found = purge.purge(session, target)
    if gone:
        store = session.store
        purge.purge_backups(store, Shelf(base, store.shown, store.id), gone)
    return found
