"""What becomes of each record: new, there already, changed, unknown; and that nothing goes without a line."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reading import open_bundle

from desktop import commands, projects
from desktop.bundle import Record, Report
from desktop.errors import Cancelled, UserError
from desktop.formats import jsonl
from desktop.formats import scheme as schemes
from desktop.formats.base import Plan, ReadOptions
from desktop.imports import import_bundle
from desktop.model import Scheme
from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference.jsonl"
SECOND = ROOT / "tests" / "data" / "second.jsonl"
TEXT = "🚀 قال محمد\r\ncafe\u0301 in Tel\u00a0Aviv\u2028end"
EVENT = {"start": 2, "end": 5, "label": "event", "text": "قال"}
ACTOR = {"start": 6, "end": 10, "label": "actor", "text": "محمد"}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def bring(
    session: Session, tmp_path: Path, *records: dict[str, Any], scheme: Scheme | None = None, **options: Any
) -> Report:
    """Import these records as lines of a file."""
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    report = Report()
    bundle = open_bundle([path], ReadOptions(session.annotator), report)
    return import_bundle(session, replace(bundle, scheme=scheme), report, **options)


def everything(session: Session) -> bytes:
    return "".join(jsonl.dumps(record) + "\n" for record in queries.bundle(session.store)).encode()


def reasons(report: Report) -> list[str]:
    return [row["reason"].split(";")[0] for row in report.skipped]


def test_the_reference_goes_in_and_out_byte_for_byte(session: Session, tmp_path: Path) -> None:
    report = Report()
    import_bundle(session, open_bundle([REFERENCE], ReadOptions("A"), report), report)
    assert (report.articles, report.spans, report.relations) == (5, 722, 773)
    assert not report.skipped
    (tmp_path / "out").mkdir()
    receipt = jsonl.write(
        tmp_path / "out", queries.bundle(session.store), Plan(queries.scheme(session.store))
    )
    assert receipt.spans_out == 722
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == REFERENCE.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_undone_and_redone_at_random_with_every_label(session: Session, seed: int) -> None:
    import_bundle(session, projects.sample(labels=False), Report())
    for record in jsonl.read(REFERENCE, ReadOptions("A"), Report()):
        article = queries.article_named(session.store, record.article.id)
        assert article
        for span in record.spans[:40]:
            commands.add_span(session, article.key, span.fragments, span.label, "A")
    end = everything(session)
    dice = random.Random(seed)
    undone = 0
    for _ in range(400):
        if dice.random() < 0.5:
            undone += session.undo() is not None
        else:
            undone -= session.redo() is not None
    while session.redo():
        undone -= 1
    assert undone == 0
    assert everything(session) == end


def test_same_id_and_text_brings_only_new_spans(session: Session, tmp_path: Path) -> None:
    first = bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": [EVENT]})
    again = bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": [EVENT, ACTOR]})
    assert (first.articles, first.spans) == (1, 1)
    assert (again.articles, again.spans, again.skipped) == (0, 1, [])
    assert [row["of"] for row in again.duplicates] == ["a"]
    assert [span.id for span in queries.spans(session.store, 1)] == ["s1", "s2"]


def test_the_same_file_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    record = {"id": "a", "text": TEXT, "spans": [EVENT | {"id": "x"}, ACTOR | {"id": "y"}], "note": "n",
              "relations": [{"type": "agent", "head": "x", "tail": "y"}], "status": {"A": "done"}}  # fmt: skip
    bring(session, tmp_path, record)
    before, steps = everything(session), queries.history(session.store)
    report = bring(session, tmp_path, record)
    assert (report.articles, report.spans, report.relations, report.skipped) == (0, 0, 0, [])
    assert everything(session) == before
    assert queries.history(session.store) == steps


def test_same_id_other_text_is_skipped_as_changed(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, {"id": "a", "text": TEXT})
    before = everything(session)
    report = bring(
        session, tmp_path, {"id": "a", "text": "other 🚀", "spans": []}, {"id": "b", "text": "good قال"}
    )
    assert report.articles == 1
    assert report.skipped[0]["position"] == "line 1"
    assert report.skipped[0]["reason"].startswith("changed: the project has another text under the id 'a'")
    assert everything(session).startswith(before)


def test_no_id_and_same_text_is_the_same_article(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, {"id": "mine", "text": TEXT})
    report = bring(session, tmp_path, {"text": TEXT, "spans": [ACTOR]})
    assert (report.articles, report.spans, report.duplicates[0]["of"]) == (0, 1, "mine")
    assert queries.info(session.store)["articles"] == 1


def test_other_id_same_text_is_kept_beside_it(session: Session, tmp_path: Path) -> None:
    report = bring(
        session,
        tmp_path,
        {"id": "a", "text": TEXT, "spans": [ACTOR]},
        {"id": "b", "text": TEXT, "spans": [EVENT]},
    )
    assert (report.articles, report.spans) == (2, 2)
    assert [(row["position"], row["of"]) for row in report.duplicates] == [("line 2", "a")]


def test_a_missing_id_that_is_taken_gets_a_number(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, {"text": "one 🚀"})
    taken = queries.article(session.store, 1).id
    digest_of_two = bring(session, tmp_path, {"text": "two"}, dry_run=True)
    assert digest_of_two.articles == 1
    import hashlib

    name = hashlib.sha256(b"two").hexdigest()[:16]
    bring(session, tmp_path, {"id": name, "text": "not two"})
    bring(session, tmp_path, {"text": "two"})
    assert {line.id for line in article_lines(session.store, "A")} == {taken, name, f"{name}-2"}


def test_ids_taken_by_other_labels_are_counted(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": [EVENT | {"id": "x"}]})
    report = bring(
        session, tmp_path,
        {"id": "a", "text": TEXT, "spans": [ACTOR | {"id": "x", "annotator": "B"}, EVENT | {"id": "y", "annotator": "B"}],
         "relations": [{"type": "agent", "head": "y", "tail": "x"}]},
    )  # fmt: skip
    assert {(s.id, s.label, s.annotator) for s in queries.spans(session.store, 1)} == {
        ("x", "event", "A"), ("s1", "actor", "B"), ("y", "event", "B"),
    }  # fmt: skip
    assert [(r.head, r.tail) for r in queries.relations(session.store, 1)] == [("y", "s1")]
    assert [(row["what"], row["count"]) for row in report.cleaned if "ids" in row["what"]] == [
        ("ids taken by other labels", 1)
    ]


UNKNOWN = {
    "text": TEXT,
    "spans": [EVENT | {"id": "x", "attributes": {"type": "attack", "mood": "grim"}}, ACTOR | {"id": "y", "label": "90 % wrong 🚀"},
              ACTOR | {"id": "z"}],
    "relations": [{"type": "agent", "head": "x", "tail": "y"}, {"type": "hates", "head": "x", "tail": "z"}],
}  # fmt: skip


def test_what_the_scheme_does_not_have_is_left_out_and_counted(session: Session, tmp_path: Path) -> None:
    scheme = queries.scheme(session.store)
    report = bring(session, tmp_path, UNKNOWN, {**UNKNOWN, "text": TEXT + "!"})
    assert (report.articles, report.spans, report.relations) == (2, 4, 0)
    assert reasons(report) == [
        "attribute 'mood' of event is not in the scheme: 2 values left out",
        "label '90 % wrong 🚀' is not in the scheme: 2 spans left out",
        "relation 'agent' lost an end that was left out: 2 relations left out",
        "relation 'hates' is not in the scheme: 2 relations left out",
    ]
    assert {row["position"] for row in report.skipped} == {"line 1"}
    assert queries.scheme(session.store) == scheme
    assert queries.spans(session.store, 1)[0].attributes == {"type": "attack"}


def test_what_is_unknown_can_be_added(session: Session, tmp_path: Path) -> None:
    report = bring(session, tmp_path, UNKNOWN, unknown="add")
    assert (report.spans, report.relations, report.skipped) == (3, 2, [])
    scheme = queries.scheme(session.store)
    new, event = scheme.label("90 % wrong 🚀"), scheme.label("event")
    assert new
    assert event
    assert new.key not in ("e", "a", "l", "c")
    assert "mood" in [attribute.name for attribute in event.attributes]
    assert scheme.relation("hates")
    session.undo()
    assert queries.scheme(session.store).label("90 % wrong 🚀") is None
    assert queries.info(session.store)["articles"] == 0


@pytest.mark.parametrize("label", ["", "  ", " event", "two\nlines"])
def test_names_that_no_label_can_have_never_enter_the_scheme(
    session: Session, tmp_path: Path, label: str
) -> None:
    report = bring(
        session, tmp_path, {"text": TEXT, "spans": [EVENT | {"label": label}, ACTOR]}, unknown="add"
    )
    assert report.spans == 1
    assert "is no name for a label" in report.skipped[0]["reason"]
    assert queries.scheme(session.store).label("event")


def test_an_empty_project_takes_what_the_dataset_declares_and_nothing_else(
    session: Session, tmp_path: Path
) -> None:
    theirs = queries.scheme(session.store)
    weather = schemes.new_label("weather", theirs).model_copy(update={"key": "E"})
    theirs = theirs.model_copy(update={"labels": (*theirs.labels, weather)})
    spans = [EVENT | {"label": "weather"}, EVENT | {"label": "undeclared"}]
    report = bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": spans}, scheme=theirs)
    assert report.spans == 1
    assert reasons(report) == ["label 'undeclared' is not in the scheme: 1 span left out"]
    mine = queries.scheme(
        session.store
    )  # a key that clashes but for its case would make the scheme unreadable
    assert len({label.key.lower() for label in mine.labels}) == 5
    other = schemes.new_label("late", theirs)
    theirs = theirs.model_copy(update={"labels": (*theirs.labels, other)})
    late = bring(
        session,
        tmp_path,
        {"id": "b", "text": "late 🚀", "spans": [{"start": 0, "end": 4, "label": "late"}]},
        scheme=theirs,
    )
    assert late.spans == 0


@pytest.mark.parametrize("unknown", ["skip", "add"])
def test_a_dry_run_says_the_same_and_changes_nothing(session: Session, tmp_path: Path, unknown: str) -> None:
    bring(session, tmp_path, {"id": "a", "text": TEXT})
    before, steps = everything(session), queries.history(session.store)
    dry = bring(session, tmp_path, UNKNOWN, {"text": "new قال"}, {"text": ""}, unknown=unknown, dry_run=True)
    assert everything(session) == before
    assert queries.history(session.store) == steps
    wet = bring(session, tmp_path, UNKNOWN, {"text": "new قال"}, {"text": ""}, unknown=unknown)
    assert dry == wet


def test_the_second_annotator_becomes_a_layer(session: Session) -> None:
    projects.add_sample(session, labels=True)
    before = {span.key: span for span in session.store.rows("span")}
    report = Report()
    import_bundle(session, open_bundle([SECOND], ReadOptions("A"), report), report)
    assert (report.articles, len(report.duplicates), report.skipped) == (0, 5, [])
    info = queries.info(session.store)
    assert info["articles"] == 5
    assert info["spans"] == 722 + report.spans
    assert info["annotators"] == ["reference", "second"]
    assert info["by_status"] == {"done": 10}
    assert all(queries.span(session.store, key) == span for key, span in before.items())
    for record in queries.bundle(session.store):
        assert all(record.text[span.start : span.end] == span.text for span in record.spans)
    session.undo()
    assert queries.info(session.store)["spans"] == 722


def test_differences_to_what_is_there_are_said(session: Session, tmp_path: Path) -> None:
    spans = [EVENT | {"id": "x"}, ACTOR | {"id": "y"}]
    relation = {"type": "agent", "head": "x", "tail": "y"}
    bring(
        session,
        tmp_path,
        {"id": "a", "text": TEXT, "spans": spans, "relations": [relation], "status": {"A": "todo"}},
    )
    before = everything(session)
    spans[0]["attributes"] = {"type": "attack"}
    report = bring(
        session, tmp_path,
        {"id": "a", "text": TEXT, "spans": spans, "relations": [relation | {"note": "sure?"}], "status": {"A": "done"},
         "note": "new", "flag": True, "group": "g", "meta": {"k": 1}, "language": "ar", "outside": [[0, 1]]},
    )  # fmt: skip
    assert everything(session) == before
    assert reasons(report) == [
        "article 'a' is there already with other note, flag, group, outside, meta, language",
        "span 2–5 (event) of 'A' is there already with other attributes or another note",
        "relation agent (x → y) of 'A' is there already with other attributes or another note",
        "status 'done' of 'A' was left out: it is 'todo' here",
    ]


def test_equal_spans_with_ids_of_their_own_do_not_clash(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": [EVENT | {"id": "s1"}, EVENT | {"id": "s2"}]})
    report = bring(
        session,
        tmp_path,
        {
            "id": "a",
            "text": TEXT,
            "spans": [ACTOR | {"id": "s1"}, ACTOR | {"id": "s2", "start": 7, "text": "حمد"}],
        },
    )
    assert report.spans == 2
    assert [span.id for span in queries.spans(session.store, 1)] == ["s1", "s2", "s3", "s4"]


def test_equal_relations_with_ids_of_their_own_do_not_clash(session: Session, tmp_path: Path) -> None:
    spans = [EVENT | {"id": "x"}, ACTOR | {"id": "y"}]
    twice = [{"type": "agent", "head": "x", "tail": "y", "id": name} for name in ("r1", "r2")]
    bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": spans, "relations": twice})
    more = [{"type": "about", "head": "x", "tail": "y", "id": name} for name in ("r1", "r2")]
    report = bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": spans, "relations": more})
    assert report.relations == 2
    assert [r.id for r in queries.relations(session.store, 1)] == ["r1", "r2", "r3", "r4"]


@pytest.mark.parametrize("error", [Cancelled, ZeroDivisionError, KeyboardInterrupt])
def test_what_ends_an_import_early_leaves_the_project_as_it_was(
    session: Session, tmp_path: Path, error: type[BaseException]
) -> None:
    bring(session, tmp_path, {"id": "a", "text": TEXT, "spans": [EVENT]})
    before, steps = everything(session), queries.history(session.store)

    def stop(done: int) -> None:
        if done == 3:
            raise error

    with pytest.raises(error):
        bring(session, tmp_path, *({"text": f"{n} 🚀", "spans": []} for n in range(5)), progress=stop)
    assert everything(session) == before
    assert queries.history(session.store) == steps
    assert not session.store.integrity_problems()
    assert bring(session, tmp_path, {"text": "goes on"}).articles == 1


def test_status_is_in_progress_where_the_file_says_nothing(session: Session, tmp_path: Path) -> None:
    bring(
        session, tmp_path, {"text": TEXT, "spans": [EVENT, ACTOR | {"annotator": "B"}]}, {"text": "bare 🚀"}
    )
    assert queries.state(session.store, 1, "A") == "in_progress"
    assert queries.state(session.store, 1, "B") == "in_progress"
    assert queries.state(session.store, 2, "A") == "todo"


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "articles قال"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "one 🚀.txt").write_bytes(b"\xef\xbb\xbfone\r\n")
    (folder / "two.TXT").write_text("two")
    (folder / "three.jsonl").write_text('{"text": "three"}\n')
    (folder / "README.md").write_text("not an article")
    (folder / ".hidden.txt").write_text("not an article")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(100))
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "broken.txt").symlink_to(folder / "nothing")
    report = Report()
    records: list[Record] = list(open_bundle([folder], ReadOptions("A"), report))
    assert sorted(record.text.strip() for record in records) == ["", "one", "three", "two"]
    assert [Path(row["file"]).name for row in report.empty] == ["empty.txt"]
    assert {Path(row["file"]).name: row["reason"].split(";")[0] for row in report.skipped} == {
        "picture.png": "no format reads .png files",
        "binary.txt": "this is not a text file",
        "loop": "this is a link to a folder",
        "broken.txt": "this is no file that can be read",
    }


def test_a_name_that_is_no_format() -> None:
    with pytest.raises(UserError, match="no format is called"):
        open_bundle([REFERENCE], ReadOptions("A"), Report(), "docx")
