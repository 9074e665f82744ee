"""Texts that Hugging Face's JSON loader takes for times.

Arrow's JSON reader, which `datasets` uses, reads a column as timestamps when every text in it looks like one, before any
declared feature is applied; as text it then comes out in another form (`2021-07-11` as `2021-07-11 00:00:00`). There is
no setting against it in `datasets` 2 to 5, so what a text column cannot carry unchanged is written in the form it comes
out in, or declared as a date, or at least named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# The forms of ISO 8601 that Arrow's ParseTimestampISO8601 accepts for whole seconds.
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}(?::\d{2}(?::\d{2})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?")


def is_time(text: str) -> bool:
    """Whether the loader may take `text` for a time."""
    return _TIME.fullmatch(text) is not None and _parsed(text) is not None


def is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar as `YYYY-MM-DD`."""
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def settled(text: str) -> str:
    """`text`, in the form that loading cannot change: a time as `YYYY-MM-DD HH:MM:SS` in UTC, all else as it is."""
    found = _parsed(text) if _TIME.fullmatch(text) else None
    return found.isoformat(" ") if found else text


def _parsed(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None


class Watch:
    """Finds the columns of a file in which every text looks like a time; feed it row by row."""

    def __init__(self) -> None:
        self._times: set[str] = set()
        self._texts: set[str] = set()

    def see(self, column: str, value: Any) -> None:
        """Look at a value and at what is inside it; `column` names nested ones as `spans.text`."""
        if isinstance(value, str):
            if column not in self._texts:
                (self._times if is_time(value) else self._texts).add(column)
        elif isinstance(value, dict):
            for name, inner in value.items():
                self.see(f"{column}.{name}" if column else name, inner)
        elif isinstance(value, list):
            for inner in value:
                self.see(column, inner)

    def columns(self, besides: Iterable[str] = ()) -> list[str]:
        """The columns that will not load as they were written."""
        return sorted(self._times - self._texts - set(besides))
