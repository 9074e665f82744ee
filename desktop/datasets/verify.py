"""Proof that an export holds what its receipt says: the written files are read anew and compared span by span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats.base import Format, Placed, Plan
from desktop.formats.receipt import Entry, Receipt

_HINT = "export again into a new folder; if it happens again, leave this format out and report it"
_BITS = (1 << 64) - 1


Marks = dict[str, int]
"""For each article a number that stands for its spans; the articles in the order of the bundle."""


def mark(placed: Mapping[Placed, int]) -> int:
    """The number that stands for these spans, in this process alone: 64 bits instead of all of them.

    It is the sum of those of the spans, so that one can be taken out of it or moved.
    """
    return sum(_part(place) * count for place, count in placed.items()) & _BITS


def _part(place: Placed) -> int:
    # Squared, since sums of plain hashes may be equal when one span is moved as far ahead as another is moved back.
    return hash(place) ** 2


def note(marks: Marks, record: Record) -> None:
    """Write down what a record holds, for when its files are read back."""
    # As _part does, without a call for each of them.
    parts = [hash((span.label, span.fragments)) ** 2 for span in record.spans]
    marks[record.article.id] = sum(parts) & _BITS


def account(marks: Marks, receipt: Receipt) -> None:
    """Bring the marks of what was given to a writer to what it wrote, by its own account."""
    for entry in receipt.left_out:
        _take(marks, entry)
    for entry in receipt.changed:
        _take(marks, entry)
        marks[entry.article] = (marks[entry.article] + _part((entry.label, entry.fragments))) & _BITS


def _take(marks: Marks, entry: Entry) -> None:
    marks[entry.article] = (marks[entry.article] - _part((entry.label, entry.was))) & _BITS


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
        marks = {}
        for record in bundle:
            note(marks, record)
        account(marks, receipt)
    counted = 0
    for name, found in zip_longest(_in_file_order(marks, plan), _read(format, folder, bundle, plan)):
        if not name or not found or name != found[0]:
            raise UserError(
                f"{format.id}: article {name or found[0]!r} is not where it should be in the files", _HINT
            )
        if marks[name] != mark(found[1]):
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


def _in_file_order(names: Iterable[str], plan: Plan) -> list[str]:
    """The articles split by split, as the sorted names of files bring them."""
    return sorted(names, key=plan.split)


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
