"""One format written and read back, with what becomes of spans that cut a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

from desktop.bundle import Bundle, Record
from desktop.datasets import origin
from desktop.datasets.jobs import Job
from desktop.datasets.options import Cut
from desktop.datasets.statistics import Statistics
from desktop.datasets.steps import Steps
from desktop.datasets.verify import Marks, account, note, verify
from desktop.errors import UsageError, UserError
from desktop.formats.base import Format, Plan
from desktop.formats.iob import CUT, WIDENED
from desktop.formats.receipt import Entries, Receipt
from desktop.model import Scheme


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
    plan = Plan(scheme, job.places(places), job.options, widen=cut != "leave_out")
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

    cutting: list[Entries] = []
    while True:
        steps.phase(job.records)
        bundle = _without(job.bundle, cutting) if cutting else job.bundle
        receipt = _written(job.format, folder, steps.through(bundle, count), plan)
        found = _cutting(receipt) if cut != "widen" else Entries()
        if not found:
            break
        if cut == "stop":
            raise _stopped(job.format, found)
        # Without these, others may be written that had to stand back for them and cut a token too: look again.
        cutting.append(found)
        steps.forget(job.records)
        shutil.rmtree(folder)
    account(marks, receipt)
    receipt.labels = job.found.label_counts()
    for entry in chain.from_iterable(cutting):
        receipt.spans_in += 1
        receipt.left_out.append(entry)
    steps.phase(job.records)
    verify(job.format, folder, job.bundle, plan, receipt, steps.tick, marks)
    return receipt


def _cutting(receipt: Receipt) -> Entries:
    """The spans that were widened, as what is left out of the next round."""
    found = Entries()
    for entry in chain(receipt.changed, *(flat.changed for flat in receipt.flat.values())):
        if entry.reason == WIDENED:
            found.append(entry._replace(reason=CUT, fragments=()))
    return found


def _without(bundle: Bundle, rounds: Sequence[Entries]) -> Bundle:
    """The bundle without the spans of these entries, which come in its order."""

    def iterate() -> Iterator[Record]:
        ahead = [_by_article(entries) for entries in rounds]
        waiting = [next(each) for each in ahead]
        for record in bundle:
            gone: set[str] = set()
            for number, (article, spans) in enumerate(waiting):
                if article == record.article.id:
                    gone |= spans
                    waiting[number] = next(ahead[number], ("", set()))
            yield replace(record, spans=tuple(span for span in record.spans if span.id not in gone))

    return replace(bundle, iterate=iterate)


def _by_article(entries: Entries) -> Iterator[tuple[str, set[str]]]:
    for article, group in groupby(entries, key=lambda entry: entry.article):
        yield article, {entry.span for entry in group}


def _written(format: Format, folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    folder.mkdir()
    if not format.write:
        raise UsageError(f"the format {format.id!r} cannot be written")
    return format.write(folder, bundle, plan)


def _stopped(format: Format, cutting: Entries) -> UserError:
    first = next(iter(cutting))
    others = f", and so do {len(cutting) - 1} others" if len(cutting) > 1 else ""
    return UserError(
        f"{format.id}: the span {first.label} {first.text!r} of article {first.article!r} cuts a token{others}",
        "move its edge (tagline check names them all), or let such spans be widened or left out",
    )
