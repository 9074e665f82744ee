"""What is wrong, doubtful or worth a look in the articles of a project: tables of small functions over records.

Severity `error` breaks a dataset, `warning` breaks a rule of the scheme or looks like a slip, `note` is often meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from desktop.bundle import Bundle, Record
from desktop.datasets.allot import Tick
from desktop.datasets.corpus_checks import CORPUS_CHECKS, Corpus, CorpusCheck
from desktop.datasets.findings import Check, Finding, Problem, Severity
from desktop.datasets.likeness import silent
from desktop.datasets.span_checks import CHECKS
from desktop.datasets.split_checks import SPLIT_CHECKS, Deals, Ground, SplitCheck, find
from desktop.datasets.stories import Apart
from desktop.model import Scheme


class Line(NamedTuple):
    """What people are told of a kind of problem: its name, what its fix does ("" where there is none), what refuses it."""

    title: str
    remedy: str
    refusal: str = ""


Kinds = dict[tuple[Severity, str], list[int]]

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_TABLES: tuple[Check | CorpusCheck | SplitCheck, ...] = (*CHECKS, *CORPUS_CHECKS, *SPLIT_CHECKS)
LINES: dict[tuple[str, str], Line] = {
    (row.kind, row.severity): Line(row.title, row.remedy, getattr(row, "refusal", "")) for row in _TABLES
}


def line(problem: Problem) -> Line:
    """Its line in the table; problems of the file itself are not in it."""
    return LINES.get((problem.kind, problem.severity), Line(problem.kind.replace("_", " "), ""))


def by_kind(problems: Sequence[Problem]) -> Kinds:
    """The places in the list of the problems of each severity and kind: errors first, kinds in the order of the tables."""
    found: Kinds = {}
    for place, problem in enumerate(problems):
        found.setdefault((problem.severity, problem.kind), []).append(place)
    order = {(severity, kind): place for place, (kind, severity) in enumerate(LINES)}
    ranked = sorted(found, key=lambda pair: (_SEVERITIES.index(pair[0]), order.get(pair, -1), pair[1]))
    return {pair: found[pair] for pair in ranked}


def check(
    bundle: Bundle, scheme: Scheme, deals: Deals | None = None, tick: Tick = silent, apart: Apart = ()
) -> Iterator[Problem]:
    """Every problem, article by article in the order of the tables, then those between articles.

    The articles are gone through twice. `deals` are the splits that the project keeps, `apart` the stories that were
    rejected; `tick` is called at each article, and may raise to stop.
    """
    corpus, ground = Corpus(scheme), Ground(apart)
    for record in bundle:
        tick()
        corpus.add(record)
        ground.add(record)
    corpus.close()
    for record in bundle:
        tick()
        places = _Places(record)
        for check_ in CHECKS:
            for found in check_.find(record, scheme):
                yield places.problem(check_.kind, check_.severity, found)
        for corpus_check in CORPUS_CHECKS:
            for found in corpus_check.find(record, corpus):
                yield places.problem(corpus_check.kind, corpus_check.severity, found)
    for split_check, article, found in find(ground, scheme, deals or {}, tick):
        yield Problem(
            split_check.kind,
            split_check.severity,
            article,
            found.span,
            found.message,
            fix=found.fix,
            refuse=found.refuse,
        )


class _Places:
    """Where what is found in an article stands: each id is looked up once, for an article may have thousands of findings."""

    def __init__(self, record: Record) -> None:
        self._article = record.article.id
        self._spans = {span.id: span for span in reversed(record.spans)}
        self._relations = {relation.id: relation for relation in reversed(record.relations)}

    def problem(self, kind: str, severity: Severity, found: Finding) -> Problem:
        row = (self._relations if kind.startswith("relation.") else self._spans).get(found.span)
        span = self._spans.get(getattr(row, "head", found.span))
        start, end = (span.start, span.end) if span else (found.place or (0, 0))
        return Problem(
            kind,
            severity,
            self._article,
            found.span,
            found.message,
            start,
            end,
            row.annotator if row else found.annotator,
            found.fix,
        )
