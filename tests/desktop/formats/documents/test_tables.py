"""Tables: the columns guessed, asked for and remembered; dialects and encodings; bad rows named and the rest read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from desktop.bundle import Record, Report
from desktop.columns import signature
from desktop.errors import UserError
from desktop.formats import of_file
from desktop.formats.base import ReadOptions
from desktop.formats.documents import tables

LONG = "The army said that three rockets hit the base near the café 🚀, and nobody was hurt in the attack."


def read(path: Path, **options: Any) -> tuple[list[Record], Report]:
    report = Report()
    return list(tables.read(path, ReadOptions("A", **options), report)), report


def csv_of(path: Path, rows: list[list[str]], encoding: str = "utf-8", **dialect: Any) -> Path:
    made = io.StringIO()
    csv.writer(made, **dialect).writerows(rows)
    path.write_bytes(made.getvalue().encode(encoding))
    return path


HEADER = ["ID", "Headline", "Published at", "By-line", "Outlet", "Link", "Lang", "Article Body", "Desk"]
ROW = [
    "n1",
    "Attack in Baghdad",
    "2021-07-11T10:00:00Z",
    "Jane Döe",
    "The Daily",
    "https://d.example/1",
    "en-GB",
    LONG,
    "world",
]


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    records, report = read(csv_of(tmp_path / "a.csv", [HEADER, ROW]), name="a.csv")
    (record,) = records
    assert record.text == LONG
    assert (record.article.id, record.article.title, record.article.language) == (
        "n1",
        "Attack in Baghdad",
        "en",
    )
    assert record.article.meta == {
        "author": "Jane Döe", "date": "2021-07-11T10:00:00Z", "source": "The Daily", "url": "https://d.example/1", "Desk": "world",
        "file": "a.csv",
    }  # fmt: skip
    assert (record.given_id, record.position) == (True, "line 2")
    (row,) = report.columns
    assert row["guessed"]
    assert row["header"] == HEADER
    assert row["fields"]["Article Body"] == "text"
    assert not report.skipped


@pytest.mark.parametrize(
    "dialect",
    [
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"delimiter": "|"},
        {"quoting": csv.QUOTE_ALL},
        {"lineterminator": "\n"},
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialects_and_encodings(tmp_path: Path, dialect: dict[str, Any], encoding: str) -> None:
    text = 'He said: "so; it is", | and\r\nleft the café, they say, to nobody’s surprise.'
    path = csv_of(
        tmp_path / "a.csv", [["title", "text"], ["One", text], ["Two", "Short é"]], encoding, **dialect
    )
    records, report = read(path)
    assert [record.text for record in records] == [text.replace("\r\n", "\n"), "Short é"]
    assert [record.position for record in records] == ["line 2", "line 4"]
    assert bool(report.guessed) == (encoding == "cp1252")


def test_the_longest_column_where_no_name_tells(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", [["a", "b", "c"], ["1", LONG, "x"], ["2", LONG + "!", "y"]])
    records, report = read(path)
    assert [record.text for record in records] == [LONG, LONG + "!"]
    assert records[0].article.meta["a"] == "1"
    assert report.columns[0]["fields"] == {"b": "text"}


def test_a_table_without_a_header(tmp_path: Path) -> None:
    records, report = read(
        csv_of(tmp_path / "a.csv", [["7", "2021-07-11", LONG + LONG], ["8", "2021-07-12", LONG]])
    )
    assert [record.text for record in records] == [LONG + LONG, LONG]
    assert records[0].position == "line 1"
    assert report.columns[0]["header"] == ["column 1", "column 2", "column 3"]


def test_columns_asked_for_and_remembered(tmp_path: Path) -> None:
    path = csv_of(
        tmp_path / "a.csv", [["body", "summary", "internal", "when"], [LONG, LONG[:60], "x", "July 11, 2021"]]
    )
    asked = {"summary": "text", "internal": "", "when": "date"}
    (record,), report = read(path, columns=asked)
    assert record.text == LONG[:60]
    assert record.article.meta == {"body": LONG, "date": "2021-07-11", "file": "a.csv"}
    assert not report.columns[0]["guessed"]
    kept = {signature(["when", "body", "summary", "internal"]): asked}
    (record,), report = read(path, remembered=kept)
    assert record.text == LONG[:60]
    assert not report.columns[0]["guessed"]


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([["a", "b"], ["1", "2"], ["3", "4"]], {}, "no column holds texts"),
        ([["text"], [LONG]], {"columns": {"body": "text"}}, "no column is called 'body'"),
    ],
)
def test_tables_without_texts(
    tmp_path: Path, rows: list[list[str]], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message) as raised:
        read(csv_of(tmp_path / "a.csv", rows), **options)
    assert "the columns are" in raised.value.hint
    assert raised.value.file == str(tmp_path / "a.csv")


def test_bad_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = csv_of(
        tmp_path / "a.csv",
        [
            ["title", "text"],
            ["One", "first"],
            ["Two", "", ""],
            ["Three", "third", "", "more"],
            [],
            ["Four", "fourth"],
            ["Five", "\x01\x02"],
        ],
    )
    records, report = read(path)
    assert [record.text for record in records] == ["first", "fourth"]
    assert {row["position"]: row["reason"].split(";")[0] for row in report.skipped} == {
        "line 3": "the row has no text",
        "line 4": "the row has 4 cells and the table 2 columns",
        "line 7": "the article has no text",
    }


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST", 5000)
    path = csv_of(
        tmp_path / "a.csv", [["title", "text"], ["One", "first"], ["Two", "x" * 20_000], ["Three", "third"]]
    )
    records, report = read(path)
    assert [record.text for record in records] == ["first", "third"]
    assert [row["position"] for row in report.skipped] == ["line 3"]


def test_a_file_that_stops_being_what_it_seemed(tmp_path: Path) -> None:
    rows = [["title", "text"], *(["A", "Текст статьи номер один."] for _ in range(5))]
    path = csv_of(tmp_path / "a.csv", rows, "cp1251")
    with pytest.raises(UserError, match="not text in ascii") as raised:
        read(path, encoding="ascii")
    assert raised.value.hint


@given(
    st.lists(
        st.tuples(
            *[
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).map(
                    lambda s: "x" + s + "y"
                )
            ]
            * 3
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_csv_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    path = csv_of(tmp_path_factory.mktemp("t") / "a.csv", [["id", "text", "own"], *map(list, rows)])
    records, report = read(path)
    assert [record.article.meta["own"] for record in records] == [own for _, _, own in rows]
    lines = str.maketrans(dict.fromkeys("\u2028\u2029", "\n") | dict.fromkeys("\ufdd0\ufdd1\ufffe\uffff", ""))
    assert [record.text for record in records] == [text.translate(lines) for _, text, _ in rows]
    assert not report.skipped


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_all_sheets_of_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        News=[["id", "date", "text", "n"], [7, date(2021, 7, 11), LONG, 1.5], [None, None, None, None], [8, datetime(2021, 7, 11, 10, 30), "Second قال", 2.0]],
        Empty=[],
        More=[[], ["title", "body"], ["T", "Third"], ["U", None]],
    )  # fmt: skip
    records, report = read(path)
    assert [record.text for record in records] == [LONG, "Second قال", "Third"]
    assert [record.article.id for record in records[:2]] == ["7", "8"]
    assert [record.article.meta.get("date") for record in records] == [
        "2021-07-11",
        "2021-07-11T10:30:00",
        None,
    ]
    assert [record.article.meta.get("n") for record in records] == ["1.5", "2", None]
    assert [record.position for record in records] == [
        "sheet News, row 2",
        "sheet News, row 4",
        "sheet More, row 3",
    ]
    assert [(row["position"], row["reason"].split(";")[0]) for row in report.skipped] == [
        ("sheet More, row 4", "the row has no text")
    ]
    assert [row["sheet"] for row in report.columns] == ["sheet News", "sheet More"]


EXCEL = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships"><sheets><sheet name="News" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship '
    'Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>title</t></si>'
    f"<si><t>text</t></si><si><r><t>{LONG[:40]}</t></r><r><t>{LONG[40:]}</t></r></si></sst>",
    "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>7</v></c><c r="B2" t="s"><v>2</v></c>'
    "</row></sheetData></worksheet>",
}


def excel(path: Path, **parts: bytes) -> Path:
    """A workbook as Excel writes it, with its texts in a part of their own; some parts are something else."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in EXCEL.items():
            archive.writestr(name, parts.get(Path(name).stem, text.encode()))
    return path


