"""Proof that an export holds what its receipt says: the written files are read anew and compared span by span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats.base import Format, Placed, Plan
from desktop.formats.receipt import Receipt
from desktop.model import Fragment

_HINT = "export again into a new folder; if it happens again, leave this format out and report it"
Moved = Mapping[tuple[str, str], tuple[Fragment, ...]]


def verify(
    format: Format, folder: Path, bundle: Bundle, plan: Plan, receipt: Receipt, tick: Callable[[], None]
) -> None:
    """Compare the files of `format` in `folder` with `bundle` and mark the receipt as verified; `tick` after each article.

    Expected are the spans of the bundle without those left out, the changed ones at their new place. Raises UserError at
    the first difference, naming format, article and span.
    """
    gone = {(entry.article, entry.span) for entry in receipt.left_out}
    moved = {(entry.article, entry.span): entry.fragments for entry in receipt.changed}
    counted = 0
    for record, found in zip_longest(_in_file_order(bundle, plan), _read(format, folder, bundle, plan)):
        if not record or not found or record.article.id != found[0]:
            name = record.article.id if record else found[0] if found else ""
            raise UserError(f"{format.id}: article {name!r} is not where it should be in the files", _HINT)
        expected = _expected(record, gone, moved)
        if expected != found[1]:
            raise UserError(f"{format.id}: {_difference(record, expected, found[1])}", _HINT)
        counted += expected.total()
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


def _in_file_order(bundle: Bundle, plan: Plan) -> Iterator[Record]:
    """The articles split by split, as the sorted names of files bring them."""
    for split in sorted(plan.names):
        yield from (record for record in bundle if plan.split(record.article.id) == split)


def _expected(record: Record, gone: set[tuple[str, str]], moved: Moved) -> Counter[Placed]:
    article = record.article.id
    return Counter(
        (span.label, moved.get((article, span.id), span.fragments))
        for span in record.spans
        if (article, span.id) not in gone
    )


def _difference(record: Record, expected: Counter[Placed], found: Counter[Placed]) -> str:
    missing, extra = expected - found, found - expected
    label, fragments = min(missing or extra)
    place = ", ".join(f"{start}–{end}" for start, end in fragments)
    what = "is missing from" if missing else "should not be in"
    return f"the span {label!r} at {place} of article {record.article.id!r} {what} the files"
