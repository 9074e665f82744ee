"""An article without text comes in, is told of, is listed by the checks, and comes back out of every format that can hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import projects
from desktop.bundle import Report
from desktop.datasets.checks import check
from desktop.datasets.options import ExportOptions
from desktop.exporting import export_project
from desktop.formats import writable
from desktop.intake import Wishes, bring_in, lines
from desktop.session import Session
from desktop.store import queries

GIVEN = (
    '{"id":"a","title":"One","text":"The army said so. 🚀","spans":[{"start":4,"end":8,"label":"actor"}]}\n'
    '{"id":"b","title":"Nothing","text":""}\n{"id":"c","title":"Blanks","text":" \\n \\u00a0\\n"}\n'
    '{"id":"d","title":"Two","text":"Three rockets hit Baghdad"}\n'
)
TEXTS = ["", " \n \u00a0\n", "The army said so. 🚀", "Three rockets hit Baghdad"]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    (tmp_path / "given.jsonl").write_text(GIVEN, "utf-8")
    made = projects.create(tmp_path / "p.tagline", "A")
    report = bring_in(made, Wishes([tmp_path / "given.jsonl"]), "A")
    assert (report.articles, report.skipped) == (4, [])
    assert [row["position"] for row in report.empty] == ["line 2", "line 3"]
    return made


def texts(session: Session) -> list[str]:
    return sorted(
        queries.text(session.store, row.key) for row in session.store.rows("article", "deleted = 0")
    )


@pytest.mark.parametrize("format", [format.id for format in writable()])
def test_every_format_returns_it(format: str, session: Session, tmp_path: Path) -> None:
    outcome = export_project(session, tmp_path / "out", ExportOptions((format,)))
    assert all(receipt.verified for receipt in outcome.receipts)
    report, other = Report(), projects.create(tmp_path / "other.tagline", "A")
    bring_in(other, Wishes([tmp_path / "out" / format], unknown="add"), "A")
    assert report.skipped == []
    if format == "gliner":  # examples of words, of which it has none: the receipt says so
        assert outcome.receipts[0].notes["articles_without_words"] == 2
        assert texts(other) == ["The army said so . 🚀", "Three rockets hit Baghdad"]
    else:
        assert texts(other) == TEXTS
    other.store.close()


def test_a_text_file_may_be_empty_and_others_not(tmp_path: Path) -> None:
    (tmp_path / "bare.txt").write_bytes(b"")
    (tmp_path / "bare.html").write_bytes(b"")
    (tmp_path / "bare.jsonl").write_bytes(b"")
    made = projects.create(tmp_path / "q.tagline", "A")
    report = bring_in(
        made, Wishes([tmp_path / name for name in ("bare.txt", "bare.html", "bare.jsonl")]), "A"
    )
    assert (report.articles, len(report.skipped)) == (1, 2)
    assert f"{tmp_path / 'bare.txt'}: the article has no text" in lines(report)
    (article,) = made.store.rows("article", "deleted = 0")
    assert (article.title, article.length) == ("bare", 0)


def test_the_checks_list_it(session: Session) -> None:
    bundle = queries.bundle(session.store)
    found = [
        problem
        for problem in check(bundle, queries.scheme(session.store))
        if problem.kind == "article.no_text"
    ]
    assert [problem.article for problem in found] == ["b", "c"]
    assert all("no text" in problem.message and problem.severity == "warning" for problem in found)
