"""One format written and read back, with what becomes of spans that cut a token."""

from __future__ import annotations

import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.bundle import Bundle, Record
from desktop.datasets import origin
from desktop.datasets.jobs import Job
from desktop.datasets.options import Cut
from desktop.datasets.statistics import Statistics
from desktop.datasets.steps import Steps
from desktop.datasets.verify import Marks, note, verify
from desktop.errors import UsageError, UserError
from desktop.formats.base import Format, Plan
from desktop.formats.iob import WIDENED
from desktop.formats.receipt import Entry, Receipt
from desktop.model import Scheme

CUT = "cuts a token"


def write_format(
    job: Job,
    stage: Path,
    scheme: Scheme,
    places: Mapping[str, str],
    cut: Cut,
    steps: Steps,
    numbers: Statistics | None,
) -> Receipt:
    """Write and read back one format; `numbers` are counted on the way, each article once, where they are wanted."""
    plan = Plan(scheme, job.places(places), job.options)
    owner = job.picked.owner
    folder = stage / job.format.id
    seen: set[str] = set()
    marks: Marks = {}

    def count(record: Record) -> None:
        name = record.article.id
        note(marks, record)
        if numbers is not None and name not in seen:
            article = owner.get(name, name)
            numbers.add(record, plan.split(name), origin.source(record.article.meta), new=article not in seen)
            seen.update((name, article))

    cutting: dict[tuple[str, str], Entry] = {}
    while True:
        steps.phase(job.records)
        bundle = _without(job.bundle, cutting) if cutting else job.bundle
        receipt = _written(job.format, folder, steps.through(bundle, count), plan)
        found = (
            {(e.article, e.span): e for e in receipt.changed if e.reason == WIDENED} if cut != "widen" else {}
        )
        if not found:
            break
        if cut == "stop":
            raise _stopped(job.format, list(found.values()))
        # Without these, others may be written that had to stand back for them and cut a token too: look again.
        cutting |= found
        steps.forget(job.records)
        shutil.rmtree(folder)
    receipt.labels = job.found.label_counts()
    receipt.spans_in += len(cutting)
    receipt.left_out += [replace(entry, reason=CUT, fragments=()) for entry in cutting.values()]
    steps.phase(job.records)
    verify(job.format, folder, job.bundle, plan, receipt, steps.tick, marks)
    return receipt


def _without(bundle: Bundle, spans: Container[tuple[str, str]]) -> Bundle:
    """The bundle without these spans, (article, span) by id."""

    def iterate() -> Iterator[Record]:
        for record in bundle:
            article = record.article.id
            yield replace(record, spans=tuple(s for s in record.spans if (article, s.id) not in spans))

    return replace(bundle, iterate=iterate)


def _written(format: Format, folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    folder.mkdir()
    if not format.write:
        raise UsageError(f"the format {format.id!r} cannot be written")
    return format.write(folder, bundle, plan)


def _stopped(format: Format, cutting: Sequence[Entry]) -> UserError:
    first = cutting[0]
    others = f", and so do {len(cutting) - 1} others" if len(cutting) > 1 else ""
    return UserError(
        f"{format.id}: the span {first.label} {first.text!r} of article {first.article!r} cuts a token{others}",
        "move its edge (tagline check names them all), or let such spans be widened or left out",
    )
