"""Prodigy: tokens that make up the text, answers, sessions, relations by token, and the way there and back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record, Report
from desktop.formats import of_file, prodigy
from desktop.formats.base import Plan
from desktop.model import Scheme

ThereAndBack = Callable[..., dict[str, Record]]
Drawn = Callable[[st.DataObject], tuple[Bundle, Plan]]
ReadLines = Callable[..., tuple[list[Record], Report]]

TEXT = "😀 My mother is محمد Smith. She likes dogs."
WORDS = ["😀", "My", "mother", "is", "محمد", "Smith", ".", "She", "likes", "dogs", "."]


def tokens(text: str = TEXT, width: int = 1) -> list[dict[str, Any]]:
    """As Prodigy writes them; `width` 2 counts in UTF-16 units."""
    made, at = [], 0
    for number, word in enumerate(WORDS):
        start = text.index(word, at)
        at = start + len(word)
        shift = (width - 1) if start else 0
        made.append({
            "text": word, "start": start + shift, "end": at + width - 1, "id": number, "ws": text[at : at + 1] == " ",
        })  # fmt: skip
    return made


TASK = {
    "text": TEXT, "tokens": tokens(), "_input_hash": 1, "_task_hash": 2, "_view_id": "relations", "answer": "accept",
    "meta": {"source": "blog"}, "_session_id": "news-alex", "_annotator_id": "news-alex", "_timestamp": 1700000000,
    "spans": [
        {"start": 2, "end": 11, "token_start": 1, "token_end": 2, "label": "PERSON"},
        {"start": 15, "end": 25, "token_start": 4, "token_end": 5, "label": "PERSON"},
        {"start": 20, "end": 25, "token_start": 5, "token_end": 5, "label": "NAME"},
        {"start": 37, "end": 41, "token_start": 9, "token_end": 9, "label": "ANIMAL", "text": "dogs"},
    ],
    "relations": [
        {"head": 2, "child": 5, "label": "IS", "head_span": {"start": 2, "end": 11, "token_start": 1, "token_end": 2, "label": "PERSON"},
         "child_span": {"start": 15, "end": 25, "token_start": 4, "token_end": 5, "label": "PERSON"}},
        {"head": 5, "child": 9, "label": "LIKES"},
        {"head": 8, "child": 9, "label": "dobj"},
    ],
}  # fmt: skip


def test_what_db_out_writes(tmp_path: Path, read_lines: ReadLines) -> None:
    [record], report = read_lines("prodigy", tmp_path, TASK)
    assert [(s.id, s.label, s.text, s.annotator) for s in record.spans] == [
        ("s1", "PERSON", "My mother", "news-alex"), ("s2", "PERSON", "محمد Smith", "news-alex"),
        ("s3", "NAME", "Smith", "news-alex"), ("s4", "ANIMAL", "dogs", "news-alex"),
    ]  # fmt: skip
    assert [(r.type, r.head, r.tail) for r in record.relations] == [("IS", "s1", "s2"), ("LIKES", "s3", "s4")]
    assert [(row["position"], row["reason"].split(",")[0]) for row in report.skipped] == [
        ("line 1, relation 3", "relation 'dobj' points to span 'over token 8'")
    ]
    assert (record.article.meta, record.status) == ({"source": "blog"}, {"news-alex": "done"})
    assert not report.cleaned


def test_only_what_was_accepted_brings_its_labels(tmp_path: Path, read_lines: ReadLines) -> None:
    other = {"_session_id": None, "_annotator_id": "2023-05-01_12-00-00"}
    made, report = read_lines(
        "prodigy",
        tmp_path,
        {**TASK, **other, "answer": "reject"},
        {**TASK, **other, "answer": "ignore", "text": TEXT + "!"},
    )
    assert [(record.spans, record.relations, record.status) for record in made] == [
        ((), (), {"A": "todo"})
    ] * 2
    assert not report.skipped
    assert [(row["what"], row["count"]) for row in report.cleaned] == [
        ("labels of examples answered 'reject' left out", 4), ("labels of examples answered 'ignore' left out", 4),
    ]  # fmt: skip


def test_offsets_in_utf_16_are_known_by_the_tokens(tmp_path: Path, read_lines: ReadLines) -> None:
    spans = [{"start": 3, "end": 12, "label": "PERSON"}]
    [record], report = read_lines(
        "prodigy", tmp_path, {"text": TEXT, "tokens": tokens(width=2), "spans": spans}
    )
    assert [span.text for span in record.spans] == ["My mother"]
    assert [row["offsets"] for row in report.guessed] == ["UTF-16 units"]


def test_what_is_wrong_is_named_and_the_rest_comes(tmp_path: Path, read_lines: ReadLines) -> None:
    spans = [{"start": 2, "end": 11}, {"start": 2, "end": 4, "label": "X", "text": "me"}, {"start": 2, "end": 400, "label": "X"},
             {"start": 2, "end": 4, "label": "X"}]  # fmt: skip
    made, report = read_lines(
        "prodigy",
        tmp_path,
        {"answer": "accept"},
        {"text": TEXT, "spans": spans, "answer": "accept", "accept": ["a"]},
    )
    assert [[span.text for span in record.spans] for record in made] == [["My"]]
    assert [row["position"] for row in report.skipped] == [
        "line 1",
        "line 2, span 1",
        "line 2, span 2",
        "line 2, span 3",
    ]
    assert made[0].article.meta == {"accept": ["a"]}


def test_known_by_its_content(tmp_path: Path) -> None:
    for number, (line, name) in enumerate([
        (TASK, "prodigy"), ({"text": "a", "answer": "accept"}, "prodigy"), ({"text": "a", "tokens": tokens()}, "prodigy"),
        ({"text": "a", "tokens": ["a"]}, "jsonl"), ({"text": "a", "meta": {}}, "jsonl"),
    ]):  # fmt: skip
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps(line), "utf-8")
        format = of_file(path)
        assert format
        assert format.id == name


def test_the_reference_comes_back(reference: Bundle, scheme: Scheme, there_and_back: ThereAndBack) -> None:
    made = there_and_back("prodigy", reference, Plan(scheme), clean=True)
    spans = relations = 0
    for record in reference:
        other = made[record.article.id]
        assert (other.article, other.text, other.status) == (record.article, record.text, record.status)
        times = {"created": "", "changed": ""}
        assert {s.id: s for s in other.spans} == {s.id: s.model_copy(update=times) for s in record.spans}
        assert {r.id: r for r in other.relations} == {r.id: r for r in record.relations}
        spans += len(other.spans)
        relations += len(other.relations)
    assert (spans, relations) == (722, 773)


@given(data=st.data())
def test_what_is_written_comes_back(drawn: Drawn, there_and_back: ThereAndBack, data: st.DataObject) -> None:
    bundle, plan = drawn(data)
    made = there_and_back("prodigy", bundle, plan)
    for record in bundle:
        other = made[record.article.id]
        assert (other.article, other.text, other.relations) == (record.article, record.text, record.relations)
        assert Counter(
            (s.id, s.label, s.start, s.end, s.note, repr(s.attributes)) for s in other.spans
        ) == Counter((s.id, s.label, s.start, s.end, s.note, repr(s.attributes)) for s in record.spans)


def test_spacy_has_our_tokens_where_no_span_parts_them(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    from spacy import blank
    from spacy.tokens import Doc

    receipt = prodigy.write(tmp_path, reference, Plan(scheme))
    assert receipt.notes["tokens_parted"] == 0
    nlp = blank("en")
    for line in (tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines():
        task = json.loads(line)
        doc = Doc(nlp.vocab, [t["text"] for t in task["tokens"]], [t["ws"] for t in task["tokens"]])
        assert doc.text == task["text"]
        for span in task["spans"]:
            found = doc.char_span(span["start"], span["end"])
            assert (found.start, found.end - 1) == (span["token_start"], span["token_end"])


def test_what_nobody_began_is_to_ignore(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    prodigy.write(tmp_path, tricky, Plan(scheme))
    lines = (tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["answer"] for line in lines] == ["accept", "ignore"]
