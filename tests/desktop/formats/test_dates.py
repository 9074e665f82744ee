"""Texts that Arrow takes for times, compared with what Arrow does."""

from __future__ import annotations

import io
import json

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import json as arrow

from desktop.formats.dates import Watch, is_date, is_time, settled

TIMES = [
    "2021-07-11", "2021-07-11 10", "2021-07-11T10:00", "2021-07-11T10:00:00", "2021-07-11T10:00:00Z",
    "2021-07-11 10:00:00+02:00", "2021-07-11T10:00:00+0200", "0021-07-11",
]  # fmt: skip
OTHERS = [
    "2021-07-11T10:00:00.123",
    "20210711",
    "2021-07",
    "2021-13-11",
    "2021-02-30",
    " 2021-07-11",
    "10:00",
    "12",
    "",
]


def loaded(text: str) -> str:
    """`text` after Arrow has read it from a line of JSON and made a text of it again."""
    table = arrow.read_json(io.BytesIO(json.dumps({"a": text}).encode()))
    value: str = table["a"].cast(pyarrow.string())[0].as_py()
    return value


@pytest.mark.parametrize("text", [*TIMES, *OTHERS])
def test_times_are_known_as_arrow_knows_them(text: str) -> None:
    assert is_time(text) == (loaded(text) != text) == (text in TIMES)


@given(st.from_regex(r"\A[12][0-9]{3}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9](:[0-5][0-9]){0,2}(Z|[+-]0[0-9]:?[0-5][0-9])?)?\Z", alphabet="0123456789-: TZ+"))  # fmt: skip
def test_what_is_settled_loads_unchanged(text: str) -> None:
    if loaded(text) != text:
        assert settled(text) == loaded(text) == loaded(settled(text))


def test_dates() -> None:
    assert is_date("2021-07-11")
    assert not is_date("2021-07-11 10:00")
    assert not is_date("2021-02-30")


def test_a_watch_names_columns_of_nothing_but_times() -> None:
    watch = Watch()
    watch.see(
        "",
        {
            "id": "2021-07-11",
            "n": 3,
            "none": None,
            "spans": [{"text": "2021-07-11", "note": ""}],
            "title": "2021-07-11",
        },
    )
    watch.see("", {"id": "2021-07-12", "spans": [], "title": "T"})
    assert watch.columns() == ["id", "spans.text"]
    assert watch.columns(["id"]) == ["spans.text"]
