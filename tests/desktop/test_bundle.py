"""What came from outside, checked: places, quotes, ids, relations; the good rest stays."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.bundle import RawArticle, RawRelation, RawSpan, Record, Report, build, free_ids, unique_ids
from desktop.errors import UserError
from desktop.model import Fragment

# Offsets are of this text, before it is cleaned.
GIVEN = "\ufeff🚀 قال\r\ncafe\u0301 in\u00a0Tel\u2028Aviv\x00 end"
CLEAN = "🚀 قال\ncafe\u0301 in\u00a0Tel\nAviv end"


def made(*spans: RawSpan, relations: tuple[RawRelation, ...] = (), **values: Any) -> tuple[Record, Report]:
    report = Report()
    raw = RawArticle(GIVEN, "f.jsonl", "line 1", spans=spans, relations=relations, **values)
    return build(raw, "A", report), report


def marked(quote: str, /, label: str = "event", **values: Any) -> RawSpan:
    start = GIVEN.index(quote)
    return RawSpan(label, ((start, start + len(quote)),), "span", **{"quote": quote, **values})


def test_spans_move_with_the_text() -> None:
    quotes = ["🚀", "قال", "cafe\u0301", "\r\ncafe", "in\u00a0Tel\u2028Aviv", "Aviv\x00 end", "\ufeff🚀"]
    record, report = made(*(marked(quote) for quote in quotes))
    assert record.text == CLEAN
    assert [span.text for span in record.spans] == [
        "🚀", "قال", "cafe\u0301", "\ncafe", "in\u00a0Tel\nAviv", "Aviv end", "🚀",
    ]  # fmt: skip
    assert all(CLEAN[span.start : span.end] == span.text for span in record.spans)
    assert not report.skipped
    assert {row["what"]: row["count"] for row in report.cleaned} == {
        "byte order marks": 1, "line ends": 2, "control characters": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fragments", "words"),
    [
        (((0, 999),), "outside the text"),
        (((-1, 3),), "outside the text"),
        (((4, 4),), "no length"),
        (((6, 4),), "no length"),
        (((0, 3), (2, 5)), "touch, overlap"),
        (((21, 22),), "only characters that cleaning drops"),
    ],
)
def test_bad_places_are_named_and_cost_nothing_else(fragments: tuple[Fragment, ...], words: str) -> None:
    if "cleaning" in words:
        fragments = ((GIVEN.index("\x00"), GIVEN.index("\x00") + 1),)
    record, report = made(RawSpan("event", fragments, "span 1"), marked("قال"))
    assert [span.text for span in record.spans] == ["قال"]
    assert len(report.skipped) == 1
    assert words in report.skipped[0]["reason"]
    assert (report.skipped[0]["file"], report.skipped[0]["position"]) == ("f.jsonl", "span 1")


def test_a_quote_that_differs_is_refused() -> None:
    record, report = made(marked("قال", quote="said"), marked("end"))
    assert [span.text for span in record.spans] == ["end"]
    assert "'said'" in report.skipped[0]["reason"]
    assert "'قال'" in report.skipped[0]["reason"]


def test_fragments_whose_gap_is_cleaned_away_become_one() -> None:
    at = GIVEN.index("\x00")
    record, _ = made(RawSpan("event", ((at - 4, at), (at + 1, at + 5)), "span"))
    assert record.spans[0].fragments == ((record.spans[0].start, record.spans[0].end),)
    assert record.spans[0].text == "Aviv end"


def test_missing_ids_follow_the_order_in_the_text() -> None:
    record, _ = made(marked("end"), marked("قال"), marked("Aviv", id="s1"))
    assert [span.id for span in record.spans] == ["s3", "s2", "s1"]


def test_ids_given_twice_get_the_next_free_one_and_are_counted() -> None:
    report = Report()
    assert unique_ids(["a", "a", None, "s1"], range(4), "s", "f", report) == ["a", "s2", "s3", "s1"]
    assert report.cleaned == [{"file": "f", "what": "ids given twice", "count": 1}]


def test_free_ids_leave_out_the_taken() -> None:
    ids = free_ids("r", ["r1", "r3"])
    assert [next(ids) for _ in range(3)] == ["r2", "r4", "r5"]


def test_relations_need_both_ends_in_one_layer() -> None:
    record, report = made(
        marked("قال", id="a"), marked("end", id="b"), marked("Aviv", id="c", annotator="B"), marked("in", id="bad", quote="x"),
        relations=(
            RawRelation("agent", "a", "b", "relation 1", id="k"),
            RawRelation("agent", "a", "nobody", "relation 2"),
            RawRelation("agent", "a", "c", "relation 3"),
            RawRelation("agent", "bad", "a", "relation 4"),
            RawRelation("agent", "a", "b", "relation 5", annotator="B"),
        ),
    )  # fmt: skip
    assert [(r.id, r.head, r.tail, r.annotator) for r in record.relations] == [("k", "a", "b", "A")]
    assert [row["position"] for row in report.skipped[1:]] == [f"relation {n}" for n in (2, 3, 4, 5)]


def test_a_relation_goes_to_the_first_bearer_of_an_id() -> None:
    record, _ = made(
        marked("قال", id="a"), marked("end", id="a"), marked("in", id="b"),
        relations=(RawRelation("agent", "a", "b", ""),),
    )  # fmt: skip
    assert (record.relations[0].head, record.spans[0].id, record.spans[0].text) == ("a", "a", "قال")


@pytest.mark.parametrize("text", ["", " \n\u00a0", "\ufeff\x00"])
def test_an_article_without_text_is_noted_or_refused(text: str) -> None:
    report = Report()
    record = build(RawArticle(text, "f", "line 7", title="Bare"), "A", report)
    assert (record.text.strip(), record.article.title) == ("", "Bare")
    assert report.empty == [{"file": "f", "position": "line 7"}]
    with pytest.raises(UserError, match="no text") as raised:
        build(RawArticle(text, "f", "line 7", may_be_empty=False), "A", Report())
    assert (raised.value.file, raised.value.position) == ("f", "line 7")


def test_a_missing_id_is_made_of_the_text() -> None:
    record, _ = made()
    assert record.article.id == record.article.text_sha256[:16]
    assert not record.given_id


def test_furniture_moves_with_the_text() -> None:
    at = GIVEN.index("Aviv")
    record, _ = made(outside=((0, 2), (at, at + 4), (at + 4, at + 5)))
    assert [CLEAN[s:e] for s, e in record.article.outside] == ["🚀", "Aviv"]


def test_cleaning_is_counted_by_file_and_kind() -> None:
    report = Report()
    for what in ("line ends", "controls", "line ends"):
        report.clean("a", what, 2)
    report.clean("b", "line ends", 1)
    assert [tuple(row.values()) for row in report.cleaned] == [
        ("a", "line ends", 4), ("a", "controls", 2), ("b", "line ends", 1),
    ]  # fmt: skip
