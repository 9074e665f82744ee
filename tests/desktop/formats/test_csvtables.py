"""Tables of articles, spans and relations: as data frames read them, foreign headers, and the way there and back."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import open_bundle

from desktop.bundle import Bundle, Record, Report
from desktop.formats import csvtables
from desktop.formats.base import SPLITS, Plan, ReadOptions
from desktop.model import Scheme

PLANS = [{}, {"separator": "tab"}, {"formulas": "guard"}, {"separator": "tab", "formulas": "guard"}]
TEXT = "😀 Ana met محمد in Tel\u00a0Aviv,\r\n=not a formula"


def read(*paths: Path) -> tuple[list[Record], Report]:
    report = Report()
    return list(open_bundle(paths, ReadOptions("reference"), report)), report


def table(path: Path, *rows: list[object], separator: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_others(tmp_path: Path, separator: str) -> None:
    table(
        tmp_path / "docs.csv",
        ["Doc_ID", "Content", "outlet"],
        ["d1", TEXT, "X"],
        ["d2", "Bo", ""],
        separator=separator,
    )
    table(
        tmp_path / "mentions.csv", ["mention", "doc_id", "begin", "end", "type", "coder"],
        ["محمد", "d1", 10, 14, "PER", "c"], ["Bo", "d2", 0, 2, "PER", "c"], ["Ana", "d1", 2, 5, "PER", "c"], separator=separator,
    )  # fmt: skip
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    found, report = read(tmp_path / "docs.csv")
    assert [(r.article.id, r.article.meta, [(s.label, s.text) for s in r.spans]) for r in found] == [
        ("d1", {"outlet": "X"}, [("PER", "محمد"), ("PER", "Ana")]), ("d2", {}, [("PER", "Bo")]),
    ]  # fmt: skip
    assert not report.skipped


def test_offsets_in_utf_16_are_known_by_the_quotes(tmp_path: Path) -> None:
    table(tmp_path / "articles.csv", ["id", "text"], ["a", TEXT])
    table(tmp_path / "spans.csv", ["article", "start", "end", "label", "text"], ["a", 3, 6, "PER", "Ana"])
    [record], report = read(tmp_path)
    assert record.spans[0].text == "Ana"
    assert [row["offsets"] for row in report.guessed] == ["UTF-16 units"]


def test_what_is_wrong_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    table(
        tmp_path / "articles.csv",
        ["id", "text", "meta", "status"],
        ["a", TEXT, "{no", "ready"],
        ["b", "", "", ""],
    )
    table(
        tmp_path / "spans.csv", ["article", "start", "end", "label", "text", "attributes"],
        ["a", "x", 5, "PER", "", ""], ["a", 2, 5, "PER", "Bob", ""], ["a", 2, 99, "PER", "", ""], ["a", 2, 5, "PER", "Ana", "[1]"],
        ["c", 0, 1, "PER", "", ""], ["c", 0, 1, "PER", "", ""],
    )  # fmt: skip
    table(tmp_path / "relations.csv", ["article", "type", "head", "tail"], ["a", "met", "s1", "s9"])
    found, report = read(tmp_path)
    assert [[span.text for span in record.spans] for record in found] == [["Ana"], []]
    assert [
        (Path(row["file"]).name, row["position"], row["reason"].split(";")[0]) for row in report.skipped
    ] == [
        ("articles.csv", "line 3", "status 'ready' is unknown"),
        ("articles.csv", "line 3", "meta is not the JSON it should be: '{no'"),
        ("spans.csv", "line 2", "start and end are no numbers"),
        ("spans.csv", "line 3", "span 2–5 is said to read 'Bob', but the text there reads 'Ana'"),
        ("spans.csv", "line 5", "attributes is not the JSON it should be: '[1]'"),
        ("articles.csv", "spans.csv, line 4", "span 2–99 is outside the text, which has 43 characters"),
        ("articles.csv", "relations.csv, line 2", "relation 'met' points to span 's9', which is not there"),
        ("spans.csv", "", "article 'c' is not in articles.csv: 2 spans left out"),
    ]
    assert [(Path(row["file"]).name, row["position"]) for row in report.empty] == [("articles.csv", "line 4")]


def test_a_table_that_breaks_off(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text('id,text\na,"Ana"\nb,"Bo', "utf-8")
    table(tmp_path / "spans.csv", ["article", "start", "end", "label"], ["a", 0, 3, "PER"])
    found, report = read(tmp_path)
    assert [span.text for record in found for span in record.spans] == ["Ana"]
    assert report.skipped[0]["reason"].startswith("this is no table: unexpected end of data")


def test_data_frames_read_them(reference: Bundle, tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    import pandas

    csvtables.write(tmp_path, reference, Plan(scheme))
    articles, spans, relations = (
        pandas.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, lineterminator="\n") for name in ("articles", "spans", "relations")
    )  # fmt: skip
    assert (len(articles), len(spans), len(relations)) == (5, 722, 773)
    joined = spans.merge(articles, left_on="article", right_on="id", suffixes=("", "_article"))
    assert all(row.text_article[row.start : row.end] == row.text for row in joined.itertuples())
    kinds = Counter(s.attributes["kind"] for r in reference for s in r.spans if "kind" in s.attributes)
    assert Counter(kind for kind in spans["attr.kind"] if kind) == kinds


@pytest.mark.parametrize("options", PLANS)
def test_the_reference_comes_back(
    reference: Bundle, scheme: Scheme, tmp_path: Path, options: dict[str, str]
) -> None:
    csvtables.write(tmp_path, reference, Plan(scheme, options=options))
    found, report = read(tmp_path)
    assert not report.skipped
    assert not report.cleaned
    for record, other in zip(reference, found, strict=True):
        assert (other.article, other.text, other.status) == (record.article, record.text, record.status)
        assert set(map(repr, other.spans)) == set(map(repr, record.spans))
        assert set(map(repr, other.relations)) == set(map(repr, record.relations))


@pytest.mark.parametrize("options", PLANS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_comes_back(
    strategies: ModuleType, scheme: Scheme, options: dict[str, str], data: st.DataObject
) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    splits = {record.article.id: data.draw(st.sampled_from(SPLITS)) for record in bundle}
    with tempfile.TemporaryDirectory() as folder:
        csvtables.write(Path(folder), bundle, Plan(scheme, splits, options))
        found, report = read(Path(folder))
    assert not report.skipped
    for record, other in zip(bundle, found, strict=True):
        assert (other.article, other.text, other.status) == (record.article, record.text, record.status)
        assert Counter(map(repr, sorted_attributes(other))) == Counter(map(repr, sorted_attributes(record)))
        assert set(map(repr, other.relations)) == set(map(repr, record.relations))


def sorted_attributes(record: Record) -> list[object]:
    return [
        (s.id, s.label, s.fragments, s.text, s.note, sorted(s.attributes.items(), key=repr))
        for s in record.spans
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'", "'="])
def test_guarded_cells(strategies: ModuleType, scheme: Scheme, tmp_path: Path, start: str) -> None:
    text = f"{start}SUM(A1)"
    record = strategies.article(text, strategies.span(text, "event", text), id=start, title=start)
    csvtables.write(
        tmp_path, strategies.bundle([record], scheme), Plan(scheme, options={"formulas": "guard"})
    )
    with (tmp_path / "spans.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["article"], row["text"]) == (f"'{start}", f"'{text}")
    [other], report = read(tmp_path)
    assert (other.article.id, other.article.title, other.spans[0].text) == (start, start, text)
    assert not report.skipped
