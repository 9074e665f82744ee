"""Which column of a table is which field of an article: as asked for, as remembered, else guessed from names and contents.

A column that is no field is kept as metadata under its own name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from desktop.errors import UsageError, UserError

FIELDS = ("text", "title", "id", "author", "date", "source", "url", "language")
LEFT_OUT = ""
_NAMES = {
    "text": "text body content article fulltext articletext articlebody articlecontent story storytext maintext bodytext maincontent "
            "newstext message post tweet contents texte texto testo inhalt artikel volltext tekst metin текст نص النص المحتوى 本文 正文",
    "title": "title headline header heading subject articletitle newstitle titre titel titulo titolo tytul заголовок عنوان العنوان 标题",
    "id": "id articleid docid documentid newsid storyid uid uuid guid key identifier",
    "author": "author authors byline writer creator reporter journalist auteur autor autore автор الكاتب المؤلف 作者",
    "date": "date published publishdate publisheddate pubdate publicationdate datepublished publishedat publishedon publishtime datetime "
            "created createdat timestamp day time fecha datum data dateofpublication дата تاريخ التاريخ 日期",
    "source": "source publisher outlet site sitename newspaper publication sourcename domain medium media quelle fuente fonte источник المصدر",
    "url": "url link uri href permalink sourceurl articleurl webaddress address رابط",
    "language": "language lang languagecode langue sprache idioma lingua язык اللغة",
}  # fmt: skip
_FIELD_OF = {
    name: (field, place) for field, names in _NAMES.items() for place, name in enumerate(names.split())
}
# A column is one of texts when its cells are so long on average, and so many times longer than those of any other.
_LONG, _LONGER = 40, 1.5


@dataclass(frozen=True)
class Columns:
    """The field of each column that is one (LEFT_OUT: the column is left out); `guessed` when nobody has said so."""

    fields: Mapping[str, str]
    guessed: bool = True

    def column(self, field: str) -> str | None:
        return next((column for column, found in self.fields.items() if found == field), None)

    def parted(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of a row by field, and the rest by column."""
        fields = {field: row.get(column) for column, field in self.fields.items() if field}
        return fields, {name: value for name, value in row.items() if name not in self.fields}


def parse(given: Iterable[str]) -> dict[str, str]:
    """The fields by column that `--column field=column` asks for; `=column` leaves the column out.

    Raises UsageError for what is not of this form, an unknown field, or one given twice.
    """
    made: dict[str, str] = {}
    for item in given:
        field, sign, column = (part.strip() for part in item.partition("="))
        if not sign or not column or (field and field not in FIELDS):
            raise UsageError(
                f"{item!r} names no column", f"write --column FIELD=COLUMN with one of {', '.join(FIELDS)}"
            )
        if column in made or (field and field in made.values()):
            raise UsageError(f"{item!r} says something twice", "name each field and each column once")
        made[column] = field
    return made


def signature(header: Sequence[str]) -> str:
    """Equal for tables with the same columns, in whatever order."""
    return hashlib.sha256("\n".join(sorted(header)).encode("utf-8", "replace")).hexdigest()[:16]


def choose(
    header: Sequence[str], rows: Sequence[Mapping[str, Any]], asked: Mapping[str, str],
    remembered: Mapping[str, Mapping[str, str]],
) -> Columns:  # fmt: skip
    """The columns of a table; `rows` are its first ones.

    Raises UserError where a column asked for is not there, or none holds texts.
    """
    missing = next((column for column in asked if column not in header), None)
    if missing is not None:
        raise UserError(f"no column is called {missing!r}", f"the columns are {', '.join(header)}")
    fields = dict(asked)
    known = remembered.get(signature(header))
    if known and not asked:
        fields = {column: field for column, field in known.items() if column in header}
    else:
        for column, field in _by_name(header).items():
            if column not in fields and field not in fields.values():
                fields[column] = field
    if "text" not in fields.values():
        longest = _longest([name for name in header if name not in asked], rows)
        if longest is None:
            raise UserError(
                "no column holds texts, as it seems",
                f"say which one does: --column text=NAME; the columns are {', '.join(header)}",
            )
        fields[longest] = "text"
    return Columns(fields, guessed=not known and "text" not in asked.values())


def field_of(name: str) -> str:
    """The field that a column of this name most likely is, "" where none."""
    return _named(name)[0]


def _named(column: str) -> tuple[str, int]:
    return _FIELD_OF.get(regex.sub(r"[^\p{L}\p{N}]", "", column).casefold(), ("", 0))


def _by_name(header: Sequence[str]) -> dict[str, str]:
    """For each field the column whose name stands first in the list of its names."""
    best: dict[str, tuple[int, str]] = {}
    for column in header:
        field, place = _named(column)
        if field and (field not in best or place < best[field][0]):
            best[field] = place, column
    return {column: field for field, (_, column) in best.items()}


def _longest(header: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The column of the longest texts, if it stands out."""
    lengths = sorted(((_mean(rows, column), column) for column in header), reverse=True)
    if not lengths or lengths[0][0] < _LONG:
        return lengths[0][1] if len(lengths) == 1 and lengths[0][0] else None
    return lengths[0][1] if len(lengths) == 1 or lengths[0][0] > _LONGER * lengths[1][0] else None


def _mean(rows: Sequence[Mapping[str, Any]], column: str) -> float:
    cells = [value for row in rows if isinstance(value := row.get(column), str)]
    return sum(map(len, cells)) / len(rows) if cells else 0.0
