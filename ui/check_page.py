"""The page of the dataset checks: what was found, by kind, and what mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal

from desktop.datasets import checks
from desktop.datasets.findings import Problem, Severity
from ui.list_page import Deed, ListPage
from ui.parts import capital, isolate, one_line
from ui.rows import ListRow
from ui.theme import LIGHT, Theme
from ui.words import later, number, plural, retold, tr

# Rows of one kind that are listed; its fix takes all of them.
MOST = 500
_SAID = {
    "error": later("An error: a dataset with it is broken."),
    "warning": later("A warning: this breaks a rule of the scheme, or looks like a slip."),
    "note": later("A note: often this is meant. Look, and go on."),
}
_WORDS = {"error": later("error"), "warning": later("warning"), "note": later("note")}


class CheckPage(ListPage):
    """Rows are numbers of problems. `opened` asks for the place of one, `mended` for the fixes of some, `refused` for none.

    Enter looks at a row, once more it opens its place; F mends it, Shift+F all of its kind, N says that it is none.
    """

    opened = Signal(int)
    mended = Signal(object)
    refused = Signal(object)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__(tr("Check the dataset"), "", theme)
        self.problems: Sequence[Problem] = []
        self._kinds: checks.Kinds = {}
        self.titles: Mapping[str, str] = {}
        self.locked = False
        self.chosen.connect(self._look)
        self.list.chosen.connect(self._again)
        self._before: object = None
        self.add_key("F", lambda: self._mend(every=False))
        self.add_key("Shift+F", lambda: self._mend(every=True))
        self.add_key("N", self._refuse)

    def show_problems(
        self, problems: Sequence[Problem], titles: Mapping[str, str], kinds: checks.Kinds | None = None
    ) -> None:
        """`titles` names articles by id; `kinds` are those of the problems where they are known already."""
        here = self.list.picked
        looked_at = self.problems[here] if isinstance(here, int) and here < len(self.problems) else None
        self.problems, self.titles = problems, titles
        self._kinds = checks.by_kind(problems) if kinds is None else kinds
        again = looked_at and self._where(looked_at)
        if again is not None:
            self.list.pick(again)
        elif isinstance(here, int):
            # What was looked at is mended: its neighbour is next.
            self.list.pick(min(here, len(problems) - 1) if problems else None)
        self._before = self.list.picked
        self.show_rows(self._rows(), tr("Nothing was found."))

    def _where(self, problem: Problem) -> int | None:
        alike = self._kinds.get((problem.severity, problem.kind), [])
        return next((index for index in alike if self.problems[index] == problem), None)

    def _rows(self) -> list[ListRow]:
        rows: list[ListRow] = []
        for (severity, _), indexes in self._kinds.items():
            line = checks.line(self.problems[indexes[0]])
            word = "" if severity == "note" else f"{tr(_WORDS[severity])} · "
            sign = "" if severity == "note" else "warning"
            rows.append(ListRow(f"{word}{retold(line.title)} · {number(len(indexes))}", icon=sign))
            rows += [self._row(index) for index in indexes[:MOST]]
            if len(indexes) > MOST:
                rows.append(
                    ListRow(plural("and one more of these", "and {n} more of these", len(indexes) - MOST))
                )
        return rows

    def _row(self, index: int) -> ListRow:
        problem = self.problems[index]
        title = self.titles.get(problem.article, problem.article)
        message = retold(problem.message)
        return ListRow(capital(one_line(message.partition("; ")[0])), index, one_line(title), tip=message)

    def counts(self) -> str:
        """How many there are of each severity, in words."""
        found: Counter[Severity] = Counter()
        for (severity, _), indexes in self._kinds.items():
            found[severity] += len(indexes)
        return ", ".join((
            plural("{n} error", "{n} errors", found["error"]),
            plural("{n} warning", "{n} warnings", found["warning"]),
            plural("{n} note", "{n} notes", found["note"]),
        ))  # fmt: skip

    def summary(self, articles: int) -> str:
        return f"{plural('{n} article', '{n} articles', articles)}, {self.counts()}"

    def _look(self, index: int | None) -> None:
        if index is None or not 0 <= index < len(self.problems):
            self.show_detail("", "")
            return
        problem = self.problems[index]
        line = checks.line(problem)
        what, _, remedy = retold(problem.message).partition("; ")
        said = [f"{isolate(capital(what))}.", f"{capital(remedy)}." if remedy else ""]
        if problem.article:
            title = isolate(self.titles.get(problem.article, problem.article))
            said.append(tr("In {article}.", article=title))
        said += [tr("Labelled by {name}.", name=isolate(problem.annotator))] if problem.annotator else []
        said.append(tr(_SAID[problem.severity]))
        deeds: list[Deed] = []
        if problem.article:
            deeds.append((tr("Show in the article  ↵"), lambda: self.opened.emit(index), False))
        if problem.fix and not self.locked:
            remedy = retold(problem.fix.says or line.remedy)
            deeds.append((f"{remedy}  F", lambda: self.mended.emit([problem]), False))
            same = self._alike(problem)
            if len(same) > 1:
                deeds.append(
                    (
                        f"{plural('{remedy}: all {n}', '{remedy}: all {n}', len(same), remedy=remedy)}  ⇧F",
                        lambda: self.mended.emit(same),
                        False,
                    )
                )
        if problem.refuse and not self.locked:
            deeds.append((f"{retold(line.refusal)}  N", self._refuse, False))
        self.show_detail(retold(line.title), "\n\n".join(filter(None, said)), deeds)

    def _alike(self, problem: Problem) -> list[Problem]:
        """All of the same kind that the same fix mends."""
        found = (self.problems[index] for index in self._kinds.get((problem.severity, problem.kind), []))
        return [each for each in found if each.fix and problem.fix and each.fix.do == problem.fix.do]

    def _again(self, index: int) -> None:
        if index == self._before and self.problems[index].article:
            self.opened.emit(index)
        self._before = index

    def _mend(self, *, every: bool) -> None:
        index = self.list.picked
        if isinstance(index, int) and self.problems[index].fix and not self.locked:
            problem = self.problems[index]
            self.mended.emit(self._alike(problem) if every else [problem])

    def _refuse(self) -> None:
        index = self.list.picked
        if isinstance(index, int) and self.problems[index].refuse and not self.locked:
            self.refused.emit(self.problems[index])
