"""JSON written piece by piece says what JSON written at once says."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.longjson import pieces

scalars = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


def lazy(value: Any) -> Any:
    """The same with generators for its lists."""
    if isinstance(value, dict):
        return {key: lazy(item) for key, item in value.items()}
    return (lazy(item) for item in value) if isinstance(value, list) else value


@given(values, st.booleans(), st.sampled_from([None, 0]))
def test_same_value(value: Any, ascii_only: bool, depth: int | None) -> None:
    for given_ in (value, lazy(value)):
        written = "".join(pieces(given_, ascii_only=ascii_only, depth=depth))
        assert json.loads(written) == value
        assert written.isascii() or not ascii_only
        assert "\n" not in written or depth is not None


def test_objects_in_an_array_have_a_line_each() -> None:
    rows = ({"n": n, "at": (n, n + 1)} for n in range(2))
    assert "".join(pieces({"rows": rows, "none": iter(()), "name": "x"})) == (
        '{\n "name": "x",\n "none": [],\n "rows": [\n  {"at": [0, 1], "n": 0},\n  {"at": [1, 2], "n": 1}\n ]\n}'
    )
