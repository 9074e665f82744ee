"""What Tagline exported comes back in, whichever format it is: the whole dataset, or one folder of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading import open_bundle

from desktop import cli, projects
from desktop.bundle import Report
from desktop.datasets.options import ExportOptions
from desktop.exporting import export_project
from desktop.formats import writable
from desktop.formats.base import ReadOptions
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries

FORMATS = [format.id for format in writable()]
TEXTS = {"Army met, Navy too 🚀. And more.", "Iran and, Iraq\u00a0said cafe\u0301."}
# Formats that part articles, or have none of what they were.
PARTS = ("gliner",)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    session = projects.create(folder / "p.tagline", "A")
    lines = folder / "in.jsonl"
    lines.write_text(
        "".join(
            json.dumps({"id": name, "text": text, "status": {"A": "done"}, "spans": [
                {"start": at, "end": at + 4, "label": "actor", "annotator": "A"} for at in (0, 10)]}) + "\n"
            for name, text in zip(("one", "two"), sorted(TEXTS), strict=True)
        )
    )  # fmt: skip
    report = Report()
    import_bundle(session, open_bundle([lines], ReadOptions("A"), report), report)
    assert not report.skipped
    export_project(session, folder / "set", ExportOptions(tuple(FORMATS)))
    session.store.close()
    return folder / "set"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def bring(session: Session, path: Path) -> Report:
    report = Report()
    return import_bundle(session, open_bundle([path], ReadOptions("A"), report), report)


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_of_one_format(name: str, dataset: Path, session: Session) -> None:
    report = bring(session, dataset / name)
    assert report.skipped == []
    assert report.duplicates == []
    assert (report.articles, report.spans) == (2, 4)
    if name not in PARTS:
        texts = {queries.text(session.store, article.key) for article in session.store.rows("article")}
        assert texts == TEXTS


@pytest.mark.parametrize("name", FORMATS)
def test_a_dataset_of_one_format_with_all_that_lies_beside_it(
    name: str, dataset: Path, tmp_path: Path, session: Session
) -> None:
    others = [other for other in FORMATS if other != name]
    shutil.copytree(dataset, tmp_path / "set", ignore=shutil.ignore_patterns(*others))
    report = bring(session, tmp_path / "set")
    assert report.skipped == []
    assert (report.articles, report.spans) == (2, 4)
    assert queries.scheme(session.store).labels[0].name == "event"


def test_the_command_line_takes_it_for_no_error(dataset: Path, tmp_path: Path) -> None:
    assert cli.main(["new", str(tmp_path / "q.tagline")]) == 0
    assert cli.main(["import", str(tmp_path / "q.tagline"), str(dataset / "spacy")]) == 0


def test_a_dataset_in_an_archive_is_read_once(dataset: Path, tmp_path: Path, session: Session) -> None:
    archive = shutil.make_archive(str(tmp_path / "a"), "zip", dataset.parent, dataset.name)
    report = bring(session, Path(archive))
    assert (report.articles, report.skipped, report.duplicates) == (2, [], [])
    assert [row["format"] for row in report.formats] == ["jsonl"]


def test_other_files_in_a_folder_are_still_named(tmp_path: Path, session: Session) -> None:
    for name in ("config.cfg", "odd.cfg", "a.txt"):
        (tmp_path / name).write_text("The army.")
    assert [Path(row["file"]).name for row in bring(session, tmp_path).skipped] == ["odd.cfg"]


GLINER = [
    {"tokenized_text": ["😀", "Ana", "’", "s", "cafe\u0301"], "ner": [[1, 1, "actor"], [3, 4, ["location", "event"]], [4, 5, "actor"],
     [0, "x", "actor"], [True, 1, "actor"], "actor"], "relations": [[0, 1, "agent"], [0, 2, "agent"], [0]], "url": "u"},
    {"tokenized_text": [], "ner": []},
    {"tokenized_text": ["a", 7], "ner": []},
]  # fmt: skip


def test_examples_of_gliner_that_others_made(tmp_path: Path) -> None:
    (tmp_path / "pile.json").write_text(json.dumps(GLINER), "utf-8")
    report = Report()
    (record,) = open_bundle([tmp_path], ReadOptions("A"), report)
    assert record.text == "😀 Ana ’ s cafe\u0301"
    found = [(span.label, span.text) for span in record.spans]
    assert found == [("actor", "Ana"), ("location", "s cafe\u0301"), ("event", "s cafe\u0301")]
    assert [(tie.head, tie.tail) for tie in record.relations] == [("n0", "n1")]
    assert record.article.meta == {"url": "u"}
    places = [row["position"] for row in report.skipped]
    assert places == [
        *(f"item 1, span {n}" for n in (3, 4, 5, 6)),
        "item 1, relation 3",
        "item 1, relation 2",
        "item 2",
        "item 3",
    ]
