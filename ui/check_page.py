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
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
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
        self.problems: list[Problem] = []
        self.titles: Mapping[str, str] = {}
        self.locked = False
        self.chosen.connect(self._look)
        self.list.chosen.connect(self._again)
        self._before: object = None
        self.add_key("F", lambda: self._mend(every=False))
        self.add_key("Shift+F", lambda: self._mend(every=True))
        self.add_key("N", self._refuse)

    def show_problems(self, problems: Sequence[Problem], titles: Mapping[str, str]) -> None:
        """`titles` names articles by id."""
        here = self.list.picked
        place = self.problems[here] if isinstance(here, int) and here < len(self.problems) else None
        self.problems = list(problems)
        self.titles = titles
        self._kinds: dict[tuple[Severity, str], list[int]] = {}
        for index, problem in enumerate(self.problems):
            self._kinds.setdefault((problem.severity, problem.kind), []).append(index)
        rows: list[ListRow] = []
        order = {pair: place for place, pair in enumerate(checks.LINES)}
        ranked = sorted(
            self._kinds,
            key=lambda pair: (_SEVERITIES.index(pair[0]), order.get((pair[1], pair[0]), -1), pair[1]),
        )
        for severity, kind in ranked:
            indexes = self._kinds[severity, kind]
            line = checks.line(self.problems[indexes[0]])
            word = "" if severity == "note" else f"{tr(_WORDS[severity])} · "
            sign = "" if severity == "note" else "warning"
            rows.append(ListRow(f"{word}{retold(line.title)} · {number(len(indexes))}", icon=sign))
            rows += [self._row(index) for index in indexes[:MOST]]
            if len(indexes) > MOST:
                rows.append(
                    ListRow(plural("and one more of these", "and {n} more of these", len(indexes) - MOST))
                )
        if place in self.problems:
            self.list.pick(self.problems.index(place))
        elif isinstance(here, int):
            # What was looked at is mended: its neighbour is next.
            self.list.pick(min(here, len(self.problems) - 1) if self.problems else None)
        self._before = self.list.picked
        self.show_rows(rows, tr("Nothing was found."))

    def _row(self, index: int) -> ListRow:
        problem = self.problems[index]
        title = self.titles.get(problem.article, problem.article)
        message = retold(problem.message)
        return ListRow(capital(one_line(message.partition("; ")[0])), index, one_line(title), tip=message)

    def summary(self, articles: int) -> str:
        counts = Counter(problem.severity for problem in self.problems)
        return ", ".join(
            (
                plural("{n} article", "{n} articles", articles),
                plural("{n} error", "{n} errors", counts["error"]),
                plural("{n} warning", "{n} warnings", counts["warning"]),
                plural("{n} note", "{n} notes", counts["note"]),
            )
        )

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
