"""What is put away comes back, and a full disk is said to be full."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import scratch
from desktop.errors import UserError
from desktop.scratch import Pile, Scratch


@given(st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 30)), max_size=30), st.integers(0, 60))
def test_what_is_put_away_comes_back(steps: list[tuple[bytes, int]], held: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scratch, "_HELD", held)
        made, kept = Scratch(), list[tuple[int, bytes]]()
        for data, pick in steps:
            kept.append((made.put(data), data))
            start, wanted = kept[pick % len(kept)]
            assert made.get(start, len(wanted)) == wanted
        assert [made.get(start, len(data)) for start, data in kept] == [data for _, data in kept]


def test_a_full_disk_is_said_to_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: Any, **named: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(scratch, "_HELD", 1)
    made = Scratch()
    monkeypatch.setattr(scratch.tempfile, "TemporaryFile", full)
    with pytest.raises(UserError, match=r"there is no room in .*: no space left on device"):
        made.put(b"more than is held")


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=3)), max_size=60), st.integers(1, 9))
def test_a_pile_is_gone_through_in_its_order_and_sorted(things: list[tuple[int, str]], together: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scratch, "_TOGETHER", together)
        made = Pile[tuple[int, str]]()
        for thing in things:
            made.append(thing)
        assert len(made) == len(things)
        assert list(made) == things == list(made), "any number of times"
        assert list(made.in_order(lambda thing: thing[0])) == sorted(things, key=lambda thing: thing[0])
        assert list(made) == things
