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
from desktop.datasets.verify import Marks, verify
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
    folder = stage / job.format.id
    look = _Look(job.picked.owner, plan, steps, numbers)
    cutting: list[Entries] = []
    while True:
        steps.phase(job.records)
        bundle = _without(job.bundle, cutting) if cutting else job.bundle
        receipt = _written(job.format, folder, look.at(bundle), plan)
        found = _cutting(receipt) if cut != "widen" else Entries()
        if not found:
            break
        if cut == "stop":
            raise _stopped(job.format, found)
        # Without these, others may be written that had to stand back for them and cut a token too: look again.
        cutting.append(found)
        steps.forget(job.records)
        shutil.rmtree(folder)
    look.marks.account(receipt)
    receipt.labels = job.found.label_counts()
    for entry in chain.from_iterable(cutting):
        receipt.spans_in += 1
        receipt.left_out.append(entry)
    steps.phase(job.records)
    verify(job.format, folder, job.bundle, plan, receipt, steps.tick, look.marks)
    return receipt


class _Look:
    """What is noted of the records on their way to a writer, which may go through them several times: marks each time, numbers
    once."""

    def __init__(
        self, owner: Mapping[str, str], plan: Plan, steps: Steps, numbers: Statistics | None
    ) -> None:
        self._owner, self._plan, self._steps, self._numbers = owner, plan, steps, numbers
        self.marks = Marks()
        self._counted = 0
        self._last = ""

    def at(self, bundle: Bundle) -> Bundle:
        def iterate() -> Iterator[Record]:
            self.marks = Marks()
            for number, record in enumerate(bundle):
                self._steps.tick()
                self.marks.note(record)
                if self._numbers is not None and number == self._counted:
                    self._count(record, self._numbers)
                yield record

        return replace(bundle, iterate=iterate)

    def _count(self, record: Record, numbers: Statistics) -> None:
        name = record.article.id
        # The examples of an article come one behind the other.
        article = self._owner.get(name, name)
        numbers.add(
            record, self._plan.split(name), origin.source(record.article.meta), new=article != self._last
        )
        self._counted, self._last = self._counted + 1, article


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
