"""The lossless format: what is written comes back byte for byte; each bad line is named and the rest comes in."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record, Report
from desktop.formats import jsonl
from desktop.formats.base import ReadOptions

TEXT = "🚀 قال\r\ncafe\u0301 in\u00a0Tel\u2028Aviv"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def read(path: Path, *lines: Any, data: bytes | None = None) -> tuple[list[Record], Report]:
    """The records of a file of these lines; a line that is no string is written as JSON."""
    body = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(body.encode() if data is None else data)
    report = Report()
    return list(jsonl.read(path, ReadOptions("A"), report)), report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.jsonl"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_what_is_written_comes_back_byte_for_byte(
    path: Path, strategies: ModuleType, data: st.DataObject
) -> None:
    made = data.draw(st.lists(strategies.records("a"), min_size=1, max_size=3))
    meta = data.draw(st.dictionaries(st.text(max_size=4), VALUES, max_size=3))
    made = [
        Record(r.article.model_copy(update={"meta": meta}), *(r.text, r.spans, r.relations, r.status))
        for r in made
    ]
    body = "".join(jsonl.dumps(record) + "\n" for record in made).encode()
    records, report = read(path, data=body)
    assert "".join(jsonl.dumps(record) + "\n" for record in records).encode() == body
    assert not report.skipped
    assert not report.cleaned


def test_the_reference_comes_back_byte_for_byte(path: Path, reference: Bundle) -> None:
    body = "".join(jsonl.dumps(record) + "\n" for record in reference)
    assert body.encode() == (Path(__file__).parents[3] / "seeds" / "reference.jsonl").read_bytes()


def test_keys_are_in_the_order_of_the_documentation(reference: Bundle) -> None:
    record = json.loads(jsonl.dumps(next(iter(reference))))
    assert list(record) == [
        "id", "title", "text", "text_sha256", "language", "meta", "note", "flag", "group", "outside", "spans",
        "relations", "status",
    ]  # fmt: skip
    assert list(record["spans"][0]) == [
        "id", "start", "end", "label", "text", "fragments", "attributes", "annotator", "note", "created", "changed",
    ]  # fmt: skip
    assert list(record["relations"][0]) == ["id", "type", "head", "tail", "attributes", "annotator", "note"]


BAD_LINES = [
    ("{", "not valid JSON"),
    ("[1]", "no JSON object"),
    ("7", "no JSON object"),
    ('{"id": "x"}', "text: field required"),
    ('{"text": 7}', "text: input should be a valid string"),
    ('{"text": "a", "flag": "yes"}', "flag"),
    ('{"text": "a", "spans": {}}', "spans"),
    ('{"text": "a", "meta": {"x": NaN}}', "NaN is no JSON number"),
    ('{"text": "a", "meta": {"x": -Infinity}}', "-Infinity is no JSON number"),
    ('{"text": "a", "meta": {"x": 1e999}}', "too large"),
    ('{"text": "a\\ud800"}', "surrogate U+D800"),
    ('{"text": "a", "note": "\\udfff"}', "surrogate U+DFFF"),
    ('{"text": "a", "text": "b"}', "'text' is there twice"),
    ('{"text": "a", "meta": ' + '{"x":' * 80 + "1" + "}" * 80 + "}", "nested more than 64 levels"),
    ('{"text": "a", "meta": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ('{"text": "a"} {"text": "b"}', "not valid JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_named_and_the_rest_comes_in(path: Path, line: str, reason: str) -> None:
    records, report = read(path, {"text": "first قال"}, line, "", {"text": "last 🚀"})
    assert [record.text for record in records] == ["first قال", "last 🚀"]
    assert [(row["file"], row["position"]) for row in report.skipped] == [(str(path), "line 2")]
    assert reason in report.skipped[0]["reason"]
    assert ";" in report.skipped[0]["reason"], "a remedy belongs to it"


def test_bytes_that_are_no_utf8_are_named(path: Path) -> None:
    records, report = read(path, data=b'{"text":"a"}\n{"text":"caf\xe9"}\n{"text":"b"}')
    assert [record.text for record in records] == ["a", "b"]
    assert "byte 12 is not UTF-8" in report.skipped[0]["reason"]


BAD_SPANS = [
    (7, "it is no JSON object"),
    ({"start": 0, "end": 1}, "label: field required"),
    ({"start": "0", "end": 1, "label": "event"}, "start: input should be a valid integer"),
    ({"start": 0.0, "end": 1, "label": "event"}, "start: input should be a valid integer"),
    ({"start": True, "end": 3, "label": "event"}, "start: input should be a valid integer"),
    ({"start": 0, "end": 999, "label": "event"}, "outside the text"),
    ({"start": -5, "end": 2, "label": "event"}, "outside the text"),
    ({"start": 10**30, "end": 10**31, "label": "event"}, "outside the text"),
    ({"start": 3, "end": 3, "label": "event"}, "no length"),
    ({"start": 4, "end": 2, "label": "event"}, "no length"),
    ({"start": 2, "end": 5, "label": "event", "text": "said"}, "said to read 'said'"),
    ({"start": 0, "end": 5, "label": "event", "fragments": []}, "do not begin and end with it"),
    ({"start": 0, "end": 5, "label": "event", "fragments": [[0, 1]]}, "do not begin and end with it"),
    ({"start": 0, "end": 5, "label": "event", "fragments": [[0, 1, 5]]}, "do not begin and end with it"),
    ({"start": 0, "end": 5, "label": "event", "fragments": [[0, 3], [2, 5]]}, "touch, overlap"),
    ({"start": 0, "end": 5, "label": "event", "attributes": []}, "attributes"),
]


@pytest.mark.parametrize(("span", "reason"), BAD_SPANS, ids=range(len(BAD_SPANS)))
def test_a_record_with_a_bad_span_keeps_its_article(path: Path, span: Any, reason: str) -> None:
    good = {"start": 2, "end": 5, "label": "actor", "text": "قال"}
    records, report = read(path, {"text": TEXT, "spans": [good, span, good | {"id": "z"}]})
    assert [s.text for s in records[0].spans] == ["قال", "قال"]
    assert [row["position"] for row in report.skipped] == ["line 1, span 2"]
    assert reason in report.skipped[0]["reason"]


def test_the_good_rest_of_relations_statuses_and_furniture(path: Path) -> None:
    record = {
        "text": TEXT,
        "spans": [{"start": 0, "end": 1, "label": "event", "id": "a"}, {"start": 2, "end": 5, "label": "actor", "id": "b"}],
        "relations": [{"type": "agent", "head": "a", "tail": "b"}, {"type": "agent", "head": "a"}, 3,
                      {"type": "agent", "head": "a", "tail": "gone"}],
        "status": {"A": "done", "B": "finished", "C": ["x"]},
        "outside": [[0, 1], [5], [0, 99], "x", [1.0, 2]],
    }  # fmt: skip
    (found,), report = read(path, record)
    assert [(r.head, r.tail) for r in found.relations] == [("a", "b")]
    assert found.status == {"A": "done"}
    assert found.article.outside == ((0, 1),)
    assert len(report.skipped) == 3 + 2 + 4


def test_nothing_unknown_goes_without_a_line(path: Path) -> None:
    span = {"start": 2, "end": 5, "label": "actor", "confidence": 0.9}
    record = {"text": TEXT, "source": "wire", "url": "x", "meta": {"source": "other"}, "spans": [span, span],
              "relations": [{"type": "agent", "head": "s1", "tail": "s2", "weight": 3}]}  # fmt: skip
    (found, _), report = read(path, record, {"text": "b", "spans": [span | {"start": 0, "end": 1}]})
    assert found.article.meta == {"source": "other", "url": "x"}
    assert [row["reason"].split(";")[0] for row in report.skipped] == [
        "field 'source' is in `meta` too, with another value",
        "field 'confidence' of a span is unknown: 3 left out",
        "field 'weight' of a relation is unknown: 1 left out",
    ]
    assert report.cleaned[0] == {"file": str(path), "what": "field 'url' kept as metadata", "count": 1}


def test_offsets_are_of_the_text_as_given(path: Path) -> None:
    start = TEXT.index("Tel")
    (found,), report = read(
        path, {"text": TEXT, "spans": [{"start": start, "end": len(TEXT), "label": "location"}]}
    )
    assert found.spans[0].text == "Tel\nAviv"
    assert found.text[found.spans[0].start : found.spans[0].end] == "Tel\nAviv"
    assert not report.skipped


def test_line_separators_inside_a_string_end_no_line(path: Path) -> None:
    records, report = read(path, data='{"text":"a\u2028b\u0085c"}\n'.encode())
    assert [record.text for record in records] == ["a\nb\u0085c"]
    assert not report.skipped


def test_a_mark_at_the_start_of_the_file_and_crlf_between_lines(path: Path) -> None:
    records, report = read(path, data='\ufeff{"text":"a 🚀"}\r\n\r\n{"text":"b"}'.encode())
    assert [record.text for record in records] == ["a 🚀", "b"]
    assert not report.skipped


def test_a_digest_that_does_not_fit_is_made_anew_and_said(path: Path) -> None:
    (found,), report = read(path, {"text": "a", "text_sha256": "0" * 64})
    assert found.article.text_sha256.startswith("ca978112")
    assert "text_sha256" in report.cleaned[0]["what"]


def test_empty_names_count_as_missing(path: Path) -> None:
    span = {"start": 0, "end": 1, "label": "event", "id": "", "annotator": ""}
    (found,), _ = read(path, {"text": "a", "id": "", "title": "", "language": "", "spans": [span]})
    assert not found.given_id
    assert (found.spans[0].id, found.spans[0].annotator, found.article.language) == ("s1", "A", None)
