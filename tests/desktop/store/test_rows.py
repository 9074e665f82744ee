"""Rows of a project file as values: a span that is read without pydantic's checks is what it would be with them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from desktop.model import Span
from desktop.store.rows import TABLES

TABLE = TABLES["span"]
FIELDS: dict[str, Any] = {
    "key": 4, "article": 2, "id": "s1", "start": 3, "end": 9, "label": "actor", "text": "🚀 Ana!", "fragments": ((3, 9),),
    "attributes": {"kind": "state", "size": 3, "more": [None, {"a": 1.5}]}, "annotator": "A", "note": "n", "created": "c",
    "changed": "d",
}  # fmt: skip


@pytest.mark.parametrize(
    "change", [{}, {"attributes": {}}, {"fragments": ((3, 5), (6, 9))}, {"note": "", "created": ""}]
)
def test_a_span_comes_back_as_it_was(change: dict[str, Any]) -> None:
    span = Span(**{**FIELDS, **change})
    found = TABLE.decode(TABLE.encode(span))
    assert found == span
    assert hash(type(found)) == hash(Span)
    assert found.model_dump() == span.model_dump()
    assert found.model_fields_set == span.model_fields_set
    assert repr(found) == repr(span)
    assert found.model_copy(update={"label": "event"}) == span.model_copy(update={"label": "event"})
    assert copy.deepcopy(found) == pickle.loads(pickle.dumps(found)) == span
    with pytest.raises(ValidationError):
        found.label = "event"  # type: ignore[misc]


def test_two_spans_share_nothing_that_could_change() -> None:
    values = TABLE.encode(Span(**{**FIELDS, "attributes": {}}))
    one, two = TABLE.decode(values), TABLE.decode(values)
    assert isinstance(one, Span)
    one.attributes["x"] = 1
    assert isinstance(two, Span)
    assert two.attributes == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [("start", "3"), ("start", 3.5), ("label", 7), ("label", None), ("fragments", "[[3,"), ("fragments", "7"),
     ("fragments", '[["a",9]]'), ("attributes", "[]"), ("attributes", "7"), ("attributes", ""), ("attributes", None), ("key", None)],
)  # fmt: skip
def test_what_a_damaged_file_may_hold_is_refused(column: str, value: Any) -> None:
    values = TABLE.encode(Span(**FIELDS))
    values[TABLE.columns.index(column)] = value
    if (column, value) == ("start", "3"):
        assert TABLE.decode(values) == Span(**FIELDS)  # pydantic takes it for a number
    else:
        with pytest.raises(ValueError):  # pydantic_core's and json's alike
            TABLE.decode(values)
