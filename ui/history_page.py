"""The history beside the article: what was done to it, or to the whole project, and the two ways back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.compaction import KEPT_STEPS
from desktop.store.queries import Step
from ui.parts import FlowLayout, moment, one_line, words
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme
from ui.words import forms, later, number, plural, retold, tr

if TYPE_CHECKING:
    from desktop.history import Entry, Putting

Reach = Literal["article", "project"]
REACHES: tuple[tuple[Reach, str], ...] = (
    ("article", later("This article")),
    ("project", later("Whole project")),
)


class HistoryPage(QWidget):
    """Rows of steps, latest first; under them, once one is chosen, what going back to it would mean.

    `needed` asks for the steps of a reach, `chosen` tells a step looked at (None: none any more).
    """

    needed = Signal(str)
    chosen = Signal(object)
    put_back_asked = Signal(int)
    undo_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reach: Reach = "article"
        self.list = RowsView(tr("History"))
        self.list.chosen.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(self.list, 1)
        column.addWidget(self._make_foot())
        self.set_theme(LIGHT)

    def _make_head(self) -> QWidget:
        head, inner = QWidget(), QWidget()
        inset = QVBoxLayout(head)
        inset.setContentsMargins(12, 8, 12, 6)
        inset.addWidget(inner)
        flow = FlowLayout(inner, gap=6)
        group = QButtonGroup(self)
        self.reaches: dict[Reach, QPushButton] = {}
        for reach, text in REACHES:
            button = QPushButton(tr(text))
            button.setCheckable(True)
            button.setChecked(reach == self.reach)
            button.setProperty("small", True)
            button.clicked.connect(lambda _=False, reach=reach: self.show_reach(reach))
            group.addButton(button)
            flow.addWidget(button)
            self.reaches[reach] = button
        return head

    def _make_foot(self) -> QFrame:
        self.foot = QFrame()
        self.foot.setObjectName("historyFoot")
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.putting = QPushButton(tr("Put the article back"))
        self.undoing = QPushButton(tr("Undo back to here"))
        for button in (self.putting, self.undoing):
            button.setProperty("small", True)
        self.putting.clicked.connect(lambda: self._tell(self.put_back_asked.emit))
        self.undoing.clicked.connect(lambda: self._tell(self.undo_asked.emit))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=6)
        flow.addWidget(self.putting)
        flow.addWidget(self.undoing)
        column = QVBoxLayout(self.foot)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.said)
        column.addWidget(buttons)
        self.foot.hide()
        return self.foot

    def _tell(self, tell: object) -> None:
        if self.list.picked is not None and callable(tell):
            tell(self.list.picked)

    def show_reach(self, reach: Reach) -> None:
        """Show the steps of the article, or of the whole project."""
        self.reach = reach
        self.reaches[reach].setChecked(True)
        self.leave()
        self.needed.emit(reach)

    def leave(self) -> None:
        """Look at no step any more."""
        self.list.pick(None)
        self.foot.hide()

    def show_article(self, entries: Sequence[Entry]) -> None:
        """The steps of the article shown."""
        now = datetime.now().astimezone()
        rows = [step_row(entry.step, now, told(entry.done)) for entry in entries]
        self._show(rows, tr("Nothing was done to this article yet"))

    def show_project(self, steps: Sequence[Step]) -> None:
        """The steps of the project as the journal gives them; those that undid others are marked at these."""
        now = datetime.now().astimezone()
        self._show([step_row(step, now) for step in steps if step.mode != "undo"], tr("Nothing done yet"))

    def allow(self, on: bool) -> None:
        """Whether anything may be taken back now."""
        for button in (self.putting, self.undoing):
            button.setEnabled(on)

    def _show(self, rows: list[ListRow], empty: str) -> None:
        picked = self.list.picked
        self.list.show_rows(rows or [ListRow(empty)])
        if picked is not None:
            if self.list.row_of(picked) < 0:
                self.leave()
            else:
                self.chosen.emit(picked)  # what going back would mean has changed as well

    def _choose(self, key: int) -> None:
        if key == self.list.picked:
            self.leave()
        else:
            self.list.pick(key)
            self.chosen.emit(key)

    def show_ways(self, step: int, plan: Putting | None, later: Sequence[Step], gone: bool = False) -> None:
        """What the two ways back to a step mean; `plan` is None where no article goes back, or it cannot.

        A step that is `gone` can only be read: what it changed is no longer kept.
        """
        if step != self.list.picked:
            return
        self.putting.setVisible(bool(plan and plan.done))
        self.undoing.setVisible(bool(later))
        self.said.setText(_gone() if gone else " ".join(_ways(plan, later)))
        self.foot.show()
        self.list.reveal()

    def set_theme(self, theme: Theme) -> None:
        self.list.set_theme(theme)


def step_row(step: Step, now: datetime, done: str = "") -> ListRow:
    """A step: its title, what it did here where the title does not tell, by whom and when."""
    (time, whole), title = moment(step.made, now), retold(step.title)
    undone = step.state == "reverted"
    again = tr("undone") if undone else tr("redone") if step.mode == "redo" else ""
    # What may be cut off comes last.
    about = filter(None, [time, one_line(step.annotator, 60), again, done])
    tip = "\n".join(filter(None, [title, done, f"{step.annotator}, {whole}"]))
    return ListRow(
        title, step.key, " · ".join(about), muted=undone, tip=tip,
        icon="undo" if undone else "",
    )  # fmt: skip


def told(done: Counter[tuple[str, str]]) -> str:
    """What a step did to an article, in words; nothing for a single change, which the title tells."""
    counts = {what: count for what, count in done.items() if what in _DONE}
    if sum(counts.values()) < 2:
        return ""
    return ", ".join(plural(*_DONE[what], counts[what]) for what in sorted(counts, key=_order))


def _order(what: tuple[str, str]) -> tuple[bool, int]:
    return what[0] != "span", ("added", "changed", "removed").index(what[1])


def _gone() -> str:
    return tr(
        "This step can be read, and no longer gone back to: what articles were like is kept for the latest {steps} steps.",
        steps=number(KEPT_STEPS),
    )


def _ways(plan: Putting | None, steps: Sequence[Step]) -> list[str]:
    said: list[str] = []
    if plan and plan.done:
        said.append(
            tr("As it was then: {done}. That is one step; undo takes it back.", done=_meaning(plan.done))
        )
    elif plan:
        said.append(tr("The article is as it was then."))
    if plan and plan.left_out:
        gone = ", ".join(f"{count} × {words(name)}" for name, count in plan.left_out.most_common())
        said.append(tr("What the scheme no longer has cannot come back: {gone}.", gone=gone))
    if steps:
        by = Counter(step.annotator for step in steps)
        said.append(
            plural(
                "Undo back to here: {n} step by {names}, in whichever article.",
                "Undo back to here: {n} steps by {names}, in whichever article.",
                len(steps), names=", ".join(map(one_line, by)),
            )
            if len(by) > 1
            else plural(
                "Undo back to here: {n} step, in whichever article.",
                "Undo back to here: {n} steps, in whichever article.",
                len(steps),
            )
        )  # fmt: skip
    elif not plan:
        said.append(tr("Nothing to undo since then."))
    return said


_DONE = {
    ("span", "added"): forms("{n} label added", "{n} labels added"),
    ("span", "changed"): forms("{n} label changed", "{n} labels changed"),
    ("span", "removed"): forms("{n} label removed", "{n} labels removed"),
    ("relation", "added"): forms("{n} relation added", "{n} relations added"),
    ("relation", "changed"): forms("{n} relation changed", "{n} relations changed"),
    ("relation", "removed"): forms("{n} relation removed", "{n} relations removed"),
}
_PUT = {
    ("span", "added"): forms("brings {n} label back", "brings {n} labels back"),
    ("span", "changed"): forms("changes {n} label", "changes {n} labels"),
    ("span", "removed"): forms("removes {n} label", "removes {n} labels"),
    ("relation", "added"): forms("brings {n} relation back", "brings {n} relations back"),
    ("relation", "changed"): forms("changes {n} relation", "changes {n} relations"),
    ("relation", "removed"): forms("removes {n} relation", "removes {n} relations"),
}
_OTHERS = {
    "note": later("changes its note"),
    "flag": later("changes its flag"),
    "status": later("changes how far it is"),
    "article": later("changes what is known of it"),
}


def _meaning(done: Counter[tuple[str, str]]) -> str:
    """brings 3 labels back, removes 1 relation, changes its note"""
    counts = sorted((what for what in done if what in _DONE), key=_order)
    parts = [plural(*_PUT[what], done[what]) for what in counts]
    parts += [tr(said) for name, said in _OTHERS.items() if any(what[0] == name for what in done)]
    return ", ".join(parts)
