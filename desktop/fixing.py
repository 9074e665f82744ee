"""Mending what the checks have found: any number of findings as one undoable step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from desktop import commands, scheme_steps, splitting
from desktop.datasets import checks
from desktop.datasets.findings import Fix, Problem
from desktop.errors import UserError
from desktop.formats.scheme import new_label
from desktop.model import Relation, Scheme, Span
from desktop.repeats import Progress, silent
from desktop.session import Session
from desktop.store import queries


@dataclass(frozen=True)
class Mended:
    """Which findings a step has mended, by their place among those given, and how many it could not, by reason."""

    which: list[int] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return len(self.which)


def refusal(problem: Problem) -> Problem:
    """The problem with what refuses it as its fix."""
    return replace(problem, fix=problem.refuse, refuse=None)


def mend(session: Session, problems: Sequence[Problem], progress: Progress = silent) -> Mended:
    """Apply the fix of each problem, as one step; what has none, or fits no more, is left out and counted.

    `progress` hears problems done of all, and may raise Cancelled: then nothing has changed.
    """
    made = Mended()
    with session.step(title(problems)):
        for number, problem in enumerate(problems, 1):
            try:
                if not problem.fix:
                    raise UserError("there is no fix for it")
                _FIXES[problem.fix.do](session, problem, problem.fix)
                made.which.append(number - 1)
            except UserError as error:
                made.left_out[error.message] += 1
            progress(number, len(problems))
    return made


def title(problems: Sequence[Problem]) -> str:
    """Trim: 3 × blank at the edge"""
    kinds = Counter((_deed(problem), checks.line(problem).title.lower()) for problem in problems)
    if not kinds:
        return "Mend nothing"
    return "; ".join(f"{deed}: {count} × {what}" for (deed, what), count in kinds.items())


def _deed(problem: Problem) -> str:
    line = checks.line(problem)
    says = problem.fix.says if problem.fix else ""
    return says or (line.refusal if problem.fix and problem.fix.do == "apart" else line.remedy) or "Mend"


def _article(session: Session, problem: Problem) -> int:
    found = queries.article_named(session.store, problem.article)
    if not found:
        raise UserError("the article is gone", "it was removed meanwhile")
    return found.key


def _span(session: Session, problem: Problem) -> Span:
    found = session.store.rows("span", "article = ? AND id = ?", (_article(session, problem), problem.span))
    span: Span | None = next(found, None)
    if not span:
        raise UserError("the label is gone", "it was removed meanwhile")
    if (span.start, span.end) != (problem.start, problem.end):
        raise UserError("the label was moved meanwhile", "check again")
    return span


def _relation(session: Session, problem: Problem) -> Relation:
    found = session.store.rows(
        "relation", "article = ? AND id = ?", (_article(session, problem), problem.span)
    )
    relation: Relation | None = next(found, None)
    if not relation:
        raise UserError("the relation is gone", "it was removed meanwhile")
    return relation


def _move(session: Session, problem: Problem, fix: Fix) -> None:
    commands.move_edges(session, _span(session, problem).key, fix.fragments)


def _relabel(session: Session, problem: Problem, fix: Fix) -> None:
    commands.relabel(session, _span(session, problem).key, fix.value)


def _remove(session: Session, problem: Problem, fix: Fix) -> None:
    if problem.kind.startswith("relation."):
        commands.remove_relation(session, _relation(session, problem))
    else:
        commands.remove_span(session, _span(session, problem).key)


def _turn(session: Session, problem: Problem, fix: Fix) -> None:
    relation = _relation(session, problem)
    with session.step("Turn a relation round"):
        session.put(relation.model_copy(update={"head": relation.tail, "tail": relation.head}))


def _add(session: Session, problem: Problem, fix: Fix) -> None:
    article = _article(session, problem)
    there = queries.equal_spans(session.store, article, problem.annotator, fix.fragments)
    if any(span.label == fix.value for span in there):
        raise UserError("it is labelled already", "check again")
    commands.add_span(session, article, fix.fragments, fix.value, problem.annotator)


def _set(session: Session, problem: Problem, fix: Fix) -> None:
    commands.set_attribute(session, _span(session, problem).key, fix.name, fix.value)


def _group(session: Session, problem: Problem, fix: Fix) -> None:
    splitting.join(session, fix.articles)


def _forget(session: Session, problem: Problem, fix: Fix) -> None:
    splitting.forget(session, fix.name)


def _declare(session: Session, problem: Problem, fix: Fix) -> None:
    def added(scheme: Scheme) -> Scheme:
        # Another problem of the same step may have brought it in.
        new = () if scheme.label(fix.value) else (new_label(fix.value, scheme),)
        return scheme.model_copy(update={"labels": (*scheme.labels, *new)})

    scheme_steps.edit(session, f"Add label {fix.value}", added)


def _unset(session: Session, problem: Problem, fix: Fix) -> None:
    span = _span(session, problem)
    kept = {name: value for name, value in span.attributes.items() if name != fix.name}
    session.put(span.model_copy(update={"attributes": kept}))


def _reopen(session: Session, problem: Problem, fix: Fix) -> None:
    commands.set_state(session, _article(session, problem), problem.annotator, "todo")


def _apart(session: Session, problem: Problem, fix: Fix) -> None:
    splitting.keep_apart(session, fix.articles)


def _place(session: Session, problem: Problem, fix: Fix) -> None:
    splitting.move(session, fix.name, [problem.article], fix.value)


_FIXES: dict[str, Callable[[Session, Problem, Fix], None]] = {
    "move": _move,
    "relabel": _relabel,
    "remove": _remove,
    "turn": _turn,
    "add": _add,
    "set": _set,
    "group": _group,
    "apart": _apart,
    "forget": _forget,
    "declare": _declare,
    "unset": _unset,
    "reopen": _reopen,
    "place": _place,
}
