"""Proof that an export holds what its receipt says: the written files are read anew and compared span by span."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats.base import Format, Placed, Plan
from desktop.formats.receipt import Entry, Receipt
from desktop.scratch import Pile

_HINT = "export again into a new folder; if it happens again, leave this format out and report it"
_BITS = (1 << 64) - 1


class Marks:
    """For each article, in the order of the bundle, a number that stands for its spans, in this process alone: 64 bits instead
    of all of them. It is the sum of those of the spans, so that one can be taken out of it or moved."""

    def __init__(self) -> None:
        self._names = Pile[str]()
        self._sums = array("Q")

    def note(self, record: Record) -> None:
        """Write down what a record holds, for when its files are read back."""
        # As _part does, without a call for each of them.
        parts = [hash((span.label, span.fragments)) ** 2 for span in record.spans]
        self._names.append(record.article.id)
        self._sums.append(sum(parts) & _BITS)

    def account(self, receipt: Receipt) -> None:
        """Bring the marks of what was given to a writer to what it wrote, by its own account."""
        for entries in (receipt.left_out, receipt.changed):
            articles = enumerate(self._names)
            for name, mine in groupby(entries, key=lambda entry: entry.article):
                number = next(number for number, article in articles if article == name)
                self._sums[number] = (self._sums[number] + sum(map(_change, mine))) & _BITS

    def in_file_order(self, plan: Plan) -> Iterator[tuple[str, int]]:
        """The articles with their marks split by split, as the sorted names of files bring them."""
        for split in sorted({plan.split(name) for name in self._names}):
            for name, mark in zip(self._names, self._sums, strict=True):
                if plan.split(name) == split:
                    yield name, mark


def mark(placed: Mapping[Placed, int]) -> int:
    """The number that stands for these spans."""
    return sum(_part(place) * count for place, count in placed.items()) & _BITS


def _part(place: Placed) -> int:
    # Squared, since sums of plain hashes may be equal when one span is moved as far ahead as another is moved back.
    return hash(place) ** 2


def _change(entry: Entry) -> int:
    return (_part((entry.label, entry.fragments)) if entry.fragments else 0) - _part((entry.label, entry.was))


def verify(
    format: Format,
    folder: Path,
    bundle: Bundle,
    plan: Plan,
    receipt: Receipt,
    tick: Callable[[], None],
    marks: Marks | None = None,
) -> None:
    """Compare the files of `format` in `folder` with what should be in them and mark the receipt as verified.

    Expected are the spans of the bundle without those left out, the changed ones at their new place: `marks` say it, so that
    the project need not be read once more; where they are missing they are made. `tick` is called after each article. Raises
    UserError at the first difference, naming format, article and span.
    """
    if marks is None:
        marks = Marks()
        for record in bundle:
            marks.note(record)
        marks.account(receipt)
    counted = 0
    nothing: tuple[str, Any] = ("", None)
    there = _read(format, folder, bundle, plan)
    for (name, wanted), found in zip_longest(marks.in_file_order(plan), there, fillvalue=nothing):
        if name != found[0]:
            raise UserError(
                f"{format.id}: article {name or found[0]!r} is not where it should be in the files", _HINT
            )
        if wanted != mark(found[1]):
            record = next(record for record in bundle if record.article.id == name)
            raise UserError(
                f"{format.id}: {_difference(record, _expected(record, receipt), found[1])}", _HINT
            )
        counted += found[1].total()
        tick()
    if counted != receipt.spans_out:
        raise UserError(
            f"{format.id}: {counted} spans were written, the receipt says {receipt.spans_out}", _HINT
        )
    receipt.verified = True


def _read(format: Format, folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What the format reads back; files that it cannot even parse are a UserError as well."""
    if not format.read_back:
        raise UserError(f"{format.id} cannot be read back", "leave this format out")
    try:
        yield from format.read_back(folder, bundle, plan)
    except UserError as error:
        raise UserError(f"{format.id}: {error.message}", _HINT, file=error.file) from None
    except (ValueError, LookupError, TypeError) as error:
        raise UserError(f"{format.id}: the files cannot be read back: {error}", _HINT) from error


def _expected(record: Record, receipt: Receipt) -> Counter[Placed]:
    """The spans that should be in the files, for one article."""
    article = record.article.id
    gone = {entry.span for entry in receipt.left_out if entry.article == article}
    moved = {entry.span: entry.fragments for entry in receipt.changed if entry.article == article}
    return Counter(
        (span.label, moved.get(span.id, span.fragments)) for span in record.spans if span.id not in gone
    )


def _difference(record: Record, expected: Counter[Placed], found: Counter[Placed]) -> str:
    missing, extra = expected - found, found - expected
    label, fragments = min(missing or extra)
    place = ", ".join(f"{start}–{end}" for start, end in fragments)
    what = "is missing from" if missing else "should not be in"
    return f"the span {label!r} at {place} of article {record.article.id!r} {what} the files"
