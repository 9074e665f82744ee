"""Proof that an export holds what its receipt says: the written files are read anew and compared span by span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats.base import Format, Placed, Plan
from desktop.formats.receipt import Receipt
from desktop.model import Fragment

_HINT = "export again into a new folder; if it happens again, leave this format out and report it"
Moved = Mapping[tuple[str, str], tuple[Fragment, ...]]


Marks = dict[str, int]
"""For each article a number that stands for its spans; the articles in the order of the bundle."""


def mark(placed: Counter[Placed]) -> int:
    """The number that stands for these spans, in this process alone: 64 bits instead of all of them."""
    return hash(frozenset(placed.items()))


def note(marks: Marks, record: Record) -> None:
    """Write down what a record holds, for when its files are read back."""
    marks[record.article.id] = mark(Counter((span.label, span.fragments) for span in record.spans))


def verify(
    format: Format,
    folder: Path,
    bundle: Bundle,
    plan: Plan,
    receipt: Receipt,
    tick: Callable[[], None],
    marks: Marks | None = None,
) -> None:
    """Compare the files of `format` in `folder` with `bundle` and mark the receipt as verified; `tick` after each article.

    Expected are the spans of the bundle without those left out, the changed ones at their new place. `marks` are those of
    the records as they were written, so that a project of which every span is written need not be read once more. Raises
    UserError at the first difference, naming format, article and span.
    """
    gone = {(entry.article, entry.span) for entry in receipt.left_out}
    moved = {(entry.article, entry.span): entry.fragments for entry in receipt.changed}
    if gone or moved or marks is None:
        marks = {record.article.id: mark(_expected(record, gone, moved)) for record in bundle}
    counted = 0
    for name, found in zip_longest(_in_file_order(marks, plan), _read(format, folder, bundle, plan)):
        if not name or not found or name != found[0]:
            raise UserError(
                f"{format.id}: article {name or found[0]!r} is not where it should be in the files", _HINT
            )
        if marks[name] != mark(found[1]):
            record = next(record for record in bundle if record.article.id == name)
            expected = _expected(record, gone, moved)
            raise UserError(f"{format.id}: {_difference(record, expected, found[1])}", _HINT)
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