def test_a_workbook_of_excel_with_a_wrong_dimension(tmp_path: Path) -> None:
    records, report = read(excel(tmp_path / "a.xlsx"))
    assert [(record.article.title, record.text) for record in records] == [("7", LONG)]
    assert not report.skipped


@pytest.mark.parametrize("part", ["workbook", "sheet1", "sharedStrings"])
@pytest.mark.parametrize(
    "data", [b"<broken", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>', b"", b" " * 150_000_000],
    ids=["broken", "entities", "empty", "zip bomb"],
)  # fmt: skip
def test_workbooks_that_are_damaged_or_hostile(tmp_path: Path, part: str, data: bytes) -> None:
    try:
        records, report = read(excel(tmp_path / "a.xlsx", **{part: data}))
    except UserError as error:
        assert error.hint
        assert error.file
    else:
        assert report.skipped
        assert not records


def test_json_objects_with_other_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"headline": "One", "body": LONG, "tags": ["a", "b"], "n": 3})
        + "\nbroken\n"
        + json.dumps({"body": "Second", "date": "x"})
        + "\n"
    )
    found = of_file(path)
    assert found
    assert found.id == "table"
    records, report = read(path)
    assert [record.text for record in records] == [LONG, "Second"]
    assert (records[0].article.title, records[0].article.meta["tags"], records[0].article.meta["n"]) == (
        "One",
        ["a", "b"],
        3,
    )
    assert [row["position"] for row in report.skipped] == ["line 2"]
    path = tmp_path / "b.json"
    path.write_text(json.dumps([{"body": LONG}, 7, {"body": "Second"}]))
    records, report = read(path)
    assert [record.position for record in records] == ["item 1", "item 3"]
    assert [row["position"] for row in report.skipped] == ["item 2"]


