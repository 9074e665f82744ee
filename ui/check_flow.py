"""Checking the dataset from the window: the check off the window's thread, its page, places opened and fixes applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop import splitting
from desktop.errors import Cancelled
from desktop.session import Changed, Session
from desktop.store import queries
from desktop.store.lines import article_lines
from ui.list_page import PageFlow
from ui.words import plural, retold, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.datasets.checks import Kinds
    from desktop.datasets.findings import Problem
    from desktop.fixing import Mended
    from desktop.store.store import Store
    from ui.check_page import CheckPage
    from ui.window import MainWindow

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Checked:
    """What the checks have found, which are of a kind, and the titles of the articles by their ids."""

    problems: list[Problem]
    kinds: Kinds
    titles: dict[str, str]


class CheckFlow(PageFlow["CheckPage"]):
    """`stale` once something has changed since the check."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._mending: Sequence[Problem] = ()
        self.stale = True
        window.work.step_done.connect(self._changed)

    def _make_page(self) -> CheckPage:
        from ui.check_page import CheckPage  # the checks are not needed to show the window  # noqa: PLC0415

        page = CheckPage(self._window.theme)
        self._check_again = page.add_tool(tr("Check again"), self.run, tr("Look at all articles anew"))
        page.add_tool(tr("Export…"), self._window.transfer.exporting.ask, tr("Write a dataset"))
        page.opened.connect(self._open_place)
        page.mended.connect(self._mend)
        page.refused.connect(self._refuse)
        return page

    def opened(self) -> None:
        """A project was opened and is shown: what was found in another one is forgotten."""
        self.stale = True
        if self._page:
            self._page.show_problems([], {})
            self._page.about.setText("")

    def open(self) -> None:
        """Show what was found; look first where nothing was looked at yet."""
        project = self._window.project
        if not project:
            return
        page = self.page
        page.locked = bool(project.locked)
        self._window.pages.lay(page)
        if self.stale:
            self.run()

    def run(self) -> None:
        if not self._window.long.busy and not self._window.transfer.busy:
            self.page.about.setText(tr("Looking at all articles …"))
            self._check_again.setEnabled(False)
            self._window.long.run(tr("Checking"), _check, then=self._checked, failed=self._stopped)

    def take(self, found: Checked) -> None:
        """Show what was found just now."""
        self.stale = False
        self.page.show_problems(found.problems, found.titles, found.kinds)
        self.page.about.setText(self.page.summary(len(found.titles)))

    def _checked(self, found: Checked) -> None:
        self._check_again.setEnabled(True)
        self.take(found)
        if self._window.pages.shows(self.page):
            self.page.setFocus()

    def _stopped(self, error: BaseException) -> None:
        self._check_again.setEnabled(True)
        self.page.about.setText(tr("Stopped before all articles were looked at."))
        if not isinstance(error, Cancelled):
            self._window.work.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if changed.kinds & {"span", "relation", "article", "status", "assignment", "property"}:
            self.stale = True
            if self._page and not self._mending:
                self._page.about.setText(tr("Something has changed since: check again."))

    def _open_place(self, index: int) -> None:
        problem = self.page.problems[index]
        key = self._window.going.key(problem.article)
        if key is None:
            self._window.messages.info(tr("That article is no longer there."))
        else:
            self._window.going.go(key, problem.start, problem.end, problem.annotator, span=problem.span)

    def _mend(self, problems: Sequence[Problem]) -> None:
        if self._window.long.busy:
            return
        self._apply(problems, list(problems))

    def _refuse(self, problem: Problem) -> None:
        from desktop import fixing  # noqa: PLC0415

        if not self._window.long.busy:
            self._apply([problem], [fixing.refusal(problem)])

    def _apply(self, meant: Sequence[Problem], fixed: Sequence[Problem]) -> None:
        self._mending = meant
        self._window.long.run(tr("Mending"), _mend, fixed, then=self._mended, failed=self._not_mended)

    def _mended(self, done: Mended) -> None:
        mended = {id(self._mending[number]) for number in done.which}
        self._mending = ()
        left = [problem for problem in self.page.problems if id(problem) not in mended]
        titles = self.page.titles
        self.page.show_problems(left, titles)
        self.page.about.setText(
            tr("{counts} (as far as known: check again)", counts=self.page.summary(len(titles)))
        )
        said = [
            plural(
                "{n} finding mended. Undo takes it back.",
                "{n} findings mended. Undo takes it back.",
                done.done,
            )
        ]
        for reason, count in done.left_out.items():
            said.append(
                plural("{n} was left: {reason}.", "{n} were left: {reason}.", count, reason=retold(reason))
            )
        self._window.messages.info(" ".join(said))

    def _not_mended(self, error: BaseException) -> None:
        self._mending = ()
        if not isinstance(error, Cancelled):
            self._window.work.failed.emit(error)


def _check(session: Session, progress: Progress) -> Checked:
    return check(session.store, progress)


def check(store: Store, progress: Progress) -> Checked:
    """Look at all articles of a project; `progress` may raise to stop."""
    from desktop.datasets import checks  # noqa: PLC0415

    titles = {line.id: line.title for line in article_lines(store, "")}
    deals = {deal: queries.assignments(store, deal) for deal in queries.deals(store)}
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(min(done, 2 * len(titles)), 2 * len(titles))

    found = checks.check(queries.bundle(store), queries.scheme(store), deals, tick, splitting.apart(store))
    problems = list(found)
    return Checked(problems, checks.by_kind(problems), titles)


def _mend(session: Session, problems: Sequence[Problem], progress: Progress) -> Mended:
    from desktop import fixing  # noqa: PLC0415

    return fixing.mend(session, problems, progress)
