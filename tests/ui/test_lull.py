"""What the next frame does not need waits, but not for ever."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from ui.lull import Lull


def wait(met: Any) -> None:
    end = time.monotonic() + 20
    while not met():
        assert time.monotonic() < end
        QTest.qWait(5)


@pytest.mark.usefixtures("app")
def test_asked_many_times_it_comes_once_when_nobody_asks_any_more() -> None:
    calls: list[int] = []
    parent = QObject()
    lull = Lull(parent, lambda: calls.append(1))
    for _ in range(5):
        lull.ask()
    assert not calls
    wait(lambda: calls)
    QTest.qWait(40)
    assert calls == [1]
    lull.ask()
    lull.stop()
    QTest.qWait(40)
    assert calls == [1]


@pytest.mark.usefixtures("app")
def test_it_waits_while_there_is_work_and_does_not_wait_for_ever() -> None:
    calls: list[int] = []
    work = [1]
    parent = QObject()
    lull = Lull(parent, lambda: calls.append(len(work)), lambda: work)
    lull.ask()
    wait(lambda: calls)
    assert calls == [1]
    lull.ask()
    work.clear()
    wait(lambda: len(calls) == 2)
    assert calls == [1, 0]