def test_taglines_own_records_are_no_table(tmp_path: Path) -> None:
    for line in ('{"text": "x", "body": "y"}', '{"body": "y", "text": "' + "x" * 100_000 + '"}', "broken"):
        (tmp_path / "a.jsonl").write_text(line + "\n")
        found = of_file(tmp_path / "a.jsonl")
        assert found
        assert found.id == "jsonl"


def test_html_in_cells_is_read_as_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    html = "<div><p>The army &amp; navy said 🚀.</p><p>It was<br>Monday.</p><script>x()</script></div>"
    path.write_text(f'title,content\nOne,"{html}"\nTwo,"2 < 3 and 4 > 1, <i>so</i>"\n', "utf-8")
    report = Report()
    first, second = tables.read(path, ReadOptions("A"), report)
    assert first.text == "The army & navy said 🚀.\nIt was\nMonday."
    assert second.text == "2 < 3 and 4 > 1, <i>so</i>"
    assert [(row["what"], row["count"]) for row in report.cleaned] == [
        ("texts that were HTML read as text", 1)
    ]


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({"title": "One", "text": "The army said so."}, ["The army said so."]),
        ({"total": 2, "articles": [{"content": "The army said so."}, {"content": "The navy."}]}, ["The army said so.", "The navy."]),
        ({"text": "The army said so.", "tags": ["a", "b"], "links": []}, ["The army said so."]),
    ],
)  # fmt: skip
def test_an_object_of_json_is_an_article_or_holds_a_list_of_them(
    tmp_path: Path, given: object, texts: list[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    format = of_file(path)
    assert format
    assert format.id == "table"
    assert [record.text for record in tables.read(path, ReadOptions("A"), Report())] == texts
